import fc from 'fast-check';
import { changesSince, fromTheEnd, type ChangedOrder } from '../../lib/carts/common/changes';
import { readingClock } from '../../lib/http/readingClock';
import type { Cursor } from '../../lib/order/wmsEvent';
import { untied } from '../../testing/servers/Peer';

const BEGIN = Date.UTC(2026, 8, 1) / 1000;
const iso = (second: number): string => new Date((BEGIN + second) * 1000).toISOString();
const secondOf = (time: string): number => Date.parse(time) / 1000 - BEGIN;

type Order = { id: number; at: number; seenFrom: number };

/** How a cart lists; `byNumber` = by offsets alone, `byKey` = from a key on. */
type Ways = { spans: 'byKey' | 'byNumber' | 'byNumberUncounted'; ties: 'disordered' | 'in order'; sorts: 'by time' | 'by local time' };

/** A cart with a clock; it counts in seconds, and nothing is sure of equal times. */
class ListingCart {
	now = 0;
	/** What it writes to orders is so much behind what it tells. */
	lag = 0;
	/** At this moment its clocks on the wall are set back by an hour. */
	winter = Infinity;
	requests = 0;
	readonly orders = new Map<number, Order>();
	private keys = 0;

	constructor(private readonly ways: Ways = { spans: 'byKey', ties: 'disordered', sorts: 'by time' }) {}

	place(late = 0): void {
		this.keys += 1;
		this.orders.set(this.keys, { id: this.keys, at: this.now - this.lag, seenFrom: this.now + late });
	}

	change(id: number): void {
		if (this.orders.has(id)) this.orders.set(id, { id, at: this.now - this.lag, seenFrom: this.now });
	}

	private list(from: string, to: string | null): Order[] {
		const ties = untied(this.ways.ties === 'disordered' ? (this.requests += 1) : ((this.requests += 1), 0));
		const sorted = ({ at }: Order): number => (this.ways.sorts === 'by local time' && at < this.winter ? at + 3600 : at);
		return [...this.orders.values()]
			.filter(({ at, seenFrom }) => at >= secondOf(from) && (to === null || at < secondOf(to)) && seenFrom <= this.now)
			.sort((left, right) => sorted(left) - sorted(right) || ties(left.id, right.id));
	}

	async *run(cursor: Cursor | null, pageSize: number, overlapMs = 300_000) {
		const clock = readingClock(
			async () => await Promise.resolve({ status: 200, headers: { date: new Date((BEGIN + this.now) * 1000).toUTCString() }, body: null }),
			cursor,
			() => (BEGIN + this.now) * 1000,
		);
		const ask = async <T>(answer: () => T): Promise<T> => {
			await clock.http({ method: 'GET', url: '/' });
			return answer();
		};
		const shown = (orders: Order[]): ChangedOrder[] => orders.map(({ id, at }) => ({ id: String(id), changedAt: iso(at), raw: at }));
		yield* changesSince({
			label: 'Acme',
			cursor,
			clock,
			pageSize,
			overlapMs,
			first: async () => await ask(() => iso(0)),
			changed: async (since) =>
				await ask(() => {
					const all = this.list(since, null);
					const page = all.slice(0, pageSize);
					const last = Math.max(...page.map(({ at }) => at));
					return {
						orders: shown(page),
						more: all.length > pageSize,
						inOrder: all.filter(({ at }) => at < last).length <= page.filter(({ at }) => at < last).length,
					};
				}),
			between: async (from, to, within) => {
				const keyed = () => this.list(from, to).sort((left, right) => left.id - right.id);
				if (this.ways.spans !== 'byKey') {
					return await fromTheEnd(
						within,
						pageSize,
						async ({ offset, limit, order }) =>
							await ask(() => {
								const all = order === 'asc' ? keyed() : keyed().reverse();
								return { orders: shown(all.slice(offset, offset + limit)), total: this.ways.spans === 'byNumber' ? all.length : null };
							}),
					);
				}
				return await ask(() => {
					const page = keyed()
						.filter(({ id }) => id > Number(within ?? 0))
						.slice(0, pageSize);
					return { orders: shown(page), within: page.length < pageSize ? null : String(page.at(-1)!.id) };
				});
			},
		});
	}
}

/** Runs until a pass is complete. @param pages after so many a run has no time left */
async function readAll(
	cart: ListingCart,
	pageSize: number,
	cursor: Cursor | null = null,
	{ overlapMs = 300_000, pages = Infinity, between = () => undefined as void } = {},
) {
	const seen: string[] = [];
	let [last, runs, requests] = [cursor, 0, cart.requests];
	for (let complete = false; !complete; runs += 1) {
		if (runs > 2_000) throw new Error('it never comes to an end');
		let read = 0;
		let cut = false;
		const before = JSON.stringify(last);
		for await (const { orders, next } of cart.run(last, pageSize, overlapMs)) {
			seen.push(...orders.map(({ id, changedAt }) => `${id} ${changedAt}`));
			last = next;
			between();
			if ((read += 1) >= pages) {
				cut = true;
				break;
			}
		}
		if (cut && JSON.stringify(last) === before && 'pass' in (last as object)) throw new Error('a run made no progress');
		complete = !('pass' in (last as object));
	}
	requests = cart.requests - requests;
	return { seen, cursor: last as { since: string; from: string }, runs, requests };
}

const missed = (cart: ListingCart, seen: readonly string[]): string[] =>
	[...cart.orders.values()].map(({ id, at }) => `${id} ${iso(at)}`).filter((one) => !seen.includes(one));

type Step =
	{ kind: 'time'; by: number } | { kind: 'place'; late: number } | { kind: 'change'; id: number } | { kind: 'bulk'; count: number };
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant('time' as const), by: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4_000 })) }),
	fc.record({ kind: fc.constant('place' as const), late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 170 })) }),
	fc.record({ kind: fc.constant('change' as const), id: fc.integer({ min: 1, max: 60 }) }),
	fc.record({ kind: fc.constant('bulk' as const), count: fc.integer({ min: 1, max: 30 }) }),
);
const ways: fc.Arbitrary<Ways> = fc.record({
	spans: fc.constantFrom('byKey' as const, 'byNumber' as const),
	ties: fc.constantFrom('disordered' as const, 'in order' as const),
	sorts: fc.constantFrom('by time' as const, 'by local time' as const),
});

function carryOut(cart: ListingCart, one: Step): void {
	if (one.kind === 'time') cart.now += one.by;
	if (one.kind === 'place') cart.place(one.late);
	if (one.kind === 'change') cart.change(one.id);
	// Of one moment.
	if (one.kind === 'bulk') for (let id = 1; id <= one.count; id += 1) cart.change(id);
}

describe('changes since a moment', () => {
	it('are all seen, whatever their times, ties, pages, changes meanwhile, clocks, and wherever a run is cut off', async () => {
		await fc.assert(
			fc.asyncProperty(
				ways,
				fc.integer({ min: 1, max: 9 }),
				fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 4 })),
				fc.oneof(fc.nat(300), fc.nat(4_000)),
				fc.array(fc.array(step, { maxLength: 25 }), { minLength: 1, maxLength: 4 }),
				fc.array(step, { maxLength: 25 }),
				fc.nat(3_000),
				async (how, pageSize, pages, lag, polls, meanwhile, winter) => {
					const cart = new ListingCart(how);
					cart.now = lag;
					cart.lag = lag;
					if (how.sorts === 'by local time') cart.winter = winter;
					const seen: string[] = [];
					let cursor: Cursor | null = null;
					const left = [...meanwhile];
					const read = async (): Promise<void> => {
						const done = await readAll(cart, pageSize, cursor, {
							pages,
							between: () => void left.splice(0, 2).forEach((one) => carryOut(cart, one)),
						});
						cursor = done.cursor;
						seen.push(...done.seen);
					};
					for (const steps of polls) {
						for (const one of steps) carryOut(cart, one);
						await read();
					}
					cart.now += 250;
					await read();
					left.length = 0;
					cart.now += 250;
					await read();
					expect(missed(cart, seen)).toEqual([]);
				},
			),
			{ numRuns: 600 },
		);
	});

	it.each(['byKey', 'byNumber', 'byNumberUncounted'] as const)(
		'of one moment are all read over many pages, though each page has them in another order: %s',
		async (spans) => {
			const cart = new ListingCart({ spans, ties: 'disordered', sorts: 'by time' });
			for (let count = 0; count < 500; count += 1) cart.place();
			cart.now = 3;
			for (let count = 0; count < 40; count += 1) cart.place();
			const { seen, requests } = await readAll(cart, 100);
			expect(missed(cart, seen)).toEqual([]);
			expect(seen).toHaveLength(540);
			expect(requests).toBeLessThanOrEqual(9);
		},
	);

	it('of a page that is not in order, since the clocks were set back, are all read', async () => {
		const cart = new ListingCart({ spans: 'byNumber', ties: 'disordered', sorts: 'by local time' });
		cart.winter = 3_600;
		for (let count = 0; count < 140; count += 1, cart.now += 51) cart.place();
		expect(missed(cart, (await readAll(cart, 20)).seen)).toEqual([]);
	});

	it('go on where a run without time left them: five minutes of changes that no run reads whole come to an end', async () => {
		const cart = new ListingCart();
		for (let count = 0; count < 2_000; count += 1, cart.now += count % 7 === 0 ? 1 : 0) cart.place();
		const { seen, runs, requests } = await readAll(cart, 50, null, { pages: 3 });
		expect(missed(cart, seen)).toEqual([]);
		expect(runs).toBeLessThanOrEqual(20);
		expect(requests).toBeLessThanOrEqual(50);
	});

	it('are not read again and again after a bulk change: a shop where nothing happens costs one request a poll', async () => {
		const cart = new ListingCart();
		for (let count = 0; count < 300; count += 1) cart.place();
		cart.now = 30;
		let { cursor } = await readAll(cart, 10);
		cart.now += 300;
		// What may have been committed late.
		({ cursor } = await readAll(cart, 10, cursor));
		cart.now += 301;
		for (let poll = 0; poll < 3; poll += 1, cart.now += 300) {
			const done = await readAll(cart, 10, cursor);
			expect(done).toMatchObject({ seen: [], requests: 1 });
			({ cursor } = done);
		}
		expect(secondOf(cursor.since)).toBeGreaterThan(900);
	});

	it('are found though what stamps orders is behind what tells the time', async () => {
		const cart = new ListingCart();
		cart.lag = 3_000;
		cart.now = 10_000;
		cart.place();
		const seen: string[] = [];
		let cursor: Cursor | null = null;
		for (let poll = 0; poll < 20; poll += 1, cart.now += 60) {
			if (poll % 5 === 3) cart.place();
			const done = await readAll(cart, 10, cursor);
			cursor = done.cursor;
			seen.push(...done.seen);
		}
		expect(missed(cart, seen)).toEqual([]);
	});

	it('are read again as far back as the cart may commit late, from the last complete pass on', async () => {
		const cart = new ListingCart();
		cart.now = 1_000;
		cart.place(100);
		cart.place();
		const first = await readAll(cart, 10);
		cart.now += 100;
		const second = await readAll(cart, 10, first.cursor);
		expect([first.seen, second.seen]).toEqual([[`2 ${iso(1_000)}`], expect.arrayContaining([`1 ${iso(1_000)}`])]);
	});

	it('never are from before the first run, and are what came since and was committed late', async () => {
		const cart = new ListingCart();
		const first = await readAll(cart, 10);
		cart.orders.set(90, { id: 90, at: -30, seenFrom: 0 });
		cart.now = 20;
		cart.place();
		cart.orders.set(91, { id: 91, at: 10, seenFrom: 21 });
		const second = await readAll(cart, 10, first.cursor);
		expect(second.seen).toEqual([`1 ${iso(20)}`]);
		cart.now = 21;
		const third = await readAll(cart, 10, second.cursor);
		expect(third.seen.sort()).toEqual([`1 ${iso(20)}`, `91 ${iso(10)}`]);
		expect(third.cursor).toMatchObject({ from: iso(0) });
	});

	it.each([
		[{ since: iso(0) }, 1],
		[{ since: iso(0), from: iso(-100) }, 0],
		[{ since: iso(0), from: iso(-600), ahead: '0' }, 1],
	])('go on from a position of an older version: %j', async (cursor, count) => {
		const cart = new ListingCart();
		cart.orders.set(1, { id: 1, at: -200, seenFrom: 0 });
		cart.now = 20;
		expect((await readAll(cart, 10, cursor)).seen).toHaveLength(count);
	});

	it('keep the position of a first run without orders', async () => {
		const { cursor } = await readAll(new ListingCart(), 10);
		expect(cursor).toMatchObject({ since: iso(0), from: iso(0) });
	});

	it.each([[{ since: 'yesterday' }], [{ since: iso(0), pass: 'x' }], [{ since: iso(0), pass: { at: 'soon', sure: iso(0) } }], [[]], ['x']])(
		'start anew from a position that nobody can read: %j',
		async (cursor) => {
			const cart = new ListingCart();
			cart.now = 5;
			cart.place();
			expect((await readAll(cart, 10, cursor as Cursor)).seen).toHaveLength(1);
		},
	);
});

describe('a list of a cart that pays no heed', () => {
	const clock = readingClock(async () => await Promise.reject(new Error('nobody is asked')), null);
	const order = (id: string, at: number): ChangedOrder => ({ id, changedAt: iso(at), raw: id });
	const readAllOf = async (changed: () => { orders: ChangedOrder[]; more: boolean }): Promise<void> => {
		let pages = 0;
		const between = async () => await Promise.resolve({ orders: changed().orders, within: 'on' });
		for await (const { next } of changesSince({
			label: 'Acme',
			cursor: null,
			clock,
			first: async () => await Promise.resolve(iso(0)),
			changed: async () => await Promise.resolve(changed()),
			between,
			pageSize: 1,
		})) {
			expect(next).toBeDefined();
			if ((pages += 1) > 50) throw new Error('it does not end');
		}
	};

	it.each([
		['to the time', -10],
		['to where to go on', 0],
	])('%s is told of, not read for ever', async (_, at) => {
		await expect(readAllOf(() => ({ orders: [order('1', at)], more: true }))).rejects.toMatchObject({ code: 'unexpected_answer' });
	});
});
