/** The JSON of every action on orders. The table is exhaustive: an action without a shape does not compile. */
import type { Action, AddressFit, BundleBy, ConditionSet, HoldUntil, ShippingMethodMap, SkuTable, SplitBy } from '../rule';
import { boolean, choice, list, nullable, number, object, oneOf, otherwise, text, valueOrField, type Shape } from './shape';

type ActionShapes = { [K in Action['kind']]: Shape<Omit<Extract<Action, { kind: K }>, 'kind'>> };
type Condition = ConditionSet['conditions'][number];

const FILTER_OPTIONS: ConditionSet['options'] = { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 };

/** As n8n's condition builder writes it. */
export const conditionSet: Shape<ConditionSet> = object<ConditionSet>({
	options: otherwise(
		object<ConditionSet['options']>({
			caseSensitive: otherwise(boolean, true),
			leftValue: otherwise(text(), ''),
			typeValidation: otherwise(oneOf('strict', 'loose'), 'loose'),
			version: otherwise(oneOf(1, 2, 3), 2),
		}),
		FILTER_OPTIONS,
	),
	combinator: otherwise(oneOf('and', 'or'), 'and'),
	conditions: list(
		object<Condition>({
			id: otherwise(text(), ''),
			leftValue: valueOrField as Shape<unknown>,
			operator: object<Condition['operator'] & { name?: string }>(
				{ type: text({ least: 1 }), operation: text({ least: 1 }), rightType: text(), singleValue: boolean, name: text() },
				['rightType', 'singleValue', 'name'],
			),
			rightValue: otherwise(valueOrField as Shape<unknown>, ''),
		}),
		{ most: 200 },
	),
});

const holdUntil: Shape<HoldUntil> = choice<'kind', HoldUntil>('kind', {
	duration: object({ minutes: number({ least: 0 }) }),
	date: object({ date: text({ least: 1 }) }),
	field: object({ date: valueOrField, daysBefore: otherwise(number(), 0) }),
	opening: object({
		weekdays: list(number({ least: 1, most: 7, whole: true }), { most: 7 }),
		opens: text({ least: 1 }),
		closes: nullable(text()),
		zone: text({ least: 1 }),
		holidays: otherwise(list(text({ least: 1 })), []),
	}),
	tag: object({ tag: text({ least: 1 }) }),
});

const splitBy: Shape<SplitBy> = choice<'kind', SplitBy>('kind', {
	lines: object({ lines: conditionSet }),
	key: object({ key: valueOrField }),
	quantity: object({ most: number({ least: 1, whole: true }) }),
	weight: object({ most: number({ least: 1 }) }),
});

const bundleBy: Shape<BundleBy> = object<BundleBy>({
	minutes: number({ least: 1 }),
	sameAddress: otherwise(boolean, true),
	keys: otherwise(list(valueOrField, { most: 10 }), []),
	mostOrders: nullable(number({ least: 2, whole: true })),
	mostLines: nullable(number({ least: 1, whole: true })),
	mostTotal: nullable(number({ least: 0 })),
});

const shippingMethodMap: Shape<ShippingMethodMap> = object<ShippingMethodMap>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<ShippingMethodMap['entries'][number]>({ method: text(), carrier: nullable(text()), serviceLevel: nullable(text()), warehouse: nullable(text()) }),
		{ most: 5_000 },
	),
	unmapped: otherwise(
		choice<'kind', ShippingMethodMap['unmapped']>('kind', {
			error: object({}),
			leave: object({}),
			default: object({ carrier: nullable(text()), serviceLevel: nullable(text()) }),
		}),
		{ kind: 'error' },
	),
});

const skuTable: Shape<SkuTable> = object<SkuTable>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<SkuTable['entries'][number]>({
			sku: text({ least: 1 }), component: text({ least: 1 }), quantity: otherwise(number({ least: 1, whole: true }), 1), name: nullable(text()),
		}),
		{ most: 20_000 },
	),
});

const addressFit: Shape<AddressFit> = object<AddressFit>({
	addresses: otherwise(oneOf('shipping', 'billing', 'both'), 'shipping'),
	limits: otherwise(
		list(
			object<AddressFit['limits'][number]>({
				field: oneOf('name', 'company', 'address1', 'address2', 'address3', 'city', 'region', 'postalCode', 'phone', 'email'),
				limit: number({ least: 1, whole: true }),
			}),
		),
		[],
	),
	overflow: otherwise(oneOf('fail', 'truncate', 'wrap'), 'fail'),
	upperCase: otherwise(boolean, false),
	ascii: otherwise(boolean, false),
	countryCodes: otherwise(boolean, false),
	regionCodes: otherwise(boolean, false),
	postalCodes: otherwise(boolean, false),
});

const tags = list(text({ least: 1 }), { most: 100 });

export const ACTION_SHAPES: ActionShapes = {
	skip: object({ reason: nullable(text()) }),
	removeLines: object({ lines: conditionSet }),
	setField: object({ path: text({ least: 1 }), value: valueOrField }),
	mapShippingMethod: object({ map: shippingMethodMap }),
	route: object({ warehouse: text({ least: 1 }) }),
	routeLines: object({ lines: conditionSet, warehouse: text({ least: 1 }) }),
	split: object({ by: splitBy }),
	hold: object({ until: holdUntil }),
	bundle: object({ by: bundleBy }),
	fail: object({ message: text({ least: 1 }) }),
	clearField: object({ path: text({ least: 1 }) }),
	addTags: object({ tags }),
	removeTags: object({ tags }),
	addLine: object({
		line: object({ sku: valueOrField, name: otherwise(valueOrField, null), quantity: otherwise(valueOrField, 1), unitPrice: otherwise(valueOrField, null) }),
	}),
	replaceSkus: object({ table: skuTable }),
	archive: object({ reason: nullable(text()) }),
	fitAddress: object({ fit: addressFit }),
	stop: object({}),
};
