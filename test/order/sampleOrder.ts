/** An order as the store gives it, without a store. */
import { READY } from '../../lib/order/cartWord';
import type { LineItem, Order, Shipment } from '../../lib/order/order';
import { content } from '../store/fixtures';

export const lineItem = (id: string, sku: string | null, quantity: number, more: Partial<LineItem> = {}): LineItem => ({
	id, externalId: `x-${id}`, sku, name: `Item ${id}`, quantity, unitPrice: '10.00', weight: null, options: {}, custom: {},
	quantityShipped: 0, quantityCanceled: 0, ...more,
});

export const sampleShipment = (externalId: string, more: Partial<Shipment> = {}): Shipment => ({
	id: `id-${externalId}`, orderId: 'o1', externalId, carrier: 'UPS', serviceLevel: null, trackingNumber: `1Z${externalId}`, trackingUrl: null,
	shippedAt: null, lines: [], recordedAt: '2026-11-20T08:00:00.000Z', uploadedAt: null, uploadProblem: null, uploadAttempts: 0,
	uploadHeldBack: false, voidedAt: null, ...more,
});

export const sampleOrder = (more: Partial<Order> = {}): Order => ({
	...content('N1'),
	id: 'o1', store: 'acme', cart: 'file', externalId: '1', reference: 'N1', wms: 'file', wmsOrderId: 'W1', wmsAccount: 'wms:file', sending: 'there', alerts: [], inCart: READY, canceledInCartAt: null, cancelDueAt: null, parentId: null, bundledInto: null, bundleSize: 0,
	status: 'open', statusReason: null, attempts: 1, heldUntil: null, retryAt: null, alert: null, version: 4,
	importedAt: '2026-11-01T10:00:00.000Z', updatedAt: '2026-11-01T10:00:00.000Z', sentAt: '2026-11-01T10:05:00.000Z',
	openedAt: '2026-11-01T10:05:00.000Z', acknowledgedAt: null, closedAt: null, abandonAt: null,
	lines: [lineItem('L1', 'RED-MUG', 2), lineItem('L2', 'TEE-L', 1)], description: '', shipments: [],
	...more,
});
