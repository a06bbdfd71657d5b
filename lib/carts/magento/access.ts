/** Whether an integration may do what the nodes need. */
import type { HttpAccount } from '../../http/Http';
import { firstIn } from '../../order/present';
import { missingPermissionError, refusedOf, type Probe } from '../common/access';
import { MagentoApi } from './api';

const ORDERS = 'Sales → Operations → Orders → Actions';
const ONE = { 'searchCriteria[pageSize]': 1, 'searchCriteria[currentPage]': 1 };

/** Permissions as the tree of resources of an integration shows them. Magento looks at them before it looks at the body. */
const PROBES: readonly Probe[] = [
	{ request: { method: 'GET', url: '/orders', query: ONE }, permission: `${ORDERS} → View`, for: 'importing orders' },
	{ request: { method: 'GET', url: '/shipments', query: ONE }, permission: 'Sales → Operations → Shipments', for: 'uploading tracking' },
	{ request: { method: 'POST', url: '/order/0/ship', body: {} }, permission: `${ORDERS} → Ship`, for: 'uploading tracking' },
	{ request: { method: 'POST', url: '/orders/0/comments', body: {} }, permission: `${ORDERS} → Comment`, for: 'acknowledging and notes' },
	{ request: { method: 'POST', url: '/orders/0/cancel' }, permission: `${ORDERS} → Cancel`, for: 'canceling' },
];

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names each missing resource. */
export async function checkAccess(account: HttpAccount): Promise<string> {
	const api = new MagentoApi(account);
	const refused = await refusedOf(async (request) => await api.call(request), PROBES);
	// Magento says the same of a token that it does not know.
	if (refused.length === PROBES.length) throw firstIn(refused, 'What Magento refused').error;
	if (refused.length > 0) {
		throw missingPermissionError(
			'Magento accepts the token',
			refused,
			'Choose the resources under System → Integrations → your integration → API, save, reauthorize it, and enter its new access token.',
		);
	}
	const hasUnits = (await api.weightUnits()) !== null;
	return `Connected to ${account.account}.${hasUnits ? '' : ' Lines come without weights, as the integration lacks Stores → Settings → All Stores.'}`;
}
