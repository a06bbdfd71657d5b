/** What every cart must do, whatever it is behind. An adapter gives a harness; the suite runs over the registry. */
import type { Cart, CartSession, ImportFilter, OrderPage } from '../../lib/carts/Cart';
import { MappingError } from '../../lib/order/errors';
import { inTransactionScope } from '../../lib/order/transactionScope';
import type { ImportedOrder, Order, Package, Shipment } from '../../lib/order/order';
import { firstPackage, settledOfTold } from '../../lib/order/packages';
import { anOrder, aShipment } from './order';

export interface CartHarness {
	/** A cart that has `count` orders to import, numbered in the order in which they were placed. */
	withOrders(count: number): Promise<CartSession>;
	/** A cart with one good order between two that cannot be mapped. */
	withBadOrders(): Promise<CartSession>;
	/**
	 * A cart that has an order to ship, as the store knows it, and how many times it was given tracking, counted from outside. Shipments
	 * differ by their key, tracking number and lines; default: of the sample order.
	 */
	withTracking(): Promise<{
		session: CartSession;
		given(): Promise<number>;
		/** The tracking numbers that the cart shows of the order; several in one text are several. */
		numbers(): Promise<string[]>;
		order?: Order;
		shipment?(externalId: string): Shipment;
	}>;
	/** What becomes of a number that comes after the shipment was told. Default: the cart shows it. */
	laterNumber?: 'refused';
}

const FILTER: ImportFilter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 7 };
/** Before every order of a harness: carts that are polled for changes start there. */
export const EARLIEST = '2026-01-01T00:00:00.000Z';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function pages(session: CartSession, { record }: { record: boolean }): Promise<OrderPage[]> {
	const all: OrderPage[] = [];
	for await (const page of session.listOrders(null, { ...FILTER, earliestOrderDate: EARLIEST })) {
		all.push(page);
		if (record) await page.afterRecorded?.();
	}
	return all;
}

/** A value without undefined, functions and class instances: what JSON keeps as it is. */
const isPlainJson = (value: unknown): boolean =>
	JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value) && !hasUndefined(value);
const hasUndefined = (value: unknown): boolean =>
	value === undefined || (typeof value === 'object' && value !== null && Object.values(value).some(hasUndefined));

export function cartContract(code: string, cart: Cart<never, never>, harness: CartHarness): void {
	describe(`the cart ${code}`, () => {
		const orders = (list: OrderPage[]): ImportedOrder[] => list.flatMap((page) => page.orders);

		it('is called by its code', () => {
			expect(cart.code).toBe(code);
			expect(cart.label).not.toBe('');
		});

		it('lists every order once, in pages of the size asked for', async () => {
			const list = await pages(await harness.withOrders(20), { record: true });
			for (const page of list) expect(page.orders.length).toBeLessThanOrEqual(FILTER.pageSize);
			expect(new Set(orders(list).map(({ externalId }) => externalId)).size).toBe(20);
			expect(orders(list)).toHaveLength(20);
			expect(list.flatMap(({ failures }) => failures)).toEqual([]);
		});

		it('lists the same again when nothing was recorded', async () => {
			const session = await harness.withOrders(9);
			const first = orders(await pages(session, { record: false }));
			expect(orders(await pages(session, { record: false }))).toEqual(first);
		});

		it('translates purely, into plain JSON of the promised form', async () => {
			for (const page of await pages(await harness.withOrders(5), { record: false })) {
				for (const order of page.orders) {
					const { raw } = order;
					const before = JSON.stringify(raw);
					expect(cart.toOrder(raw)).toEqual(order);
					expect(cart.toOrder(JSON.parse(before))).toEqual(order);
					expect(JSON.stringify(raw)).toBe(before);
					expect(isPlainJson(order)).toBe(true);
					expect(order.externalId).not.toBe('');
					expect(order.content.orderNumber).not.toBe('');
					if (order.content.orderedAt !== null) expect(order.content.orderedAt).toMatch(ISO);
					for (const line of order.content.lines) {
						expect(line.id).toMatch(/^[A-Za-z0-9_-]+$/);
						expect(Number.isInteger(line.quantity) && line.quantity >= 0).toBe(true);
						if (line.unitPrice !== null) expect(line.unitPrice).toMatch(/^-?\d+(\.\d+)?$/);
					}
					expect(new Set(order.content.lines.map(({ id }) => id)).size).toBe(order.content.lines.length);
					expect(order.content.shippingAddress?.country ?? 'XX').toMatch(/^[A-Z]{2}$/);
				}
			}
		});

		it('translates the payload that is kept', async () => {
			for (const order of orders(await pages(await harness.withOrders(2), { record: false })))
				expect(cart.toOrder(order.raw)).toEqual(order);
		});

		it('refuses what is no order of it, by a MappingError', () => {
			for (const raw of [null, undefined, 1, '', [], {}, { format: 'json' }, { format: 'shopify', rows: 'x' }])
				expect(() => cart.toOrder(raw)).toThrow(MappingError);
		});

		it('makes failures of bad orders, each with a stable key and a remedy, and goes on', async () => {
			const session = await harness.withBadOrders();
			const list = await pages(session, { record: false });
			const failures = list.flatMap((page) => page.failures);
			expect(orders(list)).toHaveLength(1);
			expect(failures).toHaveLength(2);
			for (const failure of failures) {
				expect(failure).toMatchObject({
					subject: 'order',
					key: expect.stringMatching(/./),
					message: expect.stringMatching(/./),
					remedy: expect.stringMatching(/./),
				});
				expect(isPlainJson(failure.payload)).toBe(true);
			}
			expect((await pages(session, { record: false })).flatMap((page) => page.failures)).toEqual(failures);
		});

		it('gives tracking once, however often it is told', async () => {
			const { session, given, order = anOrder(), shipment = (externalId) => aShipment({ externalId }) } = await harness.withTracking();
			const upload = async (externalId = 'SHIP-1') => await session.uploadTracking(order, shipment(externalId), { notifyCustomer: false });
			expect((await upload()).kind).toBe('done');
			expect((await upload()).kind).toBe('already_done');
			expect(await given()).toBe(1);
			expect((await upload('SHIP-2')).kind).toBe('done');
			expect(await given()).toBe(2);
		});

		describe('of a shipment with several numbers', () => {
			const box = (key: string | null, ...trackingNumbers: string[]): Package => ({
				key,
				carrier: 'UPS',
				serviceLevel: 'Ground',
				trackingNumbers,
				trackingUrl: `https://track.example/${trackingNumbers[0]}`,
				sscc: '00340123450000000018',
				weight: 500,
				lines: null,
			});
			const place = async () => {
				const { order = anOrder(), shipment = (externalId) => aShipment({ externalId }), ...rest } = await harness.withTracking();
				const packed = (...packages: Package[]): Shipment => ({ ...shipment('SHIP-1'), ...firstPackage(packages), packages });
				const upload = async (of: Shipment) =>
					await rest.session.uploadTracking({ ...order, shipments: [of] }, of, { notifyCustomer: false });
				return { ...rest, packed, upload };
			};

			it.each([
				['three numbers in two packages', [box('B1', 'T-1', 'T-2'), box('B2', 'T-3')], ['T-1', 'T-2', 'T-3']],
				['two packages without contents', [box('B1', 'T-1'), box('B2', 'T-2')], ['T-1', 'T-2']],
				['a first package without a number', [{ ...box('B1'), trackingUrl: null }, box('B2', 'T-2')], ['T-2']],
			])('tells all of them, once: %s', async (_, packages, expected) => {
				const { packed, upload, numbers, given } = await place();
				expect(await upload(packed(...packages))).toMatchObject({ kind: 'done' });
				expect((await numbers()).sort()).toEqual(expected);
				const before = await given();
				expect(await upload(packed(...packages))).toMatchObject({ kind: 'already_done' });
				expect((await numbers()).sort()).toEqual(expected);
				expect(await given()).toBe(before);
			});

			it.each([
				['after the first was told', ['T-1']],
				['after a run that ended before it knew what became of the first', []],
			])('tells a number that came later, %s, or says that it cannot', async (_, settledNumbers) => {
				const { packed, upload, numbers } = await place();
				await upload(packed(box('B1', 'T-1')));
				const more = { ...packed(box('B1', 'T-1'), box('B2', 'T-2')), settledNumbers };
				const refused = harness.laterNumber === 'refused';
				const outcome = await upload(more);
				expect(outcome).toMatchObject(refused ? { kind: 'rejected', problem: expect.stringContaining('T-2') } : { kind: 'done' });
				expect((await numbers()).sort()).toEqual(refused ? ['T-1'] : ['T-1', 'T-2']);
				expect(await upload(more)).toEqual(refused ? outcome : { kind: 'already_done', message: expect.any(String) });
				expect((await numbers()).sort()).toEqual(refused ? ['T-1'] : ['T-1', 'T-2']);
			});

			it('tells the number of a shipment that was told without one, or says that it cannot', async () => {
				const { packed, upload, numbers } = await place();
				const none = { ...box('B1'), trackingUrl: null };
				await upload(packed(none));
				const refused = harness.laterNumber === 'refused';
				const outcome = await upload({ ...packed(box('B1', 'T-1')), settledNumbers: settledOfTold([]) });
				expect(outcome).toMatchObject(refused ? { kind: 'rejected', problem: expect.stringContaining('T-1') } : { kind: 'done' });
				expect((await numbers()).filter((number) => number !== '')).toEqual(refused ? [] : ['T-1']);
			});

			it('never says that a number is told which no goods go with, unless the cart shows it', async () => {
				const { packed, upload, numbers } = await place();
				const outcome = await upload({ ...packed(box('B9', 'T-9')), lines: [] });
				if (outcome.kind === 'done') expect(await numbers()).toEqual(['T-9']);
				else expect(outcome).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('T-9') });
			});
		});

		it('makes no call inside a database transaction', async () => {
			const session = await harness.withOrders(1);
			await expect(inTransactionScope(async () => await pages(session, { record: true }))).rejects.toMatchObject({
				code: 'network_in_transaction',
			});
			await expect(
				inTransactionScope(async () => await session.uploadTracking(anOrder(), aShipment(), { notifyCustomer: false })),
			).rejects.toMatchObject({ code: 'network_in_transaction' });
		});
	});
}
