/** The table of what the cart's word does to an order that we have, walked: every side of ours × everything that the cart can say, on both databases. */
import {
	CART_EFFECTS,
	canceled,
	effectOn,
	gone,
	NEWS_NAMES,
	OUR_SIDES,
	ourSide,
	READY,
	waiting,
	type Effect,
	type Known,
	type News,
	type OurSide,
} from '../../lib/order/cartWord';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, kinds, line, move, openOrder, page, report, shipped } from '../store/fixtures';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import { onEachDatabase } from '../store/harness';

const LINES = [line('L1', 'RED-MUG', 2), line('L2', 'TEE-L', 1)];

/** The order as the cart has it when it says this. */
const SAYS: Record<News, (before: ImportedOrder) => ImportedOrder> = {
	same: (before) => ({ ...before, word: READY }),
	changed: (before) => ({ ...before, word: READY, content: { ...before.content, lines: [...LINES, line('L3', 'TEE-XL', 1)] } }),
	waiting: (before) => ({ ...before, word: waiting('on hold (High risk of fraud)') }),
	not_ours: (before) => ({
		...before,
		word: READY,
		content: {
			...before.content,
			lines: LINES.map((one) => ({ ...one, quantity: 0, notOurs: [{ quantity: one.quantity, reason: 'refunded' }] })),
		},
	}),
	canceled: (before) => ({ ...before, word: canceled('refunded') }),
	gone: (before) => ({ ...before, word: gone('in the trash') }),
};

const FIRST = imported('1', { lines: LINES });
const says = async (orderStore: OrderStore, order: ImportedOrder): Promise<void> => void (await orderStore.importPage(page([order])));

/** Brings an order there. */
const BRINGS: Record<OurSide, (orderStore: OrderStore) => Promise<Order>> = {
	new: async (orderStore) => await importOne(orderStore, FIRST),
	routed: async (orderStore) => await move(orderStore, await importOne(orderStore, FIRST), 'routed'),
	delayed: async (orderStore) =>
		await move(orderStore, await importOne(orderStore, FIRST), 'delayed', {
			heldUntil: { inMs: 3_600_000 },
			statusReason: 'Held by a rule.',
		}),
	delayed_by_cart: async (orderStore) => await importOne(orderStore, { ...FIRST, word: waiting('scheduled') }),
	error: async (orderStore) =>
		await move(orderStore, await importOne(orderStore, FIRST), 'error', {
			alerts: { raise: [{ code: 'missing_field', message: 'No city.' }] },
		}),
	skipped: async (orderStore) => await move(orderStore, await importOne(orderStore, FIRST), 'skipped'),
	bundled: async (orderStore) => {
		const terms = { rule: 'Bundle', mostOrders: null, mostLines: null, mostTotal: null };
		const orders = [await importOne(orderStore, FIRST), await importOne(orderStore, imported('2', { lines: LINES }))];
		for (const order of orders) await move(orderStore, order, 'delayed', { heldUntil: 'now', waitsForBundle: { key: 'k', terms } });
		await orderStore.releaseBundles({ limit: 10, actor });
		return (await orderStore.get(orders[0]!.id))!;
	},
	canceled_by_cart: async (orderStore) => {
		const { id } = await importOne(orderStore, FIRST);
		await says(orderStore, SAYS.canceled(FIRST));
		return (await orderStore.get(id))!;
	},
	canceled_there: async (orderStore) => {
		const order = await openOrder(orderStore, FIRST);
		await says(orderStore, SAYS.canceled(FIRST));
		const { version } = (await orderStore.get(order.id))!;
		await orderStore.transition({
			orderId: order.id,
			from: 'open',
			to: 'canceled',
			version,
			actor,
			reason: 'Warehouse canceled the order.',
			set: { statusReason: 'Warehouse canceled the order.', cancelDueAt: null, alerts: { clear: 'all' } },
			sending: { state: 'canceled_there' },
		});
		return (await orderStore.get(order.id))!;
	},
	canceled: async (orderStore) => await move(orderStore, await importOne(orderStore, FIRST), 'canceled'),
	sent: async (orderStore) => await openOrder(orderStore, FIRST),
	sent_put_away: async (orderStore) => await move(orderStore, await openOrder(orderStore, FIRST), 'abandoned'),
	closed: async (orderStore) => {
		const order = await openOrder(orderStore, FIRST);
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		const [claim] = await orderStore.claimUploads({ limit: 1, leaseMs: 60_000, worker: 'w' });
		await orderStore.recordUpload({
			shipmentId: claim!.shipment.id,
			epoch: claim!.epoch,
			result: { kind: 'uploaded', message: null },
			actor,
		});
		return (await orderStore.get(order.id))!;
	},
	abandoned: async (orderStore) => await move(orderStore, await importOne(orderStore, FIRST), 'abandoned'),
	abandoned_meanwhile: async (orderStore) =>
		await move(orderStore, await importOne(orderStore, { ...FIRST, word: waiting('scheduled') }), 'abandoned'),
	archived: async (orderStore) => await move(orderStore, await importOne(orderStore, FIRST), 'archived'),
};

const knownOf = ({ status, sending, inCart: { readiness }, canceledInCartAt }: Order): Known => ({
	status,
	sending,
	readiness,
	canceledByCart: canceledInCartAt !== null,
});

const codes = ({ alerts }: Order): string[] => alerts.map(({ code }) => code);

/** Whether the effect is what the table means by it. */
const SHOWS: Record<Effect, (before: Order, after: Order, news: News, entries: string[]) => void> = {
	nothing: (before, after) =>
		expect([after.status, after.alerts, after.cancelDueAt]).toEqual([before.status, before.alerts, before.cancelDueAt]),
	note: (before, after, news, entries) => {
		expect([after.status, codes(after), after.cancelDueAt]).toEqual([before.status, codes(before), null]);
		expect(entries).toContain(news === 'changed' ? 'snapshot_changed' : 'cart_said');
	},
	anew: (_, after) => expect([after.status, after.alerts, after.bundledInto, after.heldUntil]).toEqual(['new', [], null, null]),
	wait: (_, after, __, entries) => {
		expect([after.status, after.statusReason, after.heldUntil, after.alerts]).toEqual([
			'delayed',
			'The cart says: on hold (High risk of fraud).',
			null,
			[],
		]);
		expect(entries).toContain('cart_said');
	},
	cancel: (_, after, news) =>
		expect([after.status, after.statusReason]).toEqual([
			'canceled',
			{
				canceled: 'Canceled in the cart: refunded.',
				gone: 'Not in the cart any more: in the trash.',
				not_ours: 'Nothing of it is ours to ship any more: refunded.',
			}[news as 'gone'],
		]),
	tell: (before, after, news) => {
		expect([after.status, after.lines.map(({ quantity }) => quantity)]).toEqual([before.status, [2, 1]]);
		expect(after.alerts).toMatchObject(
			news === 'waiting'
				? [{ code: 'held_in_cart', message: expect.stringContaining('High risk of fraud') }]
				: [{ code: 'changed_in_cart', message: expect.stringContaining('TEE-XL 0 → 1') }],
		);
	},
	ask: (before, after) => {
		expect([after.status, codes(after)]).toEqual([before.status, ['canceled_in_cart']]);
		expect(after.cancelDueAt).not.toBeNull();
	},
	recall: (before, after) => {
		expect([after.status, codes(after), after.canceledInCartAt, after.cancelDueAt]).toEqual(['canceled', ['wanted_again'], null, null]);
		expect(before.alerts).toEqual([]);
	},
	offer: (before, after) => {
		expect([after.status, codes(after)]).toEqual([before.status, ['lines_added']]);
		expect(after.alert!.message).toContain('TEE-XL × 1');
	},
};

onEachDatabase('the cart says something of an order that we have', (open) => {
	it.each(OUR_SIDES.flatMap((side) => NEWS_NAMES.map((news) => [side, news] as const)))('%s × %s', async (side, news) => {
		const { orderStore } = await open();
		const before = await BRINGS[side](orderStore);
		expect(ourSide(knownOf(before))).toBe(side);
		// What is kept of a side that the cart brought about is said once more first, so that it is news only where the table says so.
		const told = (await kinds(orderStore, before.id)).length;
		const next = SAYS[news](FIRST);
		await says(orderStore, next);
		const after = (await orderStore.get(before.id))!;
		const effect = effectOn(knownOf(before), news);
		expect(effect).toBe(CART_EFFECTS[side].by[news]);
		SHOWS[effect](before, after, news, (await kinds(orderStore, before.id)).slice(told));
		if (effect !== 'nothing')
			expect(after.inCart).toEqual({
				readiness: news === 'same' || news === 'changed' ? 'ready' : news,
				reason: expect.anything() as unknown,
				until: null,
				...(after.inCart.reason === null ? { reason: null } : {}),
			});
		// What it repeats does nothing more.
		await says(orderStore, next);
		expect(await orderStore.get(before.id)).toEqual(after);
	});
});

onEachDatabase('the cart changes its mind', (open) => {
	const lessOf = (before: ImportedOrder): ImportedOrder => ({
		...before,
		content: { ...before.content, lines: [line('L1', 'RED-MUG', 1), line('L2', 'TEE-L', 1)] },
	});

	it('an order that it had wait for longer than orders may take has its time anew', async () => {
		const test = await open();
		const { id } = await importOne(test.orderStore, { ...FIRST, word: waiting('pre-order') });
		await test.raw('UPDATE {order} SET abandon_at = $1', ['2020-01-01T00:00:00.000Z']);
		const sweep = async () => await test.orderStore.abandonOverdue({ includePartiallyShipped: false, limit: 5, actor });
		expect(await sweep()).toEqual([id]);
		await says(test.orderStore, FIRST);
		expect(await sweep()).toEqual([]);
		expect(await test.orderStore.get(id)).toMatchObject({ status: 'new', alerts: [] });
	});

	it('what it changed while it did not want an order that the warehouse has is told when it wants it again', async () => {
		const { orderStore } = await open();
		const { id } = await openOrder(orderStore, FIRST);
		await says(orderStore, { ...lessOf(FIRST), word: gone('in the trash') });
		expect(codes((await orderStore.get(id))!)).toEqual(['canceled_in_cart']);
		await says(orderStore, lessOf(FIRST));
		const again = (await orderStore.get(id))!;
		expect(again.alerts).toMatchObject([
			{ code: 'changed_in_cart', message: 'Changed in the cart after it was sent to the warehouse: RED-MUG 2 → 1.' },
		]);
		expect([again.cancelDueAt, again.lines.map(({ quantity }) => quantity)]).toEqual([null, [2, 1]]);
		await says(orderStore, lessOf(FIRST));
		expect(await orderStore.get(id)).toEqual(again);
		// As it was sent again: there is nothing to tell.
		await says(orderStore, FIRST);
		expect((await orderStore.get(id))!.alerts).toEqual([]);
	});

	it('one that was held and is then canceled is held no more', async () => {
		const { orderStore } = await open();
		const { id } = await openOrder(orderStore, FIRST);
		await says(orderStore, SAYS.waiting(FIRST));
		expect(codes((await orderStore.get(id))!)).toEqual(['held_in_cart']);
		await says(orderStore, SAYS.canceled(FIRST));
		expect(codes((await orderStore.get(id))!)).toEqual(['canceled_in_cart']);
	});

	it('an order that is as it was sent when it is wanted again has no alert', async () => {
		const { orderStore } = await open();
		const { id } = await openOrder(orderStore, FIRST);
		await says(orderStore, SAYS.canceled(FIRST));
		await says(orderStore, FIRST);
		expect((await orderStore.get(id))!).toMatchObject({ status: 'open', alerts: [], cancelDueAt: null });
	});

	it.each([
		[canceled('refunded'), 'canceled', 'Canceled in the cart: refunded.'],
		[gone('in the trash'), 'canceled', 'Not in the cart any more: in the trash.'],
		[waiting('on hold'), 'delayed', 'The cart says: on hold.'],
	] as const)('what a person starts anew against its word (%j) is not sent', async (word, status, reason) => {
		const { orderStore } = await open();
		const { id } = await importOne(orderStore, FIRST);
		await says(orderStore, { ...FIRST, word });
		await reprocessOrder({ orderStore, orderId: id, actor });
		expect((await orderStore.get(id))!.status).toBe('new');
		// By the rules, by a node that moves it itself, and by one that claims it.
		const before = (await orderStore.get(id))!;
		await applyRules({
			orderStore,
			orderIds: [id],
			warehouses: ['A'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: (_, content) => ({ decision: { kind: 'route', warehouse: 'A' }, content, trace: [] }),
		});
		expect(await orderStore.get(id)).toMatchObject({ status, statusReason: reason });
		expect(before.inCart).toEqual(word);
		await says(orderStore, FIRST);
		expect((await orderStore.get(id))!.status).toBe('new');
	});

	it.each([
		[canceled('refunded'), 'canceled'],
		[waiting('on hold'), 'delayed'],
	] as const)(
		'what is routed against its word (%j) is not routed, and what is Routed when it says so is not claimed',
		async (word, status) => {
			const { orderStore } = await open();
			const { id } = await importOne(orderStore, FIRST);
			await says(orderStore, { ...FIRST, word });
			await reprocessOrder({ orderStore, orderId: id, actor });
			expect(await move(orderStore, (await orderStore.get(id))!, 'routed')).toMatchObject({ status });
			expect(
				await orderStore.claim({
					ids: [id],
					statuses: ['routed'],
					to: 'queued',
					sendTo: { wms: 'file', account: 'A' },
					limit: 1,
					leaseMs: 1000,
					worker: 'w',
					actor,
				}),
			).toEqual([]);
		},
	);
});
