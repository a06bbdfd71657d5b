import fc from 'fast-check';
import type { Action } from '../../lib/rules/actions/registry';
import { evaluate } from '../../lib/rules/evaluate';
import type { LineItem, Shipment } from '../../lib/order/order';
import { sourceLines, sourceQuantities } from '../../lib/order/sourceLines';
import { context, line, order as content, rule } from '../rules/fixtures';
import { lineItem, sampleOrder, sampleShipment } from './sampleOrder';

const parcel = (externalId: string, lines: Record<string, number>, more: Partial<Shipment> = {}): Shipment =>
	sampleShipment(externalId, { lines: Object.entries(lines).map(([lineId, quantity]) => ({ lineId, quantity })), ...more });

const reports = (lines: LineItem[], ...shipments: Shipment[]): Array<Record<string, number>> => {
	const order = sampleOrder({ lines, shipments });
	return shipments.map((shipment) =>
		Object.fromEntries(sourceQuantities(order, shipment).map(({ externalId, quantity }) => [externalId, quantity])),
	);
};

/** GIFT (key "77", `kits` ordered) as rules take it apart: 1 × MUG and 2 × TEE. */
const kitLines = (kits: number): LineItem[] => [
	lineItem('K-MUG', 'MUG', kits, { externalId: '77', kit: { lineId: 'K', sku: 'GIFT', quantity: 1 } }),
	lineItem('K-TEE', 'TEE', 2 * kits, { externalId: '77', kit: { lineId: 'K', sku: 'GIFT', quantity: 2 } }),
];

describe('sourceQuantities', () => {
	const plain = [lineItem('a', 'A', 2), lineItem('b', 'B', 1)];
	const cases: Array<[what: string, lines: LineItem[], shipments: Shipment[], expected: Array<Record<string, number>>]> = [
		['plain lines one to one', plain, [parcel('1', { a: 2, b: 1 })], [{ 'x-a': 2, 'x-b': 1 }]],
		['a line in two parcels', plain, [parcel('1', { a: 1 }), parcel('2', { a: 1, b: 1 })], [{ 'x-a': 1 }, { 'x-a': 1, 'x-b': 1 }]],
		['more than was ordered', plain, [parcel('1', { a: 5 }), parcel('2', { a: 1 })], [{ 'x-a': 2 }, {}]],
		[
			'a line twice in one parcel',
			plain,
			[
				sampleShipment('1', {
					lines: [
						{ lineId: 'a', quantity: 1 },
						{ lineId: 'a', quantity: 1 },
					],
				}),
			],
			[{ 'x-a': 2 }],
		],
		['a line that the order does not have (any more)', plain, [parcel('1', { gone: 1 })], [{}]],
		[
			'a line without a key of the cart',
			[lineItem('g', 'GIFT-CARD', 1, { externalId: null }), ...plain],
			[parcel('1', { g: 1, a: 1 })],
			[{ 'x-a': 1 }],
		],
		[
			'two lines of one key',
			[lineItem('a', 'A', 2, { externalId: 'x' }), lineItem('b', 'B', 1, { externalId: 'x' })],
			[parcel('1', { a: 2, b: 1 })],
			[{ x: 3 }],
		],
		['a kit in one parcel', kitLines(1), [parcel('1', { 'K-MUG': 1, 'K-TEE': 2 })], [{ 77: 1 }]],
		[
			'the last component reports the kit',
			kitLines(1),
			[parcel('1', { 'K-MUG': 1 }), parcel('2', { 'K-TEE': 1 }), parcel('3', { 'K-TEE': 1 })],
			[{}, {}, { 77: 1 }],
		],
		[
			'several kits, as they become whole',
			kitLines(3),
			[parcel('1', { 'K-MUG': 3, 'K-TEE': 3 }), parcel('2', { 'K-TEE': 3 })],
			[{ 77: 1 }, { 77: 2 }],
		],
		[
			'a component too many',
			kitLines(1),
			[parcel('1', { 'K-MUG': 2, 'K-TEE': 4 }), parcel('2', { 'K-MUG': 2, 'K-TEE': 4 })],
			[{ 77: 1 }, {}],
		],
		[
			'a component of which none is asked for',
			[{ ...kitLines(2)[0]!, quantity: 0 }, kitLines(2)[1]!],
			[parcel('1', { 'K-TEE': 4 })],
			[{ 77: 2 }],
		],
		[
			'two equal kits apart',
			[...kitLines(1), lineItem('L-MUG', 'MUG', 1, { externalId: '78', kit: { lineId: 'L', sku: 'GIFT', quantity: 1 } })],
			[parcel('1', { 'K-MUG': 1, 'L-MUG': 1 })],
			[{ 78: 1 }],
		],
		['nothing is ordered', [lineItem('a', 'A', 0)], [parcel('1', { a: 1 })], [{}]],
	];
	it.each(cases)('%s', (_, lines, shipments, expected) => expect(reports(lines, ...shipments)).toEqual(expected));

	it('counts a parcel that is not recorded yet as the last one', () => {
		const order = sampleOrder({ lines: kitLines(1), shipments: [parcel('1', { 'K-MUG': 1 })] });
		expect(sourceQuantities(order, parcel('2', { 'K-TEE': 2 }))).toEqual([{ externalId: '77', quantity: 1 }]);
	});

	it('says the same before and after other uploads, so that a repeat tells nothing else', () => {
		const uploaded = { uploadedAt: '2026-11-21T00:00:00.000Z' };
		const told = (first: object, second: object) =>
			reports(kitLines(1), parcel('1', { 'K-MUG': 1 }, first), parcel('2', { 'K-TEE': 2 }, second));
		expect(told(uploaded, {})).toEqual(told({}, {}));
		expect(told({}, uploaded)).toEqual([{}, { 77: 1 }]);
	});

	it('gives the SKU that the cart sold for a kit, and lines without key, to carts that know SKUs only', () => {
		const lines = [...kitLines(1), lineItem('a', 'A', 1)].map((each) => ({ ...each, externalId: null }));
		const shipment = parcel('1', { 'K-MUG': 1, 'K-TEE': 2, a: 1 });
		expect(sourceLines(sampleOrder({ lines, shipments: [shipment] }), shipment)).toEqual([
			{ externalId: null, sku: 'GIFT', quantity: 1 },
			{ externalId: null, sku: 'A', quantity: 1 },
		]);
	});
});

describe('from kit to tracking', () => {
	const part = (sku: string, component: string, quantity: number) => ({ sku, component, quantity, name: null });
	const kits: Action = {
		kind: 'replaceSkus',
		table: {
			caseSensitive: false,
			entries: [part('GIFT', 'MUG', 1), part('GIFT', 'PAIR', 2), part('PAIR', 'TEE', 2), part('OLD-SKU', 'NEW-SKU', 1)],
		},
	};
	const teeBox: Action = { kind: 'replaceSkus', table: { caseSensitive: true, entries: [part('TEE', 'SLEEVE', 3)] } };
	const inWarehouse = (quantity: number, ...actions: Action[]): LineItem[] =>
		evaluate(
			[rule('Kits', actions)],
			content({ lines: [line('1', 'GIFT', { quantity }), line('2', 'OLD-SKU', { quantity })] }),
			context(),
		).content.lines.map((each) => ({ ...each, quantityShipped: 0, quantityCanceled: 0 }));

	it('a kit within a kit, and one that a second table takes apart, report the line that the cart sold', () => {
		expect(reports(inWarehouse(2, kits), parcel('1', { '1-MUG': 2, '1-TEE': 4 }), parcel('2', { '1-TEE': 4, 2: 2 }))).toEqual([
			{ 'x-1': 1 },
			{ 'x-1': 1, 'x-2': 2 },
		]);
		const taken = inWarehouse(1, kits, teeBox);
		expect(taken.map(({ sku, quantity, kit }) => [sku, quantity, kit])).toEqual([
			['MUG', 1, { lineId: '1', sku: 'GIFT', quantity: 1 }],
			['SLEEVE', 12, { lineId: '1', sku: 'GIFT', quantity: 12 }],
			['NEW-SKU', 1, undefined],
		]);
	});

	it('whatever the parcels: in the end each line of the cart is reported as ordered, never more', () => {
		const anyParcels = fc.array(fc.record({ mug: fc.nat(3), tee: fc.nat(6), old: fc.nat(3) }), { maxLength: 5 });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 4 }), anyParcels, (quantity, parcels) => {
				const lines = inWarehouse(quantity, kits);
				const sent = parcels.map(({ mug, tee, old }, index) => parcel(String(index), { '1-MUG': mug, '1-TEE': tee, 2: old }));
				const rest = parcel('rest', Object.fromEntries(lines.map((each) => [each.id, each.quantity])));
				const sums: Record<string, number> = {};
				for (const report of reports(lines, ...sent, rest)) {
					for (const [key, count] of Object.entries(report)) {
						expect(count).toBeGreaterThan(0);
						sums[key] = (sums[key] ?? 0) + count;
					}
				}
				expect(sums).toEqual({ 'x-1': quantity, 'x-2': quantity });
			}),
		);
	});
});
