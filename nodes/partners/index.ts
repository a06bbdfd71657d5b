/** Every cart and every WMS, one line each: nodes, lists, tests and import triggers follow. The order is that of their credentials in the nodes. */
import { amazonMcf } from './amazonMcf';
import { bigCommerce } from './bigCommerce';
import { extensiv } from './extensiv';
import { fileShop } from './file/cart';
import { fileExchange } from './file/wms';
import { genericHttp } from './genericHttp';
import { magento } from './magento';
import { medusa } from './medusa';
import type { CartPartner, WmsPartner } from './Partner';
import { shipBob } from './shipBob';
import { shipHero } from './shipHero';
import { shipStation } from './shipStation';
import { shopify } from './shopify';
import { tryton } from './tryton';
import { vendure } from './vendure';
import { wooCommerce } from './wooCommerce';
import { x12 } from './x12';

export const CARTS = {
	file: fileShop,
	bigCommerce,
	magento,
	medusa,
	shopify,
	vendure,
	wooCommerce,
} as const satisfies Record<string, CartPartner>;

export const WMS = {
	file: fileExchange,
	extensiv,
	genericHttp,
	amazonMcf,
	shipBob,
	shipStation,
	shipHero,
	tryton,
	x12,
} as const satisfies Record<string, WmsPartner>;

export type CartCode = keyof typeof CARTS;
export type WmsCode = keyof typeof WMS;

/** The cart that a node names. */
export const cartOf = (code: unknown): CartPartner => CARTS[code as CartCode];

/** The WMS that a node names. */
export const wmsOf = (code: unknown): WmsPartner => WMS[code as WmsCode];
