/** The reference of nodes and credentials, from the descriptions that n8n itself reads. */
import { loadSourceClasses } from '../../test/engine/sourcePackage';
import { PACKAGE_NAME } from '../../test/engine/types';
import { code, prose, table } from './markdown';
import { panelsOf } from './pictures';

/** What is used of n8n's description of a parameter, an option or a group of parameters. */
interface Property {
	displayName: string;
	name: string;
	type: string;
	default?: unknown;
	description?: string;
	placeholder?: string;
	required?: boolean;
	options?: Array<Option | Group | Property>;
	typeOptions?: { minValue?: number; maxValue?: number; multipleValues?: boolean };
	displayOptions?: { show?: Record<string, unknown[]> };
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
	credentials?: Array<{ name: string; required?: boolean }>;
	usableAsTool?: unknown;
	properties: Property[];
}

const isOption = (value: Option | Group | Property): value is Option => 'value' in value;
const isGroup = (value: Option | Group | Property): value is Group => 'values' in value;

const TYPES: Readonly<Record<string, string>> = {
	boolean: 'yes/no', string: 'text', number: 'number', options: 'choice', multiOptions: 'choices', dateTime: 'date and time', filter: 'conditions',
	fixedCollection: 'list', collection: 'options',
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
	if (type === 'multiOptions') return (value as unknown[]).map(named).join(', ');
	if (typeof value === 'object') return Object.keys(value as object).length === 0 ? '' : code(JSON.stringify(value));
	return code(String(value));
}

function rangeOf({ typeOptions: { minValue, maxValue } = {} }: Property): string {
	if (minValue !== undefined && maxValue !== undefined) return ` ${minValue} to ${maxValue}.`;
	return minValue === undefined ? '' : ` At least ${minValue}.`;
}

/** "Only with **Action** = Hold Order": by the parameters beside it; the resource and operation are the heading already. */
function conditionOf({ displayOptions }: Property, beside: readonly Property[]): string {
	const shown = Object.entries(displayOptions?.show ?? {}).filter(([name]) => !['resource', 'operation', '@version'].includes(name));
	const parts = shown.map(([name, values]) => {
		const other = beside.find((property) => property.name === name);
		const words = values.map((value) => other?.options?.filter(isOption).find((option) => option.value === value)?.name ?? (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)));
		return `${other?.displayName ?? name} = ${words.join(' or ')}`;
	});
	return parts.length === 0 ? '' : `*With ${parts.join(' and ')}.* `;
}

const sentence = (text: string): string => (text === '' || /[.!?)]$/.test(text) ? text : `${text}.`);

/** A row for the parameter, and one for each that it contains. */
function rowsOf(property: Property, beside: readonly Property[], path: readonly string[]): string[][] {
	if (property.type === 'notice') return [];
	const names = [...path, property.displayName];
	const inner = property.type === 'collection' ? (property.options ?? []).filter((one): one is Property => !isOption(one) && !isGroup(one)) : [];
	const groups = property.type === 'fixedCollection' ? (property.options ?? []).filter(isGroup) : [];
	const text = [
		conditionOf(property, beside),
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
		...inner.flatMap((one) => rowsOf(one, inner, names)),
		...groups.flatMap(({ values }) => values.flatMap((one) => rowsOf(one, values, names))),
	];
}

function parameters(properties: readonly Property[]): string {
	const rows = properties.flatMap((property) => rowsOf(property, properties, []));
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

function outputsOf({ outputs, outputNames }: Description): string {
	if (typeof outputs === 'string') {
		const list = (...codes: string[]) => evaluatedOutputs(outputs, { warehouses: { list: codes.map((name) => ({ code: name })) } }).join(', ');
		return `one for each warehouse that it lists, and three more. With the warehouses BER and NYC: ${list('BER', 'NYC')}. Without a warehouse: ${list()}.`;
	}
	return outputNames === undefined ? 'one' : outputNames.join(', ');
}

/** The heading's anchor, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
	heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replace(/ /g, '-');

interface Named {
	displayName: string;
	name: string;
}

function factsOf(node: Description, credentials: readonly Named[]): string {
	const kind = node.polling ? 'polling trigger: n8n calls it on the schedule that you choose under "Poll Times"' : node.group.includes('trigger') ? 'trigger' : 'action';
	const needed = (node.credentials ?? []).map(({ name, required }) => {
		const title = credentials.find((one) => one.name === name)?.displayName ?? name;
		return `[${title}](#${anchorOf(title)}) (${required ? 'required' : 'optional'})`;
	});
	return table(['', ''], [
		['type', code(`${PACKAGE_NAME}.${node.name}`)],
		['version', [node.version].flat().join(', ')],
		['kind', kind],
		['credentials', needed.join(', ') || 'none'],
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

function operationsByResource(properties: readonly Property[]): string[] {
	const resource = properties.find(({ name }) => name === 'resource')!;
	return (resource.options ?? []).filter(isOption).flatMap((one) => {
		const value = String(one.value);
		const operation = properties.find(({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.['resource']?.includes(value));
		return [
			`### ${one.name}`,
			...(operation?.options ?? []).filter(isOption).flatMap((option) => [
				`#### ${one.name}: ${option.name}`,
				`Resource ${code(value)}, operation ${code(String(option.value))}. ${sentence(prose(option.description ?? ''))}`,
				parameters(shownFor(properties, value, String(option.value))),
			]),
		];
	});
}

function nodeSection(node: Description, credentials: readonly Named[], panels: readonly string[]): string[] {
	const byResource = node.properties.some(({ name }) => name === 'resource');
	return [
		`## ${node.displayName}`,
		sentence(prose(node.description)),
		factsOf(node, credentials),
		...notices(node.properties),
		...panels.map((file) => `![A panel of ${node.displayName}](images/${file})`),
		...(byResource ? operationsByResource(node.properties) : ['### Parameters of '.concat(node.displayName), parameters(node.properties)]),
	];
}

/** In the order of an order's life; a new node comes last until it is put in. */
const ORDER = ['fileOrderImportTrigger', 'orderRules', 'wmsSend', 'wmsShipmentPollTrigger', 'cartUpdate', 'orderStore', 'orderStoreTrigger'];
const rank = ({ name }: Named): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

export function nodesPage(): string {
	const { nodeTypes, credentialTypes } = loadSourceClasses();
	const nodes = nodeTypes.map((NodeClass) => new NodeClass().description as unknown as Description).sort((a, b) => rank(a) - rank(b));
	const names = nodes.map(({ name }) => name);
	const credentials = credentialTypes.map((Credential) => new Credential() as unknown as Named & { properties: Property[] });
	return `${[
		'# Nodes',
		'<!-- Generated by "npm run docs" from the descriptions in nodes/ and credentials/. Do not edit. -->',
		'Every node and credential with all its parameters, made from the same descriptions that the editor shows. The *name* is what a parameter is called in workflow files and expressions.',
		'Use the version of the node that stands here as `typeVersion` in workflow files; it has nothing to do with the version of the package.',
		table(['node', 'kind', 'does'], nodes.map((node) => [`[${node.displayName}](#${anchorOf(node.displayName)})`, node.polling ? 'trigger' : 'action', sentence(prose(node.description))])),
		...nodes.flatMap((node) => nodeSection(node, credentials, panelsOf(node.name, names))),
		'## Credentials',
		...credentials.flatMap(({ displayName, name, properties }) => [`### ${displayName}`, `Type ${code(name)}.`, parameters(properties)]),
	].join('\n\n')}\n`;
}
