/** WooCommerce by its REST API v3; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import type { Order } from '../../order/order';
import type { Cart, CartOutcome, CartSession } from '../Cart';
import { changesSince } from '../changes';
import { toPage } from '../listing';
import { cartOutcome } from '../outcomes';
import { MAX_PER_PAGE, WooApi, type WooObject } from './api';
import type { WooCommerceSettings } from './settings';
import { LABEL, toOrder } from './toOrder';
import { CLOSED, gone, uploadTracking } from './tracking';

export { checkAccess } from './access';
export type { WooCommerceSettings } from './settings';

/** Hidden at the order: the reference under which the warehouse has it. */
export const ACKNOWLEDGED_META = '_order_fulfillment_reference';

export const DEFAULT_STATUSES: readonly string[] = ['processing'];

/** Also read, since they take an order back. */
const CANCELED_STATUSES = ['cancelled', 'refunded', 'failed'];

export const wooCommerceCart: Cart<HttpAccount, WooCommerceSettings> = {
	code: 'wooCommerce',
	label: LABEL,
	credential: 'wooCommerceOrdersApi',
	toOrder,
	open: (account, settings) => open(new WooApi(account), account.account, settings),
};

function open(api: WooApi, account: string, settings: WooCommerceSettings): CartSession {
	return {
		source: `wooCommerce:${account}:${settings.store ?? ''}`,
		async *listOrders(cursor, filter) {
			const wanted = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
			const statuses = wanted.includes('any') ? ['any'] : [...new Set([...wanted, ...CANCELED_STATUSES])];
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const changes = changesSince({
				cursor,
				first: async () => filter.earliestOrderDate ?? (await api.now()),
				fetch: async (since, page) => await api.changedSince(since, statuses, page, pageSize),
				pageSize,
			});
			for await (const page of changes) yield toPage(page, toOrder);
		},
		async getOrder(orderNumber) {
			const wanted = orderNumber.trim().replace(/^#/, '');
			const isIt = (order: WooObject | null): boolean => order !== null && String(order.number ?? order.id) === wanted;
			const direct = /^\d+$/.test(wanted) ? await api.order(wanted) : null;
			// Plugins number orders otherwise than by their key.
			const found = isIt(direct) ? direct : ((await api.search(wanted)).find(isIt) ?? null);
			return found === null ? null : await api.whole(found);
		},
		uploadTracking: async (order, shipment) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, settings, order)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
		addNote: async (order, text) => await cartOutcome(async () => await noteOnce(api, order, text)),
	};
}

async function acknowledge(api: WooApi, { acknowledgeBy = 'meta', acknowledgeStatus = '' }: WooCommerceSettings, order: Order): Promise<CartOutcome> {
	if (acknowledgeBy === 'note') return await noteOnce(api, order, `The warehouse has the order as ${order.reference}.`);
	const found = await api.order(order.externalId);
	if (found === null) return gone(order);
	if (acknowledgeBy === 'status') {
		const target = acknowledgeStatus.trim().replace(/^wc-/, '');
		if (target === '') return { kind: 'rejected', problem: 'The status that acknowledges is not set. Enter it in the options of Cart Update.' };
		if (found.status === target) return { kind: 'already_done', message: null };
		if (CLOSED.has(String(found.status))) return { kind: 'already_done', message: `The order is ${String(found.status)} already; its status was left.` };
		await api.update(order.externalId, { status: target });
		return { kind: 'done', message: `Set the status to ${target}.` };
	}
	const meta = Array.isArray(found.meta_data) ? (found.meta_data as WooObject[]) : [];
	if (meta.some(({ key, value }) => key === ACKNOWLEDGED_META && value === order.reference)) return { kind: 'already_done', message: null };
	await api.update(order.externalId, { meta_data: [{ key: ACKNOWLEDGED_META, value: order.reference }] });
	return { kind: 'done', message: null };
}

/** WooCommerce itself would cancel a completed order without a word. */
async function cancel(api: WooApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return gone(order);
	const status = String(found.status);
	if (status === 'completed') return { kind: 'rejected', problem: 'The order is completed in WooCommerce. Cancel or refund it there if that is meant.' };
	const wasOpen = !CLOSED.has(status);
	if (wasOpen) await api.update(order.externalId, { status: 'cancelled' });
	const noted = reason.trim() === '' ? null : await noteOnce(api, order, reason);
	return wasOpen || noted?.kind === 'done' ? { kind: 'done', message: null } : { kind: 'already_done', message: `The order is ${status} already.` };
}

/** WordPress may put tags around a text, or encode signs in it. */
const plain = (text: string): string => text.replace(/<[^>]*>/g, '').replace(/&(?:#0?39|quot|amp|lt|gt);|["'&<>]/g, '').replace(/\s+/g, ' ').trim();

async function noteOnce(api: WooApi, order: Order, text: string): Promise<CartOutcome> {
	if ((await api.notes(order.externalId)).some((note) => plain(note) === plain(text))) return { kind: 'already_done', message: null };
	await api.addNote(order.externalId, text);
	return { kind: 'done', message: null };
}
