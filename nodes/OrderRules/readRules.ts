/**
 * Reads the rules from the node's parameters. Left sides that are plain paths stay unresolved, for our engine evaluates them
 * on the order as it is when the rule runs; any other expression is resolved by n8n, once, against the incoming item.
 */
import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { compileRules, type CompiledRules } from '../../lib/rules/evaluate';
import { isPlainPath, resolved as asResolved } from '../../lib/rules/paths';
import type { Action, ConditionSet, LineQuantifier, Rule, ShippingMethodMap } from '../../lib/rules/rule';
import type { JsonValue } from '../../lib/order/order';

export function readWarehouses(context: IExecuteFunctions): string[] {
	const { list = [] } = context.getNodeParameter('warehouses', 0, {}) as { list?: Array<{ code?: string }> };
	return [...new Set(list.map(({ code = '' }) => code.trim()).filter((code) => code !== ''))];
}

interface RulesReader {
	rulesFor(itemIndex: number): CompiledRules;
}

/** Compiles once when no value depends on the item, else once an item. */
export function rulesReader(context: IExecuteFunctions): RulesReader {
	const raw = (context.getNode().parameters.rules ?? {}) as INodeParameters;
	const entries = Array.isArray(raw.list) ? (raw.list as IDataObject[]) : [];
	const read = (itemIndex: number) => compileRules(entries.map((entry, index) => readRule(resolver(context, itemIndex), entry, index)));
	if (dependsOnItem(entries)) return { rulesFor: read };
	const compiled = read(0);
	return { rulesFor: () => compiled };
}

const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=');

function dependsOnItem(value: unknown): boolean {
	if (isExpression(value)) return !isPlainPath(value);
	if (Array.isArray(value)) return value.some(dependsOnItem);
	return typeof value === 'object' && value !== null && Object.values(value).some(dependsOnItem);
}

type Resolve = <T>(value: unknown, fallback: T) => T;

/** Resolves one value against one item; literals pass. */
const resolver =
	(context: IExecuteFunctions, itemIndex: number): Resolve =>
	(value, fallback) => {
		const resolved = isExpression(value) ? context.evaluateExpression(value.slice(1), itemIndex) : value;
		return (resolved ?? fallback) as typeof fallback;
	};

/**
 * As `Resolve`, but a plain path stays as it is. What an expression gave is marked, so that a customer's text that looks like
 * an expression is never taken for one.
 */
function resolveUnlessPath(resolve: Resolve, value: unknown): unknown {
	if (!isExpression(value) || isPlainPath(value)) return value;
	return asResolved(resolve<JsonValue>(value, null));
}

function readRule(resolve: Resolve, entry: IDataObject, index: number): Rule {
	const actions = ((entry.actions as IDataObject | undefined)?.list ?? []) as IDataObject[];
	return {
		name: resolve(entry.name, '') || `Rule ${index + 1}`,
		enabled: resolve(entry.enabled, true),
		conditions: readConditions(resolve, entry.conditions),
		lineQuantifier: resolve<LineQuantifier>(entry.lineQuantifier, 'any'),
		actions: actions.map((action) => readAction(resolve, action)),
		stop: resolve(entry.stop, false),
	};
}

function readConditions(resolve: Resolve, value: unknown): ConditionSet | null {
	const set = value as Partial<ConditionSet> | undefined;
	if (!set?.conditions || set.conditions.length === 0) return null;
	return {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2, ...set.options },
		combinator: set.combinator ?? 'and',
		conditions: set.conditions.map((condition) => ({
			...condition,
			leftValue: resolveUnlessPath(resolve, condition.leftValue),
			rightValue: resolveUnlessPath(resolve, condition.rightValue),
		})),
	};
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());

function readAction(resolve: Resolve, action: IDataObject): Action {
	const text = (name: string): string => String(resolve(action[name], ''));
	switch (action.action) {
		case 'removeLines':
			// Without a condition the engine refuses: it would take all lines or none.
			return { kind: 'removeLines', lines: readConditions(resolve, action.lineConditions) ?? NO_CONDITIONS };
		case 'setField': {
			const field = text('field');
			const path = field === 'custom' ? `custom.${text('customField')}` : field;
			return { kind: 'setField', path, value: resolveUnlessPath(resolve, action.value ?? null) as JsonValue };
		}
		case 'mapShippingMethod':
			return { kind: 'mapShippingMethod', map: readShippingMap(resolve, action) };
		case 'route':
			return { kind: 'route', warehouse: text('warehouse').trim() };
		case 'hold':
			return text('holdUntil') === 'date'
				? { kind: 'hold', until: { kind: 'date', date: dateOf(resolve(action.holdDate, '')) } }
				: { kind: 'hold', until: { kind: 'duration', minutes: Number(resolve(action.holdMinutes, 60)) } };
		case 'fail':
			return { kind: 'fail', message: text('message') };
		default:
			return { kind: 'skip', reason: orNull(text('reason')) };
	}
}

const NO_CONDITIONS: ConditionSet = {
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	combinator: 'and',
	conditions: [],
};

/** A date as n8n gives it: text, a JavaScript date or a luxon DateTime. A bad one is left for the engine to name. */
function dateOf(value: unknown): string {
	const time = typeof value === 'object' && value !== null ? Number(value.valueOf()) : Date.parse(String(value));
	return Number.isNaN(time) ? String(value) : new Date(time).toISOString();
}

function readShippingMap(resolve: Resolve, action: IDataObject): ShippingMethodMap {
	const rows = ((action.methods as IDataObject | undefined)?.list ?? []) as IDataObject[];
	const text = (row: IDataObject, name: string): string => String(resolve(row[name], ''));
	const unmapped = resolve<string>(action.unmapped, 'error');
	return {
		caseSensitive: resolve(action.caseSensitive, false),
		entries: rows.map((row) => ({
			method: text(row, 'method'),
			carrier: orNull(text(row, 'carrier')),
			serviceLevel: orNull(text(row, 'serviceLevel')),
			warehouse: orNull(text(row, 'warehouse')),
		})),
		unmapped:
			unmapped === 'default'
				? { kind: 'default', carrier: orNull(text(action, 'defaultCarrier')), serviceLevel: orNull(text(action, 'defaultServiceLevel')) }
				: { kind: unmapped === 'leave' ? 'leave' : 'error' },
	};
}
