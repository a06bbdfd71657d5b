/** How Cart Update opens each cart: one line each. A cart that is not here does not compile. */
import type { CartSession } from '../../../lib/carts/Cart';
import type { CartCode } from '../../../lib/carts/registry';
import type { NodeContext } from '../context';
import { openFileCart } from './file';
import { openBigCommerce, type BigCommerceOptions } from './bigCommerce';
import { openMagento, type MagentoOptions } from './magento';
import { openMedusa, type MedusaOptions } from './medusa';
import { openVendure, type VendureOptions } from './vendure';
import { openWooCommerce, type WooCommerceOptions } from './wooCommerce';
import { openShopifyForUpdate, type ShopifyUpdateOptions } from './shopify';

/** The options of Cart Update; each cart takes what is its own. */
export interface CartUpdateOptions extends MagentoOptions, MedusaOptions, VendureOptions, WooCommerceOptions, BigCommerceOptions, ShopifyUpdateOptions {
	trackingDirectory?: string;
}

export const CART_SESSIONS: Record<CartCode, (context: NodeContext, options: CartUpdateOptions) => Promise<CartSession>> = {
	file: openFileCart,
	bigCommerce: openBigCommerce,
	magento: openMagento,
	medusa: openMedusa,
	shopify: openShopifyForUpdate,
	vendure: openVendure,
	wooCommerce: openWooCommerce,
};
