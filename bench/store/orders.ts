/** Orders like a cart's: about 2 KB of raw payload, three lines. */
import { READY } from '../../lib/order/cartWord';
import type { ImportedOrder } from '../../lib/order/order';
import type { ImportPage } from '../../lib/store/OrderStore';

export const actor = { kind: 'system', name: 'bench' } as const;

const FILLER = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(25);

export function order(number: number): ImportedOrder {
	const address = {
		name: `Customer ${number}`,
		company: null,
		address1: `${number % 900} Elm Street`,
		address2: null,
		address3: null,
		city: 'Springfield',
		region: 'IL',
		postalCode: String(10_000 + (number % 80_000)),
		country: 'US',
		phone: '+1 555 0100',
		email: null,
	};
	return {
		externalId: `ext-${number}`,
		word: READY,
		raw: { id: number, note: FILLER, lines: [{ sku: 'RED-MUG' }, { sku: 'TEE-L' }] },
		content: {
			orderNumber: String(100_000 + number),
			merchant: null,
			orderedAt: new Date(1_790_000_000_000 + number * 1000).toISOString(),
			customer: { email: `customer${number}@example.com`, phone: null },
			billingAddress: address,
			shippingAddress: address,
			lines: ['RED-MUG', 'TEE-L', 'CAP'].map((sku, index) => ({
				id: `L${index}`,
				externalId: String(number * 10 + index),
				sku,
				name: `Item ${sku}`,
				quantity: 1 + index,
				unitPrice: '9.90',
				weight: 250,
				options: { size: 'L' },
				custom: {},
			})),
			shippingMethod: 'Standard (3-5 days)',
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
			subtotal: '29.70',
			shippingAmount: '5.00',
			taxAmount: '2.10',
			discountAmount: null,
			total: '36.80',
			discountCodes: [],
			tags: ['web'],
			notes: null,
			custom: {},
		},
	};
}

export const page = (orders: ImportedOrder[]): ImportPage => ({
	source: 'bench',
	cursorFrom: null,
	cursorTo: null,
	store: 'bench',
	cart: 'file',
	orders,
	failures: [],
	abandonAfterDays: 45,
	onChange: 'replace',
	actor,
});
