import { DEFAULTS, httpWmsFor, type HttpWmsRequest, type HttpWmsSettings } from '../../lib/wms/genericHttp';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../testing/servers/httpWarehouse';
import type { WmsHarness } from './contract';

/** @param timeoutMs of each request */
export function sessionOf(warehouse: HttpWarehousePeer, settings: HttpWmsSettings = DEFAULTS, timeoutMs = 10_000): WmsSession<unknown> {
	const http = fetchHttp(`${warehouse.peer.url}/api`, { 'x-api-key': WAREHOUSE_KEY });
	const session = httpWmsFor(settings).open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'wms.example.com' },
		settings,
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as HttpWmsRequest) };
}

export const genericHttpHarnessFor = (settings: HttpWmsSettings): WmsHarness => ({
	async empty() {
		const warehouse = await HttpWarehousePeer.open();
		warehouse.unique = settings.uniqueReference;
		return { session: sessionOf(warehouse, settings), orders: async () => await Promise.resolve(warehouse.references()) };
	},
	async reporting() {
		const warehouse = await HttpWarehousePeer.open();
		warehouse.now = Date.now();
		warehouse.report({
			reference: 'acme.1001',
			orderId: 'W1',
			id: 'SHIP-1',
			status: 'shipped',
			carrier: 'UPS',
			trackingNumber: '1Z1',
			shippedAt: '2026-09-05T12:00:00Z',
			items: [{ sku: 'RED-MUG', quantity: 2 }],
		});
		warehouse.report({ reference: 'acme.1001', orderId: 'W1', id: 'CANCEL-1', status: 'Canceled', items: null });
		const named = { reference: 'acme.1001', wmsOrderId: 'W1' };
		return {
			session: sessionOf(warehouse, settings),
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: 'SHIP-1',
					trackingNumber: '1Z1',
					carrier: 'UPS',
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{ kind: 'acknowledged', ...named },
				{ kind: 'canceled', ...named, externalId: 'cancel:CANCEL-1', lines: null },
			],
		};
	},
	async reportingBadly() {
		const warehouse = await HttpWarehousePeer.open();
		warehouse.now = Date.now();
		warehouse.report({ id: 'S1', status: 'shipped', items: null });
		warehouse.report({ reference: 'acme.1001', id: 'S2', status: 'open' });
		warehouse.report({ reference: 'acme.1001', id: 'S3', status: 'teleported', items: null });
		return sessionOf(warehouse, settings);
	},
});

export const genericHttpHarness = genericHttpHarnessFor(DEFAULTS);
