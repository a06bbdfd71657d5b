/** Shopify in n8n. */
import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import {
	withHttpStatus,
	checkAccess,
	costOf,
	feedbackOf,
	SHOPIFY_LIMIT,
	shopifyCart,
	type ShopifySettings,
} from '../../../lib/carts/shopify';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { list } from '../../shared/importOptions';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { signInHeaders } from './signIn';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	acknowledgeTag?: unknown;
	location?: unknown;
	/** Of the trigger. */
	testOrders?: boolean;
	partiallyFulfilled?: boolean;
	localDeliveries?: boolean;
	withoutTags?: string;
	/** Of Cart Update. */
	cancelRefund?: boolean;
	cancelRestock?: boolean;
	notifyCustomer?: boolean;
}

/** "acme", "acme.myshopify.com", or a full address: of a proxy, for instance. */
export function shopAddress(data: ICredentialDataDecryptedObject): string {
	const shop = String(data.shop ?? '')
		.trim()
		.replace(/\/+$/, '');
	if (/^https?:\/\//i.test(shop)) return shop;
	return shop === '' ? '' : `https://${shop.includes('.') ? shop : `${shop}.myshopify.com`}`;
}

const ACCOUNT: AccountOptions = {
	credential: 'shopifyOrdersApi',
	label: 'Shopify',
	baseUrl: shopAddress,
	limit: SHOPIFY_LIMIT,
	costOf,
	feedbackOf,
	withHttpStatus,
};

/** Asks the shop for its name and what the token may do. */
const test = httpConnectionCheck({
	account: ACCOUNT,
	headers: signInHeaders,
	secrets: ['accessToken'],
	check: async ({ http }) => await checkAccess(http),
});

const settingsFrom = (options: Options): ShopifySettings => ({
	...(options.acknowledgeTag === undefined ? {} : { acknowledgeTag: String(options.acknowledgeTag).trim() }),
	...(options.location === undefined ? {} : { location: String(options.location).trim() }),
	testOrders: options.testOrders === true,
	partiallyFulfilled: options.partiallyFulfilled === true,
	localDeliveries: options.localDeliveries === true,
	withoutTags: list(options.withoutTags),
	carriers: carrierNamesFrom(options),
	cancel: {
		refund: options.cancelRefund ?? false,
		restock: options.cancelRestock ?? true,
		notifyCustomer: options.notifyCustomer ?? false,
	},
});

const location: INodeProperties = {
	displayName: 'Location',
	name: 'location',
	type: 'string',
	default: '',
	description:
		'Name or ID of the Shopify location that ships; empty = all locations. Used only for a store without an import trigger; otherwise the trigger’s setting applies.',
};

export const shopify: CartPartner = {
	cart: shopifyCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Shopify', testedBy: { name: 'shopifyConnectionTest', test } }],
	imports: 'Imports the orders of a Shopify shop that are ready to ship, each order once',
	importOptions,
	updateOptions,
	lookUpProperties: [location],
	open: async (context, options: Options) => shopifyCart.open(await openAccount(context, ACCOUNT), settingsFrom(options)),
};
