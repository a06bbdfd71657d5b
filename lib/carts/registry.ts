/** Every cart, one line each. The contract suite in `test/carts` runs over them. */
import type { Cart } from './Cart';
import { fileCart } from './file';
import { bigCommerceCart } from './bigCommerce';
import { magentoCart } from './magento';
import { medusaCart } from './medusa';
import { shopifyCart } from './shopify';
import { vendureCart } from './vendure';
import { wooCommerceCart } from './wooCommerce';

export const CARTS = {
	file: fileCart,
	bigCommerce: bigCommerceCart,
	magento: magentoCart,
	medusa: medusaCart,
	shopify: shopifyCart,
	vendure: vendureCart,
	wooCommerce: wooCommerceCart,
} as const satisfies Record<string, Cart<never, never>>;

export type CartCode = keyof typeof CARTS;

/** For lists in the editor. */
export const CART_LABELS: ReadonlyArray<{ code: CartCode; label: string }> = Object.entries(CARTS).map(([code, { label }]) => ({
	code: code as CartCode,
	label,
})).sort((left, right) => left.label.localeCompare(right.label));
