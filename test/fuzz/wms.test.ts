/** What warehouses answer, with one place of one report changed: the other reports are recorded as ever, and the changed one is recorded or seen. */
import fc from 'fast-check';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { FulfillmentError } from '../../lib/order/errors';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { OrderStore, ShipmentPage } from '../../lib/store/OrderStore';
import { expectReport, expectSaid } from './expectations';
import { mutations } from './mutations';
import { changedTape, replaying, type Answer } from './recorded';
import { FUZZ_PARTNERS, inTime, TIME_LIMIT_MS } from './settings';
import { REFERENCES, TAPED_WMS, type TapedWms } from './wmsTapes';

jest.setTimeout(TIME_LIMIT_MS);

interface Polled {
	events: WmsEvent[];
	failures: NewImportFailure[];
	cursors: Cursor[];
}

/** One run of the poll, of which a store would have recorded this. */
async function polled(session: ReturnType<TapedWms['open']>): Promise<Polled> {
	const seen: Polled = { events: [], failures: [], cursors: [] };
	const orderStore = {
		cursor: async () => await Promise.resolve(null),
		getMany: async () => await Promise.resolve([]),
		connections: async () => await Promise.resolve([]),
		search: async () => await Promise.resolve({ items: REFERENCES.map((reference) => ({ reference, wmsOrderId: null })), next: null }),
		recordShipments: async ({ events, failures, cursorTo }: ShipmentPage) => {
			seen.events.push(...events);
			seen.failures.push(...failures);
			if (cursorTo !== null) seen.cursors.push(cursorTo);
			return await Promise.resolve(events.map((event) => ({ event, orderId: null, shipmentId: null, kind: 'recorded', status: null })));
		},
		recordShipmentPoll: async () => {
			await Promise.resolve();
		},
	} as unknown as OrderStore;
	await pollShipments({ orderStore, wms: 'x', session, stores: [], actor: { kind: 'node', name: 'fuzz' }, budgetMs: 60_000 });
	return seen;
}

/** What may stand where there is nothing. */
const ABSENT = new Set(['null', '""', '" "', '[]']);

const about = (event: WmsEvent): string => JSON.stringify([event.kind, 'externalId' in event ? event.externalId : null, event.reference]);

describe.each(Object.entries(TAPED_WMS))('%s', (_, { open, tape, named, chooses }) => {
	let recorded: Answer[];
	let neighbours: WmsEvent[];

	beforeAll(async () => {
		recorded = await tape();
		const good = await polled(open(replaying(recorded)));
		expect(good.failures).toEqual([]);
		neighbours = good.events.filter(({ reference }) => reference !== 'acme.2');
		for (const reference of REFERENCES)
			expect(good.events.filter((event) => event.reference === reference && event.kind === 'shipped')).toHaveLength(1);
	}, 60_000);

	it('a report with one changed place costs no other report anything', async () => {
		await fc.assert(
			fc.asyncProperty(mutations, async (mutation) => {
				const { changed, place } = changedTape(recorded, named, mutation);
				const { events, failures, cursors } = await inTime(async () => await polled(open(replaying(changed))));
				const known = new Map(events.map((event) => [about(event), event]));
				for (const neighbour of neighbours) expect(known.get(about(neighbour)) ?? `lost: ${place}`).toEqual(neighbour);
				for (const event of events) expectReport(event);
				for (const failure of failures) expectSaid(failure);
				const others = events.filter(
					(event) => event.kind === 'shipped' && !neighbours.some((neighbour) => about(neighbour) === about(event)),
				);
				const isAbsent = mutation.how === 'remove' || (mutation.how !== 'wrap' && ABSENT.has(mutation.value));
				if (others.length + failures.length < 1 && !isAbsent && !chooses.test(place) && mutation.how !== 'neighbour')
					throw new Error(`gone without a word: ${place}`);
				const since = JSON.stringify(cursors.at(-1));
				for (const [moment] of since.matchAll(/[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z?/g))
					expect(Date.parse(moment.endsWith('Z') ? moment : `${moment}Z`)).toBeLessThanOrEqual(Date.now());
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
			{ payload: {} },
			{ payload: null },
			{ payload: { fulfillmentOrders: 7 } },
			{ orders: [null] },
			{ shipments: [null] },
			{ labels: {} },
			{ data: { orders: { data: { edges: 7 } } } },
			{ result: 7 },
		);
		await fc.assert(
			fc.asyncProperty(fc.nat(), bodies, async (at, body) => {
				const changed = structuredClone(recorded);
				changed[at % changed.length]!.body = body;
				try {
					const { events, failures } = await polled(open(replaying(changed)));
					for (const event of events) expectReport(event);
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
