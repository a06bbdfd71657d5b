import { extensivWms, type ExtensivRequest, type ExtensivSettings } from '../../lib/wms/extensiv';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { CLIENT, EXTENSIV_TOKEN, ExtensivPeer } from '../../testing/servers/extensiv';
import type { WmsHarness } from './contract';

/** @param timeoutMs of each request */
export function sessionOf(extensiv: ExtensivPeer, settings: Partial<ExtensivSettings> = {}, timeoutMs = 10_000): WmsSession<unknown> {
	const http = fetchHttp(extensiv.peer.url, { authorization: `Bearer ${EXTENSIV_TOKEN}` });
	const { customerId, facilityId } = CLIENT;
	const session = extensivWms.open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'secure-wms.com/17' },
		{ customerId, facilityId, ...settings },
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as ExtensivRequest) };
}

export const extensivHarness: WmsHarness = {
	async empty() {
		const extensiv = await ExtensivPeer.open();
		return { session: sessionOf(extensiv), orders: async () => await Promise.resolve(extensiv.references()) };
	},
	async reporting() {
		const extensiv = await ExtensivPeer.open();
		const order = extensiv.add('acme.1001', [
			['L1', 'RED-MUG', 2],
			['L2', 'TEE-L', 1],
		]);
		extensiv.pack(order, '1Z1', [[0, 2]]);
		// The other line is out of stock.
		order.items[1]!.qty = 0;
		extensiv.confirm(order);
		const named = { reference: 'acme.1001', wmsOrderId: String(order.readOnly.orderId) };
		return {
			session: sessionOf(extensiv),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: `order:${named.wmsOrderId}`,
					trackingNumber: '1Z1',
					lines: [{ lineId: 'L1', sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{ kind: 'canceled', ...named, externalId: `short:${named.wmsOrderId}`, lines: [{ lineId: 'L2', sku: 'TEE-L', quantity: 1 }] },
			],
		};
	},
	async reportingBadly() {
		const extensiv = await ExtensivPeer.open();
		extensiv.add('acme.1', [['L1', 'A', 1]]).readOnly.status = 7;
		extensiv.add('acme.2', [['L1', 'A', 1]]);
		extensiv.add('acme.3', [['L1', 'A', 1]]).readOnly.status = 9;
		return sessionOf(extensiv);
	},
};
