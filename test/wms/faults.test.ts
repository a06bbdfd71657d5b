/**
 * Every answer of every WMS over HTTP fails in turn, in every way, once, while orders are sent, shipped, polled and canceled; runs are repeated as
 * workflows repeat them. In the end the warehouse and the order store are as if nothing had failed.
 */
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import type { Http } from '../../lib/http/Http';
import { PartnerError } from '../../lib/http/partner';
import { HTTP_RETRY, retrying } from '../../lib/http/retrying';
import type { OrderStore } from '../../lib/store/OrderStore';
import { letTimePass } from '../fulfillment/partners';
import { routedOrders } from '../fault/http/routedOrders';
import { FAULTS as OF_THE_LINE, isEndless, WIRE_FAULTS, type Fault } from '../../testing/servers/Peer';
import { onEachDatabase, type TestStore } from '../store/harness';
import { httpWmsCodes, sceneOf, type Scene } from './faultScenes';

jest.setTimeout(600_000);

/** Short only where no answer comes. */
const timeoutFor = (fault: Fault | null): number => (isEndless(fault) ? 400 : 20_000);
const LEASE_MS = 60_000;
/** More than one fault ever needs. */
const ROUNDS = 4;
const actor = { kind: 'node', name: 'Test' } as const;
/** These warehouses take an order at once or never. */
const LATE_MS = 0;
/** Tries follow each other at once. */
const AT_ONCE = { pausesInMinutes: new Array<number>(ROUNDS).fill(0), jitter: 0 };

/** As the nodes do, and as if nothing repeated a request within a run. */
const WAYS: Record<string, (http: Http) => Http> = {
	'repeats within a run': (http) => retrying(http, { ...HTTP_RETRY, pausesMs: [1, 1] }),
	'none within a run': (http) => http,
};

const FAULTS: readonly Fault[] = [...OF_THE_LINE, ...WIRE_FAULTS];

/** What writes fails in every way; what reads in two of them, in turn. All of it takes minutes: FAULTS_OVER_HTTP=full. */
function troubleAt(index: number, method: string): Array<[fault: Fault, way: string]> {
	const ways = Object.keys(WAYS);
	if (process.env.FAULTS_OVER_HTTP === 'full') return FAULTS.flatMap((fault) => ways.map((way): [Fault, string] => [fault, way]));
	const some = method === 'GET' ? [FAULTS[(2 * index) % FAULTS.length]!, FAULTS[(2 * index + 3) % FAULTS.length]!] : FAULTS;
	return some.map((fault, count) => [fault, ways[(index + count) % ways.length]!]);
}

interface Trial {
	orderStore: OrderStore;
	scene: Scene;
	/** What fails in a round is tried again in the next one, as the workflow's next run would. */
	until(done: () => Promise<boolean>): Promise<void>;
}

async function send({ orderStore, scene, until }: Trial, ids: string[]): Promise<void> {
	await until(async () => {
		const due = await claimDueWork({ orderStore, kinds: ['sending'], stores: [], limit: 10, leaseMs: LEASE_MS, worker: 'w', actor });
		await sendOrders({
			orderStore,
			...scene.warehouse,
			orderIds: [...new Set([...ids, ...due.map(({ order }) => order.id)])],
			worker: 'w',
			actor,
			leaseMs: LEASE_MS,
			concurrency: 1,
			retry: AT_ONCE,
			lateMs: LATE_MS,
		});
		return (await orderStore.getMany(ids)).every(({ status }) => status === 'open');
	});
}

const poll = async ({ orderStore, scene: { warehouse }, until }: Trial): Promise<void> =>
	await until(async () => {
		try {
			return (await pollShipments({ orderStore, wms: warehouse.wms.code, session: warehouse.session, stores: [], actor, budgetMs: 60_000 }))
				.complete;
		} catch (error) {
			if (error instanceof PartnerError) return false;
			throw error;
		}
	});

const cancel = async ({ orderStore, scene: { warehouse }, until }: Trial, id: string): Promise<void> =>
	await until(
		async () =>
			(await cancelOrders({ orderStore, warehouse, orderIds: [id], reason: null, worker: 'w', actor, leaseMs: 1, lateMs: LATE_MS }))[0]
				?.output === 'canceled',
	);

interface Outcome {
	requests: number;
	rounds: number;
	state: unknown;
}

async function run(test: TestStore, scene: Scene, faultAt: (index: number) => Fault | null): Promise<Outcome> {
	const { orderStore } = test;
	let rounds = 0;
	const trial: Trial = {
		orderStore,
		scene,
		until: async (done) => {
			for (let round = 1; round <= ROUNDS; round += 1) {
				rounds += 1;
				if (await done()) return;
				// A warehouse that asks for a long pause is asked again the next day.
				if (scene.peer.requests.some((_, index) => faultAt(index) === 'retry-after')) await letTimePass(test);
			}
			throw new Error(`not done after ${ROUNDS} rounds`);
		},
	};
	scene.peer.faultAt = (index) => faultAt(index);
	const references = await routedOrders(orderStore, 2);
	const { items } = await orderStore.search({ sort: { by: 'importedAt', direction: 'asc' }, limit: 10 });
	const idOf = (reference: string | undefined): string => items.find((order) => order.reference === reference)?.id ?? '';
	await send(
		trial,
		items.map(({ id }) => id),
	);
	await poll(trial);
	scene.ship(references[0]!);
	await poll(trial);
	await cancel(trial, idOf(references[1]));
	await poll(trial);
	const orders = await orderStore.getMany(references.map(idOf));
	return {
		requests: scene.peer.requests.length,
		rounds,
		state: {
			atWarehouse: scene.references(),
			orders: orders.map(({ reference, status, wmsOrderId, alert, lines, shipments }) => ({
				reference,
				status,
				alert,
				hasKey: wmsOrderId !== null,
				lines: lines.map(({ id, quantityShipped, quantityCanceled }) => ({ id, quantityShipped, quantityCanceled })),
				shipments: shipments.map(({ trackingNumber, lines: held, voidedAt }) => ({ trackingNumber, lines: held, voidedAt })),
			})),
			failures: (await orderStore.importFailures({ limit: 10 })).items.map(({ message }) => message),
		},
	};
}

onEachDatabase(
	'faults over HTTP',
	(open) => {
		const openScene = async (code: string, way: string, fault: Fault | null): Promise<Scene> =>
			await sceneOf(code)((http) => WAYS[way]!(async (request) => await http({ ...request, timeoutMs: timeoutFor(fault) })));

		it.each(httpWmsCodes)('%s ends as without faults', async (code) => {
			const first = await openScene(code, 'none within a run', null);
			const clean = await run(await open(), first, () => null);
			expect(clean.state).toMatchObject({
				atWarehouse: ['N0'],
				orders: [
					{ reference: 'N0', alert: null, shipments: [{ trackingNumber: '1Z1' }] },
					{ reference: 'N1', status: 'canceled', shipments: [] },
				],
				failures: [],
			});
			expect(clean.rounds).toBe(5);
			const requests = [...first.peer.requests];
			const wrong: string[] = [];
			for (const [index, { method, path }] of requests.entries()) {
				for (const [fault, way] of troubleAt(index, method)) {
					const scene = await openScene(code, way, fault);
					const outcome = await run(await open(), scene, (at) => (at === index ? fault : null)).catch((error: unknown) => ({
						state: String(error),
					}));
					if (JSON.stringify(outcome.state) !== JSON.stringify(clean.state))
						wrong.push(`${fault} at ${index} (${method} ${path}), ${way}: ${JSON.stringify(outcome.state)}`);
					await scene.peer.close();
				}
			}
			expect(wrong).toEqual([]);
			// The orders, in one request where the warehouse takes several, and the cancellation.
			expect(requests.filter(({ method }) => method !== 'GET').length).toBeGreaterThanOrEqual(2);
		});
	},
	['sqlite'],
);
