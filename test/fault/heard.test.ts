/**
 * Whatever the cart says, takes back, and says again, and whatever our steps, people and a warehouse that keeps things to itself do in between: nothing goes
 * out that the cart's last heard word does not allow, and every order with something of ours to ship is in the store and gets there.
 */
import fc from 'fast-check';
import { shiftClock } from '../../demo/clock';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { archiveOrder } from '../../lib/fulfillment/archiveOrder';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import { markNotReceived, markReceived } from '../../lib/fulfillment/settleAlerts';
import { canceled, gone, READY, waiting, wordOf, type CartWord } from '../../lib/order/cartWord';
import { FulfillmentError } from '../../lib/order/errors';
import type { ImportedOrder, Order } from '../../lib/order/order';
import { isLive } from '../../lib/order/sendingState';
import type { OrderStore } from '../../lib/store/OrderStore';
import { scriptedCart } from '../fulfillment/partners';
import { actor, imported, line, page } from '../store/fixtures';
import { openTestStore } from '../store/harness';
import { ANSWERS, doubtful, doubtfulWms, type Answer, type Doubtful } from './doubtful';

const MINUTE = 60_000;
const LEASE_MS = 5 * MINUTE;
const RETRY = { pausesInMinutes: Array<number>(30).fill(1), jitter: 0 };

const STEPS = [
	'says ready',
	'says waiting',
	'says canceled',
	'says gone',
	'refunds one',
	'sells one more',
	'poll',
	'refresh',
	'refresh, cart away',
	'refresh and send',
	'rules',
	'rules hold',
	'send',
	'due',
	'reset',
	'reprocess',
	'archive',
	'wait',
	'wait long',
	'crash',
] as const;
type Step = (typeof STEPS)[number];

/** What the cart has at this moment, and what of it we were told. */
interface Said {
	word: CartWord;
	mugs: number;
}

interface World {
	orderStore: OrderStore;
	warehouse: Doubtful;
	now: Said;
	heard: Said | null;
	cartAway: boolean;
	passed: number;
	/** What went out against the cart's word. */
	wrong: string[];
}

const SOLD = 3;

/** One order of mugs; what is not for sale any more was refunded. */
const orderOf = ({ word, mugs }: Said): ImportedOrder =>
	imported(
		'1',
		{ lines: [{ ...line('L1', 'RED-MUG', mugs), ...(mugs < SOLD ? { notOurs: [{ quantity: SOLD - mugs, reason: 'refunded' }] } : {}) }] },
		{ word },
	);

const mayShip = (said: Said): number => (wordOf(said.word, orderOf(said).content.lines).readiness === 'ready' ? said.mugs : 0);

async function ordersOf({ orderStore }: World): Promise<Order[]> {
	return (await orderStore.search({ limit: 10 })).items;
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw error;
	}
}

async function poll(world: World): Promise<void> {
	world.heard = { ...world.now };
	await world.orderStore.importPage(page([orderOf(world.now)]));
}

/** The ids of those that may be sent. */
async function refresh(world: World): Promise<string[]> {
	const session = Object.assign(scriptedCart(), {
		ordersByKey: async (keys: readonly string[]) => {
			if (world.cartAway) throw new Error('502');
			if (keys.length > 0) world.heard = { ...world.now };
			return await Promise.resolve({ orders: keys.length === 0 ? [] : [orderOf(world.now)], failures: [], gone: [] });
		},
	});
	const orderIds = (await ordersOf(world)).map(({ id }) => id);
	const results = await refreshOrders({
		orderStore: world.orderStore,
		cart: { code: 'file', label: 'The cart', toOrder: (raw) => raw as unknown as ImportedOrder },
		session,
		filter: { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 },
		abandonAfterDays: 45,
		onChange: 'replace',
		orderIds,
		actor,
	});
	return results.flatMap(({ output, orderId }) => (output === 'ready' ? [orderId] : []));
}

async function rules({ orderStore }: World, orderIds: string[], hold = false): Promise<void> {
	await applyRules({
		orderStore,
		orderIds,
		warehouses: ['A'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content, { now }) =>
			hold
				? { decision: { kind: 'hold', rule: 'wait', until: new Date(now.getTime() + 20 * MINUTE).toISOString() }, content, trace: [] }
				: { decision: { kind: 'route', warehouse: 'A' }, content: { ...content, warehouse: 'A' }, trace: [] },
	});
}

const WMS = {
	...doubtfulWms(true),
	toRequest: ({ reference, lines }: Order) => ({ reference, version: String(lines.reduce((sum, { quantity }) => sum + quantity, 0)) }),
};

async function send(world: World, orderIds: string[]): Promise<void> {
	const { session } = world.warehouse;
	const watched = {
		...session,
		createOrder: async (request: { reference: string; version: string }) => {
			const allowed = world.heard === null ? 0 : mayShip(world.heard);
			if (Number(request.version) > allowed)
				world.wrong.push(`${request.reference} went out with ${request.version}, while the cart's last word allowed ${allowed}`);
			return await session.createOrder(request);
		},
	};
	await sendOrders({
		orderStore: world.orderStore,
		wms: WMS,
		session: watched,
		orderIds,
		worker: 'w',
		actor,
		leaseMs: LEASE_MS,
		concurrency: 1,
		retry: RETRY,
	});
}

async function due(world: World): Promise<void> {
	const { orderStore, warehouse } = world;
	for (const { kind, order } of await claimDueWork({
		orderStore,
		kinds: ['rules', 'sending', 'cancellation'],
		stores: [],
		limit: 10,
		leaseMs: LEASE_MS,
		worker: 'w',
		actor,
	})) {
		if (kind === 'rules') await rules(world, [order.id]);
		else if (kind === 'sending') await send(world, [order.id]);
		else
			await cancelOrders({
				orderStore,
				warehouse: { wms: WMS, session: warehouse.session },
				orderIds: [order.id],
				reason: null,
				worker: 'w',
				actor,
				leaseMs: LEASE_MS,
			});
	}
}

const each = async (world: World, act: (orderId: string) => Promise<unknown>): Promise<void> => {
	for (const { id } of await ordersOf(world)) await unlessRefused(async () => await act(id));
};

const says =
	(word: CartWord) =>
	async (world: World): Promise<void> =>
		void (await Promise.resolve((world.now = { ...world.now, word })));

const sells =
	(mugs: (before: number) => number) =>
	async (world: World): Promise<void> =>
		void (await Promise.resolve((world.now = { ...world.now, mugs: mugs(world.now.mugs) })));

function pass(world: World, ms: number): void {
	world.passed += ms;
	shiftClock(world.passed);
	world.warehouse.catchUp();
}

const idsOf = async (world: World): Promise<string[]> => (await ordersOf(world)).map(({ id }) => id);

const DO: Record<Step, (world: World) => Promise<void>> = {
	'says ready': says(READY),
	'says waiting': says(waiting('on hold')),
	'says canceled': says(canceled('refunded')),
	'says gone': says(gone('in the trash')),
	'refunds one': sells((before) => Math.max(0, before - 1)),
	'sells one more': sells((before) => Math.min(SOLD, before + 1)),
	poll,
	refresh: async (world) => void (await refresh(world)),
	'refresh, cart away': async (world) => {
		world.cartAway = true;
		await refresh(world);
		world.cartAway = false;
	},
	'refresh and send': async (world) => await send(world, await refresh(world)),
	rules: async (world) => await rules(world, await idsOf(world)),
	'rules hold': async (world) => await rules(world, await idsOf(world), true),
	send: async (world) => await send(world, await idsOf(world)),
	due,
	reset: async (world) => await each(world, async (orderId) => await resetOrder({ orderStore: world.orderStore, orderId, actor })),
	reprocess: async (world) => await each(world, async (orderId) => await reprocessOrder({ orderStore: world.orderStore, orderId, actor })),
	archive: async (world) => await each(world, async (orderId) => await archiveOrder({ orderStore: world.orderStore, orderId, actor })),
	wait: async (world) => await Promise.resolve(pass(world, 2 * MINUTE)),
	'wait long': async (world) => await Promise.resolve(pass(world, 20 * MINUTE)),
	// The process dies between the intent and the call.
	crash: async (world) =>
		void (await world.orderStore.claim({
			ids: await idsOf(world),
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: 'A' },
			limit: 10,
			leaseMs: LEASE_MS,
			worker: 'dead',
			actor,
		})),
};

/** The cart is polled, what is due is done, and people do what the alerts say. */
async function settle(world: World): Promise<void> {
	const { orderStore, warehouse } = world;
	Object.assign(warehouse, { deaf: 0 }).answers.length = 0;
	for (let round = 0; round < 12; round += 1) {
		await poll(world);
		pass(world, 20 * MINUTE);
		await due(world);
		for (const order of await ordersOf(world)) {
			if (order.status !== 'error') continue;
			const request = { orderStore, orderId: order.id, actor };
			const isThere = warehouse.live().some(({ reference }) => reference === order.reference);
			if (isLive(order.sending))
				await unlessRefused(async () => await (isThere ? markReceived({ ...request, wmsOrderId: null }) : markNotReceived(request)));
			else await unlessRefused(async () => await reprocessOrder(request));
		}
	}
}

async function run(orderStore: OrderStore, steps: ReadonlyArray<Step | Answer>): Promise<void> {
	const world: World = {
		orderStore,
		warehouse: doubtful('A', { unique: true }),
		now: { word: READY, mugs: SOLD },
		heard: null,
		cartAway: false,
		passed: 0,
		wrong: [],
	};
	shiftClock(0);
	let putAway = false;
	for (const step of steps) {
		if ((ANSWERS as readonly string[]).includes(step)) world.warehouse.answers.push(step as Answer);
		else await DO[step as Step](world);
		putAway ||= step === 'archive';
		if (world.wrong.length > 0) throw new Error(`after "${step}": ${world.wrong.join('; ')}`);
		const known = await ordersOf(world);
		if (world.heard !== null && mayShip(world.heard) > 0 && known.length !== 1)
			throw new Error(`after "${step}": the cart has one order of ours, the store ${known.length}`);
	}
	await settle(world);
	if (world.wrong.length > 0) throw new Error(`in the end: ${world.wrong.join('; ')}`);
	const [order] = await ordersOf(world);
	const there = world.warehouse.live();
	const words =
		order === undefined ? '' : (await orderStore.timeline(order.id)).map(({ kind, data }) => `${kind} ${JSON.stringify(data)}`).join('\n');
	const told = `${order?.status} (${order?.sending}): ${order?.statusReason}, alerts ${order?.alerts.map(({ code }) => code).join(', ') || 'none'}, there ${JSON.stringify(there)}\n${words}`;
	const wanted = mayShip(world.now);
	const sent = Number(there[0]?.version ?? 0);
	if (there.length > 1) throw new Error(`there ${there.length} times: ${told}`);
	// What differs from the cart's word is seen.
	if (sent !== wanted && !putAway && (order?.alerts.length ?? 0) === 0 && !(wanted === 0 && sent === 0))
		throw new Error(`the cart wants ${wanted} shipped, the warehouse has ${sent}, and nobody is told: ${told}`);
	if (wanted > 0 && order === undefined) throw new Error(`the cart wants ${wanted} shipped, and the store has nothing`);
	if (order !== undefined && order.statusReason === null && ['delayed', 'error', 'canceled'].includes(order.status))
		throw new Error(`no reason: ${told}`);
}

const history = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(...STEPS) },
		{ weight: 3, arbitrary: fc.constantFrom<Step>('poll', 'rules', 'refresh and send', 'due') },
		{ weight: 1, arbitrary: fc.constantFrom(...ANSWERS) },
	),
	{ maxLength: 18 },
);

const RUNS = Number(process.env.DOUBT_RUNS ?? 250);

it(
	'never sends what the cart does not want, and always what it wants',
	async () => {
		const { orderStore, raw } = await openTestStore('sqlite');
		await fc.assert(
			fc
				.asyncProperty(history, async (steps) => await run(orderStore, ['poll', 'rules', ...steps]))
				.afterEach(async () => {
					shiftClock(0);
					for (const table of [
						'wms_event',
						'shipment',
						'sending',
						'order_content',
						'order',
						'timeline',
						'connection',
						'reserved_key',
						'deleted_order',
					])
						await raw(`DELETE FROM {${table}}`);
				}),
			{ numRuns: RUNS, seed: Number(process.env.FUZZ_SEED ?? 20_261_130) },
		);
	},
	60_000 + RUNS * 400,
);

afterEach(() => shiftClock(0));
