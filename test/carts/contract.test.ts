import { CARTS, CART_LABELS, type CartCode } from '../../lib/carts/registry';
import { cartContract, type CartHarness } from './contract';
import { cartWith } from './fileHarness';
import { bigCommerceHarness } from './bigCommerceHarness';
import { magentoHarness } from './magentoHarness';
import { medusaUrl } from '../real/medusaShop';
import { medusaHarness } from './medusaHarness';
import { shopifyHarness } from './shopifyHarness';
import { vendureUrl } from '../real/vendureShop';
import { vendureHarness } from './vendureHarness';
import { wooCommerceHarness } from './wooCommerceHarness';
import { tree } from '../files/openLocal';

const HEADER = 'orderNumber,orderedAt,shippingAddress.name,shippingAddress.country,lines.sku,lines.quantity,lines.unitPrice';
const row = (number: number, quantity = '1'): string => `N-${number},2026-09-03T10:00:00Z,Ada,us,SKU-${number},${quantity},1.50`;

/** A cart that is not here does not compile. */
const HARNESSES: Record<CartCode, CartHarness> = {
	file: {
		withOrders: async (count) => {
			const rows = Array.from({ length: count }, (_, index) => row(index));
			const half = Math.ceil(count / 2);
			return cartWith({ 'a.csv': [HEADER, ...rows.slice(0, half)].join('\n'), 'b.csv': [HEADER, ...rows.slice(half)].join('\n') }).session;
		},
		withBadOrders: async () => cartWith({ 'a.csv': [HEADER, row(1, 'x'), row(2), row(3, '-1')].join('\n') }).session,
		withTracking: async () => {
			const { root, session } = cartWith({});
			return { session, given: async () => Object.keys(tree(root)).filter((name) => name.startsWith('tracking/')).length };
		},
	},
	bigCommerce: bigCommerceHarness,
	magento: magentoHarness,
	medusa: medusaHarness,
	shopify: shopifyHarness,
	vendure: vendureHarness,
	wooCommerce: wooCommerceHarness,
};

it('lists every cart for the editor', () => expect(CART_LABELS.map(({ code }) => code).sort()).toEqual(Object.keys(CARTS).sort()));

const MISSING = new Set([...(medusaUrl({ say: true }) === null ? ['medusa'] : []), ...(vendureUrl({ say: true }) === null ? ['vendure'] : [])]);

for (const [code, cart] of Object.entries(CARTS)) if (!MISSING.has(code)) cartContract(code, cart, HARNESSES[code as CartCode]);
