/** Magento 2 and Adobe Commerce by REST; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import type { Order } from '../../order/order';
import type { CarrierNames } from '../carriers';
import type { Cart, CartOutcome, CartSession } from '../Cart';
import { changesSince } from '../changes';
import { toPage } from '../listing';
import { cartOutcome } from '../outcomes';
import { MagentoApi, MAX_PER_PAGE, type MagentoObject } from './api';
import { LABEL, toOrder } from './toOrder';
import { gone, uploadTracking } from './tracking';

export { checkAccess } from './access';

/** How Magento is written to. Reading needs none of it but `store`. */
export interface MagentoSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store?: string;
	/** From the warehouse's name to a carrier code of the shop ("ups"); others are "custom" with their name. */
	carriers?: CarrierNames;
	/** Multi-source inventory: the source that shipments are taken from; '' = the shop decides. */
	sourceCode?: string;
	/** A status that an order gets with the comment that acknowledges it; '' = it keeps its status. */
	acknowledgeStatus?: string;
}

export const DEFAULT_STATUSES: readonly string[] = ['processing'];

/** Also read, since they take an order back. */
const CANCELED_STATUSES = ['canceled', 'closed'];

export const magentoCart: Cart<HttpAccount, MagentoSettings> = {
	code: 'magento',
	label: LABEL,
	credential: 'magentoOrdersApi',
	toOrder,
	open: (account, settings) => open(new MagentoApi(account), account.account, settings),
};

function open(api: MagentoApi, account: string, settings: MagentoSettings): CartSession {
	return {
		source: `magento:${account}:${settings.store ?? ''}`,
		async *listOrders(cursor, filter) {
			const wanted = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
			const statuses = [...new Set([...wanted, ...CANCELED_STATUSES])];
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const changes = changesSince({
				cursor,
				first: async () => filter.earliestOrderDate ?? (await api.now()),
				fetch: async (since, page) => {
					const { orders, more } = await api.changedSince(since, statuses, page, pageSize);
					const whole = orders.map(async (order) => ({ ...order, raw: await api.whole(order.raw as MagentoObject) }));
					return { orders: await Promise.all(whole), more };
				},
				pageSize,
			});
			for await (const page of changes) yield toPage(page, toOrder);
		},
		async getOrder(orderNumber) {
			const found = await api.byNumber(orderNumber.trim().replace(/^#/, ''));
			return found === null ? null : await api.whole(found);
		},
		uploadTracking: async (order, shipment, { notifyCustomer }) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment, notifyCustomer)),
		acknowledge: async (order) => await cartOutcome(async () => await comment(api, order, `The warehouse has the order as ${order.reference}.`, settings.acknowledgeStatus?.trim() || null)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
		addNote: async (order, text) => await cartOutcome(async () => await comment(api, order, text, null)),
	};
}

/** Unless the order has it already. */
async function comment(api: MagentoApi, order: Order, text: string, status: string | null): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return gone(order);
	const comments = Array.isArray(found.status_histories) ? (found.status_histories as MagentoObject[]) : [];
	if (comments.some((one) => one.comment === text)) return { kind: 'already_done', message: null };
	// One that is over keeps its status.
	const isOpen = !['complete', 'closed', 'canceled'].includes(String(found.state));
	await api.comment(order.externalId, text, isOpen ? status : null);
	return { kind: 'done', message: null };
}

async function cancel(api: MagentoApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return gone(order);
	const state = String(found.state);
	if (state === 'canceled' || state === 'closed') return { kind: 'already_done', message: `The order is ${state} already.` };
	if (state === 'complete' || !(await api.cancel(order.externalId))) {
		return { kind: 'rejected', problem: `Magento does not cancel the order, which is ${state}: one that is invoiced or shipped needs a credit memo there.` };
	}
	if (reason.trim() !== '') await comment(api, order, reason, null);
	return { kind: 'done', message: null };
}
