/** WooCommerce in n8n. */
import {
	checkAccess,
	checkHeader,
	hiddenMeta,
	withKeysInAddress,
	wooCommerceCart,
	type WooCommerceSettings,
} from '../../../lib/carts/wooCommerce';
import { FulfillmentError } from '../../../lib/order/errors';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { list } from '../../shared/importOptions';
import { basic } from '../../shared/signIn';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	bundles?: 'parts' | 'container';
	keepMeta?: string[] | string;
	wooNoteToCustomer?: boolean;
	wooTracking?: 'meta' | 'plugin';
	wooShippedStatus?: string;
	wooAcknowledgeBy?: 'meta' | 'status' | 'note';
	wooAcknowledgeStatus?: string;
}

const ACCOUNT: AccountOptions = {
	credential: 'wooCommerceOrdersApi',
	label: 'WooCommerce',
	// Without what people copy along.
	baseUrl: ({ url }) =>
		String(url ?? '')
			.trim()
			.replace(/\/wp-json(\/.*)?$/, ''),
	// WooCommerce itself has no limit; a burst would trip firewalls of hosts.
	limit: { kind: 'bucket', capacity: 10, perSecond: 10 },
};

/** Asks the shop what the key and its user may do. */
const test = httpConnectionCheck({
	account: ACCOUNT,
	headers: ({ consumerKey, consumerSecret, keysIn }) => (keysIn === 'query' ? {} : basic(consumerKey, consumerSecret)),
	secrets: ['consumerSecret'],
	check: async (account, { url, consumerKey, consumerSecret, keysIn }) => {
		const keys = { consumerKey: String(consumerKey ?? ''), consumerSecret: String(consumerSecret ?? '') };
		const isHttps = /^https:/i.test(String(url ?? '').trim());
		if (keysIn !== 'query') return isHttps ? await checkHeader(account, keys) : await checkAccess(account);
		if (!isHttps)
			throw new FulfillmentError(
				'invalid_input',
				'Keys in the address are sent over HTTPS only.',
				'Let the address of the shop begin with https://, or set Keys In to Header.',
			);
		return await checkAccess(withKeysInAddress(account, keys));
	},
});

const settingsFrom = (options: Options, store: string): WooCommerceSettings => ({
	store,
	carriers: carrierNamesFrom(options),
	...(options.bundles === undefined ? {} : { bundles: options.bundles }),
	...(options.keepMeta === undefined
		? {}
		: { keepMeta: Array.isArray(options.keepMeta) ? options.keepMeta.map(String) : list(options.keepMeta) }),
	...(options.wooNoteToCustomer === undefined ? {} : { noteToCustomer: options.wooNoteToCustomer }),
	...(options.wooTracking === undefined ? {} : { tracking: options.wooTracking }),
	...(options.wooShippedStatus === undefined ? {} : { shippedStatus: options.wooShippedStatus.trim().replace(/^wc-/, '') }),
	...(options.wooAcknowledgeBy === undefined ? {} : { acknowledgeBy: options.wooAcknowledgeBy }),
	...(options.wooAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.wooAcknowledgeStatus }),
});

export const wooCommerce: CartPartner = {
	cart: wooCommerceCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'WooCommerce', testedBy: { name: 'wooCommerceConnectionTest', test } }],
	imports: 'Imports orders of a WooCommerce shop, each order once',
	importOptions,
	lists: {
		getOrderMeta: async (context) =>
			(await hiddenMeta(await openAccount(context, ACCOUNT))).map(({ key, example }) => ({
				name: key,
				value: key,
				...(example === null ? {} : { description: example }),
			})),
	},
	updateOptions,
	open: async (context, options: Options, store) => wooCommerceCart.open(await openAccount(context, ACCOUNT), settingsFrom(options, store)),
};
