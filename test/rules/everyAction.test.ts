/** Every action, once for all: as the JSON of a rule set with nothing but what it must have, and what becomes of the order or shipment. */
import type { JsonValue } from '../../lib/order/order';
import { ACTIONS } from '../../lib/rules/actions/registry';
import { compileRules } from '../../lib/rules/evaluate';
import { checkedRuleSet, ruleSetOfKind } from '../../lib/rules/ruleSet/ruleSet';
import { SHIPMENT_ACTIONS } from '../../lib/rules/shipmentActions/registry';
import { compileShipmentRules } from '../../lib/rules/shipment';
import { sampleOrder, sampleShipment } from '../order/sampleOrder';
import { context, frozen, line, NOW, order } from './fixtures';

/** With the kind of each action, so that a new one without a row does not compile. */
type Rows<Kind extends string> = Record<Kind, { action?: { [key: string]: JsonValue }; before?: object; gives: object }>;

const withSku = (sku: string) => ({
	conditions: [{ leftValue: '={{ $json.lines[0].sku }}', operator: { type: 'string', operation: 'equals' }, rightValue: sku }],
});
const skusAndQuantities = (...goods: Array<[string, number]>) => ({
	content: { lines: goods.map(([sku, quantity]) => ({ sku, quantity })) },
});

const ON_ORDERS: Rows<keyof typeof ACTIONS> = {
	skip: { gives: { decision: { kind: 'skip', rule: 'R' } } },
	removeLines: { action: { lines: withSku('TEE-L') }, gives: { decision: { kind: 'route' }, ...skusAndQuantities(['RED-MUG', 2]) } },
	setField: {
		action: { path: 'shippingNotes', value: '={{ $json.customer.email }}' },
		gives: { content: { shippingNotes: 'ada@example.com' } },
	},
	mapShippingMethod: {
		action: { map: { entries: [{ method: 'dhl  express (2-3 days)', carrier: 'DHL', serviceLevel: 'EXPRESS' }] } },
		gives: { content: { carrier: 'DHL', serviceLevel: 'EXPRESS' } },
	},
	route: { action: { warehouse: 'NYC' }, gives: { decision: { kind: 'route', warehouse: 'NYC' }, content: { warehouse: 'NYC' } } },
	routeLines: {
		action: { lines: withSku('TEE-L'), warehouse: 'NYC' },
		before: { warehouse: 'BER' },
		gives: {
			decision: {
				kind: 'route',
				parts: [
					{ warehouse: 'BER', lines: [{ lineId: '1', quantity: 2 }] },
					{ warehouse: 'NYC', lines: [{ lineId: '2', quantity: 1 }] },
				],
			},
		},
	},
	split: {
		action: { by: { kind: 'quantity', most: 2 } },
		before: { warehouse: 'BER' },
		gives: { decision: { kind: 'route', parts: [{ lines: [{ lineId: '1', quantity: 2 }] }, { lines: [{ lineId: '2', quantity: 1 }] }] } },
	},
	hold: {
		action: { until: { kind: 'duration', minutes: 30 } },
		gives: { decision: { kind: 'hold', rule: 'R', until: '2026-11-23T12:30:00.000Z' } },
	},
	bundle: { action: { by: { minutes: 60 } }, gives: { decision: { kind: 'bundle', rule: 'R', until: '2026-11-23T13:00:00.000Z' } } },
	fail: { action: { message: 'look' }, gives: { decision: { kind: 'error', alert: { code: 'rule_failed', message: 'Rule "R": look' } } } },
	clearField: { action: { path: 'notes' }, before: { notes: 'x' }, gives: { content: { notes: null } } },
	addTags: { action: { tags: ['gift'] }, gives: { content: { tags: ['vip', 'Wholesale', 'gift'] } } },
	removeTags: { action: { tags: ['vip'] }, gives: { content: { tags: ['Wholesale'] } } },
	addLine: { action: { line: { sku: 'GIFT' } }, gives: skusAndQuantities(['RED-MUG', 2], ['TEE-L', 1], ['GIFT', 1]) },
	replaceSkus: {
		action: {
			table: {
				entries: [
					{ sku: 'RED-MUG', component: 'CUP' },
					{ sku: 'RED-MUG', component: 'SPOON', quantity: 2 },
				],
			},
		},
		gives: skusAndQuantities(['CUP', 2], ['SPOON', 4], ['TEE-L', 1]),
	},
	archive: { gives: { decision: { kind: 'archive', rule: 'R' } } },
	fitAddress: {
		action: { fit: { limits: [{ field: 'name', limit: 5 }], overflow: 'truncate', upperCase: true } },
		gives: { content: { shippingAddress: { name: 'ADA L' } } },
	},
	stop: { gives: { decision: { kind: 'route' }, trace: [{ decided: 'no later rule runs' }, { result: 'stopped' }] } },
};

const ON_SHIPMENTS: Rows<keyof typeof SHIPMENT_ACTIONS> = {
	mapCarrier: {
		action: { map: { entries: [{ carrier: 'ups', cartCarrier: 'UPS®', trackingUrl: 'https://ups.example/{trackingNumber}' }] } },
		gives: { decision: { kind: 'upload' }, shipment: { carrier: 'UPS®', trackingUrl: 'https://ups.example/1Z9' } },
	},
	setField: { action: { path: 'serviceLevel', value: '={{ $json.order.orderNumber }}' }, gives: { shipment: { serviceLevel: 'N1' } } },
	notifyCustomer: { action: { notify: false }, gives: { decision: { kind: 'upload' }, notifyCustomer: false } },
	holdBack: { gives: { decision: { kind: 'hold_back', reason: expect.stringContaining('Held back by rule "R"') } } },
	fail: { action: { message: 'look' }, gives: { decision: { kind: 'error', alert: { code: 'rule_failed', message: 'Rule "R": look' } } } },
	stop: { gives: { decision: { kind: 'upload' }, trace: [{ decided: 'no later rule runs' }, { result: 'stopped' }] } },
};

const setOf = (kind: string, actionKind: string, action: object = {}) =>
	JSON.parse(
		JSON.stringify({
			format: 1,
			kind,
			name: 'Set',
			rules: [
				{ name: 'R', actions: [{ kind: actionKind, ...action }] },
				{ name: 'Next', actions: [] },
			],
		}),
	) as JsonValue;

it('has a row for each action that the engine has', () => {
	expect(Object.keys(ON_ORDERS).sort()).toEqual(Object.keys(ACTIONS).sort());
	expect(Object.keys(ON_SHIPMENTS).sort()).toEqual(Object.keys(SHIPMENT_ACTIONS).sort());
});

it.each(Object.entries(ON_ORDERS))('orders: %s', (kind, { action, before, gives }) => {
	const { rules, undecided } = ruleSetOfKind(setOf('order', kind, action), 'Set', 'order');
	const compiled = compileRules(rules, { undecided });
	const content = frozen(order(before));
	const around = context({ warehouses: kind === 'route' || kind === 'routeLines' ? ['BER', 'NYC'] : ['BER'] });
	const outcome = compiled.evaluate(content, around);
	expect(compiled.problems).toEqual([]);
	expect(outcome).toMatchObject(gives);
	// Again, it gives the same; switched off, it does nothing.
	expect(compiled.evaluate(content, around)).toEqual(outcome);
	const off = compileRules(rules.map((rule) => ({ ...rule, enabled: false }))).evaluate(content, context());
	expect(off.content).toEqual({ ...content, warehouse: 'BER' });
});

it.each(Object.entries(ON_SHIPMENTS))('shipments: %s', (kind, { action, gives }) => {
	const { rules } = ruleSetOfKind(setOf('shipment', kind, action), 'Set', 'shipment');
	const compiled = compileShipmentRules(rules);
	const given = [
		frozen(sampleOrder()),
		frozen(sampleShipment('S1', { carrier: 'UPS', trackingNumber: '1Z9' })),
		{ now: NOW, notifyCustomer: true },
	] as const;
	const outcome = compiled.evaluate(...given);
	expect(compiled.problems).toEqual([]);
	expect(outcome).toMatchObject(gives);
	expect(compiled.evaluate(...given)).toEqual(outcome);
	const off = compileShipmentRules(rules.map((rule) => ({ ...rule, enabled: false }))).evaluate(...given);
	expect(off).toMatchObject({
		decision: { kind: 'upload' },
		shipment: { ...given[1], packages: [{ trackingNumbers: ['1Z9'] }] },
		notifyCustomer: true,
	});
});

it.each([...Object.keys(ON_ORDERS).map((kind) => ['order', kind]), ...Object.keys(ON_SHIPMENTS).map((kind) => ['shipment', kind])])(
	'%s %s refuses a field that it does not have',
	(kind, action) => {
		const { [action!]: row } = (kind === 'order' ? ON_ORDERS : ON_SHIPMENTS) as Rows<string>;
		expect(() => checkedRuleSet(setOf(kind!, action!, { ...row!.action, surprise: 1 }))).toThrow(
			/rules\[0\]\.actions\[0\]\.surprise: is not known here/,
		);
	},
);

it('lines of nothing go nowhere', () => {
	const { rules } = ruleSetOfKind(setOf('order', 'split', { by: { kind: 'quantity', most: 1 } }), 'Set', 'order');
	expect(compileRules(rules).evaluate(order({ lines: [line('1', 'A', { quantity: 0 })] }), context()).decision).toMatchObject({
		kind: 'skip',
		reason: 'nothing to ship',
	});
});
