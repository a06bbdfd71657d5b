/** WooCommerce by its REST API v3; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import type { Order } from '../../order/order';
import type { Cart, CartOutcome, CartSession } from '../Cart';
import { changesSince, type ChangedOrder } from '../common/changes';
import { textIn, toPage, toPreview } from '../common/listing';
import { cartOutcome } from '../common/outcomes';
import { acknowledge, acknowledgeMany, acknowledgesTogether } from './acknowledging';
import { MAX_PER_PAGE, WooApi, type WooObject } from './api';
import { Completing } from './completing';
import { noteOnce } from './notes';
import type { WooCommerceSettings } from './settings';
import { asWanted, wantedStatuses } from './states';
import { LABEL, toOrder } from './toOrder';
import { CLOSED, orderNotFound, uploadTracking } from './tracking';

export { checkAccess, checkHeader, hiddenMeta, withKeysInAddress } from './access';
export { states } from './states';
export type { WooCommerceSettings } from './settings';

export const wooCommerceCart: Cart<HttpAccount, WooCommerceSettings> = {
	code: 'wooCommerce',
	label: LABEL,
	toOrder,
	open,
};

function open(account: HttpAccount, settings: WooCommerceSettings): CartSession {
	const api = new WooApi(account);
	const completing = new Completing(api, settings);
	return {
		account: `wooCommerce:${account.account}`,
		source: `wooCommerce:${account.account}:${settings.store}`,
		async *listOrders(cursor, filter) {
			const wanted = wantedStatuses(filter.statuses);
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const clock = readingClock(account.http, cursor);
			const list = new WooApi({ ...account, http: clock.http });
			const changes = changesSince({
				label: LABEL,
				cursor,
				clock,
				first: async () => filter.earliestOrderDate ?? (await list.now()),
				changed: async (since) => await completing.page(await list.changedSince(since, pageSize)),
				between: async (from, to, within) => await completing.page(await list.changedBetween(from, to, within, pageSize)),
				pageSize,
			});
			for await (const page of changes) yield toPage(page, (raw) => asWanted(toOrder(raw), wanted));
		},
		async *previewOrders(filter) {
			const wanted = wantedStatuses(filter.statuses);
			const orders = await completing.all(await api.newest([...wanted], Math.min(filter.pageSize, MAX_PER_PAGE)));
			yield toPreview(orders, (raw) => asWanted(toOrder(raw), wanted));
		},
		async ordersByKey(keys, filter) {
			const found: ChangedOrder[] = [];
			const gone: string[] = [];
			for (let start = 0; start < keys.length; start += MAX_PER_PAGE) {
				const some = keys.slice(start, start + MAX_PER_PAGE);
				const numeric = some.filter(isKey);
				const listed = new Map((numeric.length === 0 ? [] : await api.byKeys(numeric)).map((raw) => [textIn(raw, 'id'), raw]));
				for (const key of some) {
					// A list may leave out what there is, as an order in a status of a plugin that is switched off.
					const raw = listed.get(key) ?? (isKey(key) ? await api.order(key) : null);
					if (raw === null) gone.push(key);
					else found.push({ id: key, changedAt: '', raw });
				}
			}
			const wanted = wantedStatuses(filter.statuses);
			const { orders, failures } = toPreview(await completing.all(found), (raw) => asWanted(toOrder(raw), wanted));
			return { orders, failures, gone };
		},
		async getOrder(orderNumber) {
			const wanted = orderNumber.trim().replace(/^#/, '');
			const found = await byNumber(api, wanted);
			if (found === null) return null;
			const [whole] = await completing.all([{ id: wanted, changedAt: '', raw: found }]);
			if (whole?.problem !== undefined) throw whole.problem;
			return whole?.raw ?? null;
		},
		uploadTracking: async (order, shipment) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, settings, order)),
		...(acknowledgesTogether(settings)
			? { acknowledgeMany: async (orders: readonly Order[]) => await acknowledgeMany(api, settings, orders) }
			: {}),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
		addNote: async (order, text) => await cartOutcome(async () => await noteOnce(api, order, text)),
	};
}

const isKey = (key: string): boolean => /^[1-9]\d*$/.test(key);

/** Plugins number orders otherwise than by their key. */
async function byNumber(api: WooApi, wanted: string): Promise<WooObject | null> {
	const isIt = (order: WooObject | null): boolean => order !== null && (textIn(order, 'number') ?? textIn(order, 'id')) === wanted;
	const direct = isKey(wanted) ? await api.order(wanted) : null;
	if (isIt(direct)) return direct;
	for await (const page of api.search(wanted)) {
		const found = page.find(isIt);
		if (found !== undefined) return found;
	}
	return null;
}

/** WooCommerce itself would cancel a completed order without a word. */
async function cancel(api: WooApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return orderNotFound(order);
	const status = String(found.status);
	if (status === 'completed')
		return { kind: 'rejected', problem: 'The order is completed in WooCommerce. Cancel or refund it there if that is meant.' };
	const wasOpen = !CLOSED.has(status);
	if (wasOpen) await api.update(order.externalId, { status: 'cancelled' });
	const noted = reason.trim() === '' ? null : await noteOnce(api, order, reason);
	return wasOpen || noted?.kind === 'done'
		? { kind: 'done', message: null }
		: { kind: 'already_done', message: `The order is ${status} already.` };
}
