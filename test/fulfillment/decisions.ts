/** Every decision of the table, taken with the use cases that people, carts, rules and nodes take it with, on an order of which a state of its sending is known. */
import { canceled } from '../../lib/order/cartWord';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { markNotReceived, markReceived } from '../../lib/fulfillment/settleAlerts';
import { archiveOrder, deleteOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import type { Order } from '../../lib/order/order';
import type { Decision, Verdict } from '../../lib/order/sending';
import { isLive, type SendingState } from '../../lib/order/sendingState';
import type { Decision as RuleDecision } from '../../lib/rules/run';
import type { SendOutcome } from '../../lib/wms/Wms';
import { actor, imported, importOne, move, page, report, shipped } from '../store/fixtures';
import type { TestStore } from '../store/harness';
import { letTimePass, PAST, scriptedWms, send, wmsWith, type ScriptedWms } from './partners';

const WMS = wmsWith({ capabilities: { uniqueReference: true, cancel: true, lateMs: 0 } });

export interface Scene {
	test: TestStore;
	wms: Warehouse;
	/** Its sending is in the state. */
	order: Order;
}

interface Warehouse extends ScriptedWms {
	cancelOrder(request: { reference: string; wmsOrderId: string | null }): Promise<'canceled' | 'not_found'>;
}

function warehouse(): Warehouse {
	const wms = scriptedWms();
	return Object.assign(wms, {
		cancelOrder: async ({ reference }: { reference: string }) => {
			wms.calls.push(`cancel ${reference}`);
			return await Promise.resolve(wms.has.delete(reference) ? ('canceled' as const) : ('not_found' as const));
		},
	});
}

const LOST: SendOutcome = { kind: 'unknown', cause: 'time-out' };
const NO: SendOutcome = { kind: 'rejected', problems: [{ field: 'order', problem: 'refused' }] };
const silent = (): never => {
	throw new Error('502');
};

/** Sends one order so that its sending comes to be in the state. The look-up fails while nobody is to know. */
async function sendInto(
	state: SendingState,
	{ orderStore }: TestStore,
	wms: Warehouse,
	id: string,
	more: Parameters<typeof send>[3] = {},
): Promise<void> {
	if (state === 'none') return;
	if (state === 'not_there') wms.creates.push(NO);
	if (state === 'may_be_there') {
		const { reference } = (await orderStore.get(id))!;
		wms.creates.push(() => {
			wms.has.set(reference, `W-${reference}`);
			return LOST;
		});
		wms.finds.push(silent);
	}
	await send(orderStore, wms, [id], { wms: WMS, ...more });
	if (state === 'canceled_there') await cancel({ test: { orderStore } as TestStore, wms, order: (await orderStore.get(id))! });
}

const routeTo = async ({ orderStore }: TestStore, id: string, decision: RuleDecision = { kind: 'route', warehouse: 'WH1' }) =>
	await applyRules({
		orderStore,
		orderIds: [id],
		warehouses: ['WH1', 'WH2'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content) => ({
			decision,
			content: decision.kind === 'route' ? { ...content, warehouse: decision.warehouse } : content,
			trace: [],
		}),
	});

/** An order in the state; one that was never sent waits for it in Routed. */
export async function scene(test: TestStore, state: SendingState, key = '1'): Promise<Scene> {
	const wms = warehouse();
	const { id } = await importOne(test.orderStore, imported(key));
	await routeTo(test, id);
	await sendInto(state, test, wms, id);
	return { test, wms, order: (await test.orderStore.get(id))! };
}

const cancel = async ({ test: { orderStore }, wms, order }: Scene, more: { force?: boolean } = {}) =>
	await cancelOrders({
		orderStore,
		warehouse: { wms: WMS, session: wms },
		orderIds: [order.id],
		reason: null,
		worker: 'w',
		actor,
		leaseMs: 60_000,
		...more,
	});

const now = async ({ test: { orderStore }, order }: Scene): Promise<Order | null> => await orderStore.get(order.id);

/** Refused, refused but with Force, or done. */
async function asked(attempt: (force: boolean) => Promise<unknown>): Promise<'refused' | 'force' | 'done'> {
	const tried = async (force: boolean): Promise<boolean> =>
		await attempt(force).then(
			() => true,
			(error: { code?: string }) => {
				if (error.code !== 'operation_refused') throw error;
				return false;
			},
		);
	if (await tried(false)) return 'done';
	return (await tried(true)) ? 'force' : 'refused';
}

/** The rules run on it once more, and it goes out, if it may. What the warehouse was asked, and under which reference it has it. */
async function sentAnew(current: Scene): Promise<Verdict> {
	const { test, wms, order } = current;
	const before = wms.calls.length;
	if ((await now(current))!.status === 'new') await routeTo(test, order.id);
	await send(test.orderStore, wms, [order.id], { wms: WMS });
	const calls = wms.calls.slice(before);
	if (calls.length === 0) return 'keeps';
	if (calls[0]!.startsWith('find ')) return 'look';
	return calls.at(-1) === `create ${order.reference}` ? 'free' : 'anew';
}

/** Whether a report of the warehouse is still the order's. */
async function counts({ test, order }: Scene): Promise<Verdict> {
	const [result] = await test.orderStore.recordShipments(report([shipped(order, 'S1')], { account: 'wms:file' }));
	return result!.kind === 'unmatched' ? 'free' : 'keeps';
}

const alerts = async (current: Scene): Promise<string[]> => (await now(current))!.alerts.map(({ code }) => code);

/** Rules only run on New orders: those that are not at a warehouse for sure come there by Reprocess. */
async function ruled(current: Scene, decision: RuleDecision): Promise<Order> {
	const { test, order } = current;
	if (order.status !== 'new') await reprocessOrder({ orderStore: test.orderStore, orderId: order.id, actor });
	await routeTo(test, order.id, decision);
	return (await now(current))!;
}

const HALVES = [
	{ warehouse: 'WH1', lines: [{ lineId: 'L1', quantity: 2 }] },
	{ warehouse: 'WH2', lines: [{ lineId: 'L2', quantity: 1 }] },
];
const TERMS = { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null };

const sentPart = async (test: TestStore, state: SendingState) => {
	const wms = warehouse();
	const order = await importOne(test.orderStore, imported('7'));
	await routeTo(test, order.id, { kind: 'route', warehouse: 'WH1', parts: HALVES });
	const [part] = await test.orderStore.parts([order.id]);
	await sendInto(state, test, wms, part!.id);
	return { order, wms };
};

const sentBundle = async (test: TestStore, state: SendingState) => {
	const { orderStore, raw } = test;
	const wms = warehouse();
	for (const { orderId } of await orderStore.importPage(page([imported('8'), imported('9')])))
		await routeTo(test, orderId!, { kind: 'bundle', rule: 'Together', until: PAST, key: 'k', terms: TERMS, reason: 'for orders' });
	await raw('UPDATE {order} SET held_until = $1, due_at = $1 WHERE bundle_key IS NOT NULL', [PAST]);
	const [id] = await orderStore.releaseBundles({ limit: 1, actor });
	await routeTo(test, id!);
	await sendInto(state, test, wms, id!);
	return (await orderStore.get(id!))!;
};

/** The warehouse answered as if about another order: whether a person may say then that it is one, and the next sending has a reference of its own. */
async function isDoubted(current: Scene): Promise<boolean> {
	const {
		test: { orderStore },
		order,
	} = current;
	await orderStore.amend({
		orderId: order.id,
		version: (await now(current))!.version,
		actor,
		set: { alerts: { raise: [{ code: 'duplicate_differs', message: 'It may be another one.' }] } },
	});
	if ((await asked(async () => await markNotReceived({ orderStore, orderId: order.id, actor }))) !== 'done') return false;
	expect(await now(current)).toMatchObject({ sending: 'not_there', status: 'new' });
	return (await sentAnew(current)) === 'anew';
}

const observe: Record<Decision, (current: Scene, state: SendingState) => Promise<Verdict>> = {
	cart_changes: async (current) => {
		const { test, order } = current;
		await test.orderStore.importPage(page([imported('1', { shippingAddress: { ...order.shippingAddress!, address1: '9 New St' } })]));
		const after = (await now(current))!;
		if (after.alerts.some(({ code }) => code === 'changed_in_cart')) return 'tell';
		return after.status === 'new' && after.shippingAddress?.address1 === '9 New St' ? 'free' : 'keeps';
	},
	cart_cancels: async (current) => {
		await current.test.orderStore.importPage(page([imported('1', {}, { word: canceled() })]));
		const after = (await now(current))!;
		if (after.cancelDueAt !== null) return 'ask';
		return after.status === 'canceled' && current.order.status !== 'canceled' ? 'free' : 'keeps';
	},
	edit: async (current) => {
		await editOrder({
			orderStore: current.test.orderStore,
			orderId: current.order.id,
			actor,
			edits: { 'shippingAddress.address1': '9 New St' },
		});
		return (await alerts(current)).includes('edited_after_sending') ? 'tell' : 'free';
	},
	edit_lines: async (current) => {
		const outcome = await asked(
			async () =>
				await editOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor, edits: { 'lines.L1.quantity': 1 } }),
		);
		if (outcome !== 'done') return 'refused';
		return (await alerts(current)).includes('edited_after_sending') ? 'tell' : 'free';
	},
	reprocess: async (current) => {
		await reprocessOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor });
		return await sentAnew(current);
	},
	reset: async (current) => {
		// What the status forbids is not the sending's to decide: it is put away first.
		if (current.order.status === 'open') await archiveOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor });
		const outcome = await asked(
			async (force) => await resetOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor, force }),
		);
		return outcome === 'done' ? await sentAnew(current) : outcome;
	},
	archive: async (current) => {
		await archiveOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor });
		return await counts(current);
	},
	delete: async (current, state) => {
		const archived =
			(await now(current))!.status === 'archived'
				? (await now(current))!
				: await archiveOrder({ orderStore: current.test.orderStore, orderId: current.order.id, actor });
		const outcome = await asked(
			async (force) => await deleteOrder({ orderStore: current.test.orderStore, orderId: archived.id, actor, force }),
		);
		if (outcome !== 'done') return outcome;
		// A report about it is a stranger's, and says that the order was deleted.
		return state === 'there' || state === 'canceled_there' ? 'keeps' : 'free';
	},
	cancel: async (current, state) => {
		const before = current.wms.calls.length;
		// With Force nobody is asked.
		const forced = await scene(current.test, state, '2');
		const calls = forced.wms.calls.length;
		await cancel(forced, { force: true });
		expect([forced.wms.calls.length - calls, (await now(forced))!.status, isLive((await now(forced))!.sending)]).toEqual([
			0,
			'canceled',
			false,
		]);
		await cancel(current);
		return current.wms.calls.slice(before).some((call) => call.startsWith('cancel ')) ? 'ask' : 'free';
	},
	split: async (current, state) => {
		await ruled(current, { kind: 'route', warehouse: 'WH1', parts: HALVES });
		const parts = await current.test.orderStore.parts([current.order.id]);
		if (isLive(state)) expect(parts).toEqual([]);
		return parts.length === 2 ? 'free' : 'refused';
	},
	unsplit: async ({ test }, state) => {
		const { order } = await sentPart(test, state);
		return (await asked(async () => await reprocessOrder({ orderStore: test.orderStore, orderId: order.id, actor }))) === 'done'
			? 'free'
			: 'refused';
	},
	bundle: async (current) => {
		const after = await ruled(current, {
			kind: 'bundle',
			rule: 'Together',
			until: '2099-01-01T00:00:00.000Z',
			key: 'k',
			terms: TERMS,
			reason: 'for orders',
		});
		return after.status === 'delayed' ? 'free' : 'refused';
	},
	take_apart: async ({ test: { orderStore }, test }, state) => {
		const bundle = await sentBundle(test, state);
		return (await asked(async () => await orderStore.unbundle({ orderId: bundle.id, version: bundle.version, actor, reason: 'test' }))) ===
			'done'
			? 'free'
			: 'refused';
	},
	choose_otherwise: async (current, state) => {
		const after = await ruled(current, { kind: 'route', warehouse: 'WH2' });
		if (isLive(state)) expect(after).toMatchObject({ status: expect.stringMatching(/^(error|open)$/), warehouse: 'WH1' });
		return after.status === 'routed' && after.warehouse === 'WH2' ? 'free' : 'refused';
	},
	send: async (current) => {
		const { test, order } = current;
		if (order.status === 'delayed') {
			await letTimePass(test);
			await move(test.orderStore, (await now(current))!, 'routed');
		}
		if (order.status === 'error' || order.status === 'canceled')
			await reprocessOrder({ orderStore: test.orderStore, orderId: order.id, actor });
		const verdict = await sentAnew(current);
		// A reference that was used up is not used again: that is Reprocess.
		return verdict === 'anew' ? 'free' : verdict;
	},
	send_elsewhere: async (current) => {
		const { test, order } = current;
		const other = Object.assign(warehouse(), { account: 'wms:file:other', source: 'wms:file:other' });
		if (order.status !== 'open' && order.status !== 'routed')
			await reprocessOrder({ orderStore: test.orderStore, orderId: order.id, actor });
		await routeTo(test, order.id);
		await test.raw("DELETE FROM {connection} WHERE role = 'send'");
		await send(test.orderStore, other, [order.id], { wms: WMS });
		return other.created().length === 1 ? 'free' : 'refused';
	},
	abandon: async (current) => {
		const { test, order } = current;
		await test.raw('UPDATE {order} SET abandon_at = $1', [PAST]);
		if (order.status !== 'canceled')
			expect(await test.orderStore.abandonOverdue({ includePartiallyShipped: false, limit: 10, actor })).toEqual([order.id]);
		return await counts(current);
	},
	mark_received: async (current) => {
		const outcome = await asked(
			async () => await markReceived({ orderStore: current.test.orderStore, orderId: current.order.id, wmsOrderId: 'W7', actor }),
		);
		if (outcome === 'done') expect(await now(current)).toMatchObject({ sending: 'there', wmsOrderId: 'W7' });
		return outcome === 'done' ? 'free' : 'refused';
	},
	mark_not_received: async (current) => {
		const outcome = await asked(
			async () => await markNotReceived({ orderStore: current.test.orderStore, orderId: current.order.id, actor }),
		);
		if (outcome === 'done') expect(await now(current)).toMatchObject({ sending: 'not_there', status: 'new' });
		if (outcome === 'done') return 'free';
		return (await isDoubted(current)) ? 'doubt' : 'refused';
	},
};

/** What the product does, in the words of the table. */
export const observed = async (test: TestStore, decision: Decision, state: SendingState): Promise<Verdict> =>
	await observe[decision](await scene(test, state), state);
