import { shipBobWms, type ShipBobRequest, type ShipBobSettings } from '../../lib/wms/shipBob';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { CHANNEL, SHIPBOB_KEY, ShipBobPeer } from '../../testing/servers/shipBob';
import type { WmsHarness } from './contract';

/** @param timeoutMs of each request */
export function sessionOf(shipBob: ShipBobPeer, settings: Partial<ShipBobSettings> = {}, timeoutMs = 10_000): WmsSession<unknown> {
	const http = fetchHttp(shipBob.peer.url, { authorization: `Bearer ${SHIPBOB_KEY}` });
	const session = shipBobWms.open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'api.shipbob.com/4711' },
		{ channelId: CHANNEL, ...settings },
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as ShipBobRequest) };
}

export const shipBobHarness: WmsHarness = {
	async empty() {
		const shipBob = await ShipBobPeer.open();
		return { session: sessionOf(shipBob), orders: async () => await Promise.resolve(shipBob.references()) };
	},
	async reporting() {
		const shipBob = await ShipBobPeer.open();
		const order = shipBob.add('acme.1001', [
			['RED-MUG', 2],
			['TEE-L', 1],
		]);
		shipBob.ship(order, 1, 'Completed', [['RED-MUG', 2]], {
			tracking: { carrier: 'UPS', tracking_number: '1Z1', shipping_date: '2026-09-05T12:00:00+00:00' },
		});
		shipBob.ship(order, 2, 'Cancelled', [['TEE-L', 1]]);
		const named = { reference: 'acme.1001', wmsOrderId: String(order.id) };
		return {
			session: sessionOf(shipBob),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: '1',
					trackingNumber: '1Z1',
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{ kind: 'canceled', ...named, externalId: 'cancel:2', lines: [{ sku: 'TEE-L', quantity: 1 }] },
			],
		};
	},
};
