/** Every way in which a panel can look: each resource with each operation, and each alternative of the other choices. */
import { randomUUID } from 'node:crypto';
import type { NodeJson, Rest, WorkflowJson } from '../n8n/Rest';
import { PACKAGE } from '../n8n/tarball';

interface Property {
	displayName: string;
	name: string;
	type: string;
	default: unknown;
	required?: boolean;
	noDataExpression?: boolean;
	displayOptions?: { show?: Record<string, unknown[]> };
	options?: Array<{ name: string; displayName?: string; value?: string; values?: Property[] }>;
}

export interface NodeType {
	name: string;
	version?: number | number[];
	displayName: string;
	group: string[];
	codex?: { alias?: string[] };
	credentials?: Array<{ name: string; required?: boolean }>;
	properties: Property[];
}

export interface Variant {
	node: NodeJson;
	/** What the panel must show as chosen, by parameter. */
	shown: Record<string, string>;
	/** Something that only a person can choose is left open, and the panel must say so: which rule set, in a store that has none. */
	incomplete: boolean;
}

/** n8n adds it to the operations of every node whose credential the HTTP Request node can use. */
const CUSTOM_CALL = '__CUSTOM_API_CALL__';

/** The nodes of the package as the editor loads them, without the tools that n8n makes of them. */
export const ourNodeTypes = async (rest: Rest): Promise<NodeType[]> =>
	((await rest.nodeTypes()) as unknown as NodeType[]).filter(({ name }) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('Tool'));

type Values = Record<string, unknown>;

/** Stands among the values, as in what a parameter says of when it is shown. */
const VERSION = '@version';

/** Of a node that is added now. */
const versionOf = ({ version = 1 }: NodeType): number => Math.max(...[version].flat());

/** Whether the editor shows a parameter when the others have these values. */
const applies = ({ displayOptions }: Property, values: Values): boolean =>
	Object.entries(displayOptions?.show ?? {}).every(([name, allowed]) => allowed.includes(values[name]));

/**
 * All combinations of resource and operation with the defaults of every further choice; then each alternative of those, one at a time,
 * with what it brings along. A choice is only made where the editor offers it.
 */
function choicesOf(type: NodeType): Values[] {
	const { properties } = type;
	let all: Values[] = [{ [VERSION]: versionOf(type) }];
	for (const name of ['resource', 'operation']) {
		all = all.flatMap((values) => {
			const property = properties.find((candidate) => candidate.name === name && applies(candidate, values));
			return property === undefined
				? [values]
				: (property.options ?? []).filter(({ value }) => value !== CUSTOM_CALL).map(({ value }) => ({ ...values, [name]: value }));
		});
	}
	for (const property of properties) {
		const { name, type, noDataExpression, options = [] } = property;
		if (type !== 'options' || noDataExpression !== true || name === 'resource' || name === 'operation') continue;
		const first = all.find((values) => applies(property, values));
		if (first === undefined) continue;
		const others = options.filter(({ value }) => value !== property.default).map(({ value }) => ({ ...first, [name]: value }));
		all = [...all.map((values) => (applies(property, values) ? { ...values, [name]: property.default } : values)), ...others];
	}
	return all;
}

/** What must be given and has no default gets a value; Order Rules has a rule for each action; the trigger all kinds of work, and events with the statuses that go with one of them. */
function more({ name, properties }: NodeType, values: Values, version: unknown): Values {
	const optionsOf = (parameter: string): string[] =>
		properties.find((property) => property.name === parameter)?.options?.flatMap(({ value }) => value ?? []) ?? [];
	if (name.endsWith('.orderStoreTrigger')) return { ...values, kinds: optionsOf('kinds'), events: optionsOf('events') };
	const required = properties.filter((property) => property.required === true && applies(property, { ...values, [VERSION]: version }));
	const needed = required.flatMap(({ name: parameter, type, default: fallback }): Array<[string, unknown]> => {
		const sample = parameter === 'store' ? 'acme-us' : 'Sample';
		if (type === 'resourceLocator') return [[parameter, { __rl: true, mode: 'name', value: sample }]];
		if (type === 'dateTime' && fallback === '') return [[parameter, '2026-11-01T00:00:00']];
		return type === 'string' && fallback === '' ? [[parameter, sample]] : [];
	});
	// A trigger of a cart shows all that can be set.
	const options = /OrderImportTrigger$/.test(name)
		? Object.fromEntries(
				(properties.find((property) => property.name === 'options')?.options ?? []).map((option) => [
					option.name,
					(option as { default?: unknown }).default,
				]),
			)
		: {};
	if (!name.endsWith('.orderRules')) return { ...values, ...Object.fromEntries(needed), options };
	const rule = properties.find((property) => property.name === 'rules')?.options?.[0]?.values ?? [];
	const actions =
		rule.find((property) => property.name === 'actions')?.options?.[0]?.values?.find((property) => property.name === 'action')?.options ??
		[];
	const list = actions.map(({ name: label, value }) => ({
		name: label,
		conditions: { options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 }, conditions: [], combinator: 'and' },
		actions: {
			list: [
				{
					action: value,
					...(value === 'mapShippingMethod'
						? { methods: { list: [{ method: 'DHL Paket', carrier: 'DHL', serviceLevel: 'PAKET', warehouse: '' }] }, unmapped: 'default' }
						: {}),
					...(value === 'setField' ? { field: 'custom' } : {}),
				},
			],
		},
	}));
	return { ...values, warehouses: { list: [{ code: 'BER' }, { code: 'NYC' }] }, rules: { list } };
}

/** @param credentials one for each type */
export function variantsOf(type: NodeType, credentials: ReadonlyMap<string, { id: string; name: string }>): Variant[] {
	const chosen: Record<string, { id: string; name: string }> = {};
	for (const { name } of type.credentials ?? []) {
		const credential = credentials.get(name);
		if (credential !== undefined) chosen[name] = credential;
	}
	return choicesOf(type).map(({ [VERSION]: version, ...values }, index) => {
		const shown: Record<string, string> = {};
		for (const [name, value] of Object.entries(values)) {
			const options =
				type.properties.find((property) => property.name === name && applies(property, { ...values, [VERSION]: version }))?.options ?? [];
			shown[name] = options.find((option) => option.value === value)?.name ?? String(value);
		}
		const node: NodeJson = {
			id: randomUUID(),
			name: [type.displayName, ...Object.values(shown)].join(' · '),
			type: type.name,
			typeVersion: versionOf(type),
			position: [0, index * 200],
			parameters: more(type, values, version),
			credentials: chosen,
		};
		return { node, shown, incomplete: values.rulesFrom === 'ruleSet' };
	});
}

/** One workflow with all of them side by side. */
export function workflowOf(name: string, variants: readonly Variant[]): WorkflowJson {
	const columns = Math.ceil(Math.sqrt(variants.length * 1.2));
	const nodes = variants.map(({ node }, index) => ({
		...node,
		position: [(index % columns) * 320, Math.floor(index / columns) * 260] as [number, number],
	}));
	return { name, nodes, connections: {} };
}
