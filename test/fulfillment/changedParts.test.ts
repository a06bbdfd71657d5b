/** Of an order in parts, of which a warehouse has one: what the cart changes of the others is not sent as it was. */
import { waiting } from '../../lib/order/cartWord';
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import type { ImportedOrder, OrderContent } from '../../lib/order/order';
import { actor, imported, line, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { bundledOrders, sentBundle } from './bundles';
import { sentPart, shownParts, splitInParts, splitOrder } from './parts';

const [MUG, TEE, CAP] = [line('L1', 'RED-MUG', 2), line('L2', 'TEE-L', 2), line('L3', 'CAP', 1)];
const saying = (lines: OrderContent['lines'], changes: Partial<OrderContent> = {}, more: Partial<ImportedOrder> = {}): ImportedOrder =>
	imported('1', { lines, ...changes }, more);

onEachDatabase('parts of which the cart changed something', (open) => {
	const halfSent = async () => {
		const { orderStore } = await open();
		const made = await splitOrder(orderStore, saying([MUG, TEE]));
		await sentPart(orderStore, made.first);
		const hear = async (order: ImportedOrder): Promise<string[]> => {
			await orderStore.importPage(page([order]));
			return await shownParts(orderStore, made.parent);
		};
		return { orderStore, ...made, hear };
	};

	it.each<[string, ImportedOrder]>([
		['fewer pieces', saying([MUG, { ...TEE, quantity: 1, notOurs: [{ quantity: 1, reason: 'refunded' }] }])],
		['none', saying([MUG, { ...TEE, quantity: 0, notOurs: [{ quantity: 2, reason: 'refunded' }] }])],
		['no such line', saying([MUG])],
		['another address', saying([MUG, TEE], { shippingAddress: { ...saying([]).content.shippingAddress!, city: 'Salem' } })],
	])('%s: for a person, before it goes out', async (_, order) => {
		const { orderStore, parent, second, hear } = await halfSent();
		expect(await hear(order)).toEqual(['open', 'error changed_in_cart']);
		expect(await orderStore.get(parent.id)).toMatchObject({ alert: { code: 'changed_in_cart' } });
		expect((await orderStore.get(second.id))!.alert!.message).toMatch(/^Changed in the cart after rules had split it: /);
		await reprocessOrder({ orderStore, orderId: second.id, actor });
		expect(await hear(order)).toEqual(['open', 'new']);
	});

	it('also what it changed while it had the order wait', async () => {
		const { hear } = await halfSent();
		expect(await hear(saying([MUG], {}, { word: waiting('on hold') }))).toEqual(['open', 'error changed_in_cart']);
		expect(await hear(saying([MUG]))).toEqual(['open', 'error changed_in_cart']);
	});

	it.each<[string, ImportedOrder]>([
		['a part that is sent already', saying([{ ...MUG, quantity: 1 }, TEE])],
		['a line that no part has', saying([MUG, TEE, CAP])],
		['money', saying([MUG, TEE], { total: '1.00' })],
	])('the part goes on when the cart changes %s', async (_, order) => {
		const { hear } = await halfSent();
		expect(await hear(order)).toEqual(['open', 'routed']);
	});

	it('what the cart splits off from it waits, as its goods went out with the part', async () => {
		const { orderStore } = await halfSent();
		await orderStore.importPage(page([{ ...imported('1.2', { lines: [MUG] }), splitFrom: '1' }]));
		const [order] = (await orderStore.search({ externalId: '1.2', limit: 1 })).items;
		expect(order).toMatchObject({ status: 'delayed', statusReason: expect.stringContaining('split off from order 1') });
	});

	it('what it changed first is told as long as it is so, whatever else it changes', async () => {
		const { orderStore, parent, hear } = await halfSent();
		const told = async (order: ImportedOrder): Promise<string[]> => {
			await hear(order);
			return (await orderStore.get(parent.id))!.alerts.map(({ message }) => message);
		};
		const less = [{ ...MUG, quantity: 1 }, TEE];
		const first = ['Changed in the cart after it was sent to the warehouse: RED-MUG 2 → 1.'];
		expect(await told(saying(less))).toEqual(first);
		expect(await told(saying(less, { total: '1.00' }))).toEqual(first);
		expect(await told(saying(less, { giftMessage: 'Hi' }))).toEqual([
			'Changed in the cart after it was sent to the warehouse: RED-MUG 2 → 1; giftMessage: null → "Hi".',
		]);
		expect(await told(saying([MUG, TEE]))).toEqual([]);
	});

	it('the same of an order in a bundle', async () => {
		const test = await open();
		const two = imported('2', { lines: [CAP] });
		const { sources } = await sentBundle(test, [saying([MUG, TEE]), two]);
		const told = async (order: ImportedOrder): Promise<string[]> => {
			await test.orderStore.importPage(page([order]));
			return (await test.orderStore.get(sources[0]!.id))!.alerts.map(({ message }) => message);
		};
		const less = [{ ...MUG, quantity: 1 }, TEE];
		const first = await told(saying(less));
		expect(first).toEqual([expect.stringContaining('RED-MUG 2 → 1.')]);
		expect(await told(saying(less, { total: '1.00' }))).toEqual(first);
		expect(await told(saying([MUG, TEE]))).toEqual([]);
	});

	it('a part of a bundle that was not sent is for a person when one of its orders changes', async () => {
		const { orderStore, ...test } = await open();
		const { bundle } = await bundledOrders({ orderStore, ...test }, [saying([MUG, TEE]), imported('2', { lines: [CAP] })]);
		const { first } = await splitInParts(orderStore, bundle);
		await sentPart(orderStore, first);
		await orderStore.importPage(page([saying([MUG])]));
		expect(await shownParts(orderStore, bundle)).toEqual(['open', 'error changed_in_cart']);
	});
});
