/** Between rows and orders: what a row says of an order, and which columns follow from its content. */
import { boundedKey } from '../../order/texts';
import { hash } from 'node:crypto';
import { ALERTS, withRecommendation, type Alert, type AlertView } from '../../order/alerts';
import type { BegunHold } from '../../order/holds';
import { currentContent, describeLines, type OrderEdits, type OrderLayers } from '../../order/layers';
import type { IsoDate, Order, OrderContent, Shipment } from '../../order/order';
import { type ContentRow, identifier, listed, type OrderRow, parse, searchable, sql, storableDate, stored, unknownWord } from '../database';

export type Progress = Record<string, { shipped: number; canceled: number }>;

type ReadContent = Pick<ContentRow, 'snapshot' | 'edits' | 'result' | 'progress'>;

/** What is read of an order besides its shipments. */
export type FullRow = OrderRow & ReadContent;

/** SELECT list of a `FullRow`; `o` = order, `c` = its content. Never `payload`: it is long and nobody lists it. */
export const FULL_ROW = sql`o.*, c.snapshot, c.edits, c.result, c.progress`;

/** Columns that `Order` shows. The others are for searching, claiming and bundling; the text that people search in is as long as an order. */
const SHOWN = [
	'id',
	'store',
	'cart',
	'external_id',
	'reference',
	'wms',
	'wms_order_id',
	'wms_account',
	'sending',
	'parent_id',
	'bundled_into',
	'bundle_size',
	'status',
	'status_reason',
	'attempts',
	'held_until',
	'retry_at',
	'alerts',
	'readiness',
	'cart_reason',
	'ready_at',
	'canceled_in_cart_at',
	'cancel_due_at',
	'version',
	'imported_at',
	'updated_at',
	'sent_at',
	'opened_at',
	'acknowledged_at',
	'closed_at',
	'abandon_at',
	'shipment_count',
] as const satisfies ReadonlyArray<keyof OrderRow>;

/** The part of a `FullRow` that becomes an `Order`. */
export type ReadRow = Pick<OrderRow, (typeof SHOWN)[number]> & ReadContent;

/** SELECT list of a `ReadRow` without its content. */
export const SHORT_ROW = listed(SHOWN.map((name) => sql`o.${identifier(name)}`));

/** SELECT list of a `ReadRow`. */
export const READ_ROW = sql`${SHORT_ROW}, c.snapshot, c.edits, c.result, c.progress`;

/** Few orders have edits or progress: one comparison instead of two calls of the parser for each order. */
const record = <T extends object>(text: string): T => (text === '{}' ? ({} as T) : parse<T>(text));

export const layersOf = (
	row: Pick<ContentRow, 'snapshot' | 'edits' | 'result'> & { served_holds?: string; begun_holds?: string },
): OrderLayers => ({
	snapshot: parse<OrderContent>(row.snapshot),
	edits: record<OrderEdits>(row.edits),
	result: row.result === null ? null : parse<OrderContent>(row.result),
	servedHolds: row.served_holds === undefined ? [] : parse<string[]>(row.served_holds),
	begunHolds: row.begun_holds === undefined ? [] : parse<BegunHold[]>(row.begun_holds),
});

/** The order as nodes pass it on. Field by field: spreading the content took as long as parsing it. */
export const orderOf = (row: ReadRow, shipments: Shipment[]): Order => orderFrom(row, contentOf(row), shipments);

/** The uppermost layer, without those that it hides. */
function contentOf(row: ReadRow): OrderContent {
	if (row.result !== null) return parse<OrderContent>(row.result);
	return row.edits === '{}' ? parse<OrderContent>(row.snapshot) : currentContent(layersOf(row));
}

/** @param content what the row says, which the caller has read already */
export function orderFrom(row: Omit<ReadRow, 'snapshot' | 'edits' | 'result'>, content: OrderContent, shipments: Shipment[]): Order {
	const progress: Partial<Progress> = record<Progress>(row.progress);
	const alerts = alertsOf(row);
	return {
		id: row.id,
		store: row.store,
		cart: row.cart,
		externalId: row.external_id,
		orderNumber: content.orderNumber,
		merchant: content.merchant,
		orderedAt: content.orderedAt,
		customer: content.customer,
		billingAddress: content.billingAddress,
		shippingAddress: content.shippingAddress,
		shippingMethod: content.shippingMethod,
		carrier: content.carrier,
		serviceLevel: content.serviceLevel,
		warehouse: content.warehouse,
		requestedShipDate: content.requestedShipDate,
		signatureRequired: content.signatureRequired,
		insuredAmount: content.insuredAmount,
		thirdPartyAccount: content.thirdPartyAccount,
		giftMessage: content.giftMessage,
		shippingNotes: content.shippingNotes,
		currency: content.currency,
		subtotal: content.subtotal,
		shippingAmount: content.shippingAmount,
		taxAmount: content.taxAmount,
		discountAmount: content.discountAmount,
		total: content.total,
		discountCodes: content.discountCodes,
		tags: content.tags,
		notes: content.notes,
		custom: content.custom,
		reference: row.reference,
		wms: row.wms,
		wmsOrderId: row.wms_order_id,
		wmsAccount: row.wms_account,
		sending: row.sending,
		parentId: row.parent_id,
		bundledInto: row.bundled_into,
		bundleSize: row.bundle_size,
		status: row.status,
		statusReason: row.status_reason,
		attempts: row.attempts,
		heldUntil: row.held_until,
		retryAt: row.retry_at,
		alert: alerts[0] ?? null,
		alerts,
		inCart: { readiness: row.readiness, reason: row.cart_reason, until: row.ready_at },
		canceledInCartAt: row.canceled_in_cart_at,
		cancelDueAt: row.cancel_due_at,
		version: row.version,
		importedAt: row.imported_at,
		updatedAt: row.updated_at,
		sentAt: row.sent_at,
		openedAt: row.opened_at,
		acknowledgedAt: row.acknowledged_at,
		closedAt: row.closed_at,
		abandonAt: row.abandon_at,
		lines: content.lines.map((line) => {
			const done = progress[line.id];
			return { ...line, quantityShipped: done?.shipped ?? 0, quantityCanceled: done?.canceled ?? 0 };
		}),
		description: describeLines(content.lines),
		shipments,
	};
}

interface StoredAlert extends Alert {
	at: IsoDate;
}

/** Throws FulfillmentError `newer_schema`, as whatever reads a row. */
export function storedAlerts({ alerts }: Pick<OrderRow, 'alerts'>): StoredAlert[] {
	if (alerts === null) return [];
	const found = parse<StoredAlert[]>(alerts);
	const unknown = found.find(({ code }) => !Object.hasOwn(ALERTS, code));
	if (unknown !== undefined) throw unknownWord('alert_code', unknown.code);
	return found;
}

const alertsOf = (row: Pick<OrderRow, 'alerts'>): AlertView[] =>
	storedAlerts(row).map(({ code, message }) => withRecommendation({ code, message }));

/** The columns that show the alerts of an order. @param alerts the most urgent first */
export function alertColumns(alerts: readonly StoredAlert[]): Pick<OrderRow, 'alert_code' | 'alert_message' | 'alert_at' | 'alerts'> {
	const [first] = alerts;
	if (first === undefined) return { alert_code: null, alert_message: null, alert_at: null, alerts: null };
	return { alert_code: first.code, alert_message: first.message, alert_at: first.at, alerts: stored(alerts) };
}

/** The columns of an order to which nothing has happened yet. */
export const UNTOUCHED = {
	status_reason: null,
	attempts: 0,
	held_until: null,
	retry_at: null,
	alert_code: null,
	alert_message: null,
	alert_at: null,
	alerts: null,
	wms: null,
	wms_order_id: null,
	wms_account: null,
	sending: 'none',
	sendings: 0,
	readiness: 'ready',
	cart_reason: null,
	ready_at: null,
	canceled_in_cart_at: null,
	cancel_due_at: null,
	parent_id: null,
	bundled_into: null,
	sent_at: null,
	opened_at: null,
	acknowledged_at: null,
	closed_at: null,
	claim_owner: null,
	claim_epoch: 0,
	version: 1,
	shipment_count: 0,
	tracking_text: '',
	parts_made: 0,
	bundle_size: 0,
	bundle_key: null,
	bundle_terms: null,
} as const satisfies Partial<OrderRow>;

/** Columns that follow from the content; written with every change of it. */
export function contentColumns(
	content: OrderContent,
	row: Pick<OrderRow, 'imported_at' | 'external_id' | 'reference'>,
): Pick<OrderRow, 'order_number' | 'merchant' | 'warehouse' | 'ordered_at' | 'search_text'> {
	return {
		// For looking only: the order itself keeps the whole number.
		order_number: boundedKey(content.orderNumber),
		merchant: content.merchant,
		warehouse: content.warehouse,
		ordered_at: storableDate(content.orderedAt) ?? row.imported_at,
		search_text: searchText(content, row),
	};
}

function searchText(content: OrderContent, row: Pick<OrderRow, 'external_id' | 'reference'>): string {
	const address = (of: OrderContent['shippingAddress']) =>
		of === null
			? []
			: [of.name, of.company, of.address1, of.address2, of.address3, of.city, of.region, of.postalCode, of.country, of.phone, of.email];
	const words = [
		content.orderNumber,
		row.external_id,
		row.reference,
		content.merchant,
		content.customer.email,
		content.customer.phone,
		...address(content.shippingAddress),
		...address(content.billingAddress),
		...content.lines.flatMap((line) => [line.sku, line.name]),
		...content.tags,
	];
	const known = new Set(words.filter((word): word is string => typeof word === 'string' && word !== ''));
	// A line end cannot be typed into a search, so no search matches across two fields.
	return searchable([...known].join('\n')).slice(0, 4000);
}

/** Equal contents give equal hashes as long as their keys come in one order; see `sameJson` for the rest. */
export const snapshotHash = (snapshot: string): string => hash('sha256', snapshot, 'base64url').slice(0, 22);
