/** What an adversary found with orders that were sent more than once, and with word that comes late: each case failed before. */
import { canceled as canceledWord } from '../../lib/order/cartWord';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import type { Order } from '../../lib/order/order';
import type { ReportedAcknowledgement, ReportedCancellation, ReportedRejection } from '../../lib/order/wmsEvent';
import type { Action } from '../../lib/rules/actions/registry';
import type { Decision } from '../../lib/rules/run';
import { Operator, LOST } from '../fulfillment/operator';
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

const created = (operator: Operator): string[] => [operator.main, operator.other].flatMap((warehouse) => warehouse.created());
const there = (operator: Operator): string[] => [operator.main, operator.other].flatMap(({ has }) => [...has.keys()]);
const states = async (operator: Operator, id: string) => (await operator.orderStore.sendings([id])).map(({ state }) => state);

async function routed(operator: Operator): Promise<Order> {
	const { id } = await operator.imports();
	await operator.rules(id);
	return await operator.get(id);
}

/** Nobody knows whether it arrived. */
async function unheard(operator: Operator, id: string, arrives: boolean): Promise<void> {
	const { reference } = await operator.get(id);
	operator.main.creates.push(() => {
		if (arrives) operator.main.has.set(reference, `W-${reference}`);
		return LOST;
	});
	operator.main.finds.push(() => Promise.reject(new Error('502')));
	await operator.sends(id);
}

/** It arrived, and the person who looked said that it had not. */
async function misjudged(operator: Operator): Promise<string> {
	const { id } = await routed(operator);
	await unheard(operator, id, true);
	await operator.does('markNotReceived', id);
	return id;
}

/** Likewise; then rules chose another warehouse, and this came of it. */
async function atOther(operator: Operator, outcome?: Operator['other']['creates'][number]): Promise<string> {
	const id = await misjudged(operator);
	await operator.rules(id, OTHER);
	if (outcome !== undefined) operator.other.creates.push(outcome);
	await operator.sends(id, operator.other);
	return id;
}

const decided = async ({ orderStore }: Operator, ids: readonly string[], decision: Decision) =>
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
async function machines(operator: Operator, warehouse = operator.main): Promise<void> {
	for (let round = 0; round < 3; round += 1) {
		await letTimePass(operator.test);
		await operator.test.raw('UPDATE {order} SET cancel_due_at = $1 WHERE cancel_due_at IS NOT NULL', [PAST]);
		for (const { kind, order } of await claimDueWork({
			orderStore: operator.orderStore,
			kinds: ['rules', 'sending', 'cancellation'],
			stores: [],
			limit: 50,
			leaseMs: 1,
			worker: 'w',
			actor,
		})) {
			if (kind === 'rules') await operator.rules(order.id);
			else if (kind === 'sending') await operator.sends(order.id, warehouse);
			else await operator.cancelsAtWarehouse(order.id);
		}
	}
}

async function abandoned(operator: Operator, order: Order): Promise<void> {
	await operator.test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', [PAST, order.id]);
	expect(await operator.orderStore.abandonOverdue({ includePartiallyShipped: true, limit: 5, actor })).toEqual([order.id]);
}

onEachDatabase('several sendings', (open) => {
	const begin = async (): Promise<Operator> => new Operator(await open());

	describe('an earlier one turns out to be there', () => {
		it('while the latest is not known: what is known to be at one warehouse is not sent to the other by itself', async () => {
			const operator = await begin();
			const id = await atOther(operator, LOST);
			await operator.reports(confirms('N1'));
			expect(await operator.alertsOf(id)).toEqual(['sent_twice']);
			await machines(operator, operator.other);
			expect([created(operator), there(operator)]).toEqual([['N1', 'N1'], ['N1']]);
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			expect(await states(operator, id)).toEqual(['there', 'not_there']);
		});

		it('and the latest too, while it is looked for: that both have it stays visible', async () => {
			const operator = await begin();
			operator.other.finds.push(() => Promise.reject(new Error('502')));
			const id = await atOther(operator, () => {
				operator.other.has.set('N1', 'W-N1');
				return LOST;
			});
			expect(await operator.get(id)).toMatchObject({ status: 'delayed' });
			await operator.reports(confirms('N1'));
			await machines(operator, operator.other);
			expect(await operator.get(id)).toMatchObject({ status: 'open', alert: { code: 'sent_twice' } });
		});

		it('during the sending of the latest: that both have it stays visible', async () => {
			const operator = await begin();
			const id = await atOther(operator, async () => {
				await operator.reports(confirms('N1'));
				operator.other.has.set('N1', 'W-N1');
				return { kind: 'accepted', wmsOrderId: 'W-N1' };
			});
			expect(await operator.get(id)).toMatchObject({ status: 'open', alert: { code: 'sent_twice' } });
		});

		it('and the latest was not reached: the order is Open, and is not handed out for ever', async () => {
			const operator = await begin();
			const id = await atOther(operator, { kind: 'unavailable', cause: '503' });
			await operator.reports(confirms('N1'));
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			await machines(operator, operator.other);
			expect(created(operator)).toEqual(['N1', 'N1']);
		});

		it.each(['refuses', 'cancels'] as const)(
			'and the latest warehouse %s it: the order stays, and Reprocess sends nothing again',
			async (word) => {
				const operator = await begin();
				const id = await atOther(operator);
				await operator.reports(confirms('N1'));
				operator.other.has.clear();
				await operator.otherReports(word === 'refuses' ? refuses('N1') : cancels('N1'));
				expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
				await operator.does('reprocess', id);
				await machines(operator, operator.other);
				expect(there(operator)).toEqual(['N1']);
				await operator.reports(shipped(await operator.get(id), 'S1'));
				await operator.uploads([id]);
				expect([(await operator.get(id)).status, operator.told()]).toEqual(['closed', ['S1']]);
			},
		);

		it('and the latest was refused: whoever wants it canceled asks the warehouse that has it', async () => {
			const operator = await begin();
			const id = await atOther(operator, { kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
			await operator.reports(confirms('N1'));
			await operator.importsAgain(canceled);
			const ask = async (session: Operator['main']) =>
				await cancelOrders({
					orderStore: operator.orderStore,
					warehouse: { wms: operator.wms, session },
					orderIds: [id],
					reason: null,
					worker: 'w',
					actor,
					leaseMs: 60_000,
					lateMs: 0,
				});
			expect(await ask(operator.other)).toMatchObject([
				{ output: 'error', message: expect.stringContaining('The warehouse (wms:file:main) has the order.') },
			]);
			expect(await operator.get(id)).toMatchObject({ status: 'open', alert: { code: 'canceled_in_cart' } });
			expect(await ask(operator.main)).toMatchObject([{ output: 'canceled' }]);
			expect([there(operator), (await operator.get(id)).status, operator.other.calls]).toEqual([[], 'canceled', ['create N1']]);
			expect(await states(operator, id)).toEqual(['canceled_there', 'not_there']);
		});

		it('and is canceled later: nothing has it, and Reprocess sends it', async () => {
			const operator = await begin();
			const id = await atOther(operator, { kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
			operator.main.has.clear();
			await operator.reports(confirms('N1'));
			await operator.reports(cancels('N1'));
			expect(await operator.get(id)).toMatchObject({ status: 'canceled', sending: 'not_there', alert: { code: 'canceled_at_wms' } });
			await operator.does('reprocess', id);
			await machines(operator);
			expect(await operator.get(id)).toMatchObject({ status: 'open', reference: 'N1.r2' });
			expect(there(operator)).toEqual(['N1.r2']);
		});

		it('and Reprocess, which looks for the latest, leaves that both may have it visible', async () => {
			const operator = await begin();
			const id = await atOther(operator, LOST);
			await operator.reports(confirms('N1'));
			await operator.does('reprocess', id);
			expect(await operator.alertsOf(id)).toEqual(['sent_twice']);
		});

		it('and a person says of the latest that it is not there: nothing is sent again', async () => {
			const operator = await begin();
			const id = await atOther(operator, LOST);
			await operator.reports(confirms('N1'));
			await operator.does('markNotReceived', id);
			await machines(operator, operator.other);
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [] });
			expect(there(operator)).toEqual(['N1']);
		});
	});

	describe('a parcel of a sending that was canceled comes late', () => {
		async function secondLost(operator: Operator): Promise<string> {
			const { id } = await operator.sent();
			await operator.cancelsAtWarehouse(id);
			await operator.does('reprocess', id);
			await operator.rules(id);
			await unheard(operator, id, false);
			await operator.reports({ ...shipped(await operator.get(id), 'S9', part(1)), reference: 'N1' });
			return id;
		}

		it('it proves nothing of the second one, which never arrived: the rest is sent', async () => {
			const operator = await begin();
			const id = await secondLost(operator);
			expect(await operator.get(id)).toMatchObject({ status: 'delayed', sending: 'may_be_there', alert: { code: 'sent_twice' } });
			await operator.does('resolveAlert', id);
			await machines(operator);
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there' });
			expect(there(operator)).toEqual(['N1.r2']);
			await operator.goesOn();
			expect([(await operator.get(id)).status, operator.told()]).toEqual(['closed', ['S9', 'S1']]);
		});

		it.each(['Mark as Received', 'Mark as Not Received'] as const)(
			'%s of a partially shipped order does what it says',
			async (operation) => {
				const operator = await begin();
				const id = await atOther(operator, LOST);
				await operator.reports(shipped(await operator.get(id), 'S9', part(1)));
				expect(await operator.get(id)).toMatchObject({ status: 'partially_shipped', sending: 'may_be_there' });
				expect(await operator.alertsOf(id)).toEqual(['sent_twice', 'outcome_unknown']);
				await operator.does(operation === 'Mark as Received' ? 'markReceived' : 'markNotReceived', id);
				expect(await operator.get(id)).toMatchObject({ status: 'partially_shipped', sending: 'there', cancelDueAt: null });
				expect(await operator.alertsOf(id)).toEqual(operation === 'Mark as Received' ? ['sent_twice'] : []);
			},
		);

		it('the rest of one whose first warehouse was stopped is sent, once a person found that the second one never got it', async () => {
			const operator = await begin();
			const id = await atOther(operator, LOST);
			await operator.reports(shipped(await operator.get(id), 'S9', part(1)));
			operator.stopsByHand('N1');
			await operator.does('resolveAlert', id);
			expect(await operator.get(id)).toMatchObject({
				status: 'partially_shipped',
				sending: 'may_be_there',
				alert: { code: 'outcome_unknown' },
			});
			await operator.does('markNotReceived', id);
			await operator.goesOn();
			expect([(await operator.get(id)).status, operator.told(), created(operator).length]).toEqual(['closed', ['S9', 'S1'], 3]);
		});
	});

	describe('a warehouse confirms what was known not to be there', () => {
		it.each(['the cart', 'a person'] as const)('after %s canceled it: it is asked to cancel', async (who) => {
			const operator = await begin();
			const id = await misjudged(operator);
			if (who === 'the cart') await operator.importsAgain(canceled);
			else await operator.does('cancel', id);
			await operator.reports(confirms('N1'));
			expect(await operator.get(id)).toMatchObject({
				status: 'canceled',
				alert: { code: 'canceled_in_cart', message: 'The order is Canceled, but the warehouse has it under N1.' },
			});
			await machines(operator);
			expect([there(operator), operator.main.calls.at(-1)]).toEqual([[], 'cancel N1']);
			expect(await operator.get(id)).toMatchObject({ status: 'canceled', sending: 'canceled_there', alerts: [] });
		});

		it('and cannot be asked to cancel: that is said once, and waits for a person', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			await operator.does('cancel', id);
			await operator.reports(confirms('N1'));
			operator.wms = { ...operator.wms, capabilities: { ...operator.wms.capabilities, cancel: false } };
			await machines(operator);
			expect(await operator.get(id)).toMatchObject({
				cancelDueAt: null,
				alert: { code: 'canceled_in_cart', message: expect.stringContaining('Stop the order there by hand') },
			});
		});

		it('after it was split, before parts went out: the parts go, and the order is Open', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			await decided(operator, [id], {
				kind: 'route',
				warehouse: 'MAIN',
				parts: [
					{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
					{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
				],
			});
			await operator.reports(confirms('N1'));
			await machines(operator);
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there' });
			expect([await operator.orderStore.parts([id]), there(operator)]).toEqual([[], ['N1']]);
		});

		it('after one of its parts went out: it is said that both have it, and the parts go on', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			await decided(operator, [id], {
				kind: 'route',
				warehouse: 'MAIN',
				parts: [
					{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
					{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
				],
			});
			const [first] = await operator.orderStore.parts([id]);
			await operator.sends(first!.id);
			await operator.reports(confirms('N1'));
			expect(await operator.get(id)).toMatchObject({
				status: 'routed',
				alert: { code: 'sent_twice', message: expect.stringMatching(/first wms:file:main \(N1\), then N1\.p1, N1\.p2/) },
			});
			operator.stopsByHand('N1');
			await operator.does('resolveAlert', id);
			await operator.goesOn();
			expect(await operator.get(id)).toMatchObject({ status: 'closed', sending: 'canceled_there', alerts: [] });
		});

		it('after it was bundled: it is said that both have it', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			const { id: second } = await operator.imports(imported('2'));
			await decided(operator, [id, second], {
				kind: 'bundle',
				rule: 'Together',
				until: PAST,
				key: 'k',
				terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
				reason: 'for orders',
			});
			expect(await operator.orderStore.releaseBundles({ limit: 1, actor })).toHaveLength(1);
			await operator.reports(confirms('N1'));
			expect(await operator.get(id)).toMatchObject({
				status: 'bundled',
				alert: { code: 'sent_twice', message: expect.stringContaining('then N1.b1') },
			});
			operator.stopsByHand('N1');
			await operator.does('resolveAlert', id);
			await operator.goesOn();
			expect(await operator.get(id)).toMatchObject({ status: 'closed', alerts: [] });
		});

		it.each(['a person', 'the cart, by a change', 'the cart, by a cancellation'] as const)(
			'after it was bundled, and %s takes it out before the bundle goes out: it is not sent again',
			async (who) => {
				const operator = await begin();
				const id = await misjudged(operator);
				const { id: second } = await operator.imports(imported('2'));
				await decided(operator, [id, second], {
					kind: 'bundle',
					rule: 'Together',
					until: PAST,
					key: 'k',
					terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
					reason: 'for orders',
				});
				const [bundle] = await operator.orderStore.releaseBundles({ limit: 1, actor });
				await operator.reports(confirms('N1'));
				if (who === 'a person') await operator.does('unbundle', bundle!);
				else await operator.importsAgain(who === 'the cart, by a change' ? imported('1', { shippingAddress: newAddress }) : canceled);
				const codes = { 'a person': [], 'the cart, by a change': ['changed_in_cart'], 'the cart, by a cancellation': ['canceled_in_cart'] }[
					who
				];
				expect(await operator.alertsOf(id)).toEqual(codes);
				await machines(operator);
				expect((await operator.get(id)).status).toBe(who === 'the cart, by a cancellation' ? 'canceled' : 'open');
				expect([there(operator), created(operator)]).toEqual([who === 'the cart, by a cancellation' ? ['N2'] : ['N1', 'N2'], ['N1', 'N2']]);
			},
		);

		it('by a parcel, after it was canceled: it is asked to cancel the rest', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			await operator.importsAgain(canceled);
			await operator.reports(shipped(await operator.get(id), 'S1', part(1)));
			expect(await operator.alertsOf(id)).toEqual(['canceled_in_cart', 'late_shipment']);
			await machines(operator);
			expect([there(operator), await operator.alertsOf(id)]).toEqual([[], ['late_shipment']]);
		});

		it('after it was bundled, and the bundle is taken apart once it was stopped there: it goes out under a reference of its own', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			const { id: second } = await operator.imports(imported('2'));
			await decided(operator, [id, second], {
				kind: 'bundle',
				rule: 'Together',
				until: PAST,
				key: 'k',
				terms: { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null },
				reason: 'for orders',
			});
			const [bundle] = await operator.orderStore.releaseBundles({ limit: 1, actor });
			await operator.reports(confirms('N1'));
			operator.stopsByHand('N1');
			await operator.does('resolveAlert', id);
			await operator.does('unbundle', bundle!);
			await machines(operator);
			expect(await operator.get(id)).toMatchObject({ status: 'open', reference: 'N1.r2' });
			expect(there(operator)).toEqual(['N1.r2', 'N2']);
		});

		it.each(['refused', 'by a rule that failed'] as const)(
			'and it is in Error (%s): it may be another one, and is not sent again besides',
			async (why) => {
				const operator = await begin();
				const { id } = why === 'refused' ? await routed(operator) : { id: await misjudged(operator) };
				if (why === 'refused') {
					operator.main.creates.push({ kind: 'rejected', problems: [{ field: 'sku', problem: 'unknown' }] });
					await operator.sends(id);
					operator.main.has.set('N1', 'W-N1');
				} else await decided(operator, [id], { kind: 'error', rule: null, alert: { code: 'rule_failed', message: 'It failed.' } });
				await operator.reports(confirms('N1'));
				expect(await operator.get(id)).toMatchObject({ status: 'error', sending: 'there', alert: { code: 'duplicate_differs' } });
				await operator.does('reprocess', id);
				await machines(operator);
				expect(await operator.get(id)).toMatchObject({ status: 'open', alert: { code: 'duplicate_differs' } });
				expect(there(operator)).toEqual(['N1']);
			},
		);

		it('and Reprocess of what was canceled and found there does not send it again, nor leave it Routed', async () => {
			const operator = await begin();
			const id = await misjudged(operator);
			await operator.does('cancel', id);
			await operator.does('markReceived', id);
			await operator.does('reprocess', id);
			expect(await operator.get(id)).toMatchObject({ status: 'open', sending: 'there', alerts: [], cancelDueAt: null });
			await machines(operator);
			expect(created(operator)).toEqual(['N1']);
		});
	});

	it.each([
		['shipped', shipped],
		['canceled', (order: Order) => cancels(order.reference)],
	] as const)('an order that the cart canceled is refused and %s in one page: a neighbour does not wait for ever', async (_, then) => {
		const operator = await begin();
		const order = await operator.sent();
		const neighbour = await operator.sent(imported('2'));
		await operator.importsAgain(canceled);
		await operator.reports(refuses('N1'), then(order, 'S1'), shipped(neighbour, 'S2'));
		expect((await operator.get(neighbour.id)).shipments).toHaveLength(1);
		expect((await operator.get(order.id)).status).toBe('canceled');
	});

	describe('what was put away', () => {
		it('is canceled at the warehouse, stays put away, and the orders beside it are canceled too', async () => {
			const operator = await begin();
			const [first, second] = [await operator.sent(), await operator.sent(imported('2'))];
			await abandoned(operator, first);
			const results = await cancelOrders({
				orderStore: operator.orderStore,
				warehouse: { wms: operator.wms, session: operator.main },
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
			expect(there(operator)).toEqual([]);
			await operator.does('reprocess', first.id);
			expect(await operator.get(first.id)).toMatchObject({ status: 'new', reference: 'N1.r2' });
		});

		it('the cart cancels an abandoned one that the warehouse has: it is asked', async () => {
			const operator = await begin();
			const order = await operator.sent();
			await abandoned(operator, order);
			await operator.importsAgain(canceled);
			expect(await operator.alertsOf(order.id)).toEqual(['canceled_in_cart']);
			await machines(operator);
			expect([there(operator), await operator.alertsOf(order.id)]).toEqual([[], []]);
		});

		it('a cancellation that is due when it is archived is carried out, and not handed out for ever', async () => {
			const operator = await begin();
			const order = await operator.sent();
			await operator.importsAgain(canceled);
			await operator.does('archive', order.id);
			await machines(operator);
			expect(await operator.get(order.id)).toMatchObject({ status: 'archived', sending: 'canceled_there', cancelDueAt: null, alerts: [] });
			expect(there(operator)).toEqual([]);
		});
	});

	it('what may be a stranger’s order is not canceled at the warehouse', async () => {
		const operator = await begin();
		const { id } = await routed(operator);
		operator.main.has.set('N1', 'STRANGER');
		operator.main.creates.push({ kind: 'duplicate', wmsOrderId: 'STRANGER' });
		await operator.sends(id);
		await operator.importsAgain(canceled);
		await machines(operator);
		expect(operator.main.calls).not.toContain('cancel N1');
		expect(await operator.get(id)).toMatchObject({
			alert: { code: 'canceled_in_cart', message: expect.stringContaining('may be another order') },
		});
		await operator.does('markNotReceived', id);
		expect(await operator.get(id)).toMatchObject({ status: 'canceled', alerts: [] });
		expect(there(operator)).toEqual(['N1']);
	});

	it('Reprocess, to upload tracking, leaves what a person has to tell the warehouse', async () => {
		const operator = await begin();
		const order = await operator.sent();
		await operator.importsAgain(imported('1', { shippingAddress: newAddress }));
		await operator.ships(order.id, part(1));
		operator.cart.outcomes.push({ kind: 'rejected', problem: 'closed' });
		await operator.uploads([order.id]);
		expect(await operator.alertsOf(order.id)).toEqual(['changed_in_cart', 'rejected_by_cart']);
		await operator.does('reprocess', order.id);
		expect(await operator.alertsOf(order.id)).toEqual(['changed_in_cart']);
	});

	it('the cart wants an order again that it had canceled in a bundle with all others: the bundle is not canceled any more', async () => {
		const operator = await begin();
		const { bundle, sources } = await bundledOrders(operator.test);
		await apply(operator.orderStore, [bundle.id]);
		await operator.sends(bundle.id);
		await operator.importsAgain(canceled);
		await operator.importsAgain(imported('2', {}, { word: canceledWord() }));
		expect((await operator.get(bundle.id)).cancelDueAt).not.toBeNull();
		await operator.importsAgain(imported('1'));
		await machines(operator);
		expect(there(operator)).toEqual([bundle.reference]);
		expect(await operator.get(bundle.id)).toMatchObject({
			status: 'open',
			cancelDueAt: null,
			canceledInCartAt: null,
			alert: { code: 'changed_in_cart', message: expect.stringContaining('N1: wanted again') },
		});
		expect(await operator.alertsOf(sources[0]!.id)).toEqual([]);
	});
});
