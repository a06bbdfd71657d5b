/**
 * Orders to a warehouse that needs 200 ms for each and allows so many in ten seconds: our time against the best that its limit lets
 * anybody reach, and against one order after the other; and the same orders where the warehouse takes several in one request.
 *
 *   node scripts/use-node24.cjs bench/wms/main.ts [--send-orders 1000] [--singly 40]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import type { Http } from '../../lib/http/Http';
import { createLimiter, limited } from '../../lib/http/rateLimit';
import { openOrderStore } from '../../lib/store/connect';
import { shipBobWms } from '../../lib/wms/shipBob';
import { shipStationWms } from '../../lib/wms/shipStation';
import { routedOrders } from '../../test/fault/http/routedOrders';
import { opened, type OpenedWms } from '../../nodes/partners/opened';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { openSlowWarehouse } from './peer';

const { values } = parseArgs({
	options: { 'send-orders': { type: 'string', default: '1000' }, singly: { type: 'string', default: '40' } },
	strict: false,
});
const LATENCY_MS = 200;
const LIMIT = { requests: 250, windowMs: 10_000 };
/** The most that WMS Send lets a person set: each window begins with a burst. */
const CONCURRENCY = 50;
/** The default of WMS Send. */
const FEW_AT_ONCE = 4;
const GOAL = 1.1;
/** Of the allowance, from the first order of the first window to the first order of the last. */
const USED_GOAL = 0.95;

/** With a burst at the start of each window, nobody can be done earlier. */
const best = (orders: number): number => Math.floor((orders - 1) / LIMIT.requests) * LIMIT.windowMs + LATENCY_MS;

const singly = (http: Http): OpenedWms =>
	opened(shipBobWms, shipBobWms.open({ http, account: 'bench' }, { channelId: '1', createMissing: true }));
const together = (http: Http): OpenedWms => opened(shipStationWms, shipStationWms.open({ http, account: 'bench' }, {}));

async function sending(
	orders: number,
	concurrency: number,
	open: (http: Http) => OpenedWms,
): Promise<{ ms: number; used: number; requests: number }> {
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-wms-'));
	const warehouse = await openSlowWarehouse(LATENCY_MS, LIMIT);
	const orderStore = await openOrderStore({ kind: 'sqlite', file: path.join(folder, 'orders.sqlite') });
	try {
		await routedOrders(orderStore, orders);
		const { items } = await orderStore.search({ statuses: ['routed'], limit: orders });
		const http = limited(fetchHttp(warehouse.url), createLimiter({ kind: 'window', ...LIMIT }));
		const begin = performance.now();
		await sendOrders({
			orderStore,
			...open(http),
			orderIds: items.map(({ id }) => id),
			worker: 'bench',
			actor: { kind: 'node', name: 'bench' },
			leaseMs: 300_000,
			concurrency,
			retry: DEFAULT_RETRY,
		});
		const ms = performance.now() - begin;
		if (items.length !== orders || warehouse.references.size !== orders || warehouse.twice > 0)
			throw new Error(`${warehouse.references.size} of ${orders} orders arrived, ${warehouse.twice} twice`);
		if (warehouse.refused > 0) throw new Error(`${warehouse.refused} requests were above the limit`);
		const { arrivals } = warehouse;
		const windows = Math.floor((arrivals.length - 1) / LIMIT.requests);
		return { ms, requests: arrivals.length, used: (windows * LIMIT.windowMs) / (arrivals[windows * LIMIT.requests]! - arrivals[0]!) };
	} finally {
		await orderStore.close();
		warehouse.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	const [orders, few] = [Number(values['send-orders']), Number(values.singly)];
	console.log(`wms: ${orders} orders, ${LATENCY_MS} ms each, at most ${LIMIT.requests} in ${LIMIT.windowMs} ms`);
	const { ms, used } = await sending(orders, CONCURRENCY, singly);
	const oneByOne = ((await sending(few, 1, singly)).ms / few) * orders;
	const several = await sending(orders, FEW_AT_ONCE, together);
	const ratio = ms / best(orders);
	const met = (holds: boolean): string => (holds ? 'met' : 'MISSED');
	console.log(`  best under the limit ${(best(orders) / 1000).toFixed(1).padStart(7)} s`);
	console.log(
		`  ours                 ${(ms / 1000).toFixed(1).padStart(7)} s  ours / best ${ratio.toFixed(3)}  goal <= ${GOAL} ${met(ratio <= GOAL)}; none refused, ${(used * 100).toFixed(1)} % of the allowance used, goal >= ${USED_GOAL * 100} % ${met(used >= USED_GOAL)}`,
	);
	console.log(
		`  one by one           ${(oneByOne / 1000).toFixed(1).padStart(7)} s  ${(oneByOne / ms).toFixed(1)} times as long (from ${few} orders)`,
	);
	const fewest = Math.ceil(orders / shipStationWms.capabilities.ordersPerCall!);
	console.log(
		`  several in one       ${(several.ms / 1000).toFixed(1).padStart(7)} s  ${several.requests} requests, goal ${fewest} ${met(several.requests === fewest)}; ${FEW_AT_ONCE} at once`,
	);
	if (several.requests !== fewest || ratio > GOAL || used < USED_GOAL) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
