/** A warehouse that is down for hours: its orders wait, and go out by themselves once it is up, those first that wait longest, and few at once. */
import { shiftClock } from '../../demo/clock';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { openTestStore } from '../store/harness';
import { actor } from '../store/fixtures';
import { routedOrder, scriptedWms, send } from './partners';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OUTAGE = 6 * HOUR;
const ORDERS = 30;
/** Of each run of the trigger for due work. */
const LIMIT = 5;
const CONCURRENCY = 2;

afterEach(() => shiftClock(0));

it('drains by itself after an outage of six hours, oldest first, without a stampede, and nothing is sent twice', async () => {
	const { orderStore } = await openTestStore('sqlite');
	const wms = scriptedWms();
	let up = false;
	let [atOnce, mostAtOnce] = [0, 0];
	const session = {
		...wms,
		createOrder: async (reference: string) => {
			atOnce += 1;
			mostAtOnce = Math.max(mostAtOnce, atOnce);
			await new Promise(setImmediate);
			try {
				return up ? await wms.createOrder(reference) : ({ kind: 'unavailable', cause: 'ECONNREFUSED' } as const);
			} finally {
				atOnce -= 1;
			}
		},
	};
	const run = async (): Promise<number> => {
		const waiting = (await orderStore.search({ statuses: ['delayed'], limit: ORDERS })).items;
		const now = Date.parse(await orderStore.now());
		const due = waiting
			.flatMap(({ id, retryAt }) => (retryAt !== null && Date.parse(retryAt) <= now ? [{ id, retryAt }] : []))
			.sort((left, right) => left.retryAt.localeCompare(right.retryAt));
		const work = await claimDueWork({ orderStore, kinds: ['sending'], stores: [], limit: LIMIT, leaseMs: 5 * MINUTE, worker: 'w', actor });
		// Those that wait longest.
		expect(work.map(({ order }) => order.id).sort()).toEqual(
			due
				.slice(0, LIMIT)
				.map(({ id }) => id)
				.sort(),
		);
		await send(
			orderStore,
			session,
			work.map(({ order }) => order.id),
			{ concurrency: CONCURRENCY, retry: DEFAULT_RETRY },
		);
		return work.length;
	};

	// Orders come in for an hour while it is down; then the trigger runs each minute until it is up, and for as long as it takes.
	let minute = 0;
	for (let number = 1; number <= ORDERS; number += 1) {
		shiftClock((minute += 2) * MINUTE);
		await send(orderStore, session, [(await routedOrder(orderStore, String(number))).id], { retry: DEFAULT_RETRY });
		await run();
	}
	const statuses = async (): Promise<string[]> => [
		...new Set((await orderStore.search({ limit: ORDERS })).items.map(({ status }) => status)),
	];
	for (; minute * MINUTE < OUTAGE; minute += 1) {
		shiftClock(minute * MINUTE);
		await run();
	}
	expect(await statuses()).toEqual(['delayed']);
	expect(wms.created()).toEqual([]);

	up = true;
	const back = minute;
	for (; (await statuses()).join() !== 'open'; minute += 1) {
		shiftClock(minute * MINUTE);
		await run();
		// The longest pause that an order can be in by then, with its jitter, and the queue.
		expect(minute - back).toBeLessThan(360 * 1.2 + ORDERS / LIMIT);
	}
	expect(wms.created().sort()).toEqual(Array.from({ length: ORDERS }, (_, index) => `N${index + 1}`).sort());
	expect(mostAtOnce).toBeLessThanOrEqual(CONCURRENCY);
});
