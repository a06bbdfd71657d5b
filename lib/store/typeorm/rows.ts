/** Between rows and orders: what a row says of an order, and which columns follow from its content. */
import { hash } from 'node:crypto';
import { withRecommendation, type AlertCode } from '../../order/alerts';
import type { Instant } from '../../order/due';
import { currentContent, describeLines, type OrderEdits, type OrderLayers } from '../../order/layers';
import type { IsoDate, JsonValue, Order, OrderContent, Shipment, ShipmentLine } from '../../order/order';
import type { OrderStatus } from '../../order/status';
import type { ContentRow, OrderRow, ShipmentRow } from './tables';

export type Progress = Record<string, { shipped: number; canceled: number }>;

type ReadContent = Pick<ContentRow, 'snapshot' | 'edits' | 'result' | 'progress'>;

/** What is read of an order besides its shipments. */
export type FullRow = OrderRow & ReadContent;

/** SELECT list of a `FullRow`; `o` = order, `c` = its content. Never `payload`: it is long and nobody lists it. */
export const FULL_ROW = 'o.*, c.snapshot, c.edits, c.result, c.progress';

/** Columns that `Order` shows. The others are for searching, claiming and bundling; the text that people search in is as long as an order. */
const SHOWN = [
	'id', 'store', 'cart', 'external_id', 'reference', 'wms', 'wms_order_id', 'parent_id', 'bundled_into', 'bundle_size', 'status', 'status_reason', 'attempts',
	'held_until', 'retry_at', 'alert_code', 'alert_message', 'version', 'imported_at', 'updated_at', 'sent_at', 'opened_at', 'acknowledged_at', 'closed_at',
	'abandon_at', 'shipment_count',
] as const satisfies ReadonlyArray<keyof OrderRow>;

/** The part of a `FullRow` that becomes an `Order`. */
export type ReadRow = Pick<OrderRow, (typeof SHOWN)[number]> & ReadContent;

/** SELECT list of a `ReadRow`. */
export const READ_ROW = `${SHOWN.map((name) => `o.${name}`).join(', ')}, c.snapshot, c.edits, c.result, c.progress`;

export const parse = <T>(text: string): T => JSON.parse(text) as T;

export const layersOf = (row: Pick<ContentRow, 'snapshot' | 'edits' | 'result'> & { served_holds?: string }): OrderLayers => ({
	snapshot: parse<OrderContent>(row.snapshot),
	edits: parse<OrderEdits>(row.edits),
	result: row.result === null ? null : parse<OrderContent>(row.result),
	servedHolds: row.served_holds === undefined ? [] : parse<string[]>(row.served_holds),
});

/** The order as nodes pass it on. Field by field: spreading the content took as long as parsing it. */
export const orderOf = (row: ReadRow, shipments: Shipment[]): Order =>
	orderFrom(row, row.result === null ? currentContent(layersOf(row)) : parse<OrderContent>(row.result), shipments);

/** @param content what the row says, which the caller has read already */
export function orderFrom(row: Omit<ReadRow, 'snapshot' | 'edits' | 'result'>, content: OrderContent, shipments: Shipment[]): Order {
	const progress: Partial<Progress> = parse<Progress>(row.progress);
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
		parentId: row.parent_id,
		bundledInto: row.bundled_into,
		bundleSize: row.bundle_size,
		status: row.status as OrderStatus,
		statusReason: row.status_reason,
		attempts: row.attempts,
		heldUntil: row.held_until,
		retryAt: row.retry_at,
		alert: alertOf(row),
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

export const alertOf = (row: Pick<OrderRow, 'alert_code' | 'alert_message'>): Order['alert'] =>
	row.alert_code === null ? null : withRecommendation({ code: row.alert_code as AlertCode, message: row.alert_message ?? '' });

export const shipmentOf = (row: ShipmentRow): Shipment => ({
	id: row.id,
	orderId: row.order_id,
	externalId: row.external_id,
	carrier: row.carrier,
	serviceLevel: row.service_level,
	trackingNumber: row.tracking_number,
	trackingUrl: row.tracking_url,
	shippedAt: row.shipped_at,
	lines: parse<ShipmentLine[]>(row.lines),
	recordedAt: row.recorded_at,
	uploadedAt: row.uploaded_at,
	uploadProblem: row.upload_problem,
	uploadAttempts: row.upload_attempts,
	uploadHeldBack: row.upload_held_back !== 0,
	voidedAt: row.voided_at,
});

/** Postgres has no U+0000 in texts, and a lone half of a surrogate pair is no UTF-8. The session does it to all that is written. */
export function storable(text: string): string {
	const whole = (text as string & { toWellFormed(): string }).toWellFormed();
	return whole.includes('\u0000') ? whole.replaceAll('\u0000', '') : whole;
}

/** A date as it is stored, or null when it is none that both databases can keep. */
export function storableDate(date: string | null | undefined): IsoDate | null {
	const time = date === null || date === undefined || date === '' ? Number.NaN : Date.parse(date);
	if (Number.isNaN(time)) return null;
	const iso = new Date(time).toISOString();
	return /^[1-9]\d{3}-|^0\d{2}[1-9]-/.test(iso) ? iso : null;
}

/** The columns of an order to which nothing has happened yet. */
export const UNTOUCHED = {
	status_reason: null, attempts: 0, held_until: null, retry_at: null, alert_code: null, alert_message: null, alert_at: null, wms: null, wms_order_id: null,
	parent_id: null, bundled_into: null, sent_at: null, opened_at: null, acknowledged_at: null, closed_at: null, claim_owner: null, claim_epoch: 0, version: 1,
	shipment_count: 0, tracking_text: '', parts_made: 0, bundle_size: 0, bundle_key: null, bundle_terms: null,
} as const satisfies Partial<OrderRow>;

/** Columns that follow from the content; written with every change of it. */
export function contentColumns(
	content: OrderContent,
	row: Pick<OrderRow, 'imported_at' | 'external_id' | 'reference'>,
): Pick<OrderRow, 'order_number' | 'merchant' | 'warehouse' | 'ordered_at' | 'search_text'> {
	return {
		order_number: content.orderNumber,
		merchant: content.merchant,
		warehouse: content.warehouse,
		ordered_at: storableDate(content.orderedAt) ?? row.imported_at,
		search_text: searchText(content, row),
	};
}

/** The same for what is searched and for what people type. */
export function searchable(text: string): string {
	// Most texts are plain ASCII, which normalizing would only copy.
	return (/[^\p{ASCII}]|\0/u.test(text) ? storable(text).normalize('NFKC') : text).toLowerCase();
}

function searchText(content: OrderContent, row: Pick<OrderRow, 'external_id' | 'reference'>): string {
	const address = (of: OrderContent['shippingAddress']) =>
		of === null ? [] : [of.name, of.company, of.address1, of.address2, of.address3, of.city, of.region, of.postalCode, of.country, of.phone, of.email];
	const words = [
		content.orderNumber, row.external_id, row.reference, content.merchant, content.customer.email, content.customer.phone,
		...address(content.shippingAddress), ...address(content.billingAddress),
		...content.lines.flatMap((line) => [line.sku, line.name]),
		...content.tags,
	];
	const known = new Set(words.filter((word): word is string => typeof word === 'string' && word !== ''));
	// A line end cannot be typed into a search, so no search matches across two fields.
	return searchable([...known].join('\n')).slice(0, 4000);
}

/** Equal contents give equal hashes as long as their keys come in one order; see `sameJson` for the rest. */
export const snapshotHash = (snapshot: string): string => hash('sha256', snapshot, 'base64url').slice(0, 22);

/** Equal whatever the order of keys: JSON that went through a node or a cart is still the same. */
export function sameJson(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
	if (Array.isArray(left) !== Array.isArray(right)) return false;
	const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/** JSON as it is stored; U+0000 stays escaped. A lone surrogate is escaped by JSON.stringify itself. */
export const stored = (value: unknown): string => JSON.stringify(value ?? null);

export const after = (now: IsoDate, ms: number): IsoDate => new Date(Date.parse(now) + ms).toISOString();

/** @example resolved({ inMs: 60_000 }, '2026-11-23T20:00:00.000Z') // "2026-11-23T20:01:00.000Z" */
export function resolved(instant: Instant | null, now: IsoDate): IsoDate | null {
	if (instant === null) return null;
	if (instant === 'now') return now;
	return typeof instant === 'string' ? storableDate(instant) : after(now, instant.inMs);
}

export const DAY_MS = 86_400_000;

export const jsonOf = (text: string): JsonValue => parse<JsonValue>(text);
