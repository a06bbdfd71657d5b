/**
 * Each answer of a cart goes wrong once, in each way, in a run of import, acknowledgement, note and upload; the run is repeated as n8n repeats
 * it. In the end cart and order store are as after a run in which nothing went wrong: nothing missing, nothing twice.
 */
import type { CartSession } from '../../lib/carts/Cart';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { addCartNote } from '../../lib/fulfillment/addCartNote';
import { uploadTracking } from '../../lib/fulfillment/uploadTracking';
import { FulfillmentError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import { letTimePass, scriptedWms, send } from '../fulfillment/partners';
import { isEndless, WIRE_FAULTS, type Fault } from '../../testing/servers/Peer';
import { actor, report, shipped } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { EARLIEST } from './contract';
import { faultCartOf, type FaultCart, type FaultShop } from './faultShops';

jest.setTimeout(300_000);

const OF_THE_LINE: readonly Fault[] = ['silent', 'reset-after', '429', '500-after', 'truncated'];

/** Of the request that gets no answer, and of all others. */
const TIMEOUT_MS = { endless: 300, other: 30_000 };
const RETRY = { pausesInMinutes: Array.from({ length: 30 }, () => 1), jitter: 0 };

/** One shop and one store, and what n8n's workflows do with them. */
class World {
	private noted = new Set<string>();
	private readonly wms = scriptedWms();

	constructor(
		readonly shop: FaultShop,
		private readonly test: TestStore,
		private readonly cart: FaultCart['cart'],
		private readonly session: CartSession,
		private readonly isSlow: boolean,
	) {}

	/** True = nothing is left to do, and nothing went wrong. */
	async run(): Promise<boolean> {
		const { orderStore } = this.test;
		const imported = await this.poll();
		await this.ship((await this.orders()).slice(0, 1).filter(({ status }) => status === 'new'));
		const orderIds = (await this.orders()).slice(0, 1).map(({ id }) => id);
		const request = { orderStore, session: this.session, worker: 'w1', actor, leaseMs: 60_000, retry: RETRY };
		const told = await acknowledge({ ...request, orderIds });
		// A person's note: written again only when it failed.
		const notes = await addCartNote({
			...request,
			orderIds: orderIds.filter((id) => !this.noted.has(id)),
			textOf: () => 'Fragile "goods" & co.',
		});
		for (const { orderId, output } of notes) if (output === 'done') this.noted.add(orderId);
		const uploaded = await uploadTracking({ ...request, orderIds, notifyCustomer: true });
		const done = imported && [...told, ...notes, ...uploaded].every(({ output }) => output === 'done');
		// What comes after the next try has begun is not for one worker to see; pauses are there for it.
		await this.shop.peer.settled();
		if (!done) await letTimePass(this.test);
		return done;
	}

	/** False = it ended with an error, or before the end. Nothing but new orders may come of it. */
	async poll(): Promise<boolean> {
		const { orderStore } = this.test;
		try {
			const filter = { earliestOrderDate: this.shop.earliest ?? EARLIEST, statuses: [], tags: [], skus: [], pageSize: 1 };
			const { counts, complete } = await importOrders({
				orderStore,
				cart: this.cart,
				session: this.session,
				storeName: 'acme',
				filter,
				abandonAfterDays: 45,
				onChange: 'replace',
				actor,
				handOutLimit: 100,
				budgetMs: 60_000,
			});
			expect(counts).toMatchObject({ updated: 0, canceled: 0, refused: 0, failed: 0 });
			return complete;
		} catch (error) {
			expect(error).toBeInstanceOf(FulfillmentError);
			return false;
		}
	}

	async orders(): Promise<Order[]> {
		const { items } = await this.test.orderStore.search({ limit: 100 });
		return items.sort((left, right) => left.externalId.localeCompare(right.externalId, 'en', { numeric: true }));
	}

	/** The warehouse gets the first order and ships it in two parcels (one of the first line, the rest); others stay where they are. */
	private async ship(orders: Order[]): Promise<void> {
		const { orderStore } = this.test;
		const orderIds = orders.map(({ id }) => id);
		await applyRules({
			orderStore,
			orderIds,
			warehouses: ['main'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: (_id, content) => ({
				decision: { kind: 'route', warehouse: 'main' },
				content: { ...content, warehouse: 'main' },
				trace: [],
			}),
		});
		await send(orderStore, this.wms, orderIds);
		const parcels = (await orderStore.getMany(orderIds)).flatMap((order) => [
			...(this.isSlow ? [] : [shipped(order, `A${order.externalId}`, { lines: [{ sku: order.lines[0]!.sku!, quantity: 1 }] })]),
			shipped(order, `B${order.externalId}`),
		]);
		if (parcels.length > 0) await orderStore.recordShipments(report(parcels));
	}

	/** Without what differs from run to run: our keys and times. */
	async state(): Promise<unknown> {
		const orders = await this.orders();
		const place = (externalId: string): string => `order ${orders.findIndex((order) => order.externalId === externalId)}`;
		const text = JSON.stringify(
			orders.map(({ externalId, status, alert, acknowledgedAt, lines, shipments }) => ({
				order: place(externalId),
				status,
				alert,
				acknowledged: acknowledgedAt !== null,
				lines: lines.map(({ sku, quantity, quantityShipped }) => ({ sku, quantity, quantityShipped })),
				shipments: shipments
					.map(({ externalId: key, uploadedAt, uploadProblem }) => [
						`${key[0]} of ${place(key.slice(1))}`,
						uploadedAt !== null,
						uploadProblem,
					])
					.sort(),
			})),
		);
		// Keys of a server that is not new for each run.
		let known = JSON.stringify(await this.shop.state());
		for (const [index, { externalId, reference }] of orders.entries()) {
			for (const [key, name] of [
				[`1ZA${externalId}`, 'A'],
				[`1ZB${externalId}`, 'B'],
				[`has the order as ${reference}`, 'has it'],
			] as const)
				known = known.replaceAll(key, `${name} of order ${index}`);
		}
		return { store: JSON.parse(text) as unknown, cart: JSON.parse(known) as unknown };
	}
}

function required(code: string): FaultCart {
	const cart = faultCartOf(code);
	if (cart === null) throw new Error(`Say in test/carts/${code}Harness.ts, as ${code}Faults, how a shop of it fails.`);
	return cart;
}

export const faultsOf = (codes: readonly string[]): void =>
	onEachDatabase(
		'an answer goes wrong',
		(openOrderStore) => {
			describe.each(codes.map((code) => [code, required(code)] as const))(
				'%s',
				(_code, { cart, open, isSlow = false, writes: leastWrites = 4 }) => {
					const count = isSlow ? 1 : 2;
					const begin = async (endlessAt: number | null): Promise<World> => {
						const shop = await open(count);
						const session = shop.session(() => (shop.peer.requests.length === endlessAt ? TIMEOUT_MS.endless : TIMEOUT_MS.other));
						return new World(shop, await openOrderStore(), cart, session, isSlow);
					};

					/** What a run comes to in which all is well, and of each request whether it changes something. */
					let expected: { state: unknown; writes: boolean[] };
					const wellRun = async () => {
						const world = await begin(null);
						expect(await world.run()).toBe(true);
						const writes = world.shop.peer.requests.map(({ method, text }) => method !== 'GET' && !/"query":"query /.test(text));
						const state = await world.state();
						expect(await world.run()).toBe(true);
						expect(await world.state()).toEqual(state);
						return { state, writes };
					};

					it('nothing goes wrong', async () => {
						expected = await wellRun();
						const parcels = Array.from({ length: isSlow ? 1 : 2 }, () => [expect.anything(), true, null]);
						const others = Array.from({ length: count - 1 }, () => ({ status: 'new', alert: null }));
						expect(expected.state).toMatchObject({
							store: [{ status: 'closed', alert: null, acknowledged: true, shipments: parcels }, ...others],
						});
						expect(expected.writes.filter((write) => write).length).toBeGreaterThanOrEqual(leastWrites);
					});

					it.each([...OF_THE_LINE, ...WIRE_FAULTS])('%s, at any of them', async (fault) => {
						const isWire = (WIRE_FAULTS as readonly Fault[]).includes(fault);
						const kin = isWire ? WIRE_FAULTS : OF_THE_LINE;
						expected ??= await wellRun();
						for (let at = 0; at < expected.writes.length; at += 1) {
							// What only reads has something wrong in one way at each place, and fails in one way at each place of a slow server. All of it takes long: FAULTS_OVER_HTTP=full.
							if ((isSlow || (isWire && process.env.FAULTS_OVER_HTTP !== 'full')) && !expected.writes[at] && kin[at % kin.length] !== fault)
								continue;
							const world = await begin(isEndless(fault) ? at : null);
							let met = false;
							world.shop.peer.faultAt = (index) => (index === at ? ((met = true), fault) : null);
							let done = false;
							for (let runs = 0; runs < 6 && !done; runs += 1) done = await world.run();
							const where = { fault, at, request: world.shop.peer.requests[at]?.text.slice(0, 120) };
							expect({ where, met, done, ...((await world.state()) as object) }).toEqual({
								where,
								met: true,
								done: true,
								...(expected.state as object),
							});
						}
					});
				},
			);
		},
		['sqlite'],
	);
