/** What carts answer, with one place of one order changed: the other orders are imported as ever, and the changed one is imported or seen. */
import fc from 'fast-check';
import type { CartSession } from '../../lib/carts/Cart';
import { cartOf } from '../../nodes/partners';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { FulfillmentError } from '../../lib/order/errors';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { ImportedOrder } from '../../lib/order/order';
import type { Cursor } from '../../lib/order/wmsEvent';
import type { ImportPage, OrderStore } from '../../lib/store/OrderStore';
import { FILTER, TAPED_CARTS } from './cartTapes';
import { mutations } from './mutations';
import { changedTape, replaying, type Answer } from './recorded';
import { FUZZ_PARTNERS, inTime, TIME_LIMIT_MS } from './settings';
import { expectKept, expectSaid } from './expectations';

jest.setTimeout(TIME_LIMIT_MS);

interface Imported {
	orders: ImportedOrder[];
	failures: NewImportFailure[];
	cursors: Cursor[];
}

/** One run of the import, of which a store would have recorded this. */
async function imported(
	cart: Parameters<typeof importOrders>[0]['cart'],
	session: CartSession,
	known: Cursor | null = null,
): Promise<Imported> {
	const seen: Imported = { orders: [], failures: [], cursors: [] };
	const orderStore = {
		cursor: async () => await Promise.resolve(known),
		getMany: async () => await Promise.resolve([]),
		importPage: async ({ orders, failures, cursorTo }: ImportPage) => {
			seen.orders.push(...orders);
			seen.failures.push(...failures);
			if (cursorTo !== null) seen.cursors.push(cursorTo);
			return await Promise.resolve(orders.map(({ externalId }) => ({ externalId, orderId: externalId, kind: 'created', reason: null })));
		},
	} as unknown as OrderStore;
	const report = await importOrders({
		orderStore,
		cart,
		session,
		storeName: 'acme',
		filter: FILTER,
		abandonAfterDays: 45,
		onChange: 'replace',
		actor: { kind: 'node', name: 'fuzz' },
		handOutLimit: 100,
		budgetMs: 60_000,
	});
	// An error after orders were recorded would be told by the next run only.
	expect(report.complete).toBe(true);
	return seen;
}

describe.each(Object.entries(TAPED_CARTS))('%s', (code, { open, tape, named, chooses }) => {
	const { cart } = cartOf(code);
	let recorded: Answer[];
	let good: Imported;

	beforeAll(async () => {
		recorded = await tape();
		good = await imported(cart, open(replaying(recorded)));
		expect([good.orders.length, good.failures]).toEqual([3, []]);
	}, 60_000);

	it('an order with one changed place costs no other order anything', async () => {
		const neighbours = good.orders.filter((_, index) => index !== 1);
		await fc.assert(
			fc.asyncProperty(mutations, async (mutation) => {
				const { changed, place } = changedTape(recorded, named, mutation);
				const { orders, failures, cursors } = await inTime(async () => await imported(cart, open(replaying(changed))));
				for (const neighbour of neighbours)
					expect(orders.filter(({ externalId }) => externalId === neighbour.externalId)[0] ?? `lost: ${place}`).toEqual(neighbour);
				for (const order of orders) expectKept(order);
				for (const failure of failures) expectSaid(failure);
				const others = orders.length - neighbours.length + failures.length;
				if (others < 1 && !chooses.test(place) && mutation.how !== 'neighbour') throw new Error(`gone without a word: ${place}`);
				const since = (cursors.at(-1) as { since: string } | undefined)?.since ?? '';
				expect([Number.isNaN(Date.parse(since)), since >= FILTER.earliestOrderDate, Date.parse(since) <= Date.now()]).toEqual([
					false,
					true,
					true,
				]);
				expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
			}),
			FUZZ_PARTNERS,
		);
	});

	it('an answer that is broken as a whole is one clear error, or moves no position', async () => {
		const bodies = fc.constantFrom<Answer['body']>(
			null,
			7,
			'x',
			true,
			[],
			[null],
			[[]],
			{},
			{ data: null },
			{ data: {} },
			{ items: {} },
			{ items: null },
			{ orders: {} },
			{ orders: [null] },
			{ data: { orders: { nodes: {} } } },
			{ data: { orders: { items: 7 } } },
		);
		await fc.assert(
			fc.asyncProperty(fc.nat(), bodies, async (at, body) => {
				const changed = structuredClone(recorded);
				changed[at % changed.length]!.body = body;
				try {
					const { orders, failures } = await imported(cart, open(replaying(changed)));
					for (const order of orders) expectKept(order);
					for (const failure of failures) expectSaid(failure);
				} catch (error) {
					if (!(error instanceof FulfillmentError)) throw error;
					expect([error.message.length > 10, error.remedy.length > 10]).toEqual([true, true]);
				}
			}),
			{ ...FUZZ_PARTNERS, numRuns: Math.min(60, FUZZ_PARTNERS.numRuns) },
		);
	});
});
