/** The reference of nodes and credentials, a page for each node, from the descriptions that n8n itself reads. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { PACKAGE_NAME } from '../../testing/engine/types';
import { code, prose, table } from './markdown';
import { panelsOf } from './pictures';

interface Shown {
	displayOptions?: { show?: Record<string, unknown[]> };
}

/** What is used of n8n's description of a parameter, an option or a group of parameters. */
interface Property extends Shown {
	displayName: string;
	name: string;
	type: string;
	default?: unknown;
	description?: string;
	placeholder?: string;
	required?: boolean;
	options?: Array<Option | Group | Property>;
	typeOptions?: { minValue?: number; maxValue?: number; multipleValues?: boolean };
}
interface Option {
	name: string;
	value: unknown;
	description?: string;
}
interface Group {
	displayName: string;
	name: string;
	values: Property[];
}
interface Description {
	displayName: string;
	name: string;
	description: string;
	group: string[];
	version: number | number[];
	polling?: boolean;
	inputs: unknown;
	outputs: unknown;
	outputNames?: string[];
	credentials?: Array<Shown & { name: string; required?: boolean }>;
	usableAsTool?: unknown;
	properties: Property[];
}

const isOption = (value: Option | Group | Property): value is Option => 'value' in value;
const isGroup = (value: Option | Group | Property): value is Group => 'values' in value;

const TYPES: Readonly<Record<string, string>> = {
	boolean: 'yes/no', string: 'text', number: 'number', options: 'choice', multiOptions: 'choices', dateTime: 'date and time', filter: 'conditions',
	fixedCollection: 'list', collection: 'options', resourceLocator: 'from a list, or by name',
};

/** A list of choices that say nothing but their value is given in one line. */
const INLINE_CHOICES = 8;

function choices({ options = [] }: Property): string {
	const all = options.filter(isOption);
	if (all.length === 0) return '';
	if (all.every(({ description }) => description === undefined) && all.length > INLINE_CHOICES) {
		return `One of: ${all.map(({ name, value }) => (name === value ? code(name) : name)).join(', ')}.`;
	}
	return all.map(({ name, value, description }) => `<br>• **${prose(name)}** (${code(String(value))})${description === undefined ? '' : `: ${prose(description)}`}`).join('');
}

function defaultOf({ type, default: value, options = [] }: Property): string {
	if (value === '' || value === undefined) return '';
	if (type === 'boolean') return value === true ? 'yes' : 'no';
	const named = (one: unknown): string => options.filter(isOption).find((option) => option.value === one)?.name ?? String(one);
	if (type === 'options') return named(value);
	if (type === 'resourceLocator') return '';
	if (type === 'multiOptions') return (value as unknown[]).map(named).join(', ');
	if (typeof value === 'object') return Object.keys(value as object).length === 0 ? '' : code(JSON.stringify(value));
	return code(String(value));
}

function rangeOf({ typeOptions: { minValue, maxValue } = {} }: Property): string {
	if (minValue !== undefined && maxValue !== undefined) return ` ${minValue} to ${maxValue}.`;
	return minValue === undefined ? '' : ` At least ${minValue}.`;
}

/** "Action = Hold Order": by the parameters beside it, or by those of the node, which n8n names with a stroke ("/wms"); the resource and operation are the heading already. */
function conditionOf({ displayOptions }: Shown, beside: readonly Property[], around: readonly Property[] = beside): string {
	const shown = Object.entries(displayOptions?.show ?? {})
		.filter(([name]) => !['resource', 'operation'].includes(name.replace(/^\//, '')));
	const parts = shown.map(([given, values]) => {
		const [name, among] = given.startsWith('/') ? [given.slice(1), around] : [given, beside];
		if (name === '@version') return `version ${values.join(' or ')} of the node`;
		const same = among.filter((property) => property.name === name);
		const other = same[0];
		const options = same.flatMap((property) => (property.options ?? []).filter(isOption));
		const words = values.map((value) => options.find((option) => option.value === value)?.name ?? (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)));
		return `${other?.displayName ?? name} = ${words.join(' or ')}`;
	});
	return parts.join(' and ');
}

const sentence = (text: string): string => (text === '' || /[.!?)]$/.test(text) ? text : `${text}.`);

/** A row for the parameter, and one for each that it contains. */
function rowsOf(property: Property, beside: readonly Property[], path: readonly string[], all: readonly Property[]): string[][] {
	if (property.type === 'notice') return [];
	const names = [...path, property.displayName];
	const inner = property.type === 'collection' ? (property.options ?? []).filter((one): one is Property => !isOption(one) && !isGroup(one)) : [];
	const groups = property.type === 'fixedCollection' ? (property.options ?? []).filter(isGroup) : [];
	const condition = conditionOf(property, beside, all);
	const text = [
		condition === '' ? '' : `*With ${condition}.* `,
		sentence(prose(property.description ?? '')),
		rangeOf(property),
		property.placeholder === undefined || inner.length > 0 || groups.length > 0 ? '' : ` Such as ${code(property.placeholder)}.`,
		` ${choices(property)}`,
	].join('');
	const row = [
		`${path.length > 0 ? `${path.join(' → ')} → ` : ''}**${property.displayName}**${property.required ? ' (required)' : ''}`,
		code(property.name),
		TYPES[property.type] ?? property.type,
		defaultOf(property),
		text.replace(/\s+/g, ' ').replace(/(^|\* )\s*<br>/, '$1').trim(),
	];
	// "Options" says nothing by itself.
	const own = property.type === 'collection' && property.description === undefined ? [] : [row];
	return [
		...own,
		...inner.flatMap((one) => rowsOf(one, inner, names, all)),
		...groups.flatMap(({ values }) => values.flatMap((one) => rowsOf(one, values, names, all))),
	];
}

function parameters(properties: readonly Property[]): string {
	const rows = properties.flatMap((property) => rowsOf(property, properties, [], properties));
	return rows.length === 0 ? 'No parameters.' : table(['parameter', 'name', 'type', 'default', 'what it does'], rows);
}

const notices = (properties: readonly Property[]): string[] =>
	properties.filter(({ type }) => type === 'notice').map(({ displayName }) => `> ${prose(displayName)}`);

/** Outputs that depend on the parameters, as n8n works them out for these. */
function evaluatedOutputs(expression: string, given: object): string[] {
	const inner = /^=\{\{([^]*)\}\}$/.exec(expression)?.[1] ?? '[]';
	// The second name is a helper that tsx adds to functions.
	const evaluate = new Function('$parameter', '__name', `return ${inner}`) as (parameters: object, name: unknown) => Array<{ displayName: string }>;
	return evaluate(given, (value: unknown) => value).map(({ displayName }) => displayName);
}

function outputsOf({ outputs, outputNames, properties }: Description): string {
	if (typeof outputs !== 'string') return outputNames === undefined ? 'one' : outputNames.join(', ');
	const list = (given: object) => evaluatedOutputs(outputs, given).join(', ');
	const operations = properties.find(({ name }) => name === 'operation')?.options?.filter(isOption) ?? [];
	if (operations.length > 0) return operations.map(({ name, value }) => `${name}: ${list({ operation: value })}`).join('. ');
	const warehouses = (...codes: string[]) => list({ warehouses: { list: codes.map((name) => ({ code: name })) } });
	return `one for each warehouse that it lists, and three more. With the warehouses BER and NYC: ${warehouses('BER', 'NYC')}. Without a warehouse: ${warehouses()}.`;
}

/** The heading's anchor, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
	heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replace(/ /g, '-');

interface Named {
	displayName: string;
	name: string;
}

interface Credential extends Named {
	documentationUrl: string;
	properties: Property[];
}

const ROOT = path.join(__dirname, '../..');
const INDEX = 'docs/nodes.md';
const CREDENTIALS = 'docs/credentials.md';

/** `WMS Send` → `docs/nodes/wms-send.md` */
const pageOf = ({ displayName }: Named): string => `docs/nodes/${anchorOf(displayName)}.md`;

const linkTo = (page: string, from: string): string => path.posix.relative(path.posix.dirname(from), page);

const titleOf = (page: string): string => /^# (.+)$/m.exec(readFileSync(path.join(ROOT, page), 'utf8'))?.[1] ?? page;

/** The pages about carts, warehouses and the order store to which the credentials of a node point. */
function setUpOf(node: Description, credentials: readonly Credential[]): string[] {
	const pages = (node.credentials ?? []).flatMap(({ name }) => {
		const url = credentials.find((one) => one.name === name)?.documentationUrl ?? '';
		return /\/blob\/main\/(docs\/[^#]+)/.exec(url)?.[1] ?? [];
	});
	return [...new Set(pages)].map((page) => `[${titleOf(page)}](${linkTo(page, pageOf(node))})`).sort();
}

function factsOf(node: Description, credentials: readonly Credential[]): string {
	const kind = node.polling ? 'polling trigger: n8n calls it on the schedule that you choose under "Poll Times"' : node.group.includes('trigger') ? 'trigger' : 'action';
	const needed = (node.credentials ?? []).map((one) => {
		const title = credentials.find(({ name }) => name === one.name)?.displayName ?? one.name;
		const condition = conditionOf(one, node.properties);
		return `[${title}](${linkTo(CREDENTIALS, pageOf(node))}#${anchorOf(title)}) (${one.required ? condition || 'required' : 'optional'})`;
	});
	const partners = setUpOf(node, credentials);
	return table(['', ''], [
		['type', code(`${PACKAGE_NAME}.${node.name}`)],
		['version', [node.version].flat().join(', ')],
		['kind', kind],
		['credentials', needed.join('<br>') || 'none'],
		...(partners.length === 0 ? [] : [['set up', partners.join(', ')]]),
		['outputs', outputsOf(node)],
		...(node.polling ? [] : [['tool of an AI agent', node.usableAsTool === undefined || node.usableAsTool === false ? 'no' : 'yes: an agent sees the items of all outputs, each with the name of its output']]),
	]);
}

/** The parameters of one operation: those shown for it. */
const shownFor = (properties: readonly Property[], resource: string, operation: string): Property[] =>
	properties.filter(({ displayOptions }) => {
		const show = displayOptions?.show ?? {};
		return show['resource']?.includes(resource) === true && show['operation']?.includes(operation) === true;
	});

interface Resource {
	name: string;
	value: string;
	operations: Option[];
}

function resourcesOf(properties: readonly Property[]): Resource[] {
	const resource = properties.find(({ name }) => name === 'resource')!;
	return (resource.options ?? []).filter(isOption).map((one) => {
		const value = String(one.value);
		const operation = properties.find(({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.['resource']?.includes(value));
		return { name: one.name, value, operations: (operation?.options ?? []).filter(isOption) };
	});
}

function operationsByResource(properties: readonly Property[]): string[] {
	const resources = resourcesOf(properties);
	const links = ({ name, operations }: Resource): string => operations.map((one) => `[${one.name}](#${anchorOf(`${name}: ${one.name}`)})`).join(', ');
	return [
		table(['resource', 'operations'], resources.map((resource) => [resource.name, links(resource)])),
		...resources.flatMap(({ name, value, operations }) => [
			`## ${name}`,
			...operations.flatMap((option) => [
				`### ${name}: ${option.name}`,
				`Resource ${code(value)}, operation ${code(String(option.value))}. ${sentence(prose(option.description ?? ''))}`,
				parameters(shownFor(properties, value, String(option.value))),
			]),
		]),
	];
}

const GENERATED = '<!-- Generated by "npm run docs" from the descriptions in nodes/ and credentials/. Do not edit. -->';

const asPage = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

function nodePage(node: Description, credentials: readonly Credential[], panels: readonly string[]): string {
	const byResource = node.properties.some(({ name }) => name === 'resource');
	return asPage([
		`# ${node.displayName}`,
		GENERATED,
		`${sentence(prose(node.description))} [All nodes](${linkTo(INDEX, pageOf(node))})`,
		factsOf(node, credentials),
		...notices(node.properties),
		...panels.map((file) => `![A panel of ${node.displayName}](../images/${file})`),
		...(byResource ? operationsByResource(node.properties) : ['## Parameters', parameters(node.properties)]),
	]);
}

function credentialsPage(credentials: readonly Credential[]): string {
	return asPage([
		'# Credentials',
		GENERATED,
		`Every credential with all its fields. [Nodes](${linkTo(INDEX, CREDENTIALS)}) says which node takes which.`,
		table(['credential', 'type'], credentials.map(({ displayName, name }) => [`[${displayName}](#${anchorOf(displayName)})`, code(name)])),
		...credentials.flatMap(({ displayName, name, documentationUrl, properties }) => {
			const [, page, anchor = ''] = /\/blob\/main\/([^#]+)(#.*)?$/.exec(documentationUrl) ?? [];
			const more = page === undefined ? '' : ` How to set it up: [${titleOf(page)}](${linkTo(page, CREDENTIALS)}${anchor}).`;
			return [`## ${displayName}`, `Type ${code(name)}.${more}`, parameters(properties)];
		}),
	]);
}

function indexPage(nodes: readonly Description[]): string {
	return asPage([
		'# Nodes',
		GENERATED,
		'One page for each node, with all its parameters, made from the descriptions that the editor shows. *Name* is what a parameter is called in workflow files and expressions.',
		`The *version* is the \`typeVersion\` in workflow files. It is not the version of the package. The fields of credentials are under [Credentials](${linkTo(CREDENTIALS, INDEX)}).`,
		table(
			['node', 'kind', 'type', 'version', 'does'],
			nodes.map((node) => [
				`[${node.displayName}](${linkTo(pageOf(node), INDEX)})`,
				node.group.includes('trigger') ? 'trigger' : 'action',
				code(`${PACKAGE_NAME}.${node.name}`),
				[node.version].flat().join(', '),
				sentence(prose(node.description)),
			]),
		),
	]);
}

/** In the order of an order's life: imports first; a new node comes last until it is put in. */
const ORDER = ['orderRules', 'wmsSend', 'wmsShipmentPollTrigger', 'cartUpdate', 'orderStore', 'orderStoreTrigger'];
const rank = ({ name }: Named): number => (name.endsWith('OrderImportTrigger') ? -1 : ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** The index, a page for each node, and the page of credentials; by their paths in the repository. */
export function nodePages(): Map<string, string> {
	const { nodeTypes, credentialTypes } = loadSourceClasses();
	const nodes = nodeTypes
		.map((NodeClass) => new NodeClass().description as unknown as Description)
		.sort((a, b) => rank(a) - rank(b) || a.displayName.localeCompare(b.displayName));
	const names = nodes.map(({ name }) => name);
	const credentials = credentialTypes.map((CredentialClass) => new CredentialClass() as unknown as Credential);
	return new Map([
		[INDEX, indexPage(nodes)],
		[CREDENTIALS, credentialsPage(credentials)],
		...nodes.map((node): [string, string] => [pageOf(node), nodePage(node, credentials, panelsOf(node.name, names))]),
	]);
}
