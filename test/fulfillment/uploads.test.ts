import type { CartOutcome, CartSession } from '../../lib/carts/Cart';
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { FulfillmentError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { actor, counting, Exchange, NO_JITTER, withRival } from './exchange';

/** A shop that answers as it is told; the last answer stays. */
function scriptedShop(...answers: Array<CartOutcome | Error>) {
	const told: string[] = [];
	const answer = async (what: string): Promise<CartOutcome> => {
		told.push(what);
		const next = answers.length > 1 ? answers.shift()! : answers[0]!;
		if (next instanceof Error) throw next;
		return next;
	};
	const session: CartSession = {
		source: 'shop:scripted',
		listOrders: async function* () {},
		uploadTracking: async (_, shipment) => await answer(shipment.externalId),
		acknowledge: async (order) => await answer(order.orderNumber),
	};
	return { session, told };
}

const done: CartOutcome = { kind: 'done', message: 'ok' };

onEachDatabase('telling the cart', (open) => {
	/** An open order with parcels that the cart was not told about. */
	const begin = async (...parcels: string[]) => {
		const site = new Exchange(await open());
		const order = await site.open();
		const lines = (index: number) => (index === parcels.length - 1 ? null : [{ sku: 'RED-MUG', quantity: 1 }]);
		await site.orderStore.recordShipments(report(parcels.map((id, index) => shipped(order, id, { lines: lines(index) }))));
		return { site, id: order.id };
	};
	const uploadedOf = ({ shipments }: Order) =>
		shipments.filter(({ uploadedAt }) => uploadedAt !== null).map(({ externalId }) => externalId);

	it('uploads each parcel once and closes the order with the last one', async () => {
		const { site, id } = await begin('S1', 'S2');
		const [result] = await site.upload([id]);
		expect(result).toMatchObject({ output: 'done', message: null, order: { status: 'closed', alert: null, closedAt: expect.any(String) } });
		expect(result!.shipments.map(({ externalId }) => externalId).sort()).toEqual(['S1', 'S2']);
		const files = site.tracking;
		expect(
			Object.values(files)
				.map((text) => /1ZS\d/.exec(text)?.[0])
				.sort(),
		).toEqual(['1ZS1', '1ZS2']);
		const before = await site.kinds(id);
		expect(await site.upload([id])).toEqual([result]);
		expect([site.tracking, await site.kinds(id)]).toEqual([files, before]);
	});

	it('uploads each parcel once when several workers start at the same time', async () => {
		const { site, id } = await begin('S1', 'S2', 'S3');
		const shop = scriptedShop(done);
		const other = await site.test.another();
		const workers = [site.orderStore, other, site.orderStore, other].map(
			async (orderStore, index) => await site.upload([id], { orderStore, session: shop.session, worker: `w${index}` }),
		);
		const results = (await Promise.all(workers)).flat();
		expect(shop.told.sort()).toEqual(['S1', 'S2', 'S3']);
		expect(results.every(({ output }) => output === 'done' || output === 'delayed')).toBe(true);
		expect((await site.get(id)).status).toBe('closed');
		expect((await site.kinds(id)).filter((kind) => kind === 'tracking_uploaded')).toHaveLength(3);
	});

	it('keeps what the shop refused for a person, and the other parcels go on', async () => {
		const { site, id } = await begin('S1', 'S2');
		const shop = scriptedShop({ kind: 'rejected', problem: 'The order is locked.' }, done);
		const [result] = await site.upload([id], { session: shop.session });
		expect(result).toMatchObject({ output: 'error', message: 'The order is locked.' });
		const after = await site.get(id);
		expect(after.alert).toMatchObject({ code: 'rejected_by_cart', message: expect.stringContaining('The order is locked.') });
		expect(after.status).not.toBe('closed');
		expect(uploadedOf(after)).toHaveLength(1);
		// Nobody asks the shop again by itself.
		await site.lapse('shipment', 'upload_due_at');
		const [again] = await site.upload([id], { session: shop.session });
		expect(shop.told).toHaveLength(2);
		expect(again).toMatchObject({ output: 'delayed', message: 'The order is locked.' });
	});

	it('tries again when the shop could not be reached, and not before its time', async () => {
		const { site, id } = await begin('S1');
		const shop = scriptedShop({ kind: 'unavailable', cause: 'closed', retryAfterMs: 3_600_000 }, new Error('socket hang up'), done);
		expect((await site.upload([id], { session: shop.session }))[0]).toMatchObject({ output: 'delayed', message: 'closed', shipments: [] });
		expect((await site.upload([id], { session: shop.session }))[0]).toMatchObject({ output: 'delayed', message: 'closed' });
		expect(shop.told).toHaveLength(1);
		await site.lapse('shipment', 'upload_due_at');
		expect((await site.upload([id], { session: shop.session }))[0]).toMatchObject({ output: 'delayed', message: 'socket hang up' });
		await site.lapse('shipment', 'upload_due_at');
		expect((await site.upload([id], { session: shop.session }))[0]).toMatchObject({ output: 'done', order: { status: 'closed' } });
		expect((await site.get(id)).shipments).toMatchObject([{ uploadProblem: null, uploadAttempts: 3 }]);
	});

	it('asks a person once the tries are used up', async () => {
		const { site, id } = await begin('S1');
		const shop = scriptedShop({ kind: 'unavailable', cause: 'closed' });
		for (let tried = 1; tried <= 3; tried += 1) {
			const [result] = await site.upload([id], { session: shop.session });
			expect(result).toMatchObject({ output: tried < 3 ? 'delayed' : 'error' });
			await site.lapse('shipment', 'upload_due_at');
		}
		expect((await site.get(id)).alert?.code).toBe('rejected_by_cart');
		await site.upload([id], { session: shop.session });
		expect(shop.told).toHaveLength(3);
	});

	it('takes an error that will not pass for a refusal, with its remedy', async () => {
		const { site, id } = await begin('S1');
		const shop = scriptedShop(new FulfillmentError('partner_refused', 'No such order.', 'Check the shop.'));
		expect((await site.upload([id], { session: shop.session }))[0]).toMatchObject({
			output: 'error',
			message: 'No such order. Check the shop.',
		});
	});

	it('tells the shop nothing twice when it dies between the upload and its record', async () => {
		const { site, id } = await begin('S1');
		const files = counting(site.shop.folder, 'create');
		const dying: OrderStore = { ...site.orderStore, recordUpload: async () => await Promise.reject(new Error('killed')) };
		await expect(site.upload([id], { orderStore: dying })).rejects.toThrow('killed');
		const written = site.tracking;
		expect(Object.keys(written)).toHaveLength(1);
		expect((await site.get(id)).shipments).toMatchObject([{ uploadedAt: null }]);
		// The claim is still held.
		expect((await site.upload([id]))[0]).toMatchObject({ output: 'delayed', message: 'Another run is uploading the tracking.' });
		await site.lapse('shipment', 'upload_due_at', 'upload_leased_until');
		expect((await site.upload([id], { worker: 'w2' }))[0]).toMatchObject({ output: 'done', order: { status: 'closed' } });
		expect(site.tracking).toEqual(written);
		expect(files.calls).toEqual([]);
		const entry = (await site.orderStore.timeline(id)).find(({ kind }) => kind === 'tracking_uploaded');
		expect(entry?.data).toMatchObject({ message: expect.stringContaining('is there already') });
	});

	it('lets a late worker write nothing: the word of the one who took over counts', async () => {
		const { site, id } = await begin('S1');
		const shop = scriptedShop({ kind: 'rejected', problem: 'late' });
		const late = withRival(site.orderStore, 'recordUpload', async () => {
			await site.lapse('shipment', 'upload_due_at', 'upload_leased_until');
			await site.upload([id], { worker: 'w2' });
		});
		const [result] = await site.upload([id], { orderStore: late, session: shop.session });
		expect(result!.order).toMatchObject({ status: 'closed', alert: null });
		expect(Object.keys(site.tracking)).toHaveLength(1);
	});

	it('starts no upload whose claim may have run out while others were uploaded', async () => {
		const { site, id } = await begin('S1', 'S2');
		const start = Date.now();
		const clock = jest.spyOn(Date, 'now');
		const shop = scriptedShop(done);
		const slow: CartSession = {
			...shop.session,
			uploadTracking: async (...args) => {
				clock.mockReturnValue(start + 700_000);
				return await shop.session.uploadTracking(...args);
			},
		};
		try {
			await site.upload([id], { session: slow });
		} finally {
			clock.mockRestore();
		}
		expect(shop.told).toHaveLength(1);
		await site.lapse('shipment', 'upload_due_at', 'upload_leased_until');
		await site.upload([id], { session: shop.session, worker: 'w2' });
		expect(shop.told.sort()).toEqual(['S1', 'S2']);
		expect((await site.get(id)).status).toBe('closed');
	});

	it('answers for orders that it does not know, and in the order of the question', async () => {
		const { site, id } = await begin('S1');
		const results = await site.upload(['nobody', id, 'nobody']);
		expect(results.map(({ output }) => output)).toEqual(['error', 'done', 'error']);
		expect(results[0]).toMatchObject({ order: null, shipments: [], message: 'The order store does not know order nobody.' });
	});

	describe('that the warehouse has an order', () => {
		const request = (site: Exchange, session: CartSession, orderIds: string[], orderStore = site.orderStore) => ({
			orderStore,
			session,
			orderIds,
			worker: 'w1',
			actor,
			leaseMs: 600_000,
			retry: NO_JITTER,
		});

		it('is told once', async () => {
			const { site, id } = await begin();
			const shop = scriptedShop(done);
			const [first] = await acknowledge(request(site, shop.session, [id]));
			expect(first).toMatchObject({ output: 'done', message: 'ok', order: { acknowledgedAt: expect.any(String), status: 'open' } });
			expect((await acknowledge(request(site, shop.session, [id, id])))[0]).toMatchObject({ output: 'done', message: null });
			expect(shop.told).toEqual(['N1']);
			expect((await site.kinds(id)).filter((kind) => kind === 'cart_acknowledged')).toHaveLength(1);
		});

		it('is noted for a shop that takes no such word', async () => {
			const { site, id } = await begin();
			expect((await acknowledge(request(site, site.cart, [id])))[0]).toMatchObject({
				output: 'done',
				order: { acknowledgedAt: expect.any(String) },
			});
		});

		it.each<[CartOutcome | Error, string]>([
			[{ kind: 'rejected', problem: 'locked' }, 'error'],
			[{ kind: 'unavailable', cause: 'closed' }, 'delayed'],
			[new Error('hang up'), 'delayed'],
		])('is told again when the shop answered %j', async (answer, output) => {
			const { site, id } = await begin();
			const before = await site.get(id);
			const shop = scriptedShop(answer, done);
			expect((await acknowledge(request(site, shop.session, [id])))[0]).toMatchObject({ output });
			expect(await site.get(id)).toEqual(before);
			expect((await acknowledge(request(site, shop.session, [id])))[0]).toMatchObject({ output: 'done' });
		});

		it('is not told of an order that it does not have (any more)', async () => {
			const { site, id } = await begin();
			const fresh = await site.newOrder('7');
			site.report('acknowledgements', [{ reference: 'N1', status: 'rejected', message: 'No such SKU' }]);
			await site.poll();
			await reprocessOrder({ orderStore: site.orderStore, orderId: id, actor });
			const shop = scriptedShop(done);
			const results = await acknowledge(request(site, shop.session, [fresh.id, id, 'nobody']));
			expect(shop.told).toEqual([]);
			expect(results.map(({ output }) => output)).toEqual(['error', 'error', 'error']);
			expect(results[0]!.message).toBe('The order is New; the cart is told once the warehouse has it.');
			// Both are still handed out when no workflow takes them on.
			await site.lapse('order', 'due_at');
			expect((await site.orderStore.search({ due: true, statuses: ['new'], limit: 5 })).items).toHaveLength(2);
		});

		it('is noted also when somebody changes the order meanwhile; what they did stands, and the cart is told once', async () => {
			const { site, id } = await begin();
			const shop = scriptedShop(done);
			const rival = withRival(site.orderStore, 'amend', async () => {
				const { version } = await site.get(id);
				await site.orderStore.transition({ orderId: id, from: 'open', to: 'archived', version, actor, reason: null });
			});
			await acknowledge(request(site, shop.session, [id], rival));
			expect(await site.get(id)).toMatchObject({ status: 'archived', acknowledgedAt: expect.any(String) });
			await acknowledge(request(site, shop.session, [id]));
			expect(shop.told).toHaveLength(1);
		});
	});
});
