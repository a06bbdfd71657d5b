/** What an adversary found with orders that were sent more than once, and with word that comes late: each case failed before. */
import { canceled as canceledWord } from '../../lib/order/cartWord';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import type { Order } from '../../lib/order/order';
import type { ReportedAcknowledgement, ReportedCancellation, ReportedRejection } from '../../lib/order/wmsEvent';
import type { Action } from '../../lib/rules/actions/registry';
import type { Decision } from '../../lib/rules/run';
import { Desk, LOST } from '../fulfillment/adviceDesk';
import { apply, bundledOrders } from '../fulfillment/bundles';
import { letTimePass, PAST } from '../fulfillment/partners';
import { actor, imported, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const OTHER: Action[] = [{ kind: 'route', warehouse: 'OTHER' }];
const canceled = imported('1', {}, { word: canceledWord() });
const newAddress = { ...imported('1').content.shippingAddress!, address1: '9 New St' };

const confirms = (reference: string): ReportedAcknowledgement => ({
	kind: 'acknowledged',
	reference,
	wmsOrderId: `W-${reference}`,
	origin: 'acks.csv, row 1',
});
const refuses = (reference: string): ReportedRejection => ({
	kind: 'rejected',
	reference,
	wmsOrderId: null,
	origin: 'acks.csv, row 2',
	problems: [{ field: 'sku', problem: 'unknown' }],
});
const cancels = (reference: string): ReportedCancellation => ({
	kind: 'canceled',
	reference,
	wmsOrderId: null,
	externalId: `C-${reference}`,
	origin: 'cancellations.csv, row 1',
	lines: null,
	reason: 'no stock',
});
const part = (quantity: number) => ({ lines: [{ lineId: 'L1', externalId: null, sku: null, quantity }] });

const created = (desk: Desk): string[] => [desk.main, desk.other].flatMap((warehouse) => warehouse.created());
const there = (desk: Desk): string[] => [desk.main, desk.other].flatMap(({ has }) => [...has.keys()]);
const states = async (desk: Desk, id: string) => (await desk.orderStore.sendings([id])).map(({ state }) => state);

async function routed(desk: Desk): Promise<Order> {
	const { id } = await desk.imports();
	await desk.rules(id);
	return await desk.get(id);
}

/** Nobody knows whether it arrived. */
async function unheard(desk: Desk, id: string, arrives: boolean): Promise<void> {
	const { reference } = await desk.get(id);
	desk.main.creates.push(() => {
		if (arrives) desk.main.has.set(reference, `W-${reference}`);
		return LOST;
	});
	desk.main.finds.push(() => Promise.reject(new Error('502')));
	await desk.sends(id);
}

/** It arrived, and the person who looked said that it had not. */
async function misjudged(desk: Desk): Promise<string> {
	const { id } = await routed(desk);
	await unheard(desk, id, true);
	await desk.does('markNotReceived', id);
	return id;
}

/** Likewise; then rules chose another warehouse, and this came of it. */
async function atOther(desk: Desk, outcome?: Desk['other']['creates'][number]): Promise<string> {
	const id = await misjudged(desk);
	await desk.rules(id, OTHER);
	if (outcome !== undefined) desk.other.creates.push(outcome);
	await desk.sends(id, desk.other);
	return id;
}

const decided = async ({ orderStore }: Desk, ids: readonly string[], decision: Decision) =>
	await applyRules({
		orderStore,
		orderIds: [...ids],
		warehouses: ['MAIN', 'OTHER'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content) => ({ decision, content, trace: [] }),
	});

/** Due work, as the triggers hand it out. */
async function machines(desk: Desk, warehouse = desk.main): Promise<void> {
	for (let round = 0; round < 3; round += 1) {
		await letTimePass(desk.test);
		await desk.test.raw('UPDATE {order} SET cancel_due_at = $1 WHERE cancel_due_at IS NOT NULL', [PAST]);
		for (const { kind, order } of await claimDueWork({
			orderStore: desk.orderStore,
			kinds: ['rules', 'sending', 'cancellation'],
			stores: [],
			limit: 50,
			leaseMs: 1,
			worker: 'w',
			actor,
		})) {
			if (kind === 'rules') await desk.rules(order.id);
			else if (kind === 'sending') await desk.sends(order.id, warehouse);
			else await desk.cancelsAtWarehouse(order.id);
		}
	}
}

async function abandoned(desk: Desk, order: Order): Promise<void> {
	await desk.test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', [PAST, order.id]);
	expect(await desk.orderStore.abandonOverdue({ includePartiallyShipped: true, limit: 5, actor })).toEqual([order.id]);
}

onEachDatabase('several sendings', (open) => {
	const begin = async (): Promise<Desk> => new Desk(await open());

	describe('an earlier one turns out to be there', () => {
		it('while the latest is not known: what is known to be at one warehouse is not sent to the other by itself', async () => {
			const desk = await begin();
			const id = await atOther(desk, LOST);
			await desk.reports(confirms('N1'));
			expect(await desk.alertsOf(id)).toEqual(['sent_twice']);
			await machines(desk, desk.other);
			expect([created(desk), there(desk)]).toEqual([['N1', 'N1'], ['N1']]);
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			expect(await states(desk, id)).toEqual(['there', 'not_there']);
		});

		it('and the latest too, while it is looked for: that both have it stays visible', async () => {
			const desk = await begin();
			desk.other.finds.push(() => Promise.reject(new Error('502')));
			const id = await atOther(desk, () => {
				desk.other.has.set('N1', 'W-N1');
				return LOST;
			});
			expect(await desk.get(id)).toMatchObject({ status: 'delayed' });
			await desk.reports(confirms('N1'));
			await machines(desk, desk.other);
			expect(await desk.get(id)).toMatchObject({ status: 'open', alert: { code: 'sent_twice' } });
		});

		it('during the sending of the latest: that both have it stays visible', async () => {
			const desk = await begin();
			const id = await atOther(desk, async () => {
				await desk.reports(confirms('N1'));
				desk.other.has.set('N1', 'W-N1');
				return { kind: 'accepted', wmsOrderId: 'W-N1' };
			});
			expect(await desk.get(id)).toMatchObject({ status: 'open', alert: { code: 'sent_twice' } });
		});

		it('and the latest was not reached: the order is Open, and is not handed out for ever', async () => {
			const desk = await begin();
			const id = await atOther(desk, { kind: 'unavailable', cause: '503' });
			await desk.reports(confirms('N1'));
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			await machines(desk, desk.other);
			expect(created(desk)).toEqual(['N1', 'N1']);
		});

		it.each(['refuses', 'cancels'] as const)(
			'and the latest warehouse %s it: the order stays, and Reprocess sends nothing again',
			async (word) => {
				const desk = await begin();
				const id = await atOther(desk);
				await desk.reports(confirms('N1'));
				desk.other.has.clear();
				await desk.otherReports(word === 'refuses' ? refuses('N1') : cancels('N1'));
				expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
				await desk.does('reprocess', id);
				await machines(desk, desk.other);
				expect(there(desk)).toEqual(['N1']);
				await desk.reports(shipped(await desk.get(id), 'S1'));
				await desk.uploads([id]);
				expect([(await desk.get(id)).status, desk.told()]).toEqual(['closed', ['S1']]);
			},
		);

		it('and the latest was refused: whoever wants it canceled asks the warehouse that has it', async () => {
			const desk = await begin();
			const id = await atOther(desk, { kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
			await desk.reports(confirms('N1'));
			await desk.importsAgain(canceled);
			const ask = async (session: Desk['main']) =>
				await cancelOrders({
					orderStore: desk.orderStore,
					warehouse: { wms: desk.wms, session },
					orderIds: [id],
					reason: null,
					worker: 'w',
					actor,
					leaseMs: 60_000,
					lateMs: 0,
				});
			expect(await ask(desk.other)).toMatchObject([
				{ output: 'error', message: expect.stringContaining('The warehouse (wms:file:main) has the order.') },
			]);
			expect(await desk.get(id)).toMatchObject({ status: 'open', alert: { code: 'canceled_in_cart' } });
			expect(await ask(desk.main)).toMatchObject([{ output: 'canceled' }]);
			expect([there(desk), (await desk.get(id)).status, desk.other.calls]).toEqual([[], 'canceled', ['create N1']]);
			expect(await states(desk, id)).toEqual(['canceled_there', 'not_there']);
		});

		it('and is canceled later: nothing has it, and Reprocess sends it', async () => {
			const desk = await begin();
			const id = await atOther(desk, { kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
			desk.main.has.clear();
			await desk.reports(confirms('N1'));
			await desk.reports(cancels('N1'));
			expect(await desk.get(id)).toMatchObject({ status: 'canceled', sending: 'not_there', alert: { code: 'canceled_at_wms' } });
			await desk.does('reprocess', id);
			await machines(desk);
			expect(await desk.get(id)).toMatchObject({ status: 'open', reference: 'N1.r2' });
			expect(there(desk)).toEqual(['N1.r2']);
		});

		it('and Reprocess, which looks for the latest, leaves that both may have it visible', async () => {
			const desk = await begin();
			const id = await atOther(desk, LOST);
			await desk.reports(confirms('N1'));
			await desk.does('reprocess', id);
			expect(await desk.alertsOf(id)).toEqual(['sent_twice']);
		});

		it('and a person says of the latest that it is not there: nothing is sent again', async () => {
			const desk = await begin();
			const id = await atOther(desk, LOST);
			await desk.reports(confirms('N1'));
			await desk.does('markNotReceived', id);
			await machines(desk, desk.other);
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			expect(there(desk)).toEqual(['N1']);
		});
	});

	describe('a parcel of a sending that was canceled comes late', () => {
		async function secondLost(desk: Desk): Promise<string> {
			const { id } = await desk.sent();
			await desk.cancelsAtWarehouse(id);
			await desk.does('reprocess', id);
			await desk.rules(id);
			await unheard(desk, id, false);
			await desk.reports({ ...shipped(await desk.get(id), 'S9', part(1)), reference: 'N1' });
			return id;
		}

		it('it proves nothing of the second one, which never arrived: the rest is sent', async () => {
			const desk = await begin();
			const id = await secondLost(desk);
			expect(await desk.get(id)).toMatchObject({ status: 'delayed', sending: 'may_be_there', alert: { code: 'sent_twice' } });
			await desk.does('resolveAlert', id);
			await machines(desk);
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there' });
			expect(there(desk)).toEqual(['N1.r2']);
			await desk.goesOn();
			expect([(await desk.get(id)).status, desk.told()]).toEqual(['closed', ['S9', 'S1']]);
		});

		it.each(['Mark as Received', 'Mark as Not Received'] as const)(
			'%s of a partially shipped order does what it says',
			async (operation) => {
				const desk = await begin();
				const id = await atOther(desk, LOST);
				await desk.reports(shipped(await desk.get(id), 'S9', part(1)));
				expect(await desk.get(id)).toMatchObject({ status: 'partially_shipped', sending: 'may_be_there' });
				expect(await desk.alertsOf(id)).toEqual(['sent_twice', 'outcome_unknown']);
				await desk.does(operation === 'Mark as Received' ? 'markReceived' : 'markNotReceived', id);
				expect(await desk.get(id)).toMatchObject({ status: 'partially_shipped', sending: 'there', cancelDueAt: null });
				expect(await desk.alertsOf(id)).toEqual(operation === 'Mark as Received' ? ['sent_twice'] : []);
			},
		);

		it('the rest of one whose first warehouse was stopped is sent, once a person found that the second one never got it', async () => {
			const desk = await begin();
			const id = await atOther(desk, LOST);
			await desk.reports(shipped(await desk.get(id), 'S9', part(1)));
			desk.stopsByHand('N1');
			await desk.does('resolveAlert', id);
			expect(await desk.get(id)).toMatchObject({
				status: 'partially_shipped',
				sending: 'may_be_there',
				alert: { code: 'outcome_unknown' },
			});
			await desk.does('markNotReceived', id);
			await desk.goesOn();
			expect([(await desk.get(id)).status, desk.told(), created(desk).length]).toEqual(['closed', ['S9', 'S1'], 3]);
		});
	});

	describe('a warehouse confirms what was known not to be there', () => {
		it.each(['the cart', 'a person'] as const)('after %s canceled it: it is asked to cancel', async (who) => {
			const desk = await begin();
			const id = await misjudged(desk);
			if (who === 'the cart') await desk.importsAgain(canceled);
			else await desk.does('cancel', id);
			await desk.reports(confirms('N1'));
			expect(await desk.get(id)).toMatchObject({
				status: 'canceled',
				alert: { code: 'canceled_in_cart', message: 'The order is Canceled, but the warehouse has it under N1.' },
			});
			await machines(desk);
			expect([there(desk), desk.main.calls.at(-1)]).toEqual([[], 'cancel N1']);
			expect(await desk.get(id)).toMatchObject({ status: 'canceled', sending: 'canceled_there', alerts: [] });
		});

		it('and cannot be asked to cancel: that is said once, and waits for a person', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			await desk.does('cancel', id);
			await desk.reports(confirms('N1'));
			desk.wms = { ...desk.wms, capabilities: { ...desk.wms.capabilities, cancel: false } };
			await machines(desk);
			expect(await desk.get(id)).toMatchObject({
				cancelDueAt: null,
				alert: { code: 'canceled_in_cart', message: expect.stringContaining('Stop the order there by hand') },
			});
		});

		it('after it was split, before parts went out: the parts go, and the order is Open', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			await decided(desk, [id], {
				kind: 'route',
				warehouse: 'MAIN',
				parts: [
					{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
					{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
				],
			});
			await desk.reports(confirms('N1'));
			await machines(desk);
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there' });
			expect([await desk.orderStore.parts([id]), there(desk)]).toEqual([[], ['N1']]);
		});

		it('after one of its parts went out: it is said that both have it, and the parts go on', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			await decided(desk, [id], {
				kind: 'route',
				warehouse: 'MAIN',
				parts: [
					{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
					{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
				],
			});
			const [first] = await desk.orderStore.parts([id]);
			await desk.sends(first!.id);
			await desk.reports(confirms('N1'));
			expect(await desk.get(id)).toMatchObject({
				status: 'routed',
				alert: { code: 'sent_twice', message: expect.stringMatching(/first wms:file:main \(N1\), then N1\.p1, N1\.p2/) },
			});
			desk.stopsByHand('N1');
			await desk.does('resolveAlert', id);
			await desk.goesOn();
			expect(await desk.get(id)).toMatchObject({ status: 'closed', sending: 'canceled_there', alerts: [] });
		});

		it('after it was bundled: it is said that both have it', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			const { id: second } = await desk.imports(imported('2'));
			await decided(desk, [id, second], {
				kind: 'bundle',
				rule: 'Together',
				until: PAST,
				key: 'k',
				terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
				reason: 'for orders',
			});
			expect(await desk.orderStore.releaseBundles({ limit: 1, actor })).toHaveLength(1);
			await desk.reports(confirms('N1'));
			expect(await desk.get(id)).toMatchObject({
				status: 'bundled',
				alert: { code: 'sent_twice', message: expect.stringContaining('then N1.b1') },
			});
			desk.stopsByHand('N1');
			await desk.does('resolveAlert', id);
			await desk.goesOn();
			expect(await desk.get(id)).toMatchObject({ status: 'closed', alerts: [] });
		});

		it.each(['a person', 'the cart, by a change', 'the cart, by a cancellation'] as const)(
			'after it was bundled, and %s takes it out before the bundle goes out: it is not sent again',
			async (who) => {
				const desk = await begin();
				const id = await misjudged(desk);
				const { id: second } = await desk.imports(imported('2'));
				await decided(desk, [id, second], {
					kind: 'bundle',
					rule: 'Together',
					until: PAST,
					key: 'k',
					terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
					reason: 'for orders',
				});
				const [bundle] = await desk.orderStore.releaseBundles({ limit: 1, actor });
				await desk.reports(confirms('N1'));
				if (who === 'a person') await desk.does('unbundle', bundle!);
				else await desk.importsAgain(who === 'the cart, by a change' ? imported('1', { shippingAddress: newAddress }) : canceled);
				const codes = { 'a person': [], 'the cart, by a change': ['changed_in_cart'], 'the cart, by a cancellation': ['canceled_in_cart'] }[
					who
				];
				expect(await desk.alertsOf(id)).toEqual(codes);
				await machines(desk);
				expect((await desk.get(id)).status).toBe(who === 'the cart, by a cancellation' ? 'canceled' : 'open');
				expect([there(desk), created(desk)]).toEqual([who === 'the cart, by a cancellation' ? ['N2'] : ['N1', 'N2'], ['N1', 'N2']]);
			},
		);

		it('by a parcel, after it was canceled: it is asked to cancel the rest', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			await desk.importsAgain(canceled);
			await desk.reports(shipped(await desk.get(id), 'S1', part(1)));
			expect(await desk.alertsOf(id)).toEqual(['canceled_in_cart', 'late_shipment']);
			await machines(desk);
			expect([there(desk), await desk.alertsOf(id)]).toEqual([[], ['late_shipment']]);
		});

		it('after it was bundled, and the bundle is taken apart once it was stopped there: it goes out under a reference of its own', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			const { id: second } = await desk.imports(imported('2'));
			await decided(desk, [id, second], {
				kind: 'bundle',
				rule: 'Together',
				until: PAST,
				key: 'k',
				terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
				reason: 'for orders',
			});
			const [bundle] = await desk.orderStore.releaseBundles({ limit: 1, actor });
			await desk.reports(confirms('N1'));
			desk.stopsByHand('N1');
			await desk.does('resolveAlert', id);
			await desk.does('unbundle', bundle!);
			await machines(desk);
			expect(await desk.get(id)).toMatchObject({ status: 'open', reference: 'N1.r2' });
			expect(there(desk)).toEqual(['N1.r2', 'N2']);
		});

		it.each(['refused', 'by a rule that failed'] as const)(
			'and it is in Error (%s): it may be another one, and is not sent again besides',
			async (why) => {
				const desk = await begin();
				const { id } = why === 'refused' ? await routed(desk) : { id: await misjudged(desk) };
				if (why === 'refused') {
					desk.main.creates.push({ kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
					await desk.sends(id);
					desk.main.has.set('N1', 'W-N1');
				} else await decided(desk, [id], { kind: 'error', rule: null, alert: { code: 'rule_failed', message: 'It failed.' } });
				await desk.reports(confirms('N1'));
				expect(await desk.get(id)).toMatchObject({ status: 'error', sending: 'there', alert: { code: 'duplicate_differs' } });
				await desk.does('reprocess', id);
				await machines(desk);
				expect(await desk.get(id)).toMatchObject({ status: 'open', alert: { code: 'duplicate_differs' } });
				expect(there(desk)).toEqual(['N1']);
			},
		);

		it('and Reprocess of what was canceled and found there does not send it again, nor leave it Routed', async () => {
			const desk = await begin();
			const id = await misjudged(desk);
			await desk.does('cancel', id);
			await desk.does('markReceived', id);
			await desk.does('reprocess', id);
			expect(await desk.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [], cancelDueAt: null });
			await machines(desk);
			expect(created(desk)).toEqual(['N1']);
		});
	});

	it.each([
		['shipped', shipped],
		['canceled', (order: Order) => cancels(order.reference)],
	] as const)('an order that the cart canceled is refused and %s in one page: a neighbour does not wait for ever', async (_, then) => {
		const desk = await begin();
		const order = await desk.sent();
		const neighbour = await desk.sent(imported('2'));
		await desk.importsAgain(canceled);
		await desk.reports(refuses('N1'), then(order, 'S1'), shipped(neighbour, 'S2'));
		expect((await desk.get(neighbour.id)).shipments).toHaveLength(1);
		expect((await desk.get(order.id)).status).toBe('canceled');
	});

	describe('what was put away', () => {
		it('is canceled at the warehouse, stays put away, and the orders beside it are canceled too', async () => {
			const desk = await begin();
			const [first, second] = [await desk.sent(), await desk.sent(imported('2'))];
			await abandoned(desk, first);
			const results = await cancelOrders({
				orderStore: desk.orderStore,
				warehouse: { wms: desk.wms, session: desk.main },
				orderIds: [first.id, second.id],
				reason: null,
				worker: 'w',
				actor,
				leaseMs: 60_000,
			});
			expect(results.map(({ output, order }) => [output, order?.status, order?.sending])).toEqual([
				['canceled', 'abandoned', 'canceled_there'],
				['canceled', 'canceled', 'canceled_there'],
			]);
			expect(there(desk)).toEqual([]);
			await desk.does('reprocess', first.id);
			expect(await desk.get(first.id)).toMatchObject({ status: 'new', reference: 'N1.r2' });
		});

		it('the cart cancels an abandoned one that the warehouse has: it is asked', async () => {
			const desk = await begin();
			const order = await desk.sent();
			await abandoned(desk, order);
			await desk.importsAgain(canceled);
			expect(await desk.alertsOf(order.id)).toEqual(['canceled_in_cart']);
			await machines(desk);
			expect([there(desk), await desk.alertsOf(order.id)]).toEqual([[], []]);
		});

		it('a cancellation that is due when it is archived is carried out, and not handed out for ever', async () => {
			const desk = await begin();
			const order = await desk.sent();
			await desk.importsAgain(canceled);
			await desk.does('archive', order.id);
			await machines(desk);
			expect(await desk.get(order.id)).toMatchObject({ status: 'archived', sending: 'canceled_there', cancelDueAt: null, alerts: [] });
			expect(there(desk)).toEqual([]);
		});
	});

	it('what may be a stranger’s order is not canceled at the warehouse', async () => {
		const desk = await begin();
		const { id } = await routed(desk);
		desk.main.has.set('N1', 'STRANGER');
		desk.main.creates.push({ kind: 'duplicate', wmsOrderId: 'STRANGER' });
		await desk.sends(id);
		await desk.importsAgain(canceled);
		await machines(desk);
		expect(desk.main.calls).not.toContain('cancel N1');
		expect(await desk.get(id)).toMatchObject({
			alert: { code: 'canceled_in_cart', message: expect.stringContaining('may be another order') },
		});
		await desk.does('markNotReceived', id);
		expect(await desk.get(id)).toMatchObject({ status: 'canceled', alerts: [] });
		expect(there(desk)).toEqual(['N1']);
	});

	it('Reprocess, to upload tracking, leaves what a person has to tell the warehouse', async () => {
		const desk = await begin();
		const order = await desk.sent();
		await desk.importsAgain(imported('1', { shippingAddress: newAddress }));
		await desk.ships(order.id, part(1));
		desk.cart.outcomes.push({ kind: 'rejected', problem: 'closed' });
		await desk.uploads([order.id]);
		expect(await desk.alertsOf(order.id)).toEqual(['changed_in_cart', 'rejected_by_cart']);
		await desk.does('reprocess', order.id);
		expect(await desk.alertsOf(order.id)).toEqual(['changed_in_cart']);
	});

	it('the cart wants an order again that it had canceled in a bundle with all others: the bundle is not canceled any more', async () => {
		const desk = await begin();
		const { bundle, sources } = await bundledOrders(desk.test);
		await apply(desk.orderStore, [bundle.id]);
		await desk.sends(bundle.id);
		await desk.importsAgain(canceled);
		await desk.importsAgain(imported('2', {}, { word: canceledWord() }));
		expect((await desk.get(bundle.id)).cancelDueAt).not.toBeNull();
		await desk.importsAgain(imported('1'));
		await machines(desk);
		expect(there(desk)).toEqual([bundle.reference]);
		expect(await desk.get(bundle.id)).toMatchObject({
			status: 'open',
			cancelDueAt: null,
			canceledInCartAt: null,
			alert: { code: 'changed_in_cart', message: expect.stringContaining('N1: wanted again') },
		});
		expect(await desk.alertsOf(sources[0]!.id)).toEqual([]);
	});
});
