/** The file of a new action of rules, on orders or on shipments. */
import { codeOf, type Skeleton } from './skeleton';

interface Kind {
	folder: string;
	/** Its list in registry.ts. */
	list: string;
	/** Its table in test/rules/everyAction.test.ts. */
	rows: string;
	/** What the file imports, sorted by path. */
	imports: readonly string[];
	/** After the data of the action: what it is done to. */
	type: string;
	/** What is changed, as the action names it. */
	given: string;
	/** What the row of the test expects. */
	gives: string;
}

const ON_ORDERS: Kind = {
	folder: 'lib/rules/actions',
	list: 'ACTIONS',
	rows: 'ON_ORDERS',
	imports: ["import { object, text } from '../ruleSet/shape';", "import type { RuleAction } from './common/action';"],
	type: '',
	given: 'content',
	gives: "{ content: { notes: 'x' } }",
};
const ON_SHIPMENTS: Kind = {
	folder: 'lib/rules/shipmentActions',
	list: 'SHIPMENT_ACTIONS',
	rows: 'ON_SHIPMENTS',
	imports: [
		"import type { RuleAction } from '../actions/common/action';",
		"import { object, text } from '../ruleSet/shape';",
		"import type { OnShipments } from '../subjects/shipment';",
	],
	type: ', OnShipments',
	given: 'shipment',
	gives: "{ shipment: { serviceLevel: 'x' } }",
};

export const ruleActionFiles = (name: string): Skeleton => skeletonOf(name, ON_ORDERS);
export const shipmentActionFiles = (name: string): Skeleton => skeletonOf(name, ON_SHIPMENTS);

function skeletonOf(name: string, kind: Kind): Skeleton {
	const { folder, list, rows, gives } = kind;
	const code = codeOf(name);
	return {
		files: { [`${folder}/${code}.ts`]: action(name, code, kind) },
		registry: { file: `${folder}/registry.ts`, list },
		row: { file: 'test/rules/everyAction.test.ts', list: rows, text: `${code}: { action: { text: 'x' }, gives: ${gives} },` },
		nodes: [],
		credentials: [],
		next: [
			`write ${folder}/${code}.ts, and in test/rules/everyAction.test.ts what it gives, until this passes: npm test -- test/rules/everyAction -t ${code}`,
			'pin what the editor shows of it, and write the pages and the schema: UPDATE_DESCRIPTIONS=1 npm test -- test/nodes/descriptions; npm run docs',
		],
	};
}

/** "SetNote" → ["Set", "Note"]. */
const wordsOf = (name: string): string[] => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [name];

function action(name: string, code: string, { folder, imports, type, given }: Kind): string {
	const words = wordsOf(name);
	return `${imports.join('\n')}

interface ${name} {
	text: string;
}

/** Write here what it does. */
export const ${code}: RuleAction<${name}${type}> = {
	option: { name: '${words.join(' ')}', action: '${[words[0], ...words.slice(1).map((word) => word.toLowerCase())].join(' ')}', description: 'Write here what it is for' },
	shape: object<${name}>({ text: text({ least: 1 }) }),
	fields: [{ displayName: 'Text', name: '${code}Text', type: 'string', default: '' }],
	read: (given) => ({ text: given.text('${code}Text') }),
	compile() {
		// Check the action here, and return what it does to the ${given}: (${given}) => ({ ${given === 'content' ? given : `content: ${given}`} }).
		throw new Error('The action ${code} is not written yet: see ${folder}/${code}.ts.');
	},
};
`;
}
