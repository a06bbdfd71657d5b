/** How the nodes look in the editor. The linter sees only what is written out in one file; this sees all of it. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CARTS } from '../../nodes/partners';
import { importTriggerOf } from '../../nodes/partners/importTrigger';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { PACKAGE_NAME } from '../../testing/engine/types';

const root = path.join(__dirname, '..', '..');

type Part = INodeProperties | INodePropertyOptions | INodePropertyCollection;
interface Found {
	where: string;
	part: Part;
}

const isProperty = (part: Part): part is INodeProperties => 'type' in part && 'displayName' in part;

/** Every parameter, option and group, however deep. */
function parts(list: readonly Part[], where: string): Found[] {
	return list.flatMap((part) => {
		const here = `${where} / ${'displayName' in part ? part.displayName : part.name}`;
		const inner = isProperty(part) ? (part.options ?? []) : 'values' in part ? part.values : [];
		return [{ where: here, part }, ...parts(inner, here)];
	});
}

const classes = loadSourceClasses();
const nodes = classes.nodeTypes.map((NodeClass): INodeTypeDescription => {
	const node = new NodeClass();
	if ('nodeVersions' in node) throw new Error(`${node.description.name} has versions`);
	return node.description;
});
const credentials = classes.credentialTypes.map((CredentialClass) => new CredentialClass());
const found = [
	...nodes.flatMap(({ displayName, properties }) => parts(properties, displayName)),
	...credentials.flatMap(({ displayName, properties }) => parts(properties, displayName)),
];
const properties = found.flatMap(({ where, part }) => (isProperty(part) ? [{ where, part }] : []));

const SMALL = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'in', 'is', 'it', 'of', 'on', 'or', 'per', 'the', 'to', 'with']);
const titled = (name: string): boolean =>
	name.split(/[\s(]+/).every((word, index) => word === '' || !/^[a-z]/.test(word) || (index > 0 && SMALL.has(word)));

const wrong = (list: readonly Found[], is: (part: Part) => boolean) => list.filter(({ part }) => is(part)).map(({ where }) => where);

/** What a saved workflow may name, and all that the editor shows, as n8n is given it. The link to the documentation is named by nobody. */
const PINNED = path.join(__dirname, 'descriptions');
const snapshots = new Map<string, string>([
	...classes.nodeTypes.map((NodeClass): [string, string] => {
		const { description, methods = {} } = new NodeClass() as INodeType;
		const functions = Object.fromEntries(Object.entries(methods).map(([kind, named]) => [kind, Object.keys(named as object).sort()]));
		return [description.name, pinned({ description, methods: functions })];
	}),
	...credentials.map(({ documentationUrl: _, ...credential }): [string, string] => [credential.name, pinned(credential)]),
]);
/** Without the indentation of the function that WMS Send carries as text. */
function pinned(value: object): string {
	return `${JSON.stringify(value, (key, one: unknown) => (key === 'outputs' && typeof one === 'string' ? one.replace(/\s+/g, ' ') : one), '\t')}\n`;
}
const files = (): string[] =>
	globSync('*.json', { cwd: PINNED })
		.map((file) => file.replace(/\.json$/, ''))
		.sort();

if (process.env['UPDATE_DESCRIPTIONS']) {
	for (const name of files()) rmSync(path.join(PINNED, `${name}.json`));
	for (const [name, text] of snapshots) writeFileSync(path.join(PINNED, `${name}.json`), text);
}

it('looks at every node and credential that the package lists', () => {
	const { n8n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };
	const named = (list: readonly string[]): string[] =>
		list
			.map((file) =>
				path
					.basename(file)
					.replace(/\..*$/, '')
					.replace(/^./, (first) => first.toLowerCase()),
			)
			.sort();
	expect(nodes.map(({ name }) => name)).toEqual(named(n8n.nodes));
	expect(credentials.map(({ name }) => name)).toEqual(named(n8n.credentials));
	expect(files()).toEqual([...snapshots.keys()].sort());
});

// A workflow that somebody saved names nodes, parameters, their values, credentials and outputs by their place. What changes here changes there: only on
// purpose, with UPDATE_DESCRIPTIONS=1.
it.each([...snapshots])('%s is what saved workflows know it as', (name, text) => {
	expect(text).toBe(readFileSync(path.join(PINNED, `${name}.json`), 'utf8'));
});

it.each(Object.values(CARTS))('the import trigger of $cart.label is what its partner says', (partner) => {
	const { describe: described } = importTriggerOf(partner);
	expect(nodes.find(({ name }) => name === described().name)).toEqual(described());
});

// n8n writes the poll times into the properties of an instance, and may make another.
it('gives each instance of a polling trigger a list of properties of its own', () => {
	const shared = classes.nodeTypes.filter((NodeClass) => {
		const [one, other] = [new NodeClass(), new NodeClass()].map((node) => (node as INodeType).description);
		return one!.polling === true && one!.properties === other!.properties;
	});
	expect(shared.map(({ name }) => name)).toEqual([]);
});

it('writes names of parameters in title case', () => {
	expect(properties.filter(({ part }) => part.type !== 'notice' && !titled(part.displayName)).map(({ where }) => where)).toEqual([]);
});

it('offers to import by tags where orders have tags', () => {
	const offered = nodes.filter(
		({ name, properties: own }) => name.endsWith('OrderImportTrigger') && parts(own, '').some(({ part }) => part.name === 'tags'),
	);
	expect(offered.map(({ name }) => name)).toEqual(['fileOrderImportTrigger', 'shopifyOrderImportTrigger']);
});

it('begins what a switch does with "Whether"', () => {
	expect(
		properties.filter(({ part }) => part.type === 'boolean' && part.description?.startsWith('Whether ') !== true).map(({ where }) => where),
	).toEqual([]);
});

// n8n takes a list whose every choice brings a credential for the choice of an authentication, and hides it: there is no way left to choose the
// cart. It looks for the parameter by its bare name; `/cart` names the same one by its path.
it('names the parameters that a credential depends on by path, so that the editor shows them', () => {
	const bare = nodes.flatMap(({ displayName, credentials: needed = [] }) =>
		needed.flatMap(({ name, displayOptions }) =>
			Object.keys(displayOptions?.show ?? {})
				.filter((key) => !key.startsWith('/') && !['resource', 'operation'].includes(key))
				.map((key) => `${displayName}: ${name} by ${key}`),
		),
	);
	expect(bare).toEqual([]);
});

it('ends one sentence without a period and several with one', () => {
	const bad = (part: Part) => {
		const { description } = part as { description?: string };
		if (description === undefined) return false;
		return /[.!?] [A-Z]/.test(description) !== description.endsWith('.');
	};
	expect(wrong(found, bad)).toEqual([]);
});

it('can load every list that is loaded when the editor asks', async () => {
	let lists = 0;
	for (const description of nodes) {
		const file = `${description.name.charAt(0).toUpperCase()}${description.name.slice(1)}`;
		const module = (await import(path.join(root, 'nodes', file, `${file}.node`))) as Record<
			string,
			new () => { methods?: { loadOptions?: Record<string, unknown> } }
		>;
		const { methods } = new module[file]!();
		for (const { where, part } of properties.filter((one) => one.where.startsWith(description.displayName))) {
			const method = part.typeOptions?.loadOptionsMethod;
			if (method === undefined) continue;
			lists += 1;
			expect({ where, method, is: typeof methods?.loadOptions?.[method] }).toEqual({ where, method, is: 'function' });
		}
	}
	expect(lists).toBeGreaterThan(2);
});

it('sorts long lists of options', () => {
	const lists = properties.filter(
		({ part }) => ['options', 'multiOptions', 'collection'].includes(part.type) && (part.options?.length ?? 0) >= 5,
	);
	expect(lists.length).toBeGreaterThan(5);
	for (const { where, part } of lists) {
		if (where.endsWith('Statuses') || where.endsWith('Only Changes To')) continue; // in the order of an order's life
		const names = (part.options ?? []).map((option) => ('displayName' in option ? option.displayName : option.name));
		expect({ where, names }).toEqual({ where, names: [...names].sort((a, b) => a.localeCompare(b)) });
	}
});

it('has defaults that are allowed, and no two parameters of one name side by side', () => {
	for (const { where, part } of properties) {
		// What the store lists is known only when the editor asks.
		if (part.type !== 'options' || part.typeOptions?.loadOptionsMethod !== undefined) continue;
		expect({ where, has: (part.options ?? []).some((option) => 'value' in option && option.value === part.default) }).toEqual({
			where,
			has: true,
		});
	}
	for (const { displayName, properties: own } of nodes) {
		const keys = own.map(({ name, displayOptions }) => JSON.stringify([name, displayOptions ?? null]));
		expect({ displayName, repeated: keys.filter((key, index) => keys.indexOf(key) !== index) }).toEqual({ displayName, repeated: [] });
	}
});

it.each(nodes.map((description): [string, INodeTypeDescription] => [description.displayName, description]))(
	'%s has icons, search words, a subtitle and named outputs',
	(_, description) => {
		const folder = path.join(root, 'nodes', description.name.charAt(0).toUpperCase() + description.name.slice(1));
		const codex = JSON.parse(readFileSync(path.join(folder, `${path.basename(folder)}.node.json`), 'utf8')) as {
			node: string;
			alias: string[];
		};
		expect(codex.node).toBe(`${PACKAGE_NAME}.${description.name}`);
		expect(codex.alias.length).toBeGreaterThan(3);
		expect(description.subtitle).toMatch(/^=\{\{/);
		const icon = description.icon as { light: string; dark: string };
		expect(icon.light).not.toBe(icon.dark);
		for (const file of [icon.light, icon.dark]) expect(existsSync(path.join(folder, file.replace('file:', '')))).toBe(true);
		const isTrigger = description.group.includes('trigger');
		expect(description.usableAsTool).toBe(isTrigger ? undefined : true);
		if (Array.isArray(description.outputs) && description.outputs.length > 1)
			expect(description.outputNames).toHaveLength(description.outputs.length);
	},
);

it('keeps passwords out of sight', () => {
	const secrets = properties.filter(({ part }) => /password|secret|token/i.test(part.name));
	expect(secrets.length).toBeGreaterThan(0);
	expect(secrets.filter(({ part }) => part.typeOptions?.password !== true)).toEqual([]);
});
