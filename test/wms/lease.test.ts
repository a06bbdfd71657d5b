/** A warehouse that takes its time: what came of a sending is known, or known to be unknown, before the lease of the sending is over. */
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import { DEFAULTS, httpWmsFor } from '../../lib/wms/genericHttp';
import { routedOrders } from '../fault/http/routedOrders';
import { n8nPeerHttp } from '../http/n8nPeerHttp';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../testing/servers/httpWarehouse';
import type { Fault } from '../../testing/servers/Peer';
import { onEachDatabase } from '../store/harness';

const LEASE_MS = 1_500;
const actor = { kind: 'node', name: 'Test' } as const;

onEachDatabase(
	'a lease',
	(open) => {
		it.each<[Fault]>([['silent'], ['trickle']])(
			'outlives every request under it, though each may take a minute by itself: %s',
			async (fault) => {
				const { orderStore } = await open();
				const warehouse = await HttpWarehousePeer.open();
				warehouse.peer.faultAt = (_, { method }) => (method === 'POST' ? fault : null);
				const wms = httpWmsFor(DEFAULTS);
				const session = wms.open(
					{ http: await n8nPeerHttp(`${warehouse.peer.url}/api`, { 'x-api-key': WAREHOUSE_KEY }), account: 'x' },
					DEFAULTS,
				);
				await routedOrders(orderStore, 1);
				const { items } = await orderStore.search({ limit: 1 });
				const [result] = await sendOrders({
					orderStore,
					wms,
					session,
					orderIds: [items[0]!.id],
					worker: 'w',
					actor,
					leaseMs: LEASE_MS,
					concurrency: 1,
					retry: { pausesInMinutes: [1], jitter: 0 },
				});
				// The run itself wrote it down, under its own claim: it was looked up after the answer did not come.
				expect(result).toMatchObject({ output: 'open', order: { status: 'open', wmsOrderId: 'W1' } });
				expect(warehouse.peer.calls).toEqual(['GET /api/orders', 'POST /api/orders', 'GET /api/orders']);
				// Nobody else had to take it over.
				const sent = (await orderStore.timeline(items[0]!.id)).filter(({ kind }) => kind === 'send_outcome');
				expect(sent).toHaveLength(1);
			},
		);
	},
	['sqlite'],
);
