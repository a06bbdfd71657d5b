/** Which orders the cart that is signed in to may be told about: those of its own stores, and of no other shop. */
import { asError, FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { CartSession } from '../carts/Cart';
import type { OrderStore } from '../store/OrderStore';
import { UNSCOPED, wrongStoreReason, markWrongStore, type WorkScope } from './workScope';

export interface CartAccount {
	orderStore: OrderStore;
	/** Code of the cart adapter; absent = it is not known. */
	cart?: string;
	session: Pick<CartSession, 'account' | 'scope'>;
	actor: Actor;
	/** Whose orders they may be. Default: everybody's. */
	work?: WorkScope;
}

/** Orders that came as items of a workflow name no cart: the node says which it is. */
const ANY_CART = 'items';

export interface CartGate {
	/** Why an order is refused; null = the cart may be told. */
	refusal(orderId: string): string | null;
	/** The cart took something of the order: the account is that of its store from now on. */
	worked(order: Order): Promise<void>;
}

/** What is refused is visible at the order. */
export async function cartGate(
	{ orderStore, cart, session, actor, work = UNSCOPED }: CartAccount,
	orders: readonly Order[],
): Promise<CartGate> {
	const { account } = session;
	const refused = new Map<string, string>();
	const byStore = new Map<string, string | null>();
	const kept = new Set<string>();
	for (const order of orders) {
		const key = `${order.cart}\n${order.store}`;
		if (!byStore.has(key)) byStore.set(key, wrongStoreReason(work, order) ?? (await refusalOf(order)));
		const message = byStore.get(key) ?? null;
		if (message === null) continue;
		refused.set(order.id, message);
		await markWrongStore(orderStore, order, message, actor);
	}
	return {
		refusal: (orderId) => refused.get(orderId) ?? null,
		worked: async (order) => {
			if (kept.has(order.store)) return;
			kept.add(order.store);
			await connected(order, true);
		},
	};

	async function refusalOf(order: Order): Promise<string | null> {
		if (cart === undefined || account === undefined) return null;
		const known = (await orderStore.connections({ stores: [order.store] })).some(({ role }) => role === 'update');
		if (!known && order.cart !== cart && order.cart !== ANY_CART) {
			return `The order came from the cart ${order.cart}, not from ${account}. Choose that cart in the node.`;
		}
		return await connected(order, false);
	}

	async function connected(order: Order, keep: boolean): Promise<string | null> {
		if (cart === undefined || account === undefined) return null;
		try {
			await orderStore.connect({ store: order.store, role: 'update', partner: cart, account, scope: '', actor, keep });
			return null;
		} catch (error) {
			if (!(error instanceof FulfillmentError) || error.code !== 'operation_refused') throw asError(error);
			return `${error.message} ${error.remedy}`;
		}
	}
}
