/** Whether a token may do what the nodes need. */
import type { HttpAccount } from '../../http/Http';
import { missingPermissionError, refusedOf, type Probe } from '../common/access';
import { BigCommerceApi } from './api';

const READ: Probe = {
	request: { method: 'GET', url: '/orders', query: { limit: 1 } },
	permission: 'Orders: read-only',
	for: 'importing orders',
};
const MODIFY: Probe = {
	request: { method: 'PUT', url: '/orders/0', body: { staff_notes: '' } },
	permission: 'Orders: modify',
	for: 'uploading tracking, acknowledging, notes and canceling',
};

/** BigCommerce knows the token and lacks a scope; 401 = it does not know the token. */
const LACKS_SCOPE = 403;

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names each missing scope. */
export async function checkAccess(account: HttpAccount): Promise<string> {
	const api = new BigCommerceApi(account);
	const refused = await refusedOf(async (request) => await api.call(request), [READ, MODIFY]);
	const unknown = refused.find(({ error }) => error.details.status !== LACKS_SCOPE);
	if (unknown !== undefined) throw unknown.error;
	if (refused.length > 0) {
		throw missingPermissionError(
			'BigCommerce accepts the token',
			refused,
			'Create an API account with the scope Orders: modify under Settings → Store-level API accounts in BigCommerce, since the scopes of a token cannot be changed, and enter its token.',
		);
	}
	const store = await api.store();
	return store === null
		? `Connected to the store ${account.account}. Lines come without weights, as the token lacks the scope Information & settings: read-only.`
		: `Connected to ${store.name ?? account.account}.`;
}
