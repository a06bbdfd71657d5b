/** BigCommerce by its V2 orders; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import type { Order } from '../../order/order';
import type { CarrierNames } from '../carriers';
import type { Cart, CartOutcome, CartSession } from '../Cart';
import { changesSince, type ChangedOrder } from '../changes';
import { toPage } from '../listing';
import { cartOutcome } from '../outcomes';
import { BigCommerceApi, MAX_PER_PAGE, type BigObject } from './api';
import { LABEL, orderKey, toOrder } from './toOrder';
import { gone, uploadTracking } from './tracking';

export { checkAccess } from './access';
export { rateFeedback } from './api';

/** How BigCommerce is written to. Reading needs none of it but `store`. */
export interface BigCommerceSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store?: string;
	/** From the warehouse's name to a shipping provider of BigCommerce ("ups") or a carrier of its tracking service ("dhl-germany"). */
	carriers?: CarrierNames;
	/** note = a line in the staff notes (default); status = the status below. */
	acknowledgeBy?: 'note' | 'status';
	/** Default: 9, Awaiting Shipment. */
	acknowledgeStatus?: number;
}

/** Awaiting Fulfillment. */
export const DEFAULT_STATUSES: readonly string[] = ['11'];

/** Refunded, Cancelled, Declined: they take an order back. */
const CANCELED = ['4', '5', '6'];
/** Shipped, Partially Shipped, Completed. */
const SHIPPED = ['2', '3', '10'];
const AWAITING_SHIPMENT = 9;
const CANCELLED = 5;

export const bigCommerceCart: Cart<HttpAccount, BigCommerceSettings> = {
	code: 'bigCommerce',
	label: LABEL,
	credential: 'bigCommerceOrdersApi',
	toOrder,
	open: (account, settings) => open(new BigCommerceApi(account), account.account, settings),
};

function open(api: BigCommerceApi, account: string, settings: BigCommerceSettings): CartSession {
	return {
		source: `bigCommerce:${account}:${settings.store ?? ''}`,
		async *listOrders(cursor, filter) {
			const wanted = new Set([...(filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES), ...CANCELED]);
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const changes = changesSince({
				cursor,
				first: async () => filter.earliestOrderDate ?? (await api.now()),
				fetch: async (since, page) => await api.changedSince(since, page, pageSize),
				pageSize,
			});
			for await (const { orders, next } of changes) {
				const found: ChangedOrder[] = [];
				for (const { changedAt, raw } of orders) {
					const order = raw as BigObject;
					if (!wanted.has(String(order.status_id))) continue;
					for (const part of await api.whole(order)) found.push({ id: keyOf(part.order, part.address, part.part), changedAt, raw: part });
				}
				yield toPage({ orders: found, next }, toOrder);
			}
		},
		async getOrder(orderNumber) {
			const [, id, part] = /^#?(\d+)(?:-(\d+))?$/.exec(orderNumber.trim()) ?? [];
			const order = id === undefined ? null : await api.order(id);
			if (order === null) return null;
			const parts = await api.whole(order);
			return parts[Number(part ?? 1) - 1] ?? null;
		},
		uploadTracking: async (order, shipment) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, settings, order)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
		addNote: async (order, text) => await cartOutcome(async () => await noteOnce(api, order, text)),
	};
}

const keyOf = (order: BigObject, address: BigObject | null, part: number): string => (part === 0 ? String(order.id) : `${String(order.id)}.${String(address?.id)}`);

async function acknowledge(api: BigCommerceApi, { acknowledgeBy = 'note', acknowledgeStatus = AWAITING_SHIPMENT }: BigCommerceSettings, order: Order): Promise<CartOutcome> {
	if (acknowledgeBy === 'note') return await noteOnce(api, order, `The warehouse has the order as ${order.reference}.`);
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return gone(order);
	const status = String(found.status_id);
	if (status === String(acknowledgeStatus)) return { kind: 'already_done', message: null };
	if ([...CANCELED, ...SHIPPED].includes(status)) return { kind: 'already_done', message: `The order is ${String(found.status)} already; its status was left.` };
	await api.update(id, { status_id: acknowledgeStatus });
	return { kind: 'done', message: null };
}

async function cancel(api: BigCommerceApi, order: Order, reason: string): Promise<CartOutcome> {
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return gone(order);
	const status = String(found.status_id);
	if (SHIPPED.includes(status)) return { kind: 'rejected', problem: `The order is ${String(found.status)} in BigCommerce. Cancel or refund it there if that is meant.` };
	if (id !== order.externalId) return { kind: 'rejected', problem: 'The order goes to several addresses, and BigCommerce cancels it only as a whole. Cancel or refund this part there.' };
	const wasOpen = !CANCELED.includes(status);
	if (wasOpen) await api.update(id, { status_id: CANCELLED });
	const noted = reason.trim() === '' ? null : await noteOnce(api, order, reason);
	return wasOpen || noted?.kind === 'done' ? { kind: 'done', message: null } : { kind: 'already_done', message: `The order is ${String(found.status)} already.` };
}

/** The staff notes are one text of the order: what is there stays. */
async function noteOnce(api: BigCommerceApi, order: Order, text: string): Promise<CartOutcome> {
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return gone(order);
	const notes = String(found.staff_notes ?? '');
	if (notes.split(/\r?\n/).includes(text) || notes.includes(`\n${text}`) || notes === text) return { kind: 'already_done', message: null };
	await api.update(id, { staff_notes: notes === '' ? text : `${notes}\n${text}` });
	return { kind: 'done', message: null };
}
