import fc from 'fast-check';
import {
	addressKey,
	bundledContent,
	bundleKey,
	BUNDLE_LIMIT,
	nextBundle,
	sourceStatus,
	tooMuch,
	type BundleTerms,
} from '../../lib/order/bundles';
import { sumOf } from '../../lib/order/money';
import type { LineItem, OrderContent, ShipmentLine } from '../../lib/order/order';
import { mirroredLines, sourceProgress, sourceQuantities } from '../../lib/order/sourceLines';
import type { OrderStatus } from '../../lib/order/status';
import { content, line } from '../store/fixtures';
import { lineItem, sampleOrder, sampleShipment } from './sampleOrder';

const terms = (more: Partial<BundleTerms> = {}): BundleTerms => ({
	rule: 'R',
	mostOrders: null,
	mostLines: null,
	mostTotal: null,
	...more,
});
const order = (number: string, more: Partial<OrderContent> = {}) => ({ id: `id-${number}`, content: content(number, more) });
const bundled = (...changes: Array<Partial<OrderContent>>) =>
	bundledContent(changes.map((more, index) => order(String(1001 + index), more)));

describe('the key', () => {
	const address = content('1').shippingAddress!;

	it.each([
		['letter case, dots and spaces', { name: ' ANN  LEE', address1: '5 Elm St.', postalCode: '62 701' }, true],
		['accents', { city: 'Springfíeld' }, true],
		['the lines that the street is on', { address1: '5 Elm', address2: 'St' }, true],
		['phone and e-mail', { phone: '+1', email: 'x@example.com' }, true],
		['another recipient', { name: 'Bob Lee' }, false],
		['another house', { address1: '6 Elm St' }, false],
		['another country', { country: 'CA' }, false],
	])('of an address: %s', (_, change, same) => {
		expect(addressKey({ ...address, ...change }) === addressKey(address)).toBe(same);
	});

	it('of no address is none, and texts never run into each other', () => {
		expect(addressKey(null)).toBeNull();
		expect(addressKey({ ...address, address1: null, city: '', postalCode: null })).toBeNull();
		expect(bundleKey(['ab', 'c'])).not.toBe(bundleKey(['a', 'bc']));
		expect(addressKey({ ...address, name: 'Ann', company: 'Lee' })).not.toBe(addressKey({ ...address, name: 'Ann Lee', company: null }));
	});
});

describe('limits', () => {
	it.each([
		['nothing', terms(), null],
		['orders', terms({ mostOrders: 2 }), 'more than 2 orders'],
		['lines', terms({ mostLines: 5 }), 'more than 5 lines'],
		['enough lines', terms({ mostLines: 6 }), null],
		['a total', terms({ mostTotal: '104.99' }), 'a total of more than 104.99'],
		['enough total', terms({ mostTotal: '105.00' }), null],
	])('of %s', (_, given, expected) => expect(tooMuch([order('1'), order('2'), order('3')], given)).toBe(expected));

	it('take a total that is not known for too much, and lines of nothing for none', () => {
		expect(tooMuch([order('1', { total: null })], terms({ mostTotal: '9.00' }))).toBe('a total that is not known');
		expect(tooMuch([order('1', { lines: [line('L1', 'A', 1), line('L2', 'B', 0)] })], terms({ mostLines: 1 }))).toBeNull();
	});

	it('are kept, and leave out what does not fit', () => {
		const orders = [order('1'), order('2', { total: '500.00' }), order('3'), order('4')];
		expect(nextBundle(orders, terms({ mostTotal: '75.00' })).map(({ id }) => id)).toEqual(['id-1', 'id-3']);
		expect(nextBundle([order('2', { total: '500.00' }), order('1')], terms({ mostTotal: '100.00' })).map(({ id }) => id)).toEqual(['id-2']);
		expect(
			nextBundle(
				Array.from({ length: BUNDLE_LIMIT + 5 }, (_, index) => order(`${index}`)),
				terms(),
			),
		).toHaveLength(BUNDLE_LIMIT);
	});
});

describe('the content', () => {
	it('keeps lines apart, each with its order, also those of the same SKU', () => {
		expect(
			bundled({}, { lines: [line('L1', 'RED-MUG', 4)] }).lines.map(({ id, sku, quantity, externalId, source }) => [
				id,
				sku,
				quantity,
				externalId,
				source,
			]),
		).toEqual([
			['1-L1', 'RED-MUG', 2, 'x-L1', { orderId: 'id-1001', lineId: 'L1' }],
			['1-L2', 'TEE-L', 1, 'x-L2', { orderId: 'id-1001', lineId: 'L2' }],
			['2-L1', 'RED-MUG', 4, 'x-L1', { orderId: 'id-1002', lineId: 'L1' }],
		]);
	});

	it('adds up amounts of one currency, when all are known', () => {
		expect(bundled({ taxAmount: '0.1', total: '0.10' }, { taxAmount: '0.2', total: '0.20' })).toMatchObject({
			subtotal: '60.00',
			shippingAmount: '10.00',
			taxAmount: '0.30',
			total: '0.30',
			discountAmount: null,
			currency: 'USD',
		});
		expect(bundled({}, { currency: 'EUR' })).toMatchObject({ subtotal: null, total: null, currency: null });
		expect(bundled({}, { total: null })).toMatchObject({ subtotal: '60.00', total: null });
		expect(sumOf(['-1.50', '1.00'])).toBe('-0.50');
	});

	it('puts notes on lines of their own, with the order that they are about; the same note once', () => {
		const given = bundled(
			{ notes: 'ring', giftMessage: 'Hi', shippingNotes: 'dock 3' },
			{ notes: ' ', giftMessage: 'Ho', shippingNotes: 'dock 3' },
			{ notes: 'knock' },
		);
		expect(given).toMatchObject({ notes: '1001: ring\n1003: knock', giftMessage: 'Hi\nHo', shippingNotes: 'dock 3' });
		expect(bundled({}, {})).toMatchObject({ notes: null, giftMessage: null });
	});

	it('takes the shipping of the order that paid most for it, and the earliest dates', () => {
		const given = bundled(
			{ shippingMethod: 'Standard', requestedShipDate: null, orderedAt: '2026-11-02T00:00:00.000Z' },
			{
				shippingMethod: 'Express',
				shippingAmount: '12.00',
				carrier: 'UPS',
				requestedShipDate: '2026-12-02T00:00:00.000Z',
				orderedAt: '2026-11-03T00:00:00.000Z',
			},
			{ shippingMethod: 'Slow', shippingAmount: null, requestedShipDate: '2026-12-01T00:00:00.000Z', orderedAt: null },
		);
		expect(given).toMatchObject({
			shippingMethod: 'Express',
			carrier: 'UPS',
			requestedShipDate: '2026-12-01T00:00:00.000Z',
			orderedAt: '2026-11-02T00:00:00.000Z',
		});
	});

	it('has what any of the orders has', () => {
		const given = bundled(
			{
				signatureRequired: false,
				insuredAmount: '5.00',
				tags: ['a'],
				discountCodes: ['X'],
				customer: { email: null, phone: '1' },
				custom: { a: 1, b: 1 },
			},
			{
				signatureRequired: true,
				insuredAmount: '7.50',
				tags: ['a', 'b'],
				discountCodes: ['X', 'Y'],
				customer: { email: 'b@example.com', phone: '2' },
				custom: { b: 2, c: 2 },
			},
		);
		expect(given).toMatchObject({
			orderNumber: '1001+1002',
			signatureRequired: true,
			insuredAmount: '12.50',
			tags: ['a', 'b'],
			discountCodes: ['X', 'Y'],
			customer: { email: 'b@example.com', phone: '1' },
			custom: { a: 1, b: 1, c: 2 },
		});
		expect(bundledContent(Array.from({ length: 12 }, (_, index) => order(`${1001 + index}`))).orderNumber).toBe('1001 and 11 more');
		const hostile = bundled({ custom: JSON.parse('{"__proto__": {"x": 1}}') as OrderContent['custom'] }, {}).custom;
		expect([Object.getPrototypeOf(hostile) === Object.prototype, Object.keys(hostile)]).toEqual([true, ['__proto__']]);
	});
});

describe('parcels of a bundle', () => {
	const part = (id: string, orderId: string, lineId: string, quantity: number, more: Partial<LineItem> = {}): LineItem =>
		lineItem(id, id, quantity, { source: { orderId, lineId }, ...more });
	const kit = (id: string, quantity: number, each: number) =>
		part(id, 'A', 'K', quantity, { kit: { lineId: '1-K', sku: 'SET', quantity: each } });
	const lines = [kit('1-mug', 2, 1), kit('1-tee', 4, 2), part('2-L1', 'B', 'L1', 3), lineItem('gift', 'GIFT', 1)];
	const of = (...given: Array<[string, ShipmentLine[], string?]>) =>
		given.map(([id, parcel, voidedAt]) => sampleShipment(id, { lines: parcel, voidedAt: voidedAt ?? null }));

	it("are the orders' own lines; a kit is whole with its last component", () => {
		const [first, second] = of(
			[
				'S1',
				[
					{ lineId: '1-mug', quantity: 2 },
					{ lineId: '1-tee', quantity: 3 },
					{ lineId: 'gift', quantity: 1 },
				],
			],
			[
				'S2',
				[
					{ lineId: '1-tee', quantity: 1 },
					{ lineId: '2-L1', quantity: 2 },
				],
			],
		);
		const shipments = [first!, second!];
		expect(mirroredLines({ lines, shipments }, first!)).toEqual(new Map([['A', [{ lineId: 'K', quantity: 1 }]]]));
		expect(mirroredLines({ lines, shipments }, second!)).toEqual(
			new Map([
				['A', [{ lineId: 'K', quantity: 1 }]],
				['B', [{ lineId: 'L1', quantity: 2 }]],
			]),
		);
		const gift = sampleShipment('S3', { lines: [{ lineId: 'gift', quantity: 1 }] });
		expect(mirroredLines({ lines, shipments }, gift)).toEqual(new Map());
	});

	it('that were taken back count no more', () => {
		const shipments = of(['S1', [{ lineId: '2-L1', quantity: 3 }], '2026-11-21T00:00:00.000Z'], ['S2', [{ lineId: '2-L1', quantity: 3 }]]);
		expect(mirroredLines({ lines, shipments }, shipments[1]!)).toEqual(new Map([['B', [{ lineId: 'L1', quantity: 3 }]]]));
		// Nor do they for the cart, unless it was told of them.
		const order1 = sampleOrder({
			lines: [lineItem('L1', 'A', 3)],
			shipments: of(['S1', [{ lineId: 'L1', quantity: 3 }], '2026-11-21T00:00:00.000Z'], ['S2', [{ lineId: 'L1', quantity: 3 }]]),
		});
		expect(sourceQuantities(order1, order1.shipments[1]!)).toEqual([{ externalId: 'x-L1', quantity: 3 }]);
		order1.shipments[0]!.uploadedAt = '2026-11-20T00:00:00.000Z';
		expect(sourceQuantities(order1, order1.shipments[1]!)).toEqual([]);
	});

	it('make the progress of each order', () => {
		const done = lines.map((each) => ({
			...each,
			quantityShipped: { '1-mug': 1, '1-tee': 3, '2-L1': 1, gift: 1 }[each.id] ?? 0,
			quantityCanceled: { '1-mug': 1, '2-L1': 2 }[each.id] ?? 0,
		}));
		expect(sourceProgress(done, 'A')).toEqual({ K: { shipped: 1, canceled: 1 } });
		expect(sourceProgress(done, 'B')).toEqual({ L1: { shipped: 1, canceled: 2 } });
		expect(sourceProgress(done, 'C')).toEqual({});
	});

	it('add up to what was ordered, however they leave', () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ id: fc.constantFrom('1-mug', '1-tee', '2-L1', 'gift'), quantity: fc.integer({ min: 1, max: 3 }) }), {
					maxLength: 8,
				}),
				(given) => {
					const shipments = [...given, ...lines.map(({ id, quantity }) => ({ id, quantity }))].map(({ id, quantity }, index) =>
						sampleShipment(`S${index}`, { lines: [{ lineId: id, quantity }] }),
					);
					const sum = { K: 0, L1: 0 } as Record<string, number>;
					for (const shipment of shipments)
						for (const [, own] of mirroredLines({ lines, shipments }, shipment))
							for (const { lineId, quantity } of own) sum[lineId] = sum[lineId]! + quantity;
					expect(sum).toEqual({ K: 2, L1: 3 });
				},
			),
			{ seed: 5 },
		);
	});
});

it.each<[string, OrderStatus, [number, number, number], number, OrderStatus]>([
	['waits with its bundle', 'open', [2, 0, 0], 0, 'bundled'],
	['waits for the upload', 'closed', [2, 2, 0], 1, 'bundled'],
	['is Closed once all of it left and the cart knows', 'partially_shipped', [2, 2, 0], 0, 'closed'],
	['is Closed with its bundle, though a rule took goods out', 'closed', [2, 1, 0], 0, 'closed'],
	['is Canceled with its bundle', 'canceled', [2, 0, 2], 0, 'canceled'],
	['is Canceled when nothing of it is to come', 'open', [2, 0, 2], 0, 'canceled'],
	['is Closed, although the rest of the bundle was canceled', 'canceled', [2, 2, 0], 0, 'closed'],
	['waits with a bundle that was put away', 'archived', [2, 1, 0], 0, 'bundled'],
])('an order in a bundle %s', (_, bundle, [quantity, quantityShipped, quantityCanceled], pending, expected) => {
	expect(sourceStatus('bundled', bundle, [{ quantity, quantityShipped, quantityCanceled }], pending)).toBe(expected);
	expect(sourceStatus('new', bundle, [{ quantity, quantityShipped, quantityCanceled }], pending)).toBe('new');
});
