/**
 * Hands out what waits for a workflow: holds that are over, tries that are due, orders that a workflow dropped half way,
 * sends that never came back, carts that were not told. Each piece goes to one worker and comes back if nothing happens.
 */
import { released } from '../order/holds';
import type { OrderLayers } from '../order/layers';
import type { Order } from '../order/order';
import { statusesWith } from '../order/status';
import type { Actor } from '../order/timeline';
import type { Claim, OrderStore, Transition } from '../store/OrderStore';

export const DUE_KINDS = ['rules', 'sending', 'acknowledgement', 'upload', 'cancellation'] as const;
/**
 * rules: orders for Order Rules (hold over, or New and left behind). sending: orders for WMS Send (next try due, Routed and
 * left behind, or a send that never came back). acknowledgement and upload: orders for Cart Update. cancellation: orders that the cart
 * canceled after they were sent, and others that the warehouse is to be asked about, for WMS Send.
 */
export type DueKind = (typeof DUE_KINDS)[number];

/** What a run does not deal with comes back after this long. */
export const HAND_OUT_LEASE_MS = 5 * 60_000;

export interface DueWorkRequest {
	orderStore: OrderStore;
	kinds: readonly DueKind[];
	/** Only orders of these stores; empty = all. */
	stores: string[];
	limit: number;
	/** Comes back after this long when nothing was done about it. */
	leaseMs: number;
	worker: string;
	actor: Actor;
}

interface DueWork {
	order: Order;
	kind: DueKind;
	/** Why it is due, for people. */
	reason: string;
}

export async function claimDueWork(request: DueWorkRequest): Promise<DueWork[]> {
	const work: DueWork[] = [];
	for (const kind of request.kinds) {
		const left = request.limit - work.length;
		if (left <= 0) break;
		work.push(...(await CLAIMS[kind](request, left)));
	}
	return work;
}

const CLAIMS: Record<DueKind, (request: DueWorkRequest, limit: number) => Promise<DueWork[]>> = {
	rules: async (request, limit) => {
		const held = await release(request, limit, 'hold');
		const bundles = await releaseBundles(request, limit - held.length);
		const left = await leftBehind(request, ['new'], limit - held.length - bundles.length, 'No workflow took it on after the import.');
		return [...held, ...bundles, ...left].map((item) => ({ ...item, kind: 'rules' }));
	},
	sending: async (request, limit) => {
		const retried = await release(request, limit, 'retry');
		const left = await leftBehind(request, ['routed'], limit - retried.length, 'It was routed, but not sent.');
		const stuck = await stuckSends(request, limit - retried.length - left.length);
		return [...retried, ...left, ...stuck].map((item) => ({ ...item, kind: 'sending' }));
	},
	acknowledgement: async (request, limit) => {
		const claims = await claim(request, { statuses: statusesWith('at_warehouse'), onlyUnacknowledged: true, limit });
		return claims.map(({ order }) => ({ order, kind: 'acknowledgement', reason: 'The cart was not told that the warehouse has it.' }));
	},
	// Only looked up, not claimed: Cart Update claims each shipment itself, so that two runs never upload the same one.
	upload: async ({ orderStore, stores }, limit) => {
		const { items } = await orderStore.search({ ...scope(stores), uploadDue: true, limit });
		return items.map((order) => ({ order, kind: 'upload', reason: 'A shipment was not uploaded to the cart.' }));
	},
	// WMS Send asks the warehouse; what it says ends it. What nobody deals with comes back.
	cancellation: async ({ orderStore, stores, leaseMs }, limit) => {
		const orders = await orderStore.claimCancellations({ ...scope(stores), limit, leaseMs });
		return orders.map((order) => ({
			order,
			kind: 'cancellation',
			reason: order.canceledInCartAt === null ? 'It is to be canceled at the warehouse.' : 'The cart canceled it after it was sent.',
		}));
	},
};

const scope = (stores: string[]) => (stores.length > 0 ? { stores } : {});

async function claim(
	{ orderStore, stores, leaseMs, worker, actor }: DueWorkRequest,
	what: Pick<Parameters<OrderStore['claim']>[0], 'statuses' | 'delayedBy' | 'onlyUnacknowledged' | 'limit'>,
): Promise<Claim[]> {
	return what.limit <= 0 ? [] : await orderStore.claim({ ...scope(stores), ...what, leaseMs, worker, actor });
}

/** Delayed → New when a hold is over, Delayed → Routed when the next try is due. */
async function release(request: DueWorkRequest, limit: number, by: 'hold' | 'retry'): Promise<Array<Omit<DueWork, 'kind'>>> {
	const claims = await claim(request, { statuses: ['delayed'], delayedBy: by, limit });
	const reason = by === 'hold' ? 'The hold is over.' : 'The next try is due.';
	const layers = by === 'hold' ? await request.orderStore.layers(claims.map(({ order }) => order.id)) : new Map<string, OrderLayers>();
	const served = (id: string): Partial<OrderLayers> => {
		const own = layers.get(id);
		return own === undefined ? {} : released(own);
	};
	const transitions = claims.map(({ order, epoch }): Transition => ({
		orderId: order.id,
		from: 'delayed',
		to: by === 'hold' ? 'new' : 'routed',
		epoch,
		actor: request.actor,
		reason,
		set: { heldUntil: null, retryAt: null, statusReason: null, ...served(order.id) },
	}));
	const done = new Set((await request.orderStore.transitionMany(transitions)).flatMap((result) => (result.ok ? result.orderId : [])));
	const orders = await request.orderStore.getMany([...done]);
	return orders.map((order) => ({ order, reason }));
}

/** Orders that waited for others are merged with them; the bundle goes through the rules in their place. */
async function releaseBundles({ orderStore, stores, actor }: DueWorkRequest, limit: number): Promise<Array<Omit<DueWork, 'kind'>>> {
	const ids = await orderStore.releaseBundles({ ...scope(stores), limit, actor });
	const reasonOf = ({ bundleSize }: Order): string =>
		bundleSize > 0 ? `It bundles ${bundleSize} orders.` : 'No other order came to be bundled with it.';
	return (await orderStore.getMany(ids)).map((order) => ({ order, reason: reasonOf(order) }));
}

/**
 * Only looked up, not claimed: WMS Send takes over the claim whose lease ran out, and a lease given here would keep it from
 * doing so.
 */
async function stuckSends({ orderStore, stores }: DueWorkRequest, limit: number): Promise<Array<Omit<DueWork, 'kind'>>> {
	if (limit <= 0) return [];
	const { items } = await orderStore.search({ ...scope(stores), statuses: statusesWith('being_sent'), due: true, limit });
	return items.map((order) => ({ order, reason: 'Its sending never came back.' }));
}

async function leftBehind(
	request: DueWorkRequest,
	statuses: Order['status'][],
	limit: number,
	reason: string,
): Promise<Array<Omit<DueWork, 'kind'>>> {
	return (await claim(request, { statuses, limit })).map(({ order }) => ({ order, reason }));
}
