/** Orders of real shops that came out wrong once: fixtures/cases/woocommerce. */
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import { hasGoods, ships } from '../../lib/order/goods';
import { wordOf } from '../../lib/order/cartWord';
import kit from './fixtures/cases/woocommerce/w1-product-bundle.json';
import pickUp from './fixtures/cases/woocommerce/w11-local-pickup.json';
import moves from './fixtures/cases/woocommerce/w14-moves.json';
import checkoutFields from './fixtures/cases/woocommerce/w2-checkout-fields.json';
import twoMethods from './fixtures/cases/woocommerce/w3-two-shipping-lines.json';
import entities from './fixtures/cases/woocommerce/w4-entities.json';
import giftWrap from './fixtures/cases/woocommerce/w7-fee-gift-wrap.json';
import { WooPeer } from '../../testing/servers/wooCommerce';
import { sessionOf } from './wooCommerceHarness';

const content = (raw: unknown) => wooCommerceCart.toOrder(raw).content;
const sent = (raw: unknown) =>
	content(raw)
		.lines.filter((line) => line.quantity > 0 && ships(line))
		.map(({ sku, quantity }) => [sku, quantity]);
type Line = (typeof kit)['line_items'][number];
const withLines = (change: (line: Line, index: number) => object, more: object = {}) => ({
	...kit,
	line_items: kit.line_items.map((line, index) => ({ ...line, ...change(line, index) })),
	...more,
});

describe('bundles', () => {
	it('ships the parts, not the container', () => {
		expect(sent(kit)).toEqual([
			['KETTLE', 1],
			['MUG', 4],
		]);
		const { lines } = content(kit);
		expect(lines.map(({ kind }) => kind)).toEqual(['container', 'part', 'part']);
		expect(lines.slice(1).map(({ partOf }) => partOf)).toEqual([lines[0]!.id, lines[0]!.id]);
	});

	const needsShipping = (name: string, ...values: string[]) =>
		withLines((_, index) => (index === 0 ? {} : { meta_data: [{ id: index, key: name, value: values[index - 1] }] }));

	it('ships the container when its parts say that they ship inside of it', () => {
		expect(sent(needsShipping('_bundled_item_needs_shipping', 'no', 'no'))).toEqual([['KIT-01', 1]]);
		expect(content(needsShipping('_bundled_item_needs_shipping', 'no', 'no')).lines.map(({ kind }) => kind)).toEqual([
			undefined,
			'assembled',
			'assembled',
		]);
		expect(sent(needsShipping('_bundled_item_needs_shipping', 'no', 'yes'))).toEqual([
			['KIT-01', 1],
			['MUG', 4],
		]);
		expect(sent(needsShipping('_composite_item_needs_shipping', 'yes', 'yes'))).toEqual([
			['KETTLE', 1],
			['MUG', 4],
		]);
	});

	it('ships the container when the settings say so', () =>
		expect(sent({ ...kit, order_fulfillment: { bundles: 'container' } })).toEqual([['KIT-01', 1]]));

	it.each([
		[
			'a composite',
			(_: Line, index: number) => ({
				bundled_by: undefined,
				bundled_items: undefined,
				composite_parent: index === 0 ? '' : '11',
				composite_children: index === 0 ? ['12', '13'] : [],
			}),
		],
		[
			'meta of Product Bundles',
			(_: Line, index: number) => ({
				bundled_by: undefined,
				bundled_items: undefined,
				meta_data: index === 0 ? [{ key: '_bundle_cart_key', value: 'abc' }] : [{ key: '_bundled_by', value: 'abc' }],
			}),
		],
		[
			'meta of Composite Products',
			(_: Line, index: number) => ({
				bundled_by: undefined,
				bundled_items: undefined,
				meta_data: index === 0 ? [{ key: '_composite_cart_key', value: 'abc' }] : [{ key: '_composite_parent', value: 'abc' }],
			}),
		],
		[
			'meta of WPC Product Bundles',
			(_: Line, index: number) => ({
				bundled_by: undefined,
				bundled_items: undefined,
				meta_data: index === 0 ? [{ key: '_woosb_ids', value: '112/1,113/4' }] : [{ key: '_woosb_parent_id', value: '111' }],
			}),
		],
	])('knows %s', (_, change) =>
		expect(sent(withLines(change))).toEqual([
			['KETTLE', 1],
			['MUG', 4],
		]),
	);

	it('takes a bundle in a bundle apart', () => {
		const nested = withLines((_, index) => (index === 1 ? { bundled_by: 11, bundled_items: [13] } : index === 2 ? { bundled_by: 12 } : {}));
		expect(sent(nested)).toEqual([['MUG', 4]]);
		expect(content(nested).lines.map(({ kind }) => kind)).toEqual(['container', 'container', 'part']);
	});

	it('ships no part of a bundle that was refunded', () => {
		const refund = (of: string, quantity: number) => ({
			order_refunds: [{ id: 5, line_items: [{ quantity: -quantity, meta_data: [{ key: '_refunded_item_id', value: of }] }] }],
		});
		expect(sent({ ...kit, ...refund('11', 1) })).toEqual([]);
		expect(sent({ ...kit, ...refund('13', 1) })).toEqual([
			['KETTLE', 1],
			['MUG', 3],
		]);
		expect(content({ ...kit, ...refund('13', 1) }).lines[2]!.notOurs).toEqual([{ quantity: 1, reason: 'refunded' }]);
	});

	it.each([[{ bundled_by: 99 }], [{ bundled_by: 11 }], [{ bundled_by: 'x' }], [{ bundled_by: null }]])(
		'takes a line that names no other line for goods: %j',
		(change) => {
			expect(sent({ ...kit, line_items: [{ ...kit.line_items[0], ...change, bundled_items: [] }] })).toEqual([['KIT-01', 1]]);
		},
	);
});

it('keeps checkout fields of WooCommerce, visible meta, and hidden meta that the settings name', () => {
	const fields = {
		'_wc_other_acme_delivery-instructions': 'Gate code 4711',
		'_wc_shipping_acme_leave-with-neighbour': '1',
		delivery_window: 'morning',
	};
	expect(content(checkoutFields).custom).toEqual({ ...fields, shippingMethodId: 'flat_rate' });
	const kept = content({
		...checkoutFields,
		order_fulfillment: { keep_meta: ['_parcel_machine_id', 'sendcloudshipping_service_point_meta'] },
	}).custom;
	expect(kept).toEqual({
		...fields,
		_parcel_machine_id: 'POZ08A',
		sendcloudshipping_service_point_meta: { id: '10875349', extra: 'SP|Main St 2' },
		shippingMethodId: 'flat_rate',
	});
});

it('names a method once', () => expect(content(twoMethods).shippingMethod).toBe('Flat rate'));

it('keeps how it is paid, and what the method says', () => {
	const order = {
		...giftWrap,
		payment_method: 'cod',
		payment_method_title: 'Cash on delivery',
		shipping_lines: [
			{
				id: 1,
				method_title: 'Locker',
				method_id: 'inpost',
				meta_data: [
					{ key: 'Items', value: 'Lamp &times; 1' },
					{ key: 'locker', value: 'POZ08A' },
					{ key: '_hidden', value: 'x' },
				],
			},
		],
	};
	expect(content(order).custom).toEqual({
		paymentMethod: 'cod',
		paymentMethodTitle: 'Cash on delivery',
		shippingMethodId: 'inpost',
		locker: 'POZ08A',
	});
});

it('decodes what WordPress keeps as entities', () => {
	expect(content({ ...entities, customer_note: 'Don&#8217;t ring &lt;3', coupon_lines: [{ code: 'B&amp;B' }] })).toMatchObject({
		lines: [{ name: 'Salt & Pepper Mill – Oak', options: { Engraving: 'Tom & Mei' } }],
		shippingMethod: 'Click & Collect',
		notes: 'Don’t ring <3',
		discountCodes: ['B&B'],
	});
	expect(content({ ...entities, customer_note: 'R&D &copycat AT&T' }).notes).toBe('R&D &copycat AT&T');
	expect(wooCommerceCart.toOrder(entities).raw).toEqual(entities);
});

it('keeps fees as lines that are no goods', () => {
	expect(sent(giftWrap)).toEqual([['LAMP-01', 1]]);
	expect(content(giftWrap).lines.slice(1)).toMatchObject([
		{ kind: 'service', name: 'Gift wrapping', quantity: 1, unitPrice: '4.00' },
		{ kind: 'service', name: 'Shipping protection', quantity: 1 },
	]);
});

it.each(['local_pickup', 'pickup_location', 'local_pickup:4', 'legacy_local_pickup', 'local_pickup_plus'])(
	'an order that is picked up (%s) is not for the warehouse',
	(method) => {
		const {
			word,
			content: { lines },
		} = wooCommerceCart.toOrder({ ...pickUp, shipping_lines: [{ ...pickUp.shipping_lines[0], method_id: method }] });
		expect(hasGoods(lines)).toBe(false);
		expect(wordOf(word, lines)).toEqual({ readiness: 'not_ours', reason: 'local pick-up', until: null });
	},
);

it('meta that is an object costs that field, not the order', () => {
	const order = {
		...checkoutFields,
		meta_data: { 0: { key: 'a', value: '1' }, 2: { key: 'b', value: '2' } },
		line_items: [{ ...checkoutFields.line_items[0], meta_data: { 1: { key: 'color', value: 'red' } } }],
	};
	expect(content(order)).toMatchObject({ custom: { a: '1', b: '2' }, lines: [{ sku: 'LAMP-01', options: { color: 'red' } }] });
	for (const odd of [{ error: 'x' }, 'x', 7, null, [null, 'x', { key: {} }, { value: 1 }]])
		expect(content({ ...order, meta_data: odd }).lines).toHaveLength(1);
});

it.each([
	['JP', 'JP13', '13'],
	['TR', 'TR34', '34'],
	['CN', 'CN22', '22'],
	['US', 'OH', 'OH'],
	['DE', 'DE-BE', 'DE-BE'],
	['GB', 'GBX', 'GBX'],
])('a region of %s, %s, is %s', (country, state, region) =>
	expect(content({ ...kit, shipping: { ...kit.shipping, country, state } }).shippingAddress?.region).toBe(region),
);

it('hears each move of w14', async () => {
	const woo = await WooPeer.open();
	woo.statuses = ['fraud-check'];
	const { id } = woo.place();
	const session = sessionOf(woo);
	const filter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 50 };
	const said: string[] = [];
	for (const move of moves['then, before sending']) {
		const status = move.split(' ')[0]!;
		if (status === 'deleted') woo.remove(id);
		else woo.touch(id, { status });
		const { orders, gone } = await session.ordersByKey!([String(id)], filter);
		said.push(...orders.map(({ word }) => `${word.readiness}: ${word.reason}`), ...gone.map((key) => `gone: ${key === String(id)}`));
	}
	expect(said).toEqual(['waiting: on hold', 'waiting: pending payment', 'gone: in the trash', 'waiting: status fraud-check', 'gone: true']);
});
