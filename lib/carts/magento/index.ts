/** Magento 2 and Adobe Commerce by REST; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import { objectsIn } from '../../order/json';
import type { Order } from '../../order/order';
import type { CarrierNames } from '../common/carriers';
import type { Cart, CartOutcome, CartSession } from '../Cart';
import { changesSince, type ChangedOrder } from '../common/changes';
import { textIn, toPage, toPreview } from '../common/listing';
import { cartOutcome } from '../common/outcomes';
import { MagentoApi, MAX_PER_PAGE } from './api';
import { ACKNOWLEDGED, asWanted, wantedStatuses } from './states';
import { LABEL, toOrder } from './toOrder';
import { orderNotFound, uploadTracking } from './tracking';

export { checkAccess } from './access';
export { states } from './states';

/** How Magento is written to. Reading needs none of it but `store`. */
export interface MagentoSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store: string;
	/** From the warehouse's name to a carrier code of the shop ("ups"); others are "custom" with their name. */
	carriers?: CarrierNames;
	/** Multi-source inventory: the source that shipments are taken from; '' = the shop decides. */
	sourceCode?: string;
	/** A status that an order gets with the comment that acknowledges it; '' = it keeps its status. */
	acknowledgeStatus?: string;
}

export const magentoCart: Cart<HttpAccount, MagentoSettings> = {
	code: 'magento',
	label: LABEL,
	toOrder,
	open,
};

function open(account: HttpAccount, settings: MagentoSettings): CartSession {
	const api = new MagentoApi(account);
	return {
		account: `magento:${account.account}`,
		source: `magento:${account.account}:${settings.store}`,
		async *listOrders(cursor, filter) {
			const wanted = wantedStatuses(filter.statuses);
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const clock = readingClock(account.http, cursor);
			const list = new MagentoApi({ ...account, http: clock.http });
			const changes = changesSince({
				label: LABEL,
				cursor,
				clock,
				first: async () => filter.earliestOrderDate ?? (await list.now()),
				changed: async (since) => await whole(api, await list.changedSince(since, pageSize)),
				between: async (from, to, within) => await whole(api, await list.changedBetween(from, to, within, pageSize)),
				pageSize,
			});
			for await (const page of changes) yield toPage(page, (raw) => asWanted(toOrder(raw), wanted));
		},
		async *previewOrders(filter) {
			const wanted = wantedStatuses(filter.statuses);
			const { orders } = await whole(api, { orders: await api.newest([...wanted], Math.min(filter.pageSize, MAX_PER_PAGE)) });
			yield toPreview(orders, (raw) => asWanted(toOrder(raw), wanted));
		},
		async ordersByKey(keys, filter) {
			const found: ChangedOrder[] = [];
			const gone: string[] = [];
			for (let start = 0; start < keys.length; start += MAX_PER_PAGE) {
				const some = keys.slice(start, start + MAX_PER_PAGE);
				const listed = new Map((await api.byKeys(some.filter(isKey))).map((raw) => [textIn(raw, 'entity_id'), raw]));
				for (const key of some) {
					// Only the shop's own word that there is no such order counts.
					const raw = listed.get(key) ?? (isKey(key) ? await api.order(key) : null);
					if (raw === null) gone.push(key);
					else found.push({ id: key, changedAt: '', raw });
				}
			}
			const wanted = wantedStatuses(filter.statuses);
			const { orders, failures } = toPreview((await whole(api, { orders: found })).orders, (raw) => asWanted(toOrder(raw), wanted));
			return { orders, failures, gone };
		},
		async getOrder(orderNumber) {
			const found = await api.byNumber(orderNumber.trim().replace(/^#/, ''));
			return found === null ? null : await api.whole(found);
		},
		uploadTracking: async (order, shipment, { notifyCustomer }) =>
			await cartOutcome(async () => await uploadTracking(api, settings, order, shipment, notifyCustomer)),
		acknowledge: async (order) =>
			await cartOutcome(
				async () => await comment(api, order, `${ACKNOWLEDGED}${order.reference}.`, settings.acknowledgeStatus?.trim() || null),
			),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
		addNote: async (order, text) => await cartOutcome(async () => await comment(api, order, text, null)),
	};
}

const isKey = (key: string): boolean => /^[1-9]\d*$/.test(key);

/** With the unit of their weights. */
const whole = async <Page extends { orders: ChangedOrder[] }>(api: MagentoApi, page: Page): Promise<Page> => ({
	...page,
	orders: await Promise.all(page.orders.map(async (order) => ({ ...order, raw: await api.whole(order.raw) }))),
});

/** Unless the order has it already. */
async function comment(api: MagentoApi, order: Order, text: string, status: string | null): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return orderNotFound(order);
	const comments = objectsIn(found.status_histories);
	if (comments.some((one) => one.comment === text)) return { kind: 'already_done', message: null };
	// One that is over keeps its status.
	const isOpen = !['complete', 'closed', 'canceled'].includes(String(found.state));
	await api.comment(order.externalId, text, isOpen ? status : null);
	return { kind: 'done', message: null };
}

async function cancel(api: MagentoApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return orderNotFound(order);
	const state = String(found.state);
	if (state === 'canceled' || state === 'closed') return { kind: 'already_done', message: `The order is ${state} already.` };
	if (state === 'complete' || !(await api.cancel(order.externalId))) {
		return {
			kind: 'rejected',
			problem: `Magento does not cancel the order, which is ${state}: one that is invoiced or shipped needs a credit memo there.`,
		};
	}
	if (reason.trim() !== '') await comment(api, order, reason, null);
	return { kind: 'done', message: null };
}
