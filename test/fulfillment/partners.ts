/** A warehouse and a cart that do what the test says, and keep a list of what they were asked. */
import { eachRead, keyIn, unread } from '../../lib/carts/common/listing';
import type { CartOutcome, CartSession, OrderPage } from '../../lib/carts/Cart';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { WmsEventPage, SendOutcome, Wms, WmsSession } from '../../lib/wms/Wms';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import type { SendRequest } from '../../lib/fulfillment/sendRequest';
import type { RetryPolicy } from '../../lib/fulfillment/retryPolicy';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, move } from '../store/fixtures';
import type { TestStore } from '../store/harness';

export const PAST = '2020-01-01T00:00:00.000Z';
/** Three tries, a minute apart, without chance. */
export const RETRY: RetryPolicy = { pausesInMinutes: [1, 1], jitter: 0 };

export interface ScriptedWms extends WmsSession<string> {
	/** "find N1", "create N1", in the order in which they came. */
	readonly calls: string[];
	/** What the warehouse has: reference → its key. */
	readonly has: Map<string, string>;
	/** How the next `createOrder` ends; then the next one, … ; accepted when it is used up. */
	readonly creates: Array<SendOutcome | (() => Promise<SendOutcome> | SendOutcome)>;
	/** What the next look-up does before it answers. */
	readonly finds: Array<() => Promise<void> | void>;
	created(): string[];
	reports: WmsEventPage[];
}

export function scriptedWms(): ScriptedWms {
	const calls: string[] = [];
	const has = new Map<string, string>();
	const creates: ScriptedWms['creates'] = [];
	const finds: ScriptedWms['finds'] = [];
	const session: ScriptedWms = {
		source: 'wms:scripted',
		account: 'wms:file',
		calls,
		has,
		creates,
		finds,
		reports: [],
		created: () => calls.flatMap((call) => (call.startsWith('create ') ? call.slice(7) : [])),
		findOrder: async (reference) => {
			calls.push(`find ${reference}`);
			await finds.shift()?.();
			const wmsOrderId = has.get(reference);
			return wmsOrderId === undefined ? null : { wmsOrderId };
		},
		createOrder: async (reference) => {
			calls.push(`create ${reference}`);
			const next = creates.shift();
			const outcome = typeof next === 'function' ? await next() : next;
			if (outcome !== undefined) return outcome;
			has.set(reference, `W-${reference}`);
			return { kind: 'accepted', wmsOrderId: `W-${reference}` };
		},
		async *listShipments(cursor) {
			const start = session.reports.findIndex(({ next }) => next === cursor) + 1;
			for (const page of session.reports.slice(start)) yield await Promise.resolve(page);
		},
	};
	return session;
}

export interface TogetherWms extends ScriptedWms {
	/** What comes of the next call with several orders, and how it ends: with the outcomes, or with those of its orders one by one ("each"). */
	readonly whole: Array<(references: readonly string[]) => Promise<SendOutcome[] | null | 'each'> | SendOutcome[] | null | 'each'>;
}

/** One that takes several orders in one call ("together N1 N2"). */
export function togetherWms(): TogetherWms {
	const one = scriptedWms();
	const whole: TogetherWms['whole'] = [];
	return {
		...one,
		whole,
		createOrders: async (references) => {
			one.calls.push(`together ${references.join(' ')}`);
			const next = whole.shift();
			const outcomes = next === undefined ? 'each' : await next(references);
			if (outcomes !== 'each') return outcomes;
			const each: SendOutcome[] = [];
			for (const reference of references) each.push(await one.createOrder(reference));
			return each;
		},
	};
}

type SendingWms = Pick<Wms<never, string>, 'code' | 'label' | 'capabilities' | 'toRequest'>;

export const wmsWith = (more: Partial<SendingWms> = {}): SendingWms => ({
	code: 'file',
	label: 'Warehouse',
	capabilities: { uniqueReference: true, cancel: false },
	toRequest: (order) => order.reference,
	...more,
});

/** Sends with what most tests have in common. */
export const send = async (
	orderStore: OrderStore,
	session: WmsSession<string>,
	orderIds: string[],
	more: Partial<SendRequest<string>> = {},
) =>
	await sendOrders({
		orderStore,
		wms: wmsWith(),
		session,
		orderIds,
		worker: 'w1',
		actor,
		leaseMs: 60_000,
		concurrency: 3,
		retry: RETRY,
		...more,
	});

/** An order that was routed and waits for sending. */
export async function routedOrder(orderStore: OrderStore, id = '1'): Promise<Order> {
	const order = await importOne(orderStore, imported(id));
	return await move(orderStore, order, 'routed', { result: { ...imported(id).content, warehouse: 'WH1' } });
}

/** As if the lease, the hold or the pause were over. */
export async function letTimePass({ raw }: TestStore): Promise<void> {
	await raw('UPDATE {order} SET due_at = $1 WHERE due_at IS NOT NULL', [PAST]);
	await raw('UPDATE {shipment} SET upload_due_at = $1 WHERE upload_due_at IS NOT NULL', [PAST]);
	await raw('UPDATE {shipment} SET upload_leased_until = $1 WHERE upload_leased_until IS NOT NULL', [PAST]);
}

/** The next try of a delayed order, as Order Store Trigger starts it. */
export async function nextTry(test: TestStore, order: Order): Promise<void> {
	await test.orderStore.transition({
		orderId: order.id,
		from: 'delayed',
		to: 'routed',
		version: (await test.orderStore.get(order.id))!.version,
		actor,
		reason: null,
		set: { retryAt: null },
	});
}

export interface ScriptedCart extends CartSession {
	/** "upload S1", "acknowledge N1". */
	readonly calls: string[];
	readonly outcomes: Array<CartOutcome | (() => Promise<CartOutcome> | CartOutcome)>;
	/** Of raw orders. */
	pages: ScriptedPage[];
}

export type ScriptedPage = Omit<OrderPage, 'orders'> & { orders: unknown[] };

/** A raw order is what the mapper gives, or the error that it throws. */
const given = (raw: unknown): ImportedOrder => {
	if (raw instanceof Error) throw raw;
	return raw as ImportedOrder;
};

/** Pages as adapters give them: each order is translated by itself. */
async function* translated(pages: AsyncIterable<ScriptedPage>, toOrder: (raw: unknown) => ImportedOrder): AsyncGenerator<OrderPage> {
	for await (const page of pages) {
		const { results, failures } = eachRead(page.orders, toOrder, (raw, error) => unread(keyIn(raw, 'externalId'), raw, error));
		yield { ...page, orders: results, failures: [...page.failures, ...failures] };
	}
}

/** The session, with a defect in its adapter. */
export const withDefect = (session: CartSession, toOrder: (order: ImportedOrder) => ImportedOrder): CartSession => ({
	...session,
	listOrders: (cursor, filter) => translated(session.listOrders(cursor, filter), (order) => toOrder(order as ImportedOrder)),
});

export function scriptedCart(toOrder: (raw: unknown) => ImportedOrder = given): ScriptedCart {
	const calls: string[] = [];
	const outcomes: ScriptedCart['outcomes'] = [];
	const answer = async (call: string): Promise<CartOutcome> => {
		calls.push(call);
		const next = outcomes.shift() ?? { kind: 'done', message: null };
		return typeof next === 'function' ? await next() : next;
	};
	const session: ScriptedCart = {
		source: 'cart:scripted',
		calls,
		outcomes,
		pages: [],
		listOrders(cursor) {
			const pages = async function* () {
				const start = session.pages.findIndex(({ next }) => next === cursor) + 1;
				for (const page of session.pages.slice(start)) yield await Promise.resolve(page);
			};
			return translated(pages(), toOrder);
		},
		uploadTracking: async (_, shipment) => await answer(`upload ${shipment.externalId}`),
		acknowledge: async (order) => await answer(`acknowledge ${order.orderNumber}`),
	};
	return session;
}
