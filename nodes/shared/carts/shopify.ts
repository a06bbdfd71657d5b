import type { ICredentialDataDecryptedObject, IPollFunctions } from 'n8n-workflow';
import type { CartSession } from '../../../lib/carts/Cart';
import { asHttpSays, costOf, feedbackOf, SHOPIFY_LIMIT, shopifyCart, type ShopifySettings } from '../../../lib/carts/shopify';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { list } from '../importOptions';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export const SHOPIFY_CREDENTIAL = 'shopifyOrdersApi';

/** "acme", "acme.myshopify.com", or a full address: of a proxy, for instance. */
export function shopAddress(data: ICredentialDataDecryptedObject): string {
	const shop = String(data.shop ?? '').trim().replace(/\/+$/, '');
	if (/^https?:\/\//i.test(shop)) return shop;
	return shop === '' ? '' : `https://${shop.includes('.') ? shop : `${shop}.myshopify.com`}`;
}

/** What Cart Update may be told about Shopify. */
export interface ShopifyUpdateOptions extends CarrierOptions {
	acknowledgeTag?: string;
	location?: string;
	cancelRefund?: boolean;
	cancelRestock?: boolean;
	notifyCustomer?: boolean;
}

export async function openShopify(context: NodeContext, settings: ShopifySettings): Promise<CartSession> {
	const account = await openAccount(context, {
		credential: SHOPIFY_CREDENTIAL,
		label: 'Shopify',
		baseUrl: shopAddress,
		limit: SHOPIFY_LIMIT,
		costOf,
		feedbackOf,
		asHttpSays,
	});
	return shopifyCart.open(account, settings);
}

export const openShopifyForUpdate = async (context: NodeContext, options: ShopifyUpdateOptions): Promise<CartSession> =>
	await openShopify(context, {
		...tagAndPlace(options),
		carriers: carrierNamesFrom(options),
		cancel: { refund: options.cancelRefund ?? false, restock: options.cancelRestock ?? true, notifyCustomer: options.notifyCustomer ?? false },
	});

const tagAndPlace = ({ acknowledgeTag, location }: { acknowledgeTag?: unknown; location?: unknown }): Pick<ShopifySettings, 'acknowledgeTag' | 'location'> => ({
	...(acknowledgeTag === undefined ? {} : { acknowledgeTag: String(acknowledgeTag).trim() }),
	...(location === undefined ? {} : { location: String(location).trim() }),
});

/** The trigger's own options. */
export function readShopifySettings(context: IPollFunctions): ShopifySettings {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		...tagAndPlace(options),
		testOrders: options.testOrders === true,
		partiallyFulfilled: options.partiallyFulfilled === true,
		withoutTags: list(options.withoutTags),
	};
}
