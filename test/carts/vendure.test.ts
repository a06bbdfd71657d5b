import { READY, wordOf } from '../../lib/order/cartWord';
import { vendureCart } from '../../lib/carts/vendure';

const RAW = {
	id: '7',
	code: 'ABC',
	type: 'Regular',
	state: 'PaymentSettled',
	updatedAt: '2026-11-20T11:59:00.000Z',
	orderPlacedAt: '2026-11-20T12:00:00.123Z',
	moneyPrecision: 2,
	couponCodes: ['TEN'],
	currencyCode: 'EUR',
	subTotal: 8300,
	shipping: 500,
	total: 8800,
	totalWithTax: 10560,
	customer: { emailAddress: 'ada@example.com', phoneNumber: null },
	shippingAddress: {
		fullName: 'Ada Lovelace',
		company: 'Engines',
		streetLine1: 'Hauptstr. 1',
		streetLine2: 'Hinterhaus',
		city: 'Berlin',
		province: 'Berlin',
		postalCode: '10115',
		countryCode: 'DE',
		phoneNumber: '030 1234',
	},
	billingAddress: {
		fullName: null,
		company: null,
		streetLine1: null,
		streetLine2: null,
		city: null,
		province: null,
		postalCode: null,
		countryCode: null,
		phoneNumber: null,
	},
	discounts: [{ amount: -400 }, { amount: -100 }],
	shippingLines: [{ shippingMethod: { code: 'standard', name: 'Standard (2-3 days)' } }],
	lines: [
		{ id: '11', quantity: 2, unitPrice: 1250, productVariant: { sku: 'RED-MUG', name: 'Red mug', options: [] } },
		{
			id: '12',
			quantity: 3,
			unitPrice: 2100,
			productVariant: { sku: 'TEE-L', name: 'Tee L', options: [{ name: 'L', group: { name: 'Size' } }] },
		},
		{ id: '13', quantity: 0, unitPrice: 900, productVariant: { sku: 'GONE', name: 'Gone', options: [] } },
	],
	customFields: { pickupPoint: 'P1', giftWrap: null },
};

describe('an order of Vendure', () => {
	const content = (changes: object = {}) => vendureCart.toOrder({ ...RAW, ...changes }).content;

	it('is translated field by field', () => {
		expect(vendureCart.toOrder(RAW)).toMatchObject({
			externalId: '7',
			word: READY,
			content: {
				orderNumber: 'ABC',
				orderedAt: '2026-11-20T12:00:00.123Z',
				customer: { email: 'ada@example.com', phone: '030 1234' },
				billingAddress: null,
				shippingAddress: {
					name: 'Ada Lovelace',
					company: 'Engines',
					address1: 'Hauptstr. 1',
					address2: 'Hinterhaus',
					region: 'Berlin',
					country: 'DE',
					phone: '030 1234',
				},
				lines: [
					{ externalId: '11', sku: 'RED-MUG', quantity: 2, unitPrice: '12.50', options: {} },
					{ externalId: '12', sku: 'TEE-L', quantity: 3, unitPrice: '21.00', options: { Size: 'L' } },
					{ sku: 'GONE', quantity: 0 },
				],
				shippingMethod: 'Standard (2-3 days)',
				currency: 'EUR',
				subtotal: '83.00',
				shippingAmount: '5.00',
				taxAmount: '17.60',
				discountAmount: '5.00',
				total: '105.60',
				discountCodes: ['TEN'],
				custom: { pickupPoint: 'P1', shippingMethodCode: 'standard' },
			},
		});
	});

	it.each([
		[0, '8300'],
		[2, '83.00'],
		[3, '8.300'],
		[4, '0.8300'],
	])('has amounts of %d decimals', (moneyPrecision, subtotal) => expect(content({ moneyPrecision }).subtotal).toBe(subtotal));

	it('is canceled when Vendure says so, and not ours when nothing of it is left', () => {
		expect(vendureCart.toOrder({ ...RAW, state: 'Cancelled' }).word.readiness).toBe('canceled');
		const { word, content: empty } = vendureCart.toOrder({ ...RAW, lines: RAW.lines.map((line) => ({ ...line, quantity: 0 })) });
		expect(wordOf(word, empty.lines).readiness).toBe('not_ours');
	});

	it('has its lines in the order of the basket, whatever order Vendure gives them in', () => {
		const lines = [
			['12', '2026-11-20T11:00:00.000Z'],
			['9', '2026-11-20T11:00:00.000Z'],
			['7', '2026-11-20T11:30:00.000Z'],
		].map(([id, createdAt]) => ({ ...RAW.lines[0], id, createdAt }));
		expect(content({ lines }).lines.map(({ externalId }) => externalId)).toEqual(['9', '12', '7']);
		expect(content({ lines: [...lines].reverse() })).toEqual(content({ lines }));
	});

	it('is the same whatever we write back', () =>
		expect(content({ state: 'Shipped', updatedAt: '2027-01-01T00:00:00.000Z', fulfillments: [{ id: '1' }] })).toEqual(content()));

	it.each([
		['shippingAddress.countryCode', { shippingAddress: { countryCode: 'XKX' } }],
		['lines[0].quantity', { lines: [{ id: '1', quantity: 1.5, productVariant: {} }] }],
		['lines[0].unitPrice', { lines: [{ id: '1', quantity: 1, unitPrice: 12.5, productVariant: {} }] }],
		['lines[0].productVariant', { lines: [{ id: '1', quantity: 1, productVariant: null }] }],
		['orderPlacedAt', { orderPlacedAt: 'soon' }],
		['totalWithTax', { totalWithTax: '12' }],
	])('names %s when it is wrong', (path, changes) => expect(() => content(changes)).toThrow(path));
});
