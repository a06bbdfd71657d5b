/**
 * Extensiv 3PL Warehouse Manager (formerly 3PL Central). Its pages say that a second order with a reference is refused, not for which accounts, so an
 * order is looked up before each sending.
 */
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import { isObject, textOf } from '../common/json';
import { sendOutcome, unlessThere } from '../common/outcomes';
import type { SendOutcome, Wms, WmsSession } from '../Wms';
import { cancelOrder } from './cancel';
import { problemsOf, readOnlyOf } from './hal';
import { findLive, ordersOf, type Orders } from './orders';
import { changes } from './polling';
import { LIMITS, toRequest, type ExtensivRequest, type ExtensivSettings } from './request';

export type { ExtensivRequest, ExtensivSettings } from './request';

export const extensivWms: Wms<HttpAccount, ExtensivRequest, ExtensivSettings> = {
	code: 'extensiv',
	label: 'Extensiv 3PL Warehouse Manager',
	limits: LIMITS,
	capabilities: { uniqueReference: false, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http, account }: HttpAccount, settings: ExtensivSettings): WmsSession<ExtensivRequest> {
	const { customerId, timeZone = 'UTC' } = settings;
	const orders = ordersOf(http, customerId);
	return {
		source: `wms:extensiv:${account}`,
		findOrder: async (reference) => await findLive(orders, reference),
		createOrder: async (request) => await sendOutcome(async () => await create(orders, settings, request), problemsOf),
		listShipments(cursor) {
			const clock = readingClock(http, cursor);
			return changes(ordersOf(clock.http, customerId), clock, timeZone, cursor);
		},
		cancelOrder: async (order) => await cancelOrder(orders, order),
	};
}

async function create(
	orders: Orders,
	{ customerId, facilityId }: ExtensivSettings,
	{ facilityId: own, ...order }: ExtensivRequest,
): Promise<SendOutcome> {
	const identifiers = { customerIdentifier: { id: Number(customerId) }, facilityIdentifier: { id: Number(own ?? facilityId) } };
	return await unlessThere(
		async () => {
			const { body } = await orders.call({ method: 'POST', url: '/orders', body: JSON.stringify({ ...identifiers, ...order }) });
			const key = isObject(body) ? textOf(readOnlyOf(body).orderId) : null;
			return key === null
				? { kind: 'unknown', cause: 'Extensiv answered without the number of the order.' }
				: { kind: 'accepted', wmsOrderId: key };
		},
		async () => await findLive(orders, order.referenceNum),
	);
}
