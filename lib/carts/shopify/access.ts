/** Whether a token may do what the nodes need. */
import type { Http } from '../../http/Http';
import { FulfillmentError } from '../../order/errors';
import { ACCESS } from './documents';
import { graphql } from './graphql';

/** One of each list is enough; a write scope includes the read scope. */
const NEEDED: ReadonlyArray<{ scopes: readonly [string, ...string[]]; for: string }> = [
	{ scopes: ['read_orders', 'write_orders', 'read_all_orders'], for: 'importing orders' },
	{ scopes: ['write_orders'], for: 'acknowledging, notes and canceling' },
	{
		scopes: [
			'read_merchant_managed_fulfillment_orders',
			'write_merchant_managed_fulfillment_orders',
			'read_assigned_fulfillment_orders',
			'write_assigned_fulfillment_orders',
			'read_third_party_fulfillment_orders',
			'write_third_party_fulfillment_orders',
		],
		for: 'importing what is to be shipped',
	},
	{
		scopes: ['write_merchant_managed_fulfillment_orders', 'write_assigned_fulfillment_orders', 'write_third_party_fulfillment_orders'],
		for: 'uploading tracking',
	},
];

interface Access {
	shop: { name: string };
	currentAppInstallation: { accessScopes: Array<{ handle: string }> };
}

/** Whether an order that Shopify does not show is not there: without the scope, those older than 60 days are hidden. */
export async function seesAllOrders(http: Http): Promise<boolean> {
	const { currentAppInstallation } = await graphql<Access>(http, ACCESS, {});
	return currentAppInstallation.accessScopes.some(({ handle }) => handle === 'read_all_orders');
}

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names each missing scope. */
export async function checkAccess(http: Http): Promise<string> {
	const { shop, currentAppInstallation } = await graphql<Access>(http, ACCESS, {});
	const granted = new Set(currentAppInstallation.accessScopes.map(({ handle }) => handle));
	const missing = NEEDED.filter(({ scopes }) => !scopes.some((scope) => granted.has(scope)));
	if (missing.length > 0) {
		const list = missing.map((each) => `${each.scopes[0]} (${each.for})`).join(', ');
		throw new FulfillmentError(
			'credentials_invalid',
			`Shopify accepts the token, but it lacks ${list}.`,
			'Add the scopes to the app in Shopify, install it again, and enter its new token.',
		);
	}
	return `Connected to ${shop.name}${granted.has('read_all_orders') ? '' : '; orders older than 60 days are hidden (scope read_all_orders)'}.`;
}
