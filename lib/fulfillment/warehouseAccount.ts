/** Which account the orders of a store and place go to: the first one that took an order, until a person says otherwise. */
import { accountRefused } from '../order/connection';
import { asError, FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { isLive } from '../order/sendingState';
import { hasTrait } from '../order/status';
import { boundedKey } from '../order/texts';
import type { Transition } from '../store/OrderStore';
import type { WmsSession } from '../wms/Wms';
import type { SendRequest } from './sendRequest';
import { UNSCOPED, wrongStoreReason, markWrongStore } from './workScope';

/** The account that a session is signed in to; "" = it does not say. */
export const accountOf = ({ account, source }: Partial<Pick<WmsSession<never>, 'account' | 'source'>>): string =>
	boundedKey(account ?? source ?? '');

/** Orders that another account has, or may have, are not sent here besides. */
export async function stopOrdersOfOtherAccount<Request>(
	{ orderStore, wms, session, actor }: SendRequest<Request>,
	orders: readonly Order[],
): Promise<Order[]> {
	const account = accountOf(session);
	const atOtherAccount = orders.filter(
		(order) => order.status === 'routed' && isLive(order.sending) && (order.wms !== wms.code || (order.wmsAccount ?? account) !== account),
	);
	if (atOtherAccount.length === 0) return [];
	await orderStore.transitionMany(
		atOtherAccount.map((order): Transition => {
			const message = `It is not sent to ${account}: ${order.wmsAccount ?? order.wms} may have it under ${order.reference}.`;
			return {
				orderId: order.id,
				from: 'routed',
				to: 'error',
				version: order.version,
				actor,
				reason: message,
				set: { statusReason: message, alerts: { raise: [{ code: 'outcome_unknown', message }] } },
			};
		}),
	);
	return await orderStore.getMany(atOtherAccount.map(({ id }) => id));
}

/** Orders that are not sent from here, since they are another store's, or their store and warehouse are another account's: why, by order. */
export async function refusedForAccount<Request>(
	{ orderStore, wms, session, actor, work = UNSCOPED }: SendRequest<Request>,
	orders: readonly Order[],
): Promise<Map<string, string>> {
	const refused = new Map<string, string>();
	const refuse = async (order: Order, message: string): Promise<void> => {
		refused.set(order.id, message);
		await markWrongStore(orderStore, order, message, actor);
	};
	const own: Order[] = [];
	for (const order of orders) {
		const message = wrongStoreReason(work, order);
		if (message === null) own.push(order);
		else await refuse(order, message);
	}
	const account = accountOf(session);
	const waiting = account === '' ? [] : own.filter(({ status }) => status === 'routed');
	const places = waiting.length === 0 ? [] : await orderStore.connections({ stores: [...new Set(waiting.map((order) => order.store))] });
	for (const order of waiting) {
		const place = boundedKey(order.warehouse ?? '');
		const known = places.find((each) => each.role === 'send' && each.store === order.store && each.place === place);
		const refusal =
			known === undefined
				? null
				: accountRefused({ store: order.store, role: 'send', place, partner: wms.code, account, scope: '' }, known, []);
		if (refusal !== null) await refuse(order, `${refusal.why} ${refusal.remedy}`);
	}
	return refused;
}

/** The first account that took an order of a store and warehouse stays theirs, until a person says otherwise. */
export async function keepAccountOfPlace<Request>({ orderStore, wms, session, actor }: SendRequest<Request>, order: Order): Promise<void> {
	const account = accountOf(session);
	if (account === '') return;
	try {
		await orderStore.connect({
			store: order.store,
			role: 'send',
			place: order.warehouse ?? '',
			partner: wms.code,
			account,
			scope: '',
			actor,
			keep: true,
			...(session.credential === undefined ? {} : { credential: session.credential }),
		});
	} catch (error) {
		// Another account was the first at this moment; the next order is refused, and says so.
		if (!(error instanceof FulfillmentError) || error.code !== 'operation_refused') throw asError(error);
	}
}

/** How sending ended, for each store and warehouse. What a warehouse refuses is that order's problem; one that does not answer is the connection's. */
export async function recordSendingRun<Request>(
	{ orderStore, session }: Pick<SendRequest<Request>, 'orderStore' | 'session'>,
	orders: readonly Order[],
): Promise<void> {
	const account = accountOf(session);
	if (account === '') return;
	const runs = new Map<string, { store: string; place: string; account: string; succeeded: boolean; problem: string | null }>();
	for (const order of orders) {
		const place = order.warehouse ?? '';
		const key = JSON.stringify([order.store, place]);
		const run = runs.get(key) ?? { store: order.store, place, account, succeeded: false, problem: null };
		if (hasTrait(order.status, 'received')) run.succeeded = true;
		else if (order.status === 'delayed') run.problem ??= order.statusReason;
		runs.set(key, run);
	}
	// For people alone: it must not fail what was sent.
	await orderStore.recordSendings([...runs.values()]).catch(() => undefined);
}
