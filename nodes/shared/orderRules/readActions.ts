/** Reads conditions and actions from the parameters of one rule. */
import type { IDataObject } from 'n8n-workflow';
import type { JsonValue } from '../../../lib/order/order';
import { isPlainPath, resolved as asResolved } from '../../../lib/rules/paths';
import type { Action, AddressFit, BundleBy, ConditionSet, HoldUntil, ShippingMethodMap, SkuTable, SplitBy } from '../../../lib/rules/rule';

export const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=');

/** Has n8n resolve an expression; a literal passes. */
export type Resolve = <T>(value: unknown, fallback: T) => T;

/**
 * As `Resolve`, but a plain path stays as it is. What an expression gave is marked, so that a customer's text that looks like
 * an expression is never taken for one.
 */
export function resolveUnlessPath(resolve: Resolve, value: unknown): unknown {
	if (!isExpression(value) || isPlainPath(value)) return value;
	return asResolved(resolve<JsonValue>(value, null));
}

export function readConditions(resolve: Resolve, value: unknown): ConditionSet | null {
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

export const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());

const listOf = (text: string): string[] => text.split(/[,;\n]/).map((part) => part.trim()).filter((part) => part !== '');

/** @param zone the time zone of the workflow */
export function readAction(resolve: Resolve, action: IDataObject, zone: string): Action {
	const text = (name: string): string => String(resolve(action[name], ''));
	const valueOf = (name: string): JsonValue => resolveUnlessPath(resolve, action[name] ?? null) as JsonValue;
	const field = (): string => (text('field') === 'custom' ? `custom.${text('customField')}` : text('field'));
	switch (action.action) {
		case 'removeLines':
			// Without a condition the engine refuses: it would take all lines or none.
			return { kind: 'removeLines', lines: readConditions(resolve, action.lineConditions) ?? NO_CONDITIONS };
		case 'setField':
			return { kind: 'setField', path: field(), value: valueOf('value') };
		case 'clearField':
			return { kind: 'clearField', path: field() };
		case 'addTags':
			return { kind: 'addTags', tags: listOf(text('tags')) };
		case 'removeTags':
			return { kind: 'removeTags', tags: listOf(text('tags')) };
		case 'addLine':
			return {
				kind: 'addLine',
				line: { sku: valueOf('lineSku'), name: valueOf('lineName'), quantity: action.lineQuantity === undefined ? 1 : valueOf('lineQuantity'), unitPrice: valueOf('linePrice') },
			};
		case 'replaceSkus':
			return { kind: 'replaceSkus', table: readSkuTable(resolve, action) };
		case 'archive':
			return { kind: 'archive', reason: orNull(text('reason')) };
		case 'fitAddress':
			return { kind: 'fitAddress', fit: readAddressFit(resolve, action) };
		case 'stop':
			return { kind: 'stop' };
		case 'mapShippingMethod':
			return { kind: 'mapShippingMethod', map: readShippingMap(resolve, action) };
		case 'route':
			return { kind: 'route', warehouse: text('warehouse').trim() };
		case 'routeLines':
			return { kind: 'routeLines', lines: readConditions(resolve, action.lineConditions) ?? NO_CONDITIONS, warehouse: text('warehouse').trim() };
		case 'split':
			return { kind: 'split', by: readSplit(resolve, action) };
		case 'bundle':
			return { kind: 'bundle', by: readBundle(resolve, action) };
		case 'hold':
			return { kind: 'hold', until: readHold(resolve, action, zone) };
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

function readSplit(resolve: Resolve, action: IDataObject): SplitBy {
	switch (String(resolve(action.splitBy, 'quantity'))) {
		case 'lines':
			return { kind: 'lines', lines: readConditions(resolve, action.lineConditions) ?? NO_CONDITIONS };
		case 'key':
			return { kind: 'key', key: resolveUnlessPath(resolve, action.splitKey ?? null) as JsonValue };
		case 'weight':
			return { kind: 'weight', most: Number(resolve(action.splitWeight, 30_000)) };
		default:
			return { kind: 'quantity', most: Number(resolve(action.splitQuantity, 10)) };
	}
}

function readBundle(resolve: Resolve, action: IDataObject): BundleBy {
	const rows = ((action.bundleKeys as IDataObject | undefined)?.list ?? []) as IDataObject[];
	const limit = (name: string): number | null => Number(resolve(action[name], 0)) || null;
	return {
		minutes: Number(resolve(action.bundleMinutes, 60)),
		sameAddress: resolve(action.bundleSameAddress, true),
		keys: rows.map((row) => resolveUnlessPath(resolve, row.field ?? '={{ $json.customer.email }}') as JsonValue),
		mostOrders: limit('bundleOrders'),
		mostLines: limit('bundleLines'),
		mostTotal: limit('bundleTotal'),
	};
}

function readHold(resolve: Resolve, action: IDataObject, zone: string): HoldUntil {
	const text = (name: string, fallback = ''): string => String(resolve(action[name], fallback));
	switch (text('holdUntil')) {
		case 'date':
			return { kind: 'date', date: dateOf(resolve(action.holdDate, '')) };
		case 'field':
			return {
				kind: 'field',
				date: resolveUnlessPath(resolve, action.holdDateField ?? '={{ $json.requestedShipDate }}') as JsonValue,
				daysBefore: Number(resolve(action.holdDaysBefore, 0)),
			};
		case 'opening':
			return {
				kind: 'opening',
				weekdays: resolve<number[]>(action.holdWeekdays, [1, 2, 3, 4, 5]),
				opens: text('holdOpens', '09:00'),
				closes: orNull(text('holdCloses')),
				zone: orNull(text('holdZone')) ?? zone,
				holidays: listOf(text('holdHolidays')),
			};
		case 'tag':
			return { kind: 'tag', tag: text('holdTag') };
		default:
			return { kind: 'duration', minutes: Number(resolve(action.holdMinutes, 60)) };
	}
}

function readAddressFit(resolve: Resolve, action: IDataObject): AddressFit {
	const rows = ((action.lengths as IDataObject | undefined)?.list ?? []) as IDataObject[];
	const changes = resolve<string[]>(action.addressChanges, []);
	return {
		addresses: resolve<AddressFit['addresses']>(action.addresses, 'shipping'),
		limits: rows.map((row) => ({ field: resolve(row.field, 'address1'), limit: Number(resolve(row.characters, 35)) })),
		overflow: resolve<AddressFit['overflow']>(action.overflow, 'fail'),
		upperCase: changes.includes('upperCase'),
		ascii: changes.includes('ascii'),
		countryCodes: changes.includes('countryCodes'),
		regionCodes: changes.includes('regionCodes'),
		postalCodes: changes.includes('postalCodes'),
	};
}

function readSkuTable(resolve: Resolve, action: IDataObject): SkuTable {
	const rows = ((action.skus as IDataObject | undefined)?.list ?? []) as IDataObject[];
	const text = (row: IDataObject, name: string): string => String(resolve(row[name], ''));
	return {
		caseSensitive: resolve(action.caseSensitive, false),
		entries: rows.map((row) => ({ sku: text(row, 'sku'), component: text(row, 'component'), quantity: Number(resolve(row.quantity, 1)), name: orNull(text(row, 'name')) })),
	};
}

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
