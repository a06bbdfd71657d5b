/**
 * As heard.test.ts, of two orders that rules split, bundle, or send as they are, and that a warehouse ships: no piece goes out that the cart's last heard
 * word does not allow, none goes out twice, and what the cart wants and the warehouse does not have is where somebody sees it.
 */
import fc from 'fast-check';
import { shiftClock } from '../../demo/clock';
import { applyRules } from '../../lib/fulfillment/applyRules';
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
import { bundleRules } from '../fulfillment/bundles';
import { scriptedCart } from '../fulfillment/partners';
import { actor, imported, line, page, report, shipped } from '../store/fixtures';
import { openTestStore } from '../store/harness';
import { ANSWERS, doubtful, doubtfulWms, type Answer, type Doubtful } from './doubtful';

const MINUTE = 60_000;
const LEASE_MS = 5 * MINUTE;
const SOLD = 2;
const KEYS = ['1', '2'] as const;

const STEPS = [
	'1 ready',
	'1 waiting',
	'1 canceled',
	'1 gone',
	'2 ready',
	'2 canceled',
	'2 waiting',
	'1 refunds A',
	'1 refunds B',
	'1 sells A',
	'2 refunds A',
	'poll',
	'refresh',
	'refresh and send',
	'route',
	'split',
	'bundle',
	'send',
	'send one',
	'due',
	'reset',
	'reprocess',
	'ship',
	'wait',
	'wait long',
	'crash',
] as const;
type Step = (typeof STEPS)[number];

interface Said {
	word: CartWord;
	pieces: Record<'A' | 'B', number>;
}

interface World {
	orderStore: OrderStore;
	warehouse: Doubtful;
	now: Record<string, Said>;
	heard: Record<string, Said>;
	passed: number;
	wrong: string[];
	shipments: number;
	/** What the rules do with what is due. */
	how: 'route' | 'split';
}

const orderOf = (key: string, { word, pieces }: Said): ImportedOrder =>
	imported(
		key,
		{
			lines: (['A', 'B'] as const).map((name) => ({
				...line(name, `${name}${key}`, pieces[name]),
				...(pieces[name] < SOLD ? { notOurs: [{ quantity: SOLD - pieces[name], reason: 'refunded' }] } : {}),
			})),
		},
		{ word },
	);

const mayShip = (key: string, said: Said | undefined, sku: string): number =>
	said !== undefined && sku.endsWith(key) && wordOf(said.word, orderOf(key, said).content.lines).readiness === 'ready'
		? said.pieces[sku[0] as 'A']
		: 0;

type Pieces = Record<string, number>;
const piecesIn = (requests: ReadonlyArray<{ version: string }>): Pieces => {
	const sums: Pieces = {};
	for (const { version } of requests)
		for (const [sku, quantity] of Object.entries(JSON.parse(version) as Pieces)) sums[sku] = (sums[sku] ?? 0) + quantity;
	return sums;
};

const allOf = async ({ orderStore }: World): Promise<Order[]> => (await orderStore.search({ limit: 50 })).items;
const idsOf = async (world: World): Promise<string[]> => (await allOf(world)).map(({ id }) => id);

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw error;
	}
}

async function poll(world: World): Promise<void> {
	world.heard = structuredClone(world.now);
	await world.orderStore.importPage(page(KEYS.map((key) => orderOf(key, world.now[key]!))));
}

async function refresh(world: World): Promise<string[]> {
	const session = Object.assign(scriptedCart(), {
		ordersByKey: async (keys: readonly string[]) => {
			for (const key of keys) world.heard[key] = structuredClone(world.now[key]!);
			return await Promise.resolve({ orders: keys.map((key) => orderOf(key, world.now[key]!)), failures: [], gone: [] });
		},
	});
	const results = await refreshOrders({
		orderStore: world.orderStore,
		cart: { code: 'file', label: 'The cart', toOrder: (raw) => raw as unknown as ImportedOrder },
		session,
		filter: { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 },
		abandonAfterDays: 45,
		onChange: 'replace',
		orderIds: await idsOf(world),
		actor,
	});
	return results.flatMap(({ output, orderId }) => (output === 'ready' ? [orderId] : []));
}

async function rules({ orderStore }: World, orderIds: string[], how: 'route' | 'split' | 'bundle'): Promise<void> {
	const bundling = bundleRules(undefined, 'ann', 3);
	await applyRules({
		orderStore,
		orderIds,
		warehouses: ['BER', 'NYC'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (subject, content, context) => {
			const { decision, trace } = bundling(subject, content, context);
			if (how === 'bundle' && decision.kind === 'bundle') return { decision, content, trace };
			const left = content.lines.filter(({ quantity }) => quantity > 0);
			const parts = left.map(({ id, quantity }, index) => ({
				warehouse: index % 2 === 0 ? 'BER' : 'NYC',
				lines: [{ lineId: id, quantity }],
			}));
			if (left.length === 0) return { decision: { kind: 'skip', rule: null, reason: 'nothing to ship' }, content, trace: [] };
			return {
				decision: { kind: 'route', warehouse: 'BER', ...(how === 'split' && parts.length > 1 ? { parts } : {}) },
				content: { ...content, warehouse: 'BER' },
				trace: [],
			};
		},
	});
}

const WMS = {
	...doubtfulWms(true),
	toRequest: ({ reference, lines }: Order) => ({
		reference,
		version: JSON.stringify(piecesIn(lines.map(({ sku, quantity }) => ({ version: JSON.stringify({ [sku!]: quantity }) })))),
	}),
};

async function send(world: World, orderIds: string[]): Promise<void> {
	const { session } = world.warehouse;
	const watched = {
		...session,
		createOrder: async (request: { reference: string; version: string }) => {
			for (const [sku, quantity] of Object.entries(piecesIn([request]))) {
				const allowed = Math.max(...KEYS.map((key) => mayShip(key, world.heard[key], sku)));
				if (quantity > allowed) world.wrong.push(`${request.reference} went out with ${quantity} ${sku}, the cart allowed ${allowed}`);
			}
			const outcome = await session.createOrder(request);
			for (const [sku, quantity] of Object.entries(piecesIn(world.warehouse.live())))
				if (quantity > SOLD) world.wrong.push(`${quantity} ${sku} are there: ${JSON.stringify(world.warehouse.live())}`);
			return outcome;
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
		retry: { pausesInMinutes: Array<number>(30).fill(1), jitter: 0 },
	});
}

async function due(world: World): Promise<void> {
	const { orderStore, warehouse } = world;
	const work = await claimDueWork({
		orderStore,
		kinds: ['rules', 'sending', 'cancellation'],
		stores: [],
		limit: 20,
		leaseMs: LEASE_MS,
		worker: 'w',
		actor,
	});
	for (const { kind, order } of work) {
		if (kind === 'rules') await rules(world, [order.id], world.how);
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

/** What an alert says to change first is not sent anew as it was. */
const each = async (world: World, act: (orderId: string) => Promise<unknown>): Promise<void> => {
	for (const { id, alerts } of await allOf(world))
		if (!alerts.some(({ code }) => code === 'changed_in_cart')) await unlessRefused(async () => await act(id));
};

function pass(world: World, ms: number): void {
	world.passed += ms;
	shiftClock(world.passed);
	world.warehouse.catchUp();
}

async function ship(world: World): Promise<void> {
	for (const order of await allOf(world)) {
		if (order.status !== 'open' || !world.warehouse.live().some(({ reference }) => reference === order.reference)) continue;
		await world.orderStore.recordShipments(report([shipped(order, `S${(world.shipments += 1)}`)]));
		for (const { shipment, epoch } of await world.orderStore.claimUploads({ limit: 10, leaseMs: LEASE_MS, worker: 'w' }))
			await world.orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
		return;
	}
}

const says = (world: World, key: string, change: Partial<Said>): void => void (world.now[key] = { ...world.now[key]!, ...change });
const sells = (world: World, key: string, name: 'A' | 'B', by: number): void => {
	const { pieces } = world.now[key]!;
	says(world, key, { pieces: { ...pieces, [name]: Math.min(SOLD, Math.max(0, pieces[name] + by)) } });
};

const WORDS: Record<string, CartWord> = {
	ready: READY,
	waiting: waiting('on hold'),
	canceled: canceled('refunded'),
	gone: gone('in the trash'),
};

async function perform(world: World, step: Step): Promise<void> {
	const [, key, word, name] = /^([12]) (\w+)(?: (\w))?$/.exec(step) ?? [];
	if (key !== undefined && name === undefined) return says(world, key, { word: WORDS[word!]! });
	if (key !== undefined) return sells(world, key, name as 'A', word === 'sells' ? 1 : -1);
	const { orderStore } = world;
	if (step === 'poll') await poll(world);
	else if (step === 'refresh') await refresh(world);
	else if (step === 'refresh and send') await send(world, await refresh(world));
	else if (step === 'route' || step === 'split' || step === 'bundle') {
		if (step !== 'bundle') world.how = step;
		await rules(world, await idsOf(world), step);
	} else if (step === 'send') await send(world, await idsOf(world));
	else if (step === 'send one')
		await send(
			world,
			(await allOf(world))
				.filter(({ status }) => status === 'routed')
				.slice(0, 1)
				.map(({ id }) => id),
		);
	else if (step === 'due') await due(world);
	else if (step === 'reset') await each(world, async (orderId) => await resetOrder({ orderStore, orderId, actor }));
	else if (step === 'reprocess') await each(world, async (orderId) => await reprocessOrder({ orderStore, orderId, actor }));
	else if (step === 'ship') await ship(world);
	else if (step === 'wait') pass(world, 2 * MINUTE);
	else if (step === 'wait long') pass(world, 20 * MINUTE);
	else
		await orderStore.claim({
			ids: await idsOf(world),
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: 'A' },
			limit: 1,
			leaseMs: LEASE_MS,
			worker: 'dead',
			actor,
		});
}

async function settle(world: World): Promise<void> {
	const { orderStore, warehouse } = world;
	Object.assign(warehouse, { deaf: 0 }).answers.length = 0;
	for (let round = 0; round < 14; round += 1) {
		await poll(world);
		pass(world, 20 * MINUTE);
		await due(world);
		for (const order of await allOf(world)) {
			if (order.status !== 'error') continue;
			const request = { orderStore, orderId: order.id, actor };
			const isThere = warehouse.live().some(({ reference }) => reference === order.reference);
			if (isLive(order.sending))
				await unlessRefused(async () => await (isThere ? markReceived({ ...request, wmsOrderId: null }) : markNotReceived(request)));
			else if (!order.alerts.some(({ code }) => code === 'changed_in_cart')) await unlessRefused(async () => await reprocessOrder(request));
		}
	}
}

const shown = (orders: readonly Order[]): string =>
	orders
		.map(
			({ reference, status, sending, statusReason, alerts, lines }) =>
				`${reference} ${status} (${sending}) ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join('+')} "${statusReason}" ${alerts.map(({ code }) => code).join()}`,
		)
		.join('\n');

async function run(orderStore: OrderStore, steps: ReadonlyArray<Step | Answer>): Promise<void> {
	const said = (): Record<string, Said> => Object.fromEntries(KEYS.map((key) => [key, { word: READY, pieces: { A: SOLD, B: SOLD } }]));
	const warehouse = doubtful('A', { unique: true });
	const world: World = { orderStore, warehouse, now: said(), heard: {}, passed: 0, wrong: [], shipments: 0, how: 'route' };
	shiftClock(0);
	for (const step of steps) {
		if ((ANSWERS as readonly string[]).includes(step)) world.warehouse.answers.push(step as Answer);
		else await perform(world, step as Step);
		if (world.wrong.length > 0) throw new Error(`after "${step}": ${world.wrong.join('; ')}\n${shown(await allOf(world))}`);
	}
	await settle(world);
	const orders = await allOf(world);
	if (world.wrong.length > 0) throw new Error(`in the end: ${world.wrong.join('; ')}\n${shown(orders)}`);
	const there = piecesIn(warehouse.live());
	for (const key of KEYS) {
		const whole = orders.find(({ externalId, parentId, bundleSize }) => externalId === key && parentId === null && bundleSize === 0);
		const around = orders.filter(
			({ id, parentId }) =>
				whole !== undefined &&
				(id === whole.id || parentId === whole.id || id === whole.bundledInto || (parentId !== null && parentId === whole.bundledInto)),
		);
		for (const name of ['A', 'B'] as const) {
			const sku = `${name}${key}`;
			const wanted = mayShip(key, world.now[key], sku);
			const sent = there[sku] ?? 0;
			const isTold = around.some(({ alerts }) => alerts.length > 0);
			const isDone = whole?.status === 'closed' && sent > wanted;
			if (sent !== wanted && !isTold && !isDone)
				throw new Error(`the cart wants ${wanted} ${sku}, the warehouse has ${sent}, and nobody is told:\n${shown(orders)}`);
		}
	}
}

const history = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(...STEPS) },
		{ weight: 3, arbitrary: fc.constantFrom<Step>('poll', 'split', 'bundle', 'send one', 'refresh and send', 'due', 'wait') },
		{ weight: 1, arbitrary: fc.constantFrom(...ANSWERS) },
	),
	{ maxLength: 20 },
);

const RUNS = Number(process.env.DOUBT_RUNS ?? 120);

it(
	'never sends a piece that the cart does not want, nor one twice; and what is missing is told',
	async () => {
		const { orderStore, raw } = await openTestStore('sqlite');
		await fc.assert(
			fc
				.asyncProperty(
					history,
					fc.constantFrom<Step>('split', 'bundle', 'route'),
					async (steps, first) => await run(orderStore, ['poll', first, ...steps]),
				)
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
			{
				numRuns: RUNS,
				examples: [[['never', 'send', '2 refunds A'], 'split']],
				seed: Number(process.env.FUZZ_SEED ?? 20_261_201),
			},
		);
	},
	60_000 + RUNS * 800,
);

afterEach(() => shiftClock(0));
