/** Whether a key and its user may do what the nodes need. */
import type { HttpAccount } from '../../http/Http';
import { lacking, refusedOf, type Probe, type Refused } from '../access';
import { WooApi } from './api';

/** The batch is empty: what is asked for is only whether it may be sent. */
const PROBES: readonly [Probe, Probe] = [
	{ request: { method: 'GET', url: '/wp-json/wc/v3/orders', query: { per_page: 1 } }, permission: 'Read', for: 'importing orders' },
	{ request: { method: 'POST', url: '/wp-json/wc/v3/orders/batch', body: {} }, permission: 'Write', for: 'uploading tracking, acknowledging, notes and canceling' },
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
		throw lacking('WooCommerce accepts the key', [{ ...first, permission: `the permission ${first.permission}` }], 'Edit the key under WooCommerce → Settings → Advanced → REST API and set its permissions to Read/Write.');
	}
	throw lacking('WooCommerce accepts the key, and its user may see orders', [{ ...first, permission: 'the right to edit them' }], 'Give the user of the key the role Shop manager, or choose another user for it under WooCommerce → Settings → Advanced → REST API.');
}

const isKey = ({ error: { details } }: Refused): boolean => (details.body as { code?: unknown } | null)?.code === KEY_REFUSED;
