/** What Amazon takes as a fulfillment order (Fulfillment Outbound 2020-07-01, `CreateFulfillmentOrderRequest`). */
import type { Order } from '../../order/order';
import { toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import { given } from '../common/given';

export const SPEEDS = ['Standard', 'Expedited', 'Priority', 'ScheduledDelivery'] as const;
export type Speed = (typeof SPEEDS)[number];

interface Money {
	currencyCode: string;
	value: string;
}

export interface AmazonMcfRequest {
	/** Unique in an account: a second order with it is refused. */
	sellerFulfillmentOrderId: string;
	displayableOrderId: string;
	displayableOrderDate: string;
	/** Null = the account's own words. */
	displayableOrderComment: string | null;
	/** What the order names; null = none that Amazon has. */
	shippingSpeedCategory: Speed | null;
	/** For the error text. */
	method: string;
	destinationAddress: {
		name: string;
		addressLine1: string;
		addressLine2?: string;
		addressLine3?: string;
		city?: string;
		stateOrRegion?: string;
		postalCode: string;
		countryCode: string;
		phone?: string;
	};
	email: string | null;
	items: Array<{ sellerSku: string; sellerFulfillmentOrderItemId: string; quantity: number; perUnitDeclaredValue?: Money }>;
}

/** Of orders from the description; of addresses as Amazon gave them for the API before this one. */
export const LIMITS: readonly FieldLimit[] = [
	{ path: 'reference', maxLength: 40, required: true, pattern: /[A-Za-z0-9_.-]+/ },
	{ path: 'orderNumber', maxLength: 40, required: true },
	{ path: 'shippingAddress.name', maxLength: 50, required: true },
	{ path: 'shippingAddress.address1', maxLength: 60, required: true },
	{ path: 'shippingAddress.address2', maxLength: 60 },
	{ path: 'shippingAddress.address3', maxLength: 60 },
	{ path: 'shippingAddress.city', maxLength: 50 },
	{ path: 'shippingAddress.region', maxLength: 150 },
	{ path: 'shippingAddress.postalCode', maxLength: 20, required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.id', maxLength: 50, required: true },
	{ path: 'lines.sku', maxLength: 50, required: true },
];

export const COMMENT_LENGTH = 750;

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): AmazonMcfRequest {
	const { lines, to } = toShip(order, { limits: LIMITS });
	const method = (order.serviceLevel ?? order.shippingMethod ?? '').trim();
	// Amazon has a company nowhere; it stands on the first free line.
	const [line2, line3] = [to.address2, to.address3, to.company].filter((text) => text !== null && text.trim() !== '');
	const { currency } = order;
	return {
		sellerFulfillmentOrderId: order.reference,
		displayableOrderId: order.orderNumber,
		displayableOrderDate: new Date(order.orderedAt ?? order.importedAt).toISOString(),
		displayableOrderComment:
			order.giftMessage === null || order.giftMessage.trim() === ''
				? null
				: [...order.giftMessage.trim()].slice(0, COMMENT_LENGTH).join(''),
		shippingSpeedCategory: SPEEDS.find((speed) => speed.toLowerCase() === method.toLowerCase()) ?? null,
		method,
		destinationAddress: {
			name: to.name ?? '',
			addressLine1: to.address1 ?? '',
			...given('addressLine2', line2 ?? null),
			...given('addressLine3', line3 ?? null),
			...given('city', to.city),
			...given('stateOrRegion', to.region),
			postalCode: to.postalCode ?? '',
			countryCode: to.country ?? '',
			...given('phone', to.phone ?? order.customer.phone),
		},
		email: to.email ?? order.customer.email,
		items: lines.map(({ id, sku, quantity, unitPrice }) => ({
			sellerSku: sku ?? '',
			sellerFulfillmentOrderItemId: id,
			quantity,
			...(unitPrice === null || currency === null ? {} : { perUnitDeclaredValue: { currencyCode: currency, value: unitPrice } }),
		})),
	};
}
