import { READY } from '../../lib/order/cartWord';
import type { Order, Shipment } from '../../lib/order/order';

/** An Open order of two lines as the store gives it; parts can be replaced. */
export function anOrder(changes: Partial<Order> = {}): Order {
	const line = (id: string, sku: string, quantity: number) => ({
		id, externalId: `ext-${id}`, sku, name: sku, quantity, unitPrice: '10.00', weight: 100, options: {}, custom: {}, quantityShipped: 0, quantityCanceled: 0,
	});
	return {
		id: '1', store: 'acme', cart: 'file', externalId: '5123456789001', orderNumber: '#1001', reference: 'acme.1001', wms: 'file', wmsOrderId: null, wmsAccount: null, sending: 'none', alerts: [], inCart: READY, canceledInCartAt: null, cancelDueAt: null, 
		parentId: null, bundledInto: null, bundleSize: 0, merchant: null, status: 'queued', statusReason: null, attempts: 1, heldUntil: null, retryAt: null, alert: null,
		version: 1, importedAt: '2026-09-03T14:14:00.000Z', updatedAt: '2026-09-03T14:14:00.000Z', sentAt: null, openedAt: null, acknowledgedAt: null,
		closedAt: null, abandonAt: null, orderedAt: '2026-09-03T14:14:00.000Z', customer: { email: 'ada@example.com', phone: null }, billingAddress: null,
		shippingAddress: {
			name: 'Ada Lovelace', company: null, address1: '12 Byron St', address2: null, address3: null, city: 'Boston', region: 'MA', postalCode: '02134',
			country: 'US', phone: '+1 617 555 0100', email: null,
		},
		lines: [line('L1', 'RED-MUG', 2), line('L2', 'TEE-L', 1)], description: '2 × RED-MUG, 1 × TEE-L', shippingMethod: 'Standard', carrier: null,
		serviceLevel: null, warehouse: 'WH1', requestedShipDate: null, signatureRequired: false, insuredAmount: null, thirdPartyAccount: null,
		giftMessage: null, shippingNotes: null, currency: 'USD', subtotal: '30.00', shippingAmount: '5.00', taxAmount: '0.00', discountAmount: '0.00',
		total: '35.00', discountCodes: [], tags: [], notes: null, custom: {}, shipments: [], ...changes,
	};
}

export function aShipment(changes: Partial<Shipment> = {}): Shipment {
	return {
		id: 's1', orderId: '1', externalId: 'SHIP-1', carrier: 'UPS', serviceLevel: 'Ground', trackingNumber: '1Z999AA10123456784',
		trackingUrl: 'https://track.example/1Z999AA10123456784', shippedAt: '2026-09-05T12:00:00.000Z', lines: [{ lineId: 'L1', quantity: 2 }],
		recordedAt: '2026-09-05T13:00:00.000Z', uploadedAt: null, uploadProblem: null, uploadAttempts: 0, uploadHeldBack: false, voidedAt: null, ...changes,
	};
}
