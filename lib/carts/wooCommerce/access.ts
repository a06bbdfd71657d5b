/** Whether a key and its user may do what the nodes need. */
import type { HttpAccount } from '../../http/Http';
import { isObject } from '../../order/json';
import { PartnerError } from '../../http/partner';
import { asError, FulfillmentError } from '../../order/errors';
import { missingPermissionError, refusedOf, type Probe, type Refused } from '../common/access';
import { WooApi } from './api';
import { hiddenMetaIn } from './metas';

/** The batch is empty: what is asked for is only whether it may be sent. */
const PROBES: readonly [Probe, Probe] = [
	{ request: { method: 'GET', url: '/wp-json/wc/v3/orders', query: { per_page: 1 } }, permission: 'Read', for: 'importing orders' },
	{
		request: { method: 'POST', url: '/wp-json/wc/v3/orders/batch', body: {} },
		permission: 'Write',
		for: 'uploading tracking, acknowledging, notes and canceling',
	},
];

/** The key is refused, not what its user may do. */
const KEY_REFUSED = 'woocommerce_rest_authentication_error';

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names what is missing. */
export async function checkAccess(account: HttpAccount): Promise<string> {
	const api = new WooApi(account);
	const refused = await refusedOf(async (request) => await api.call(request), PROBES);
	const [first] = refused;
	if (first === undefined) return `Connected to ${account.account}; the key may read and write orders.`;
	// Nothing is allowed: the keys are wrong, or did not arrive, as without HTTPS.
	if (refused.length === PROBES.length) throw first.error;
	if (isKey(first)) {
		throw missingPermissionError(
			'WooCommerce accepts the key',
			[{ ...first, permission: `the permission ${first.permission}` }],
			'Edit the key under WooCommerce → Settings → Advanced → REST API and set its permissions to Read/Write.',
		);
	}
	throw missingPermissionError(
		'WooCommerce accepts the key, and its user may see orders',
		[{ ...first, permission: 'the right to edit them' }],
		'Give the user of the key the role Shop manager, or choose another user for it under WooCommerce → Settings → Advanced → REST API.',
	);
}

interface Keys {
	consumerKey: string;
	consumerSecret: string;
}

/** For hosts that keep the header Authorization from WordPress. */
export const withKeysInAddress = ({ http, ...account }: HttpAccount, { consumerKey, consumerSecret }: Keys): HttpAccount => ({
	...account,
	http: async (request) =>
		await http({ ...request, query: { ...request.query, consumer_key: consumerKey, consumer_secret: consumerSecret } }),
});

/** As `checkAccess`, of keys in the header. Keys that are refused there and taken in the address did not arrive. @param account over HTTPS */
export async function checkHeader(account: HttpAccount, keys: Keys): Promise<string> {
	try {
		return await checkAccess(account);
	} catch (error) {
		const refused = asError(error);
		if (!(refused instanceof PartnerError) || refused.code !== 'credentials_invalid' || !(await isTaken(withKeysInAddress(account, keys))))
			throw refused;
		throw headerLost();
	}
}

const headerLost = (): FulfillmentError =>
	new FulfillmentError(
		'credentials_invalid',
		'The keys are right, but did not arrive: the host keeps the header Authorization from WordPress.',
		'Set Keys In to Address in the credential, or ask the host to pass the header on.',
	);

async function isTaken(account: HttpAccount): Promise<boolean> {
	try {
		await checkAccess(account);
		return true;
	} catch (error) {
		void asError(error);
		return false;
	}
}

const isKey = ({ error: { details } }: Refused): boolean => isObject(details.body) && details.body.code === KEY_REFUSED;

/** How many orders are looked through for meta. */
const RECENT = 50;

/** The hidden meta that the newest orders have, to choose from. */
export async function hiddenMeta(account: HttpAccount): Promise<Array<{ key: string; example: string | null }>> {
	return hiddenMetaIn((await new WooApi(account).newest(['any'], RECENT)).map(({ raw }) => raw));
}
