/** Orders, pages and reports as adapters would give them. */
import { READY } from '../../lib/order/cartWord';
import type { ImportedOrder, Order, OrderContent } from '../../lib/order/order';
import type { OrderStatus } from '../../lib/order/status';
import type { Actor } from '../../lib/order/timeline';
import type { ReportedShipment, WmsEvent } from '../../lib/order/wmsEvent';
import type { ImportPage, OrderStore, ShipmentPage } from '../../lib/store/OrderStore';

export const actor: Actor = { kind: 'node', name: 'test' };

export function content(orderNumber: string, changes: Partial<OrderContent> = {}): OrderContent {
	return {
		orderNumber,
		merchant: null,
		orderedAt: '2026-11-01T10:00:00.000Z',
		customer: { email: 'ann@example.com', phone: null },
		billingAddress: null,
		shippingAddress: {
			name: 'Ann Lee',
			company: null,
			address1: '5 Elm St',
			address2: null,
			address3: null,
			city: 'Springfield',
			region: 'IL',
			postalCode: '62701',
			country: 'US',
			phone: null,
			email: null,
		},
		lines: [line('L1', 'RED-MUG', 2), line('L2', 'TEE-L', 1)],
		shippingMethod: 'Standard',
		carrier: null,
		serviceLevel: null,
		warehouse: null,
		requestedShipDate: null,
		signatureRequired: false,
		insuredAmount: null,
		thirdPartyAccount: null,
		giftMessage: null,
		shippingNotes: null,
		currency: 'USD',
		subtotal: '30.00',
		shippingAmount: '5.00',
		taxAmount: null,
		discountAmount: null,
		total: '35.00',
		discountCodes: [],
		tags: ['web'],
		notes: null,
		custom: {},
		...changes,
	};
}

export const line = (id: string, sku: string, quantity: number): OrderContent['lines'][number] => ({
	id,
	externalId: `x-${id}`,
	sku,
	name: `Item ${sku}`,
	quantity,
	unitPrice: '10.00',
	weight: null,
	options: {},
	custom: {},
});

export const imported = (externalId: string, changes: Partial<OrderContent> = {}, more: Partial<ImportedOrder> = {}): ImportedOrder => ({
	externalId,
	word: READY,
	content: content(`N${externalId}`, changes),
	raw: { id: externalId, source: 'cart' },
	...more,
});

export const page = (orders: ImportedOrder[], more: Partial<ImportPage> = {}): ImportPage => ({
	source: 'file:acme',
	cursorFrom: null,
	cursorTo: null,
	store: 'acme',
	cart: 'file',
	orders,
	failures: [],
	abandonAfterDays: 45,
	onChange: 'replace',
	actor,
	...more,
});

export const series = (count: number, start = 1): ImportedOrder[] =>
	Array.from({ length: count }, (_, index) => imported(String(start + index)));

/** Imports one order and gives it. */
export async function importOne(orderStore: OrderStore, order = imported('1'), more: Partial<ImportPage> = {}): Promise<Order> {
	const [result] = await orderStore.importPage(page([order], more));
	return (await orderStore.get(result!.orderId!))!;
}

export async function move(orderStore: OrderStore, order: Order, to: OrderStatus, set = {}): Promise<Order> {
	await orderStore.transition({ orderId: order.id, from: order.status, to, version: order.version, actor, reason: 'test', set });
	return (await orderStore.get(order.id))!;
}

export async function claimToQueued(orderStore: OrderStore, order: Order, leaseMs = 60_000, account = 'wms:file') {
	const [claim] = await orderStore.claim({
		ids: [order.id],
		statuses: ['routed'],
		to: 'queued',
		sendTo: { wms: 'file', account },
		limit: 1,
		leaseMs,
		worker: 'w1',
		actor,
	});
	return claim!;
}

/** An order that the warehouse has. @param account whose word counts for it */
export async function openOrder(
	orderStore: OrderStore,
	order = imported('1'),
	more: Partial<ImportPage> = {},
	account?: string,
): Promise<Order> {
	const routed = await move(orderStore, await importOne(orderStore, order, more), 'routed', {
		result: { ...order.content, warehouse: 'WH1' },
	});
	const { epoch } = await claimToQueued(orderStore, routed, undefined, account);
	await orderStore.transition({
		orderId: routed.id,
		from: 'queued',
		to: 'open',
		epoch,
		actor,
		reason: 'accepted',
		set: { wmsOrderId: `W-${routed.reference}`, wms: 'file', sentAt: 'now', openedAt: 'now' },
		sending: { state: 'there' },
	});
	return (await orderStore.get(routed.id))!;
}

export const shipped = (order: Order, externalId: string, more: Partial<ReportedShipment> = {}): ReportedShipment => ({
	kind: 'shipped',
	externalId,
	reference: order.reference,
	wmsOrderId: null,
	origin: `${externalId}.csv, row 1`,
	carrier: 'UPS',
	serviceLevel: 'Ground',
	trackingNumber: `1Z${externalId}`,
	trackingUrl: null,
	shippedAt: '2026-11-20T08:00:00.000Z',
	lines: null,
	...more,
});

export const report = (events: WmsEvent[], more: Partial<ShipmentPage> = {}): ShipmentPage => ({
	source: 'wms:file',
	cursorFrom: null,
	cursorTo: null,
	wms: 'file',
	events,
	failures: [],
	actor,
	...more,
});

export const kinds = async (orderStore: OrderStore, orderId: string): Promise<string[]> =>
	(await orderStore.timeline(orderId)).map(({ kind }) => kind);
