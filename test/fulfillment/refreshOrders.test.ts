/** Orders read anew from their cart right before they are sent. */
import type { CartSession } from '../../lib/carts/Cart';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import { unread } from '../../lib/carts/common/listing';
import { MappingError } from '../../lib/order/errors';
import { canceled, waiting } from '../../lib/order/cartWord';
import type { ImportedOrder } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, move, openOrder } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { scriptedCart } from './partners';

/** A cart that says this of these orders, and does not have any others. */
function cartWith(orders: readonly ImportedOrder[]): CartSession & { asked: string[][] } {
	const asked: string[][] = [];
	return Object.assign(scriptedCart(), {
		asked,
		ordersByKey: async (keys: readonly string[]) => {
			asked.push([...keys]);
			const found = orders.filter(({ externalId }) => keys.includes(externalId));
			return await Promise.resolve({
				orders: found,
				failures: [],
				gone: keys.filter((key) => !found.some(({ externalId }) => externalId === key)),
			});
		},
	});
}

const refresh = async (orderStore: OrderStore, session: CartSession, orderIds: readonly string[]) =>
	await refreshOrders({
		orderStore,
		cart: { code: 'file', label: 'The cart', toOrder: (raw) => raw as ImportedOrder },
		session,
		filter: { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 },
		abandonAfterDays: 45,
		onChange: 'replace',
		orderIds,
		actor,
	});

const routed = async (orderStore: OrderStore, key: string): Promise<string> =>
	(await move(orderStore, await importOne(orderStore, imported(key)), 'routed')).id;

onEachDatabase('refreshing orders', (open) => {
	it('tells what may be sent, what waits and what is canceled, by what the cart says now, in one call', async () => {
		const { orderStore } = await open();
		const ids = await Promise.all(['1', '2', '3', '4', '5'].map(async (key) => await routed(orderStore, key)));
		const cart = cartWith([
			imported('1'),
			imported('2', {}, { word: waiting('on hold (High risk of fraud)') }),
			imported('3', {}, { word: canceled('refunded') }),
			imported('5', { notes: 'Leave it at the door.' }),
		]);
		const results = await refresh(orderStore, cart, [...ids, 'nobody']);
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['ready', null],
			['waiting', 'The cart says: on hold (High risk of fraud).'],
			['canceled', 'Canceled in the cart: refunded.'],
			['canceled', 'Not in the cart any more: deleted.'],
			// The rules run anew first.
			['waiting', 'The order is New.'],
			['error', expect.stringContaining('does not know order nobody')],
		]);
		expect(cart.asked).toEqual([['1', '2', '3', '4', '5']]);
		expect(results.map(({ order }) => order?.status)).toEqual(['routed', 'delayed', 'canceled', 'canceled', 'new', undefined]);
	});

	it('lets an order wait when the cart cannot be asked, without using up a try', async () => {
		const { orderStore } = await open();
		const id = await routed(orderStore, '1');
		const sent = await openOrder(orderStore, imported('2'));
		const cart = Object.assign(cartWith([]), { ordersByKey: async () => await Promise.reject(new Error('502')) });
		const results = await refresh(orderStore, cart, [id, sent.id]);
		expect(results.map(({ output, order }) => [output, order?.status])).toEqual([
			['waiting', 'delayed'],
			['ready', 'open'],
		]);
		expect(results[0]!.message).toBe('The cart could not be asked whether the order may be sent: 502');
		expect(results[0]!.order).toMatchObject({ attempts: 0, retryAt: expect.any(String), alerts: [] });
	});

	it('lets it wait also when somebody else writes it meanwhile', async () => {
		const { orderStore } = await open();
		const id = await routed(orderStore, '1');
		const cart = Object.assign(cartWith([]), {
			ordersByKey: async () => {
				const { version } = (await orderStore.get(id))!;
				await orderStore.amend({ orderId: id, version, actor, set: { edits: { notes: 'Leave it at the door.' } } });
				throw new Error('502');
			},
		});
		const [result] = await refresh(orderStore, cart, [id]);
		expect([result!.output, result!.order?.status]).toEqual(['waiting', 'delayed']);
	});

	it('lets one that cannot be read wait, and no other', async () => {
		const { orderStore } = await open();
		const ids = [await routed(orderStore, '1'), await routed(orderStore, '2')];
		const failure = unread('2', null, new MappingError('id', '2', 'is not shown', 'Look for it in the shop.'));
		const cart = Object.assign(cartWith([]), {
			ordersByKey: async () => await Promise.resolve({ orders: [imported('1')], failures: [failure], gone: [] }),
		});
		const results = await refresh(orderStore, cart, ids);
		expect(results.map(({ output, order }) => [output, order?.status])).toEqual([
			['ready', 'routed'],
			['waiting', 'delayed'],
		]);
		expect(results[1]!.message).toBe(
			'The cart could not be asked whether the order may be sent: id: is not shown (value: "2"). Look for it in the shop.',
		);
	});

	it('asks about the whole of which a part is to be sent', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		await orderStore.transition({
			orderId: order.id,
			from: 'new',
			to: 'routed',
			version: order.version,
			actor,
			reason: null,
			set: { result: imported('1').content },
			split: [{ content: { ...imported('1').content, warehouse: 'A' } }, { content: { ...imported('1').content, warehouse: 'B' } }],
		});
		const parts = (await orderStore.parts([order.id])).map(({ id }) => id);
		const cart = cartWith([imported('1', {}, { word: waiting('on hold') })]);
		// As they were: they are not there any more.
		expect((await refresh(orderStore, cart, parts)).map(({ output, order: part }) => [output, part?.id])).toEqual(
			parts.map((id) => ['canceled', id]),
		);
		expect(cart.asked).toEqual([['1']]);
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'delayed', statusReason: 'The cart says: on hold.' });
		expect(await orderStore.parts([order.id])).toEqual([]);
	});

	it('does not ask about an order that came as items of a workflow: its key is none of the cart', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore, imported('7'), { cart: 'items' });
		const { id } = await move(orderStore, order, 'routed');
		const cart = cartWith([imported('7', { notes: 'another order' })]);
		expect(await refresh(orderStore, cart, [id])).toMatchObject([{ output: 'ready', order: { status: 'routed', notes: null } }]);
		expect(cart.asked).toEqual([]);
	});

	it('of a cart that cannot be asked about single orders it lets them pass', async () => {
		const { orderStore } = await open();
		expect((await refresh(orderStore, scriptedCart(), [await routed(orderStore, '1')])).map(({ output }) => output)).toEqual(['ready']);
	});
});
