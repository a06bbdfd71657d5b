import { resetOrder } from '../../lib/fulfillment/orderOperations';
import { acknowledge, uploadTracking } from '../../lib/fulfillment/updateCart';
import type { CartSession } from '../../lib/carts/Cart';
import { FulfillmentError } from '../../lib/order/errors';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, importOne, imported, kinds, move, openOrder, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { letTimePass, RETRY, scriptedCart } from './partners';

const common = (store: OrderStore, session: CartSession) => ({ store, session, worker: 'w1', actor, leaseMs: 60_000, retry: RETRY });
const upload = async (store: OrderStore, session: CartSession, orderIds: string[], more = {}) =>
	await uploadTracking({ ...common(store, session), orderIds, notifyCustomer: false, ...more });
const tell = async (store: OrderStore, session: CartSession, orderIds: string[]) => await acknowledge({ ...common(store, session), orderIds });

const twoParcels = async (store: OrderStore, id = '1') => {
	const order = await openOrder(store, imported(id));
	await store.recordShipments(report([shipped(order, `A${id}`, { lines: [{ sku: 'RED-MUG', quantity: 2 }] }), shipped(order, `B${id}`)]));
	return order;
};

onEachDatabase('uploading tracking', (open) => {
	it('tells the cart of every parcel once, closes the order, and repeats nothing', async () => {
		const { store } = await open();
		const order = await twoParcels(store);
		const cart = scriptedCart();
		cart.outcomes.push({ kind: 'done', message: 'ok' }, { kind: 'already_done', message: 'was there' });
		const [result, unknown, twin] = await upload(store, cart, [order.id, 'nobody', order.id]);
		expect(result).toMatchObject({ output: 'done', message: null, order: { status: 'closed', closedAt: expect.any(String) } });
		expect(result!.shipments.map(({ externalId }) => externalId).sort()).toEqual(['A1', 'B1']);
		expect(unknown).toEqual({ orderId: 'nobody', order: null, shipments: [], output: 'error', message: 'The order store does not know order nobody.' });
		expect(twin).toEqual(result);
		expect(await upload(store, cart, [order.id])).toMatchObject([{ output: 'done' }]);
		expect([...cart.calls].sort()).toEqual(['upload A1', 'upload B1']);
		expect((await kinds(store, order.id)).filter((kind) => kind === 'tracking_uploaded')).toHaveLength(2);
	});

	it('uploads once when two workers come at once', async () => {
		const test = await open();
		const orders = [await twoParcels(test.store, '1'), await twoParcels(test.store, '2'), await twoParcels(test.store, '3')];
		const cart = scriptedCart();
		const ids = orders.map(({ id }) => id);
		await Promise.all([upload(test.store, cart, ids), upload(await test.another(), cart, [...ids].reverse(), { worker: 'w2' })]);
		expect([...cart.calls].sort()).toEqual(['upload A1', 'upload A2', 'upload A3', 'upload B1', 'upload B2', 'upload B3']);
		expect((await test.store.getMany(ids)).map(({ status }) => status)).toEqual(['closed', 'closed', 'closed']);
	});

	it('rejected: asks a person, tries no more; the other parcel goes out, and the order stays open', async () => {
		const test = await open();
		const order = await twoParcels(test.store);
		const cart = scriptedCart();
		cart.outcomes.push({ kind: 'rejected', problem: 'No such line.' });
		const [result] = await upload(test.store, cart, [order.id]);
		expect(result).toMatchObject({ output: 'error', message: 'No such line.', order: { status: 'partially_shipped', alert: { code: 'rejected_by_cart', message: expect.stringMatching(/^Shipment 1Z[AB]1 of order N1: No such line\.$/) } } });
		expect(result!.shipments).toHaveLength(1);
		await letTimePass(test);
		expect(await upload(test.store, cart, [order.id])).toMatchObject([{ output: 'delayed', message: 'No such line.' }]);
		expect(cart.calls).toHaveLength(2);
	});

	it.each([
		['unavailable', { kind: 'unavailable', problem: 'Try later.' } as const, 'Try later.'],
		['throws', () => Promise.reject(new Error('socket hang up')), 'socket hang up'],
	])('%s: comes back when it is due, until the tries are used up', async (_, outcome, problem) => {
		const test = await open();
		const order = await openOrder(test.store);
		await test.store.recordShipments(report([shipped(order, 'S1')]));
		const cart = scriptedCart();
		cart.outcomes.push(outcome, outcome, outcome);
		for (const attempts of [1, 2]) {
			expect(await upload(test.store, cart, [order.id])).toMatchObject([{ output: 'delayed', message: problem, shipments: [] }]);
			expect(await upload(test.store, cart, [order.id])).toMatchObject([{ output: 'delayed', message: problem }]);
			expect(cart.calls).toHaveLength(attempts);
			await letTimePass(test);
		}
		expect(await upload(test.store, cart, [order.id])).toMatchObject([{ output: 'error', message: problem, order: { status: 'open', alert: { code: 'rejected_by_cart' } } }]);
		await letTimePass(test);
		await upload(test.store, cart, [order.id]);
		expect(cart.calls).toHaveLength(3);
	});

	it('takes an error that no retry heals for a refusal, and says what to do', async () => {
		const { store } = await open();
		const order = await openOrder(store);
		await store.recordShipments(report([shipped(order, 'S1')]));
		const cart = scriptedCart();
		cart.outcomes.push(() => Promise.reject(new FulfillmentError('file_access', 'Not writable.', 'Change the folder.')));
		expect(await upload(store, cart, [order.id])).toMatchObject([{ output: 'error', message: 'Not writable. Change the folder.' }]);
	});

	it('lets a late worker write nothing once another took over', async () => {
		const test = await open();
		const order = await openOrder(test.store);
		await test.store.recordShipments(report([shipped(order, 'S1')]));
		const [late, heir] = [scriptedCart(), scriptedCart()];
		late.outcomes.push(async () => {
			await letTimePass(test);
			await upload(await test.another(), heir, [order.id], { worker: 'w2' });
			return { kind: 'rejected', problem: 'late word' };
		});
		const [result] = await upload(test.store, late, [order.id]);
		expect(result).toMatchObject({ output: 'delayed', message: 'Another run took the upload over.', order: { status: 'closed', alert: null } });
		expect([late.calls, heir.calls]).toEqual([['upload S1'], ['upload S1']]);
		expect(await kinds(test.store, order.id)).not.toContain('upload_failed');
	});
});

onEachDatabase('acknowledging', (open) => {
	it('tells the cart once, and the order is due no more', async () => {
		const test = await open();
		const order = await openOrder(test.store);
		const cart = scriptedCart();
		expect(await tell(test.store, cart, [order.id, order.id])).toMatchObject([{ output: 'done' }, { output: 'done' }]);
		expect(await tell(test.store, cart, [order.id])).toMatchObject([{ output: 'done', order: { status: 'open', acknowledgedAt: expect.any(String) } }]);
		expect(cart.calls).toEqual(['acknowledge N1']);
		expect((await kinds(test.store, order.id)).filter((kind) => kind === 'cart_acknowledged')).toHaveLength(1);
		await letTimePass(test);
		expect((await test.store.search({ due: true, limit: 5 })).items).toEqual([]);
	});

	it('notes a cart that takes no such word as told', async () => {
		const { store } = await open();
		const order = await openOrder(store);
		const { acknowledge: _, ...cart } = scriptedCart();
		expect(await tell(store, cart, [order.id])).toMatchObject([{ output: 'done', order: { acknowledgedAt: expect.any(String) } }]);
	});

	it('refused or not reached: nothing is written, and the order stays due', async () => {
		const test = await open();
		const order = await openOrder(test.store);
		const cart = scriptedCart();
		cart.outcomes.push({ kind: 'rejected', problem: 'No.' }, { kind: 'unavailable', problem: 'Later.' });
		expect(await tell(test.store, cart, [order.id])).toMatchObject([{ output: 'error', message: 'No.' }]);
		expect(await tell(test.store, cart, [order.id])).toMatchObject([{ output: 'delayed', message: 'Later.' }]);
		expect(await test.store.get(order.id)).toEqual(order);
		await letTimePass(test);
		expect((await test.store.search({ due: true, limit: 5 })).items).toHaveLength(1);
	});

	it('says nothing about an order that the warehouse does not have: never had, or had before a reset', async () => {
		const test = await open();
		const fresh = await importOne(test.store, imported('1'));
		const opened = await move(test.store, await openOrder(test.store, imported('2')), 'error');
		const reset = await resetOrder({ store: test.store, orderId: opened.id, actor, force: true });
		const cart = scriptedCart();
		expect((await tell(test.store, cart, [fresh.id, reset.id, 'nobody'])).map(({ output, message }) => [output, message])).toEqual([
			['error', 'The order is New; the cart is told once the warehouse has it.'],
			['error', 'The order is New; the cart is told once the warehouse has it.'],
			['error', 'The order store does not know order nobody.'],
		]);
		expect(cart.calls).toEqual([]);
		expect(await test.store.getMany([fresh.id, reset.id])).toEqual([fresh, reset]);
		await letTimePass(test);
		expect((await test.store.search({ due: true, statuses: ['new'], limit: 5 })).items).toHaveLength(2);
	});

	it('remembers that the cart was told when the order changed meanwhile', async () => {
		const { store } = await open();
		const order = await openOrder(store);
		const cart = scriptedCart();
		cart.outcomes.push(async () => {
			await store.recordShipments(report([shipped(order, 'S1', { lines: [{ sku: 'TEE-L', quantity: 1 }] })]));
			return { kind: 'done', message: null };
		});
		expect(await tell(store, cart, [order.id])).toMatchObject([{ output: 'done', order: { status: 'partially_shipped', acknowledgedAt: expect.any(String) } }]);
		await tell(store, cart, [order.id]);
		expect(cart.calls).toEqual(['acknowledge N1']);
	});
});
