/** BigCommerce by its V2 orders; polled by the time of the last change. */
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import { asError, MappingError } from '../../order/errors';
import { isObject } from '../../order/json';
import type { ImportedOrder, Order } from '../../order/order';
import type { CarrierNames } from '../common/carriers';
import type { Cart, CartOutcome, CartSession, ImportFilter } from '../Cart';
import { changesSince, type ChangedOrder } from '../common/changes';
import { judged } from '../common/eligible';
import { eachRead, textIn, toPage, toPreview, unread } from '../common/listing';
import { cartOutcome } from '../common/outcomes';
import { BigCommerceApi, MAX_PER_PAGE, type BigObject } from './api';
import { CANCELED, DEFAULT_STATUSES, isHeld, labelOf, SHIPPED, statusFor } from './states';
import { LABEL, orderKey, toOrder } from './toOrder';
import { orderNotFound, uploadTracking } from './tracking';

export { checkAccess } from './access';
export { rateFeedback } from './api';
export { states } from './states';

/** How BigCommerce is written to. Reading needs none of it but `store`. */
export interface BigCommerceSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store: string;
	/** From the warehouse's name to a shipping provider of BigCommerce ("ups") or a carrier of its tracking service ("dhl-germany"). */
	carriers?: CarrierNames;
	/** note = a line in the staff notes (default); status = the status below. */
	acknowledgeBy?: 'note' | 'status';
	/** Default: 9, Awaiting Shipment. */
	acknowledgeStatus?: number;
}

const AWAITING_SHIPMENT = 9;
const CANCELLED = 5;

export const bigCommerceCart: Cart<HttpAccount, BigCommerceSettings> = {
	code: 'bigCommerce',
	label: LABEL,
	toOrder,
	open,
};

function open(account: HttpAccount, settings: BigCommerceSettings): CartSession {
	const api = new BigCommerceApi(account);
	return {
		account: `bigCommerce:${account.account}`,
		source: `bigCommerce:${account.account}:${settings.store}`,
		async *listOrders(cursor, filter) {
			const wanted = wantedBy(filter);
			const pageSize = Math.min(filter.pageSize, MAX_PER_PAGE);
			const clock = readingClock(account.http, cursor);
			const list = new BigCommerceApi({ ...account, http: clock.http });
			const changes = changesSince({
				label: LABEL,
				cursor,
				clock,
				first: async () => filter.earliestOrderDate ?? (await list.now()),
				changed: async (since) => await list.changedSince(since, pageSize),
				between: async (from, to, within) => await list.changedBetween(from, to, within, pageSize),
				pageSize,
			});
			for await (const page of changes) yield toPage({ ...page, orders: await partsOf(api, page.orders) }, (raw) => asWanted(raw, wanted));
		},
		async *previewOrders(filter) {
			const wanted = wantedBy(filter);
			yield toPreview(await partsOf(api, await api.newest(Math.min(filter.pageSize, MAX_PER_PAGE))), (raw) => asWanted(raw, wanted));
		},
		async ordersByKey(keys, filter) {
			const wanted = wantedBy(filter);
			const found: ChangedOrder[] = [];
			const gone: string[] = [];
			for (const [id, asked] of Map.groupBy(keys, orderKey)) {
				const order = await api.order(id);
				const parts = order === null ? [] : await wholeOf(api, { id, changedAt: '', raw: order });
				// One that got a second address is its first part for who knows it by its own key.
				const whole =
					asked.includes(id) && parts.length > 1
						? parts.slice(0, 1).map((part) => ({ ...part, id, raw: isObject(part.raw) ? { ...part.raw, part: 0 } : part.raw }))
						: [];
				const given = [...whole, ...parts.filter((part) => asked.includes(part.id) || part.problem !== undefined)];
				found.push(...given);
				gone.push(...asked.filter((key) => !given.some((one) => one.id === key) && !given.some(({ problem }) => problem !== undefined)));
			}
			const { results, failures } = eachRead(
				found,
				({ raw, problem }) => {
					if (problem !== undefined) throw problem;
					return asWanted(raw, wanted);
				},
				({ id, raw }, error) => unread(id, raw, error),
			);
			return { orders: results, failures, gone };
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

/** The statuses of orders that a trigger takes as new ones. */
const wantedBy = ({ statuses }: ImportFilter): ReadonlySet<string> => new Set(statuses.length > 0 ? statuses : DEFAULT_STATUSES);

/** The order as a trigger sees it that imports these statuses. Throws MappingError. */
function asWanted(raw: unknown, wanted: ReadonlySet<string>): ImportedOrder {
	const order = toOrder(raw);
	const id = textIn(isObject(raw) ? raw.order : null, 'status_id') ?? '';
	const isWanted = wanted.has(statusFor(id, order.word));
	const seen = (one: ImportedOrder): ImportedOrder => {
		if (isWanted) return judged(one, { isWanted, status: labelOf(id) });
		return isHeld(id) ? one : { ...one, notEligible: `status ${labelOf(id)}` };
	};
	return { ...seen(order), ...(order.asBefore === undefined ? {} : { asBefore: seen(order.asBefore) }) };
}

async function partsOf(api: BigCommerceApi, orders: readonly ChangedOrder[]): Promise<ChangedOrder[]> {
	const found: ChangedOrder[] = [];
	for (const order of orders) found.push(...(await wholeOf(api, order)));
	return found;
}

/** One that cannot be read is known by the key that it was listed with. */
async function wholeOf(api: BigCommerceApi, listed: ChangedOrder): Promise<ChangedOrder[]> {
	try {
		return (await api.whole(listed.raw)).map((part) => ({
			id: keyOf(part.order, part.address, part.part),
			changedAt: listed.changedAt,
			raw: part,
		}));
	} catch (error) {
		if (!(error instanceof MappingError)) throw asError(error);
		return [{ ...listed, problem: error }];
	}
}

const keyOf = (order: BigObject, address: BigObject | null, part: number): string =>
	part === 0 ? String(order.id) : `${String(order.id)}.${textIn(address, 'id') ?? String(part)}`;

async function acknowledge(
	api: BigCommerceApi,
	{ acknowledgeBy = 'note', acknowledgeStatus = AWAITING_SHIPMENT }: BigCommerceSettings,
	order: Order,
): Promise<CartOutcome> {
	if (acknowledgeBy === 'note') return await noteOnce(api, order, `The warehouse has the order as ${order.reference}.`);
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return orderNotFound(order);
	const status = String(found.status_id);
	if (status === String(acknowledgeStatus)) return { kind: 'already_done', message: null };
	if ([...CANCELED, ...SHIPPED].includes(status))
		return { kind: 'already_done', message: `The order is ${String(found.status)} already; its status was left.` };
	await api.update(id, { status_id: acknowledgeStatus });
	return { kind: 'done', message: null };
}

async function cancel(api: BigCommerceApi, order: Order, reason: string): Promise<CartOutcome> {
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return orderNotFound(order);
	const status = String(found.status_id);
	if (SHIPPED.includes(status))
		return {
			kind: 'rejected',
			problem: `The order is ${String(found.status)} in BigCommerce. Cancel or refund it there if that is meant.`,
		};
	if (id !== order.externalId)
		return {
			kind: 'rejected',
			problem: 'The order goes to several addresses, and BigCommerce cancels it only as a whole. Cancel or refund this part there.',
		};
	const wasOpen = !CANCELED.includes(status);
	if (wasOpen) await api.update(id, { status_id: CANCELLED });
	const noted = reason.trim() === '' ? null : await noteOnce(api, order, reason);
	return wasOpen || noted?.kind === 'done'
		? { kind: 'done', message: null }
		: { kind: 'already_done', message: `The order is ${String(found.status)} already.` };
}

/** The staff notes are one text of the order: what is there stays. */
async function noteOnce(api: BigCommerceApi, order: Order, text: string): Promise<CartOutcome> {
	const id = orderKey(order.externalId);
	const found = await api.order(id);
	if (found === null) return orderNotFound(order);
	const notes = String(found.staff_notes ?? '');
	if (notes.split(/\r?\n/).includes(text) || notes.includes(`\n${text}`) || notes === text) return { kind: 'already_done', message: null };
	await api.update(id, { staff_notes: notes === '' ? text : `${notes}\n${text}` });
	return { kind: 'done', message: null };
}
