/**
 * ShipHero, GraphQL. It promises no unique reference, so an order is looked up by our reference (its `partner_order_id`) before each sending
 * and after an answer that did not come.
 */
import type { Http, HttpAccount } from '../../http/Http';
import { pageLimit } from '../../http/pages';
import { PartnerError } from '../../http/partner';
import { readingClock } from '../../http/readingClock';
import { asError, MappingError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import { objectsOf, reportsOf } from '../common/entries';
import { isList, isObject, jsonCopy, type JsonObject, momentOf, textOf } from '../common/json';
import { sendOutcome, unlessThere } from '../common/outcomes';
import type { CancelOutcome, SendOutcome, WaitingOrder, Wms, WmsEventPage, WmsSession } from '../Wms';
import { CANCEL_ORDER, CHANGED_ORDERS, CREATE_ORDER, FIND_ORDER, MORE_ORDER_LINES, MORE_SHIPPED_LINES, type Document } from './documents';
import { graphql, SHIPHERO } from './graphql';
import { REMEDY, reportOf, type WholeOrder } from './reports';
import { LIMITS, toRequest, type ShipHeroRequest } from './request';

export { withHttpStatus, costOf, feedbackOf, SHIPHERO_LIMIT } from './credits';
export type { ShipHeroRequest } from './request';

export interface ShipHeroSettings {
	/** The customer of a 3PL, as ShipHero's GraphQL names it; absent = the account itself. */
	customerAccountId?: string;
	/** The present, by the clock of this machine. */
	now?: () => number;
}

/** The first poll of an account looks so far back. */
const FIRST_LOOK_MS = 30 * 86_400_000;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;

export const shipHeroWms: Wms<HttpAccount, ShipHeroRequest, ShipHeroSettings> = {
	code: 'shipHero',
	label: 'ShipHero',
	limits: LIMITS,
	capabilities: { uniqueReference: false, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http, account }: HttpAccount, { customerAccountId, now = Date.now }: ShipHeroSettings): WmsSession<ShipHeroRequest> {
	const customer: Record<string, string> = customerAccountId === undefined ? {} : { customer_account_id: customerAccountId };

	async function find(reference: string): Promise<JsonObject | null> {
		const found = await graphql(http, FIND_ORDER, { reference, customer: customerAccountId ?? null }, 'orders');
		return (
			edgesOf(found.data)
				.filter(isObject)
				.find((order) => order.partner_order_id === reference) ?? null
		);
	}

	async function findOrder(reference: string): Promise<{ wmsOrderId: string } | null> {
		const key = textOf((await find(reference))?.id);
		return key === null ? null : { wmsOrderId: key };
	}

	async function create(request: ShipHeroRequest): Promise<SendOutcome> {
		return await unlessThere(
			async () => {
				const data = jsonCopy({ ...request, ...customer });
				const { order } = await graphql(http, CREATE_ORDER, { data }, 'order_create');
				const key = isObject(order) ? textOf(order.id) : null;
				return key === null
					? { kind: 'unknown', cause: 'ShipHero answered without the id of the order.' }
					: { kind: 'accepted', wmsOrderId: key };
			},
			async () => await findOrder(request.partner_order_id),
		);
	}

	async function* listShipments(cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
		const position = isObject(cursor) ? cursor : {};
		const since = momentOf(position.since);
		const from = since === null ? now() - FIRST_LOOK_MS : Date.parse(since) - OVERLAP_MS;
		let after = textOf(position.after);
		/** The position once this pass has read all pages; a run may end before that, and the next one goes on. */
		let began = after === null ? null : textOf(position.began);
		const clock = readingClock(http, cursor, now);
		// An order that changes meanwhile only enters the list, never leaves it: pages shift backwards, which repeats and does not miss.
		const anotherPage = pageLimit(SHIPHERO.label);
		for (;;) {
			anotherPage();
			const changed = await graphql(
				clock.http,
				CHANGED_ORDERS,
				{ from: new Date(from).toISOString(), customer: customerAccountId ?? null, after },
				'orders',
			);
			began ??= clock.position(since, null);
			const { events, failures } = await reportsOf(
				edgesOf(changed.data),
				{ code: 'shipHero', label: SHIPHERO.label, what: 'order' },
				async (order) => reportOf(await wholeOrder(http, order)),
			);
			const { hasNextPage, endCursor } = pageInfoOf(changed.data);
			const next: Cursor = {
				...(hasNextPage ? { since: since ?? new Date(from + OVERLAP_MS).toISOString(), began, after: endCursor } : { since: began }),
				...clock.mark(),
			};
			yield { events, failures, next };
			if (!hasNextPage) return;
			after = endCursor;
		}
	}

	async function cancelOrder({ reference }: WaitingOrder): Promise<CancelOutcome> {
		const order = await find(reference);
		if (order === null) return 'not_found';
		if (isCanceled(order)) return 'canceled';
		try {
			await graphql(
				http,
				CANCEL_ORDER,
				{ data: { order_id: textOf(order.id) ?? '', reason: 'Canceled by the shop', ...customer } },
				'order_cancel',
			);
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

/** The orders of an answer, whatever they are. Throws when it is no list: an answer without one is no empty list. */
function edgesOf(connection: unknown): unknown[] {
	if (isObject(connection) && isList(connection.edges)) return connection.edges.map((edge) => (isObject(edge) ? edge.node : edge));
	throw new PartnerError('unexpected_answer', 'ShipHero answered with orders that are not a list.', 'It is retried automatically.', {
		received: 'maybe',
	});
}

/** The lines of an order or a shipment. Throws MappingError. */
function linesIn(connection: unknown): JsonObject[] {
	const edges = objectsOf(isObject(connection) && Array.isArray(connection.edges) ? connection : noList(connection), 'edges', REMEDY);
	return edges.map(({ node }, index) => {
		if (!isObject(node)) throw new MappingError(`line_items.edges[${index}].node`, node ?? null, 'is not an object', REMEDY);
		return node;
	});
}

function noList(value: unknown): never {
	throw new MappingError('line_items', value ?? null, 'is no list', REMEDY);
}

function pageInfoOf(connection: unknown): { hasNextPage: boolean; endCursor: string | null } {
	const info = isObject(connection) && isObject(connection.pageInfo) ? connection.pageInfo : {};
	const endCursor = textOf(info.endCursor);
	return { hasNextPage: info.hasNextPage === true && endCursor !== null, endCursor };
}

async function wholeOrder(http: Http, order: JsonObject): Promise<WholeOrder> {
	const shipments = [];
	for (const shipment of objectsOf(order, 'shipments', REMEDY))
		shipments.push({ shipment, lines: await allLines(http, shipment, MORE_SHIPPED_LINES, 'shipment') });
	return { order, lines: await allLines(http, order, MORE_ORDER_LINES, 'order'), shipments };
}

/** The lines that came along, and those that did not fit. */
async function allLines(http: Http, owner: JsonObject, more: Document, root: string): Promise<JsonObject[]> {
	let connection = owner.line_items;
	const lines = linesIn(connection);
	const anotherPage = pageLimit(SHIPHERO.label);
	for (let page = pageInfoOf(connection); page.hasNextPage; page = pageInfoOf(connection)) {
		anotherPage();
		const { data } = await graphql(http, more, { id: textOf(owner.id) ?? '', after: page.endCursor }, root);
		connection = isObject(data) ? data.line_items : null;
		lines.push(...linesIn(connection));
	}
	return lines;
}
