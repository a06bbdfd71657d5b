import { withHttpStatus, shipHeroWms, type ShipHeroRequest, type ShipHeroSettings } from '../../lib/wms/shipHero';
import type { Http } from '../../lib/http/Http';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { ShipHeroPeer } from '../../testing/servers/shipHero';
import type { WmsHarness } from './contract';

/** @param timeoutMs of each request */
export function sessionOf(shipHero: ShipHeroPeer, settings: ShipHeroSettings = {}, timeoutMs = 10_000): WmsSession<unknown> {
	const plain = fetchHttp(shipHero.peer.url, { authorization: `Bearer ${[...shipHero.tokens][0] ?? ''}` });
	const http: Http = async (request) => withHttpStatus(await plain({ ...request, timeoutMs }));
	const session = shipHeroWms.open({ http, account: 'public-api.shiphero.com/test' }, settings);
	return { ...session, createOrder: async (request) => await session.createOrder(request as ShipHeroRequest) };
}

export const LABEL = {
	id: 'label-1',
	status: 'valid',
	tracking_number: '1Z1',
	carrier: 'ups',
	shipping_method: 'ground',
	created_date: '2026-09-05T12:00:00',
};

export const shipHeroHarness: WmsHarness = {
	async empty() {
		const shipHero = await ShipHeroPeer.open();
		return { session: sessionOf(shipHero), orders: async () => await Promise.resolve(shipHero.references()) };
	},
	async reporting() {
		const shipHero = await ShipHeroPeer.open();
		const order = shipHero.add('acme.1001', [
			['RED-MUG', 2],
			['TEE-L', 1],
		]);
		shipHero.ship(order, 'ship-1', [LABEL], [['RED-MUG', 2, 'label-1']]);
		order.lines[1]!.fulfillment_status = 'canceled';
		const named = { reference: 'acme.1001', wmsOrderId: order.id };
		return {
			session: sessionOf(shipHero),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: 'ship-1',
					trackingNumber: '1Z1',
					lines: [{ lineId: 'L1', sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{ kind: 'canceled', ...named, externalId: `cancel:${order.lines[1]!.id}`, lines: [{ lineId: 'L2', sku: 'TEE-L', quantity: 1 }] },
			],
		};
	},
};
