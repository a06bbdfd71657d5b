import { amazonMcfWms, type AmazonMcfRequest, type AmazonMcfSettings } from '../../lib/wms/amazonMcf';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { AmazonPeer } from '../../testing/servers/amazonMcf';
import type { WmsHarness } from './contract';
import { waitingFor } from './waiting';

/** @param timeoutMs of each request */
export function sessionOf(amazon: AmazonPeer, settings: AmazonMcfSettings = {}, timeoutMs = 10_000): WmsSession<unknown> {
	const http = fetchHttp(amazon.peer.url, { 'x-amz-access-token': [...amazon.tokens][0] ?? '' });
	const session = amazonMcfWms.open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'sellingpartnerapi-na.amazon.com/test' },
		settings,
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as AmazonMcfRequest) };
}

export const amazonMcfHarness: WmsHarness = {
	async empty() {
		const amazon = await AmazonPeer.open();
		return { session: sessionOf(amazon), orders: async () => await Promise.resolve(amazon.references()) };
	},
	async reporting() {
		const amazon = await AmazonPeer.open();
		const order = amazon.add(
			'acme.1001',
			[
				['RED-MUG', 2],
				['TEE-L', 1],
			],
			'CompletePartialled',
		);
		order.items[1]!.unfulfillableQuantity = 1;
		amazon.ship(order, 'SHIP-1', [['RED-MUG', 2]]);
		const named = { reference: 'acme.1001', wmsOrderId: 'acme.1001' };
		return {
			session: sessionOf(amazon),
			waiting: waitingFor({ reference: 'acme.1001', wmsOrderId: 'acme.1001' }),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: 'SHIP-1',
					carrier: 'UPS',
					trackingNumber: '1Z1',
					lines: [{ lineId: 'L1', sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{ kind: 'canceled', ...named, externalId: 'rest:acme.1001', lines: [{ lineId: 'L2', sku: 'TEE-L', quantity: 1 }] },
			],
		};
	},
};
