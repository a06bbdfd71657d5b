import { READY } from '../../lib/order/cartWord';
import { medusaCart } from '../../lib/carts/medusa';

const item = (changes: object = {}) => ({
	id: 'ordli_1',
	title: 'Tee',
	variant_title: 'L',
	variant_sku: 'TEE-L',
	quantity: 3,
	unit_price: 21,
	subtotal: 63,
	is_tax_inclusive: false,
	requires_shipping: true,
	metadata: {},
	adjustments: [],
	detail: { quantity: 3, fulfilled_quantity: 0, shipped_quantity: 0 },
	...changes,
});

const RAW = {
	id: 'order_7',
	display_id: 7,
	custom_display_id: null,
	status: 'pending',
	payment_status: 'captured',
	email: 'ada@example.com',
	currency_code: 'eur',
	created_at: '2026-11-20T12:00:00.123Z',
	updated_at: '2026-11-20T12:01:00.000Z',
	total: 105.6,
	item_subtotal: 88,
	shipping_subtotal: 5,
	tax_total: 17.6,
	discount_total: 5,
	metadata: { gift: 'yes', nested: { a: 1 }, warehouse_reference: 'acme.7', warehouse_notes: 'x' },
	shipping_address: {
		first_name: 'Ada',
		last_name: 'Lovelace',
		company: 'Engines',
		address_1: 'Hauptstr. 1',
		address_2: 'Hinterhaus',
		city: 'Berlin',
		province: 'de-be',
		postal_code: '10115',
		country_code: 'de',
		phone: '030 1234',
	},
	billing_address: {
		first_name: null,
		last_name: null,
		company: null,
		address_1: null,
		address_2: null,
		city: null,
		province: null,
		postal_code: null,
		country_code: null,
		phone: null,
	},
	shipping_methods: [{ id: 'ordsm_1', name: 'Standard (2-3 days)', adjustments: [{ code: 'FREESHIP' }] }],
	items: [
		item({ metadata: { engraving: 'Ada' }, adjustments: [{ code: 'TEN' }, { code: 'TEN' }] }),
		item({
			id: 'ordli_0',
			title: 'Red mug',
			variant_title: 'Default variant',
			variant_sku: 'RED-MUG',
			quantity: 2,
			unit_price: 15,
			subtotal: 25,
			is_tax_inclusive: true,
		}),
		item({ id: 'ordli_2', title: 'E-book', variant_sku: 'EBOOK', requires_shipping: false }),
		item({ id: 'ordli_3', title: 'Gone', quantity: 0 }),
	],
	fulfillments: [],
};

/** As Medusa has it after fulfillments, ours and others'. */
const fulfilled = (fulfilledQuantity: number, fulfillments: object[]) => ({
	items: [item({ detail: { quantity: 3, fulfilled_quantity: fulfilledQuantity } })],
	fulfillments,
});
const ours = (quantity: number, canceledAt: string | null = null) => ({
	id: 'ful_1',
	shipped_at: null,
	canceled_at: canceledAt,
	metadata: { warehouse_shipment: 'S1', warehouse_quantities: { ordli_1: quantity } },
});

describe('an order of Medusa', () => {
	const content = (changes: object = {}) => medusaCart.toOrder({ ...RAW, ...changes }).content;

	it('is translated field by field', () => {
		expect(medusaCart.toOrder(RAW)).toMatchObject({
			externalId: 'order_7',
			word: READY,
			content: {
				orderNumber: '7',
				orderedAt: '2026-11-20T12:00:00.123Z',
				customer: { email: 'ada@example.com', phone: '030 1234' },
				billingAddress: null,
				shippingAddress: {
					name: 'Ada Lovelace',
					company: 'Engines',
					address1: 'Hauptstr. 1',
					address2: 'Hinterhaus',
					city: 'Berlin',
					region: 'BE',
					postalCode: '10115',
					country: 'DE',
					phone: '030 1234',
				},
				lines: [
					{ externalId: 'ordli_2', sku: 'EBOOK', kind: 'virtual' },
					{ externalId: 'ordli_0', sku: 'RED-MUG', name: 'Red mug', quantity: 2, unitPrice: '12.5' },
					{ externalId: 'ordli_1', sku: 'TEE-L', name: 'Tee L', quantity: 3, unitPrice: '21', custom: { engraving: 'Ada' } },
					{ externalId: 'ordli_3', quantity: 0 },
				],
				shippingMethod: 'Standard (2-3 days)',
				currency: 'EUR',
				subtotal: '88',
				shippingAmount: '5',
				taxAmount: '17.6',
				discountAmount: '5',
				total: '105.6',
				discountCodes: ['FREESHIP', 'TEN'],
			},
		});
		expect(content().custom).toEqual({ gift: 'yes' });
	});

	it('has the number of the shop’s own form', () => expect(content({ custom_display_id: 'EU-7' }).orderNumber).toBe('EU-7'));

	it.each([
		['us-tx', 'us', 'TX'],
		['Texas', 'us', 'Texas'],
		['ca-on', 'us', 'ca-on'],
		[null, 'us', null],
	])('has the region %s of %s as %s', (province, country, region) =>
		expect(content({ shipping_address: { ...RAW.shipping_address, province, country_code: country } }).shippingAddress?.region).toBe(
			region,
		),
	);

	it('has its lines in one order, whatever order Medusa gives them in', () =>
		expect(content({ items: [...RAW.items].reverse() })).toEqual(content()));

	it('says how many of each line are fulfilled, by us or by others', () => {
		const {
			content: { lines },
			shipped,
		} = medusaCart.toOrder({ ...RAW, ...fulfilled(2, [ours(2)]) });
		expect(lines).toMatchObject([{ quantity: 3 }]);
		expect(shipped).toEqual({ [lines[0]!.id]: 2 });
	});

	it('is the same whatever we write back', () => {
		const before = content({ items: [item()] });
		expect(
			content({
				updated_at: '2027-01-01T00:00:00.000Z',
				metadata: { ...RAW.metadata, warehouse_reference: 'other' },
				...fulfilled(2, [ours(2)]),
			}),
		).toEqual(before);
	});

	it.each([[{ status: 'canceled' }], [{ payment_status: 'refunded' }], [{ payment_status: 'refunded', ...fulfilled(2, []) }]])(
		'is canceled when Medusa says so, or when all was paid back: %j',
		(changes) => {
			expect(medusaCart.toOrder({ ...RAW, ...changes }).word.readiness).toBe('canceled');
		},
	);

	it('is not canceled by a refund after all of it was shipped', () =>
		expect(medusaCart.toOrder({ ...RAW, payment_status: 'refunded', ...fulfilled(3, [ours(3)]) }).word.readiness).toBe('ready'));

	it.each([
		['shipping_address.country_code', { shipping_address: { country_code: 'XKX' } }],
		['items[0].quantity', { items: [item({ quantity: 1.5 })] }],
		['items[0].unit_price', { items: [item({ unit_price: 'much' })] }],
		['created_at', { created_at: 'soon' }],
		['total', { total: 'all' }],
	])('names %s when it is wrong', (path, changes) => expect(() => content(changes)).toThrow(path));
});
