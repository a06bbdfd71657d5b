/**
 * Extensiv 3PL Warehouse Manager (formerly 3PL Central). Its pages say that a second order with a reference is refused, not for which accounts, so an
 * order is looked up before each sending. Orders that are split there are numbered: "1001-1" is a part of "1001".
 */
import type { HttpAccount, HttpResponse } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import { isObject, textOf, type JsonObject } from '../json';
import { sendOutcome, unlessThere } from '../outcomes';
import type { SendOutcome, WaitingOrder, Wms, WmsEventPage, WmsSession } from '../Wms';
import { callWith, errorCodeOf, ordersIn, problemsOf, readOnlyOf, rqlValue } from './hal';
import { referenceOf, reportOf, stateOf } from './reports';
import { LIMITS, toRequest, type ExtensivRequest, type ExtensivSettings } from './request';

export type { ExtensivRequest, ExtensivSettings } from './request';

const PAGE_SIZE = 100;
/** The first poll of an account looks so far back. */
const FIRST_LOOK_MS = 30 * 86_400_000;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;
/** Tries to cancel an order that somebody changes at the same time. */
const TRIES = 3;

export const extensivWms: Wms<HttpAccount, ExtensivRequest, ExtensivSettings> = {
	code: 'extensiv',
	label: 'Extensiv 3PL Warehouse Manager',
	credential: 'extensivApi',
	limits: LIMITS,
	capabilities: { uniqueReference: false, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http, account }: HttpAccount, { customerId, facilityId, timeZone = 'UTC' }: ExtensivSettings): WmsSession<ExtensivRequest> {
	const call = callWith(http);
	const ofCustomer = `readOnly.customerIdentifier.id==${customerId}`;
	const list = async (rql: string, more: Record<string, string | number> = {}): Promise<JsonObject[]> =>
		ordersIn((await call({ method: 'GET', url: '/orders', query: { rql: `${rql};${ofCustomer}`, pgsiz: PAGE_SIZE, pgnum: 1, ...more } })).body);

	/** The order and, if it was split, its parts; the order itself first. */
	async function find(reference: string): Promise<JsonObject[]> {
		const name = rqlValue(reference);
		const found = await list(`(referenceNum==${name},referenceNum==${name}-*)`);
		// Extensiv does not tell capitals from small letters.
		return found.filter((order) => referenceOf(order).reference === reference).sort((a, b) => Number(referenceOf(a).part) - Number(referenceOf(b).part));
	}

	/** A canceled one is not coming back: as far as sending is concerned, it is not there. */
	async function findLive(reference: string): Promise<{ wmsOrderId: string } | null> {
		const order = (await find(reference)).find((each) => stateOf(each) !== 'canceled');
		if (order === undefined) return null;
		const wmsOrderId = textOf(readOnlyOf(order).orderId);
		if (wmsOrderId !== null) return { wmsOrderId };
		throw new PartnerError('unexpected_answer', `Extensiv has the order ${reference}, but gave it without its number.`, 'It is tried again later by itself.', { received: 'maybe' });
	}

	async function create({ facilityId: own, ...order }: ExtensivRequest): Promise<SendOutcome> {
		const identifiers = { customerIdentifier: { id: Number(customerId) }, facilityIdentifier: { id: Number(own ?? facilityId) } };
		return await unlessThere(async () => {
			const { body } = await call({ method: 'POST', url: '/orders', body: JSON.stringify({ ...identifiers, ...order }) });
			const key = isObject(body) ? textOf(readOnlyOf(body).orderId) : null;
			return key === null ? { kind: 'unknown', cause: 'Extensiv answered without the number of the order.' } : { kind: 'accepted', wmsOrderId: key };
		}, async () => await findLive(order.referenceNum));
	}

	async function* listShipments(cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
		// Times without a zone: compared as they are, and only among themselves.
		const known = isObject(cursor) ? plainTime(cursor.since) : null;
		let since = shifted(known ?? plainTime(new Date().toISOString()) ?? '', known === null ? FIRST_LOOK_MS : OVERLAP_MS);
		// Each page begins at the time where the last one ended, not at a number: orders that change meanwhile move to the end of the list.
		for (let page = 1; ; ) {
			const orders = await list(`readOnly.lastModifiedDate=ge=${rqlValue(since)}`, { sort: 'readOnly.lastModifiedDate', detail: 'All', pgnum: page });
			const reports = [];
			for (const order of orders) reports.push(reportOf(order, timeZone, await isSplit(order)));
			const reached = plainTime(readOnlyOf(orders.at(-1) ?? {}).lastModifiedDate);
			yield { events: reports.flatMap(({ events }) => events), failures: reports.flatMap(({ failures }) => failures), next: reached === null ? null : { since: reached } };
			if (orders.length < PAGE_SIZE) return;
			if (reached !== null && reached > since) [since, page] = [reached, 1];
			else page += 1;
		}
	}

	/** Asked only where it matters: for what an order lacks, and for one that is canceled. */
	async function isSplit(order: JsonObject): Promise<boolean> {
		const { reference, part } = referenceOf(order);
		const state = stateOf(order);
		if (reference === null || part || state === 'open' || state === null) return false;
		if (state === 'closed' && reportOf(order, timeZone, false).events.every(({ kind }) => kind !== 'canceled')) return false;
		return (await find(reference)).some((each) => referenceOf(each).part);
	}

	/** What there is of an order may be canceled only while all of it is open. */
	async function cancelOrder({ reference }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const parts = await find(reference);
		if (parts.length === 0) return 'not_found';
		if (parts.some((part) => stateOf(part) === 'closed')) return 'too_late';
		for (const part of parts.filter((each) => stateOf(each) !== 'canceled')) {
			if ((await cancelPart(textOf(readOnlyOf(part).orderId) ?? '', 1)) === 'too_late') return 'too_late';
		}
		return 'canceled';
	}

	async function cancelPart(key: string, tried: number): Promise<'canceled' | 'too_late'> {
		const { body, headers } = await read(key);
		const state = stateOf(isObject(body) ? body : {});
		if (state === 'canceled') return 'canceled';
		if (state === 'closed') return 'too_late';
		try {
			await call({ method: 'POST', url: `/orders/${encodeURIComponent(key)}/canceler`, headers: { 'if-match': headers.etag ?? '*' }, body: JSON.stringify({ reason: 'Canceled by the shop' }) });
			return 'canceled';
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
			// Somebody changed the order since it was read.
			if (error.details.status === 412 && tried < TRIES) return await cancelPart(key, tried + 1);
			const now = (await read(key)).body;
			if (stateOf(isObject(now) ? now : {}) === 'canceled') return 'canceled';
			if (error.details.received === 'maybe' || error.details.status === 412) throw asError(error);
			if (errorCodeOf(error) === 'OrderCanceled') return 'canceled';
			return 'too_late';
		}
	}

	const read = async (key: string): Promise<HttpResponse> => await call({ method: 'GET', url: `/orders/${encodeURIComponent(key)}` });

	return {
		source: `wms:extensiv:${account}`,
		findOrder: findLive,
		createOrder: async (request) => await sendOutcome(async () => await create(request), problemsOf),
		listShipments,
		cancelOrder,
	};
}

/** A time as Extensiv writes it, without a zone and to the millisecond; null = it is none. */
function plainTime(value: unknown): string | null {
	const [, time] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(textOf(value) ?? '') ?? [];
	return time === undefined ? null : new Date(Date.parse(`${time}Z`)).toISOString().slice(0, -1);
}

const shifted = (time: string, ms: number): string => new Date(Date.parse(`${time}Z`) - ms).toISOString().slice(0, -1);
