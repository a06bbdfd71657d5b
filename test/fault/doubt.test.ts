/**
 * Whatever a warehouse answers or keeps to itself, whatever cart, people, rules and rival workers do meanwhile: never two warehouses, or one twice,
 * have the order, and in the end everything is where it belongs or says what is to be done.
 */
import { canceled, READY } from '../../lib/order/cartWord';
import fc from 'fast-check';
import { shiftClock } from '../../demo/clock';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder, deleteOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { markNotReceived, markReceived } from '../../lib/fulfillment/settleAlerts';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import { FulfillmentError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import { isLive } from '../../lib/order/sendingState';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, page } from '../store/fixtures';
import { openTestStore } from '../store/harness';
import { ANSWERS, doubtful, doubtfulWms, LATE_MS, type Answer, type Doubtful } from './doubtful';

const MINUTE = 60_000;
const LEASE_MS = 5 * MINUTE;
const RETRY = { pausesInMinutes: Array<number>(30).fill(1), jitter: 0 };

const CHANGES = [
	'cart changes',
	'cart cancels',
	'cart wants it',
	'edit',
	'reprocess',
	'reset',
	'archive',
	'delete',
	'cancel',
	'rules',
	'rules elsewhere',
	'rules hold',
	'send',
	'rival sends',
	'due',
	'deaf',
	'wait',
	'wait long',
	'crash',
] as const;
type Change = (typeof CHANGES)[number];

interface World {
	orderStore: OrderStore;
	id: string;
	/** Of two accounts of one kind. */
	warehouses: readonly [Doubtful, Doubtful];
	unique: boolean;
	passed: number;
	street: number;
	/** What the cart said last. */
	canceled: boolean;
}

/** Refusals are what is wanted; anything else is a defect. */
async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw error;
	}
}

function pass(world: World, ms: number): void {
	world.passed += ms;
	shiftClock(world.passed);
	for (const warehouse of world.warehouses) warehouse.catchUp();
}

const rules = async ({ orderStore, id }: World, warehouse: string | null): Promise<void> =>
	void (await applyRules({
		orderStore,
		orderIds: [id],
		warehouses: ['A', 'B'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content, { now }) =>
			warehouse === null
				? { decision: { kind: 'hold', rule: 'wait', until: new Date(now.getTime() + 20 * MINUTE).toISOString() }, content, trace: [] }
				: { decision: { kind: 'route', warehouse }, content: { ...content, warehouse }, trace: [] },
	}));

async function send(world: World, warehouse: Doubtful): Promise<void> {
	await sendOrders({
		orderStore: world.orderStore,
		wms: doubtfulWms(world.unique),
		session: warehouse.session,
		orderIds: [world.id],
		worker: 'w',
		actor,
		leaseMs: LEASE_MS,
		concurrency: 1,
		retry: RETRY,
	});
}

const cancel = async ({ orderStore, id, unique }: World, warehouse: Doubtful): Promise<void> =>
	void (await cancelOrders({
		orderStore,
		warehouse: { wms: doubtfulWms(unique), session: warehouse.session },
		orderIds: [id],
		reason: null,
		worker: 'w',
		actor,
		leaseMs: LEASE_MS,
	}));

const byCart = async (world: World): Promise<void> =>
	void (await world.orderStore.importPage(
		page([
			imported(
				'1',
				{ shippingAddress: { ...imported('1').content.shippingAddress!, address1: `${world.street} Elm St` } },
				{ word: world.canceled ? canceled() : READY },
			),
		]),
	));

/** The workflow of each warehouse does what is due. */
async function due(world: World): Promise<void> {
	const { orderStore } = world;
	for (const { kind, order } of await claimDueWork({
		orderStore,
		kinds: ['rules', 'sending', 'cancellation'],
		stores: [],
		limit: 10,
		leaseMs: LEASE_MS,
		worker: 'w',
		actor,
	})) {
		const own =
			world.warehouses.find(({ session }) => session.account === order.wmsAccount) ?? world.warehouses[order.warehouse === 'B' ? 1 : 0];
		if (kind === 'rules') await rules(world, 'A');
		else if (kind === 'sending') await send(world, own);
		else await cancel(world, own);
	}
}

const DO: Record<Change, (world: World) => Promise<void>> = {
	'cart changes': async (world) => {
		world.street += 1;
		await byCart(world);
	},
	'cart cancels': async (world) => {
		world.canceled = true;
		await byCart(world);
	},
	'cart wants it': async (world) => {
		world.canceled = false;
		await byCart(world);
	},
	edit: async ({ orderStore, id, passed }) =>
		void (await editOrder({ orderStore, orderId: id, actor, edits: { 'shippingAddress.address2': `Flat ${passed}` } })),
	reprocess: async ({ orderStore, id }) => void (await reprocessOrder({ orderStore, orderId: id, actor })),
	reset: async ({ orderStore, id }) => void (await resetOrder({ orderStore, orderId: id, actor })),
	archive: async ({ orderStore, id }) => void (await archiveOrder({ orderStore, orderId: id, actor })),
	// Then the cart gives it again. Whoever archives and deletes what the warehouse has, ends it there.
	delete: async (world) => {
		await deleteOrder({ orderStore: world.orderStore, orderId: world.id, actor });
		for (const { held, underway } of world.warehouses) {
			for (const one of held) one.live = false;
			underway.length = 0;
		}
		const { canceled } = world;
		world.canceled = false;
		await byCart(world);
		world.id = (await world.orderStore.search({ limit: 1 })).items[0]!.id;
		world.canceled = canceled;
		if (canceled) await byCart(world);
	},
	cancel: async (world) => await cancel(world, world.warehouses[0]),
	rules: async (world) => await rules(world, 'A'),
	'rules elsewhere': async (world) => await rules(world, 'B'),
	'rules hold': async (world) => await rules(world, null),
	send: async (world) => await send(world, world.warehouses[0]),
	'rival sends': async (world) => await send(world, world.warehouses[1]),
	due,
	deaf: async ({ warehouses }) => {
		for (const warehouse of warehouses) warehouse.deaf += await Promise.resolve(1);
	},
	wait: async (world) => await Promise.resolve(pass(world, 2 * MINUTE)),
	'wait long': async (world) => await Promise.resolve(pass(world, 20 * MINUTE)),
	// The process dies between the intent and the call.
	crash: async ({ orderStore, id }) =>
		void (await orderStore.claim({
			ids: [id],
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: 'A' },
			limit: 1,
			leaseMs: LEASE_MS,
			worker: 'dead',
			actor,
		})),
};

const live = ({ warehouses }: World): Array<{ account: string; reference: string }> =>
	warehouses.flatMap((warehouse) => warehouse.live().map(({ reference }) => ({ account: warehouse.session.account!, reference })));

/** Everybody does the job: what is due is done, and people do what the alerts say. */
async function settle(world: World): Promise<Order> {
	const { orderStore, warehouses } = world;
	for (const warehouse of warehouses) Object.assign(warehouse, { deaf: 0 }).answers.length = 0;
	for (let round = 0; round < 40; round += 1) {
		pass(world, 20 * MINUTE);
		await due(world);
		const order = (await orderStore.get(world.id))!;
		if (order.status !== 'error') continue;
		if (order.alerts.some(({ code }) => code === 'outcome_unknown')) {
			const there = live(world).some(({ reference }) => reference === order.reference);
			const request = { orderStore, orderId: order.id, actor };
			if (isLive(order.sending))
				await unlessRefused(async () => await (there ? markReceived({ ...request, wmsOrderId: null }) : markNotReceived(request)));
			else await reprocessOrder(request);
		} else if (round % 5 === 4) await reprocessOrder({ orderStore, orderId: order.id, actor });
	}
	return (await orderStore.get(world.id))!;
}

async function run(orderStore: OrderStore, steps: ReadonlyArray<Change | Answer>, unique: boolean): Promise<void> {
	const world: World = {
		orderStore,
		id: '',
		warehouses: [doubtful('A', { unique }), doubtful('B', { unique })],
		unique,
		passed: 0,
		street: 1,
		canceled: false,
	};
	shiftClock(0);
	world.id = (await importOne(orderStore, imported('1'))).id;
	await rules(world, 'A');
	const never = (what: string): void => {
		const has = live(world);
		if (has.length > 1) throw new Error(`after "${what}" the order is there ${has.length} times: ${JSON.stringify(has)}`);
	};
	for (const step of steps) {
		if ((ANSWERS as readonly string[]).includes(step)) {
			for (const warehouse of world.warehouses) warehouse.answers.push(step as Answer);
			continue;
		}
		await unlessRefused(async () => await DO[step as Change](world));
		never(step);
		pass(world, MINUTE);
		never(`${step}, a minute later`);
	}
	const order = await settle(world);
	never('all');
	const has = live(world);
	const words = (await orderStore.timeline(order.id)).map(({ kind, data }) => `${kind} ${JSON.stringify(data)}`).join('\n');
	const told = `${order.status} (${order.sending}), alerts ${order.alerts.map(({ code }) => code).join(', ') || 'none'}, there ${JSON.stringify(has)}\n${words}`;
	// What the store says is so.
	if (has.length > 0 && !isLive(order.sending)) throw new Error(`it is there, and nobody knows: ${told}`);
	if (has.length === 0 && order.sending === 'there') throw new Error(`it is said to be there: ${told}`);
	// Only of what people put away it stays unknown.
	if (order.sending === 'may_be_there' && order.status !== 'archived') throw new Error(`nobody finds out: ${told}`);
	if (order.status === 'open' && has[0]?.reference !== order.reference) throw new Error(`Open, and not there: ${told}`);
	if (!['open', 'archived', 'canceled', 'abandoned', 'skipped'].includes(order.status)) throw new Error(`it stays behind: ${told}`);
	// What is shipped although the cart does not want it is seen.
	if (order.canceledInCartAt !== null && has.length > 0 && order.alerts.length === 0)
		throw new Error(`canceled in the cart, there, and nobody is told: ${told}`);
	if (order.status === 'canceled' && has.length > 0 && order.alerts.length === 0)
		throw new Error(`Canceled, there, and nobody is told: ${told}`);
}

const steps = fc.array(
	fc.oneof(
		{ weight: 5, arbitrary: fc.constantFrom(...CHANGES) },
		{ weight: 1, arbitrary: fc.constantFrom(...ANSWERS) },
		{ weight: 2, arbitrary: fc.constantFrom<Change>('send', 'due') },
	),
	{ maxLength: 14 },
);
const begin = fc.constantFrom<Answer[]>(['late'], ['lost'], ['never'], ['late', 'late'], ['lost', 'down'], ['never', 'late'], ['no'], []);

const RUNS = Number(process.env.DOUBT_RUNS ?? 250);

describe.each([true, false])('a warehouse that takes a reference once: %s', (unique) => {
	it(
		'has the order once, whatever happens while nobody knows',
		async () => {
			const { orderStore, raw } = await openTestStore('sqlite');
			await fc.assert(
				fc
					.asyncProperty(begin, steps, async (answers, changes) => {
						await run(orderStore, [...answers, 'deaf', 'send', ...changes], unique);
					})
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
});

afterEach(() => shiftClock(0));

it('waits as long as the warehouse says that it may be late', () => expect(LATE_MS).toBe(15 * MINUTE));
