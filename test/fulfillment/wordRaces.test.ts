/** The cart's word changes at the very moment at which an order is sent or put away; a process dies in between. */
import { archiveOrder } from '../../lib/fulfillment/archiveOrder';
import { READY, waiting, canceled, type CartWord } from '../../lib/order/cartWord';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, imported, importOne, kinds, move, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { letTimePass, routedOrder, scriptedWms, send, wmsWith } from './partners';

const ROUNDS = 12;
const hears = async (orderStore: OrderStore, key: string, word: CartWord): Promise<void> =>
	void (await orderStore.importPage(page([imported(key, {}, { word })])));

/** Begins both at nearly the same moment, each a little before the other by turns. */
async function together(round: number, one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<void> {
	const [first, second] = round % 2 === 0 ? [one, other] : [other, one];
	const begun = first();
	for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
	await Promise.all([begun, second()]);
}

onEachDatabase('the word changes between Refresh and sending', (open) => {
	it.each([
		[waiting('on hold'), 'delayed', 'held_in_cart'],
		[canceled('refunded'), 'canceled', 'canceled_in_cart'],
	] as const)('%j: it is either not sent, or sent once and told', async (word, status, alert) => {
		const { orderStore, another } = await open();
		const rival = await another();
		const seen = new Set<string>();
		for (let round = 0; round < ROUNDS; round += 1) {
			const order = await routedOrder(orderStore, String(round));
			const wms = scriptedWms();
			await together(
				round,
				async () => await send(orderStore, wms, [order.id]),
				async () => await hears(rival, String(round), word),
			);
			const after = (await orderStore.get(order.id))!;
			seen.add(after.status);
			if (wms.created().length === 0) expect([after.status, after.alerts]).toEqual([status, []]);
			else expect([wms.created(), after.status, after.alerts.map(({ code }) => code)]).toEqual([[order.reference], 'open', [alert]]);
		}
		expect([...seen].every((name) => name === 'open' || name === status)).toBe(true);
	});

	it.each([true, false])('a sender died before it; the warehouse has it: %s', async (isThere) => {
		const test = await open();
		const { orderStore } = test;
		const order = await routedOrder(orderStore);
		await claimToQueued(orderStore, order, 1);
		await hears(orderStore, '1', waiting('on hold (High risk of fraud)'));
		const wms = scriptedWms();
		if (isThere) wms.has.set(order.reference, 'W-1');
		await letTimePass(test);
		await send(orderStore, wms, [order.id], { wms: wmsWith({ capabilities: { uniqueReference: true, cancel: false, lateMs: 0 } }) });
		const after = (await orderStore.get(order.id))!;
		expect(wms.created()).toEqual([]);
		if (isThere) expect([after.status, after.alerts.map(({ code }) => code)]).toEqual(['open', ['held_in_cart']]);
		else expect([after.status, after.statusReason]).toEqual(['delayed', 'The cart says: on hold (High risk of fraud).']);
		// Ready again: sent once, or left as it is.
		await hears(orderStore, '1', READY);
		expect((await orderStore.get(order.id))!).toMatchObject(isThere ? { status: 'open', alerts: [] } : { status: 'new', alerts: [] });
	});
});

onEachDatabase('a person archives while the cart says ready again', (open) => {
	it.each([waiting('on hold'), canceled('refunded')])(
		'after %j: it stays put away, is not sent, and says what the cart said',
		async (word) => {
			const { orderStore, another } = await open();
			const rival = await another();
			for (let round = 0; round < ROUNDS; round += 1) {
				const key = String(round);
				const { id } = await importOne(orderStore, imported(key));
				await hears(orderStore, key, word);
				await together(
					round,
					async () => await archiveOrder({ orderStore, orderId: id, actor }),
					async () => await hears(rival, key, READY),
				);
				await hears(orderStore, key, READY);
				const after = (await orderStore.get(id))!;
				expect([after.status, after.inCart.readiness]).toEqual(['archived', 'ready']);
				expect(await kinds(orderStore, id)).toContain('cart_said');
				const wms = scriptedWms();
				await send(orderStore, wms, [id]);
				expect(wms.created()).toEqual([]);
			}
		},
	);

	it('an archiving that died leaves it as it was, and the cart goes on with it', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore, imported('1', {}, { word: waiting('on hold') }));
		// What the dead process had read is stale once the cart has spoken.
		await hears(orderStore, '1', READY);
		await expect(move(orderStore, order, 'archived')).rejects.toThrow();
		expect((await orderStore.get(order.id))!.status).toBe('new');
	});
});
