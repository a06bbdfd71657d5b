/**
 * What a parameter is, compared with what the node's own description says that it may be. The editor offers nothing else, but an expression can give anything, also
 * what a stranger wrote into a webhook. A new parameter is checked by being described.
 */
import {
	NodeHelpers,
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { shown } from '../../lib/order/errors';

type NodeClass = new () => INodeType;
type Context = IExecuteFunctions | IPollFunctions;
/** The parameters of a node by name; one name may stand for several, of which the node shows one at a time. */
type Known = ReadonlyMap<string, readonly INodeProperties[]>;

interface At {
	node: INode;
	itemIndex: number | undefined;
	description: INodeTypeDescription;
}

const guarded = new WeakSet<Context>();
const classes = new WeakSet<NodeClass>();

/** Whatever the class reads of its parameters is checked from now on. @example checkParameters(OrderStore); */
export function checkParameters(Class: NodeClass): void {
	classes.add(Class);
	let description: INodeTypeDescription | undefined;
	const guard = (context: Context): void => {
		if (guarded.has(context)) return;
		guarded.add(context);
		description ??= new Class().description;
		guardContext(context, description);
	};
	const { execute, poll } = Class.prototype as INodeType;
	if (execute) {
		Class.prototype.execute = async function (this: IExecuteFunctions) {
			guard(this);
			return await execute.call(this);
		};
	}
	if (poll) {
		Class.prototype.poll = async function (this: IPollFunctions) {
			guard(this);
			return await poll.call(this);
		};
	}
}

/** For tests. */
export const checksParameters = (Class: NodeClass): boolean => classes.has(Class);

function byName(properties: readonly INodeProperties[]): Known {
	const known = new Map<string, INodeProperties[]>();
	for (const property of properties) known.set(property.name, [...(known.get(property.name) ?? []), property]);
	return known;
}

interface ReadOptions {
	rawExpressions?: boolean;
}
/** A trigger's parameters belong to no item. */
type Reading =
	[name: string, itemIndex: number, fallback?: unknown, options?: ReadOptions] | [name: string, fallback?: unknown, options?: ReadOptions];

function guardContext(context: Context, description: INodeTypeDescription): void {
	const known = byName(description.properties);
	const ofItems = 'getInputData' in context;
	// n8n copies it at each call.
	let node: INode | undefined;
	const read = context.getNodeParameter.bind(context) as (...reading: Reading) => unknown;
	const checkedRead = (...reading: Reading): unknown => {
		const value = read(...reading);
		const [name, ...rest] = reading;
		const [itemIndex, fallback, options] = (ofItems ? rest : [undefined, ...rest]) as [number | undefined, unknown, ReadOptions?];
		const properties = known.get(name);
		if (properties === undefined || options?.rawExpressions) return value;
		node ??= context.getNode();
		return checked(properties, value, { node, itemIndex, description }, node.parameters, fallback);
	};
	Object.assign(context, { getNodeParameter: checkedRead });
}

/**
 * The value as the node may use it. Throws NodeOperationError that names parameter, value and what is allowed.
 *
 * @param beside the parameters beside it, by which the node shows one of several with this name
 */
function checked(properties: readonly INodeProperties[], value: unknown, at: At, beside: INodeParameters, fallback?: unknown): unknown {
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter(beside, property, at.node, at.description, at.node.parameters);
	const property = (properties.length > 1 ? properties.find(isShown) : undefined) ?? properties[0]!;
	if (isEmpty(value)) return fallback ?? property.default;
	return CHECKS[property.type]?.(property, value, at) ?? value;
}

/** An expression that finds nothing gives this. */
const isEmpty = (value: unknown): boolean => value === undefined || value === null;

type Check = (property: INodeProperties, value: unknown, at: At) => unknown;

/** By type; the others are read by code that takes nothing for granted, as rules, filters and JSON are. */
const CHECKS: Partial<Record<INodeProperties['type'], Check>> = {
	options: (property, value, at) => {
		if (isOpen(property)) return text(property, value, at);
		const allowed = choices(property);
		if (value === '') return property.default;
		return allowed.some(({ value: one }) => one === value) ? value : refuse(property, value, at, 'is none of the choices', choose(allowed));
	},
	multiOptions: (property, value, at) => {
		if (value === '') return [];
		const values: unknown[] = Array.isArray(value) ? value : [value];
		if (isOpen(property)) return values.map((one) => text(property, one, at));
		const allowed = choices(property);
		for (const one of values) {
			if (!allowed.some(({ value: choice }) => choice === one)) refuse(property, one, at, 'is none of the choices', choose(allowed));
		}
		return values;
	},
	number: (property, value, at) => {
		if (value === '') return property.default;
		const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
		const { minValue = Number.MIN_SAFE_INTEGER, maxValue = Number.MAX_SAFE_INTEGER } = property.typeOptions ?? {};
		if (Number.isSafeInteger(number) && number >= minValue && number <= maxValue) return number;
		return refuse(property, value, at, 'is not allowed here', `Give a whole number${rangeOf(property)}.`);
	},
	boolean: (property, value, at) => {
		if (typeof value === 'boolean') return value;
		// An expression inside text gives text: "false" must not count as yes.
		const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
		return word === 'true' || word === 'false'
			? word === 'true'
			: refuse(property, value, at, 'is neither yes nor no', 'Give true or false.');
	},
	string: text,
	// A bare text too, as an expression for all of it gives.
	resourceLocator: (property, value, at) =>
		typeof value === 'object' && value !== null && 'value' in value
			? { ...value, value: isEmpty(value.value) ? '' : text(property, value.value, at) }
			: text(property, value, at),
	collection: (property, value, at) => {
		const known = byName((property.options ?? []) as INodeProperties[]);
		const given = record(property, value, at);
		const entries = Object.entries(given).filter(([name, one]) => known.has(name) && !isEmpty(one));
		return Object.fromEntries(entries.map(([name, one]) => [name, checked(known.get(name)!, one, at, given)]));
	},
	fixedCollection: (property, value, at) => {
		const groups = new Map(
			(property.options ?? []).flatMap((option) => ('values' in option ? [[option.name, byName(option.values)] as const] : [])),
		);
		const row = (known: Known, one: unknown) => {
			const given = record(property, one, at);
			return Object.fromEntries(
				Object.entries(given).flatMap(([name, field]) => (known.has(name) ? [[name, checked(known.get(name)!, field, at, given)]] : [])),
			);
		};
		return Object.fromEntries(
			Object.entries(record(property, value, at)).flatMap(([name, rows]) => {
				const known = groups.get(name);
				if (known === undefined || isEmpty(rows)) return [];
				return [[name, Array.isArray(rows) ? rows.map((one) => row(known, one)) : row(known, rows)]];
			}),
		);
	},
};

/** Values that only the account or the order store knows. */
const isOpen = ({ typeOptions }: INodeProperties): boolean =>
	typeOptions?.loadOptionsMethod !== undefined || typeOptions?.loadOptions !== undefined;

const choices = ({ options = [] }: INodeProperties): INodePropertyOptions[] =>
	options.filter((option): option is INodePropertyOptions => 'value' in option);

const choose = (allowed: readonly INodePropertyOptions[]): string =>
	`Choose one of: ${allowed.map(({ value }) => String(value)).join(', ')}.`;

function rangeOf({ typeOptions }: INodeProperties): string {
	const { minValue, maxValue } = typeOptions ?? {};
	if (minValue !== undefined && maxValue !== undefined) return ` from ${minValue} to ${maxValue}`;
	return minValue !== undefined ? ` of at least ${minValue}` : maxValue !== undefined ? ` of at most ${maxValue}` : '';
}

/** A value of a field that may hold anything, such as a custom field of an order, says so itself. */
const anything = new WeakSet<INodeProperties>();

/** A text parameter that an expression may fill with any value. */
export function takesAnything(property: INodeProperties): INodeProperties {
	anything.add(property);
	return property;
}

function text(property: INodeProperties, value: unknown, at: At): unknown {
	if (typeof value === 'string' || anything.has(property)) return value;
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	return refuse(
		property,
		value,
		at,
		'is no text',
		Array.isArray(value) ? 'Give text; join the values of a list with commas.' : 'Give text.',
	);
}

function record(property: INodeProperties, value: unknown, at: At): INodeParameters {
	if (value === '') return {};
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as INodeParameters;
	return refuse(property, value, at, 'is no set of fields', 'Set the fields one by one.');
}

function refuse({ displayName }: INodeProperties, value: unknown, { node, itemIndex }: At, problem: string, remedy: string): never {
	throw new NodeOperationError(node, `${displayName}: ${shown(value, 60)} ${problem}.`, {
		...(itemIndex === undefined ? {} : { itemIndex }),
		description: remedy,
	});
}
