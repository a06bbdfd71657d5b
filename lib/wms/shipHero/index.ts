/**
 * ShipHero, GraphQL. It promises no unique reference, so an order is looked up by our reference (its `partner_order_id`) before each sending
 * and after an answer that did not come.
 */
import type { Http, HttpAccount } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import { isObject, objectsIn, serverTime, textOf, type JsonObject } from '../json';
import { sendOutcome, unlessThere } from '../outcomes';
import type { SendOutcome, WaitingOrder, Wms, WmsEventPage, WmsSession } from '../Wms';
import { CANCEL_ORDER, CHANGED_ORDERS, CREATE_ORDER, FIND_ORDER, MORE_ORDER_LINES, MORE_SHIPPED_LINES, type Document } from './documents';
import { graphql } from './graphql';
import { reportOf, type WholeOrder } from './reports';
import { LIMITS, toRequest, type ShipHeroRequest } from './request';

export { asHttpSays, costOf, feedbackOf, SHIPHERO_LIMIT } from './credits';
export type { ShipHeroRequest } from './request';

export interface ShipHeroSettings {
	/** The customer of a 3PL, as ShipHero's GraphQL names it; absent = the account itself. */
	customerAccountId?: string;
	/** The present, by the clock of this machine. Only the first poll of an account asks for it. */
	now?: () => number;
}

/** The first poll of an account looks so far back. */
const FIRST_LOOK_MS = 30 * 86_400_000;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;

export const shipHeroWms: Wms<HttpAccount, ShipHeroRequest, ShipHeroSettings> = {
	code: 'shipHero',
	label: 'ShipHero',
	credential: 'shipHeroApi',
	limits: LIMITS,
	capabilities: { uniqueReference: false, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http: plain, account }: HttpAccount, { customerAccountId, now = Date.now }: ShipHeroSettings): WmsSession<ShipHeroRequest> {
	let answeredAt: string | null = null;
	const http: Http = async (request) => {
		const response = await plain(request);
		answeredAt = serverTime(response.headers.date);
		return response;
	};
	const customer: Record<string, string> = customerAccountId === undefined ? {} : { customer_account_id: customerAccountId };

	async function find(reference: string): Promise<JsonObject | null> {
		const found = await graphql(http, FIND_ORDER, { reference, customer: customerAccountId ?? null }, 'orders');
		return nodesOf(found.data, 'orders').find((order) => order.partner_order_id === reference) ?? null;
	}

	async function findOrder(reference: string): Promise<{ wmsOrderId: string } | null> {
		const key = textOf((await find(reference))?.id);
		return key === null ? null : { wmsOrderId: key };
	}

	async function create(request: ShipHeroRequest): Promise<SendOutcome> {
		return await unlessThere(async () => {
			const data = JSON.parse(JSON.stringify({ ...request, ...customer })) as Record<string, JsonValue>;
			const { order } = await graphql(http, CREATE_ORDER, { data }, 'order_create');
			const key = isObject(order) ? textOf(order.id) : null;
			return key === null ? { kind: 'unknown', cause: 'ShipHero answered without the id of the order.' } : { kind: 'accepted', wmsOrderId: key };
		}, async () => await findOrder(request.partner_order_id));
	}

	async function* listShipments(cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
		const position = isObject(cursor) ? cursor : {};
		const since = textOf(position.since);
		const from = since === null ? now() - FIRST_LOOK_MS : Date.parse(since) - OVERLAP_MS;
		let after = textOf(position.after);
		let began = after === null ? null : textOf(position.began);
		// An order that changes meanwhile only enters the list, never leaves it: pages shift backwards, which repeats and does not miss.
		for (;;) {
			const changed = await graphql(http, CHANGED_ORDERS, { from: new Date(from).toISOString(), customer: customerAccountId ?? null, after }, 'orders');
			// The start of the run, by ShipHero's clock.
			began ??= answeredAt;
			const reports = [];
			for (const order of nodesOf(changed.data, 'orders')) reports.push(reportOf(await wholeOrder(http, order)));
			const { hasNextPage, endCursor } = pageInfoOf(changed.data);
			const next: Cursor | null = began === null ? null : hasNextPage ? { since: since ?? new Date(from + OVERLAP_MS).toISOString(), began, after: endCursor } : { since: began };
			yield { events: reports.flatMap(({ events }) => events), failures: reports.flatMap(({ failures }) => failures), next };
			if (!hasNextPage) return;
			after = endCursor;
		}
	}

	async function cancelOrder({ reference }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const order = await find(reference);
		if (order === null) return 'not_found';
		if (isCanceled(order)) return 'canceled';
		try {
			await graphql(http, CANCEL_ORDER, { data: { order_id: textOf(order.id) ?? '', reason: 'Canceled by the shop', ...customer } }, 'order_cancel');
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
			const there = await find(reference);
			if (error.details.received === 'maybe' && (there === null || !isCanceled(there))) throw asError(error);
		}
		// Without force it refuses an order that has a label.
		const there = await find(reference);
		return there !== null && isCanceled(there) ? 'canceled' : 'too_late';
	}

	return {
		source: `wms:shipHero:${account}`,
		findOrder,
		createOrder: async (request) => await sendOutcome(async () => await create(request)),
		listShipments,
		cancelOrder,
	};
}

const isCanceled = (order: JsonObject): boolean => /^cancell?ed$/i.test(textOf(order.fulfillment_status) ?? '');

/** The entries of a connection. Throws when it is none: an answer without a list is no empty list. */
function nodesOf(connection: unknown, what: string): JsonObject[] {
	if (isObject(connection) && Array.isArray(connection.edges)) return objectsIn(connection.edges).map(({ node }) => node).filter(isObject);
	throw new PartnerError('unexpected_answer', `ShipHero answered with ${what} that are no list.`, 'It is tried again later by itself.', { received: 'maybe' });
}

function pageInfoOf(connection: unknown): { hasNextPage: boolean; endCursor: string | null } {
	const info = isObject(connection) && isObject(connection.pageInfo) ? connection.pageInfo : {};
	const endCursor = textOf(info.endCursor);
	return { hasNextPage: info.hasNextPage === true && endCursor !== null, endCursor };
}

async function wholeOrder(http: Http, order: JsonObject): Promise<WholeOrder> {
	const shipments = [];
	for (const shipment of objectsIn(order.shipments)) shipments.push({ shipment, lines: await allLines(http, shipment, MORE_SHIPPED_LINES, 'shipment') });
	return { order, lines: await allLines(http, order, MORE_ORDER_LINES, 'order'), shipments };
}

/** The lines that came along, and those that did not fit. */
async function allLines(http: Http, owner: JsonObject, more: Document, root: string): Promise<JsonObject[]> {
	let connection = owner.line_items;
	const lines = nodesOf(connection, 'lines');
	for (let page = pageInfoOf(connection); page.hasNextPage; page = pageInfoOf(connection)) {
		const { data } = await graphql(http, more, { id: textOf(owner.id) ?? '', after: page.endCursor }, root);
		connection = isObject(data) ? data.line_items : null;
		lines.push(...nodesOf(connection, 'lines'));
	}
	return lines;
}
