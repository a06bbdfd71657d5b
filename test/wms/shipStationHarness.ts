import { shipStationWms, type ShipStationRequest } from '../../lib/wms/shipStation';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { SHIPSTATION_KEY, ShipStationPeer } from '../../testing/servers/shipStation';
import type { WmsHarness } from './contract';

/** @param timeoutMs of each request */
export function sessionOf(shipStation: ShipStationPeer, timeoutMs = 10_000): WmsSession<unknown> {
	const http = fetchHttp(shipStation.peer.url, { 'api-key': SHIPSTATION_KEY });
	const session = shipStationWms.open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'api.shipstation.com/1' },
		{},
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as ShipStationRequest) };
}

export const shipStationHarness: WmsHarness = {
	async empty() {
		const shipStation = await ShipStationPeer.open();
		return { session: sessionOf(shipStation), orders: async () => await Promise.resolve(shipStation.references()) };
	},
	async reporting() {
		const shipStation = await ShipStationPeer.open();
		const order = shipStation.add('acme.1001', [
			['L1', 'RED-MUG', 2],
			['L2', 'TEE-L', 1],
		]);
		const rest = shipStation.split(order, ['TEE-L']);
		const label = shipStation.label(order, { ship_date: '2099-09-05T12:00:00Z' });
		rest.shipment_status = 'cancelled';
		shipStation.touch(rest);
		const named = { reference: 'acme.1001', wmsOrderId: order.shipment_id };
		return {
			session: sessionOf(shipStation),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'canceled',
					reference: 'acme.1001',
					wmsOrderId: null,
					externalId: `cancel:${rest.shipment_id}`,
					lines: [{ lineId: 'L2', sku: 'TEE-L', quantity: 1 }],
				},
				{
					kind: 'shipped',
					...named,
					externalId: label.label_id,
					trackingNumber: label.tracking_number,
					carrier: 'ups',
					lines: [{ lineId: 'L1', sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2099-09-05T12:00:00.000Z',
				},
			],
		};
	},
};
