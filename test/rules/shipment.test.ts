/** Rules on shipments before the cart is told. */
import type { Package, Shipment } from '../../lib/order/order';
import { compileShipmentRules, type ShipmentRule } from '../../lib/rules/shipment';
import type { CarrierMap } from '../../lib/rules/shipmentActions/mapCarrier';
import type { ShipmentAction } from '../../lib/rules/shipmentActions/registry';
import { sampleOrder, sampleShipment } from '../order/sampleOrder';
import { frozen, NOW, where, type Test } from './fixtures';

const shipment = (more: Partial<Shipment> = {}) =>
	sampleShipment('S1', { carrier: 'UPS', trackingNumber: '1Z 9', lines: [{ lineId: 'L1', quantity: 1 }], ...more });
const rule = (actions: ShipmentAction[], tests: Test[] = []): ShipmentRule => ({
	name: 'R',
	enabled: true,
	conditions: where(...tests),
	lineQuantifier: 'any',
	actions,
	stop: false,
});
const run = (rules: ShipmentRule[], more: Partial<Shipment> = {}, order = sampleOrder({ carrier: 'DPD', tags: ['vip'] })) =>
	compileShipmentRules(rules).evaluate(frozen(order), frozen(shipment(more)), { now: NOW, notifyCustomer: true });
const applied = (test: Test) => run([rule([], [test])]).trace[0]!.result;

const map = (more: Partial<CarrierMap> = {}): ShipmentAction => ({
	kind: 'mapCarrier',
	map: {
		caseSensitive: false,
		unmapped: 'leave',
		entries: [
			{ carrier: 'ups', cartCarrier: 'UPS®', serviceLevel: null, trackingUrl: 'https://ups.example/{trackingNumber}' },
			{ carrier: '', cartCarrier: 'Other', serviceLevel: 'Standard', trackingUrl: null },
		],
		...more,
	},
});

describe('actions', () => {
	it.each<[string, ShipmentAction[], Partial<Shipment>, object]>([
		[
			'map a carrier, whatever its case, with its link',
			[map()],
			{},
			{ shipment: { carrier: 'UPS®', serviceLevel: null, trackingUrl: 'https://ups.example/1Z%209' } },
		],
		['map a missing carrier', [map()], { carrier: null }, { shipment: { carrier: 'Other', serviceLevel: 'Standard', trackingUrl: null } }],
		['leave what is not in the table', [map()], { carrier: 'GLS' }, { decision: { kind: 'upload' }, shipment: { carrier: 'GLS' } }],
		['leave what has another case', [map({ caseSensitive: true })], {}, { shipment: { carrier: 'UPS' } }],
		[
			'fail what is not in the table',
			[map({ unmapped: 'error' })],
			{ carrier: 'GLS' },
			{
				decision: {
					kind: 'error',
					alert: { code: 'unmapped_shipping_method', message: 'Rule "R": The carrier "GLS" is not in the table.' },
				},
			},
		],
		['set a field', [{ kind: 'setField', path: 'serviceLevel', value: 'Express' }], {}, { shipment: { serviceLevel: 'Express' } }],
		[
			'set a field from another one',
			[{ kind: 'setField', path: 'trackingUrl', value: '={{ $json.shipment.trackingNumber }}' }],
			{},
			{ shipment: { trackingUrl: '1Z 9' } },
		],
		['clear a field', [{ kind: 'setField', path: 'trackingNumber', value: null }], {}, { shipment: { trackingNumber: null } }],
		['not tell the customer', [{ kind: 'notifyCustomer', notify: false }], {}, { notifyCustomer: false, decision: { kind: 'upload' } }],
		[
			'hold back',
			[{ kind: 'holdBack', reason: 'gift' }, map()],
			{},
			{ decision: { kind: 'hold_back', reason: 'Held back by rule "R": gift' }, shipment: { carrier: 'UPS' } },
		],
		[
			'fail',
			[{ kind: 'fail', message: 'no' }],
			{},
			{ decision: { kind: 'error', alert: { code: 'rule_failed', message: 'Rule "R": no' } } },
		],
		['stop', [{ kind: 'stop' }, map()], {}, { shipment: { carrier: 'UPS' } }],
	])('%s', (_, actions, more, expected) => expect(run([rule(actions)], more)).toMatchObject(expected));

	it.each<[string, unknown, string]>([
		['an unknown one', { kind: 'route', warehouse: 'X' }, '"route" is not known for shipments'],
		['a field that a shipment has not', { kind: 'setField', path: 'voidedAt', value: 'x' }, '"voidedAt" of a shipment cannot be changed'],
		['__proto__', { kind: 'setField', path: '__proto__', value: 'x' }, '"__proto__" of a shipment cannot be changed'],
		[
			'a table with a hole',
			{ kind: 'mapCarrier', map: { entries: [{ carrier: 'A' }], unmapped: 'leave' } },
			'Row 1 of the table of carriers is not complete',
		],
		['no message', { kind: 'fail' }, 'has no message'],
		['nothing', null, 'is not known for shipments'],
	])('%s fails the shipments that it is about, and is told before', (_, action, words) => {
		const rules = compileShipmentRules([rule([action as ShipmentAction])]);
		expect(rules.problems).toEqual([{ rule: 'R', message: expect.stringContaining(words) }]);
		expect(rules.evaluate(sampleOrder(), shipment(), { now: NOW, notifyCustomer: true }).decision).toMatchObject({
			kind: 'error',
			alert: { message: expect.stringContaining(words) },
		});
	});
});

describe('what conditions see', () => {
	const path = (name: string) => `={{ $json.${name} }}`;

	it.each<[string, unknown]>([
		['carrier', 'UPS'],
		['shipment.carrier', 'UPS'],
		['shipments[0].carrier', 'UPS'],
		['orderCarrier', 'DPD'],
		['order.carrier', 'DPD'],
		['customer.email', 'ann@example.com'],
		['order.customer.email', 'ann@example.com'],
		['trackingNumber', '1Z 9'],
		['shipment.externalId', 'S1'],
		['store', 'acme'],
		['lines[0].sku', 'RED-MUG'],
		['shipment?.trackingNumber', '1Z 9'],
	])('%s', (name, value) => expect(applied([path(name), 'string equals', value])).toBe('applied'));

	it('only the lines in the parcel, with the quantity in it', () => {
		expect(applied([path('totalQuantity'), 'number equals', 1])).toBe('applied');
		expect(applied([path('lines[0].sku'), 'string equals', 'TEE-L'])).toBe('not_met');
	});

	it.each(['shipment.weight', 'shipments[1].carrier', 'order.emial', 'voidedAt'])('%s is told as a field that is not there', (name) => {
		expect(compileShipmentRules([rule([], [[path(name), 'any exists']])]).problems).toHaveLength(1);
	});

	it('takes no text of a customer for a path', () => {
		const given = rule([{ kind: 'setField', path: 'carrier', value: { $resolved: '={{ $json.shipment.trackingNumber }}' } }]);
		expect(run([given]).shipment.carrier).toBe('={{ $json.shipment.trackingNumber }}');
	});
});

it('rules see what those above them changed, and the trace says it', () => {
	const {
		trace,
		shipment: told,
		notifyCustomer,
	} = run([
		rule([map()]),
		{ ...rule([{ kind: 'notifyCustomer', notify: false }], [['={{ $json.shipment.carrier }}', 'string equals', 'UPS®']]), name: 'Quiet' },
	]);
	expect([told.carrier, notifyCustomer]).toEqual(['UPS®', false]);
	expect(trace.map(({ rule: name, changes }) => [name, changes.map(({ path, after }) => `${path} ${String(after)}`)])).toEqual([
		['R', ['carrier UPS®', 'trackingUrl https://ups.example/1Z%209']],
		['Quiet', ['notifyCustomer false']],
	]);
});

describe('packages', () => {
	const box = (key: string, carrier: string, number: string): Package => ({
		key,
		carrier,
		serviceLevel: null,
		trackingNumbers: [number],
		trackingUrl: null,
		sscc: null,
		weight: null,
		lines: null,
	});
	const packages = [box('B1', 'UPS', '1Z 9'), box('B2', 'ups', '1Z1'), box('B3', 'GLS', 'G1')];

	it('are each mapped, with their own link', () =>
		expect(run([rule([map()])], { packages }).shipment).toMatchObject({
			carrier: 'UPS®',
			trackingUrl: 'https://ups.example/1Z%209',
			packages: [
				{ carrier: 'UPS®', trackingNumbers: ['1Z 9'], trackingUrl: 'https://ups.example/1Z%209' },
				{ carrier: 'UPS®', trackingNumbers: ['1Z1'], trackingUrl: 'https://ups.example/1Z1' },
				{ carrier: 'GLS', trackingNumbers: ['G1'], trackingUrl: null },
			],
		}));

	it('fail where one is not in the table', () =>
		expect(run([rule([map({ unmapped: 'error' })])], { packages }).decision).toMatchObject({
			kind: 'error',
			alert: { message: expect.stringContaining('"GLS"') },
		}));

	it('follow a field that is set', () =>
		expect(run([rule([{ kind: 'setField', path: 'trackingNumber', value: 'NEW' }])], { packages }).shipment).toMatchObject({
			trackingNumber: 'NEW',
			packages: [{ trackingNumbers: ['NEW'] }, { trackingNumbers: ['1Z1'] }, { trackingNumbers: ['G1'] }],
		}));
});
