/** Positions of lists that are read by time, while the clock of the partner or ours jumps: every change is read at least once. */
import fc from 'fast-check';
import { changesSince, type ChangedOrder } from '../../lib/carts/common/changes';
import type { Http } from '../../lib/http/Http';
import { momentOfAnswer, presentIn, readingClock } from '../../lib/http/readingClock';
import type { Cursor } from '../../lib/order/wmsEvent';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BEGIN = Date.UTC(2026, 10, 1, 12);
const OVERLAP = 5 * MINUTE;

const iso = (time: number): string => new Date(time).toISOString();

/** A partner and we, each with a clock of its own; `true` time is nobody's. */
class World {
	true = BEGIN;
	/** What the clocks are wrong by. */
	readonly wrong = { partner: 0, ours: 0 };
	/** Whether the partner tells its time. */
	telling = true;
	readonly changes: Array<{ id: string; at: number }> = [];
	readonly read = new Set<string>();

	change(): void {
		this.changes.push({ id: `${this.changes.length}`, at: this.true + this.wrong.partner });
	}

	readonly ours = (): number => this.true + this.wrong.ours;

	readonly http: Http = async () =>
		await Promise.resolve({
			status: 200,
			headers: Object.fromEntries(this.telling ? [['date', new Date(this.true + this.wrong.partner).toUTCString()]] : []),
			body: null,
		});

	since(from: number): Array<{ id: string; at: number }> {
		return this.changes.filter(({ at }) => at >= from).sort((one, other) => one.at - other.at);
	}
}

const changedOrder = ({ id, at }: { id: string; at: number }): ChangedOrder => ({ id, changedAt: iso(at), raw: null });

type Poll = (world: World, cursor: Cursor | null) => Promise<Cursor>;

/** As carts are read: page by page, by the times of changes. */
const byChanges: Poll = async (world, cursor) => {
	const clock = readingClock(world.http, cursor, world.ours);
	let next: Cursor = cursor ?? {};
	const changes = changesSince({
		label: 'Acme',
		cursor,
		clock,
		pageSize: 2,
		first: async () => presentIn(await clock.http({ method: 'GET', url: '/' }), world.ours()),
		async changed(since): Promise<{ orders: ChangedOrder[] }> {
			await clock.http({ method: 'GET', url: '/' });
			return { orders: world.since(Date.parse(since)).slice(0, 2).map(changedOrder) };
		},
		async between(start, end, within) {
			await clock.http({ method: 'GET', url: '/' });
			const orders = world
				.since(Date.parse(start))
				.filter(({ id, at }) => at < Date.parse(end) && Number(id) >= Number(within ?? 0))
				.sort((one, other) => Number(one.id) - Number(other.id))
				.slice(0, 2);
			return { orders: orders.map(changedOrder), within: orders.length < 2 ? null : String(Number(orders[1]!.id) + 1) };
		},
	});
	for await (const { orders, next: reached } of changes) {
		for (const { id } of orders) world.read.add(id);
		next = reached;
	}
	return next;
};

/** As warehouses are read whose entries have no time of their change. */
const byPresent: Poll = async (world, cursor) => {
	const { since = null } = (cursor ?? {}) as { since?: string };
	const clock = readingClock(world.http, cursor, world.ours);
	await clock.http({ method: 'GET', url: '/' });
	for (const { id } of world.since(since === null ? BEGIN : Date.parse(since) - OVERLAP)) world.read.add(id);
	return { since: clock.position(since, null), ...clock.mark() };
};

type Step = { kind: 'time'; by: number } | { kind: 'change' } | { kind: 'poll' } | { kind: 'jump'; clock: 'partner' | 'ours'; by: number };

const jump = fc.record({
	kind: fc.constant('jump' as const),
	clock: fc.constantFrom('partner' as const, 'ours' as const),
	by: fc.integer({ min: -40 * 60, max: 40 * 60 }).map((minutes) => minutes * MINUTE),
});
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant('time' as const), by: fc.integer({ min: 1, max: 3 * 3600 }).map((seconds) => seconds * SECOND) }),
	fc.constant({ kind: 'change' as const }),
	fc.constant({ kind: 'poll' as const }),
	jump,
);

async function missed(poll: Poll, steps: readonly Step[], telling: boolean): Promise<string[]> {
	const world = new World();
	world.telling = telling;
	let cursor = await poll(world, null);
	let jumped = false;
	for (const each of steps) {
		world.true += SECOND;
		if (each.kind === 'time') world.true += each.by;
		if (each.kind === 'change') world.change();
		if (each.kind === 'poll') {
			cursor = await poll(world, cursor);
			jumped = false;
		}
		// Twice between two polls, there and back, nobody can know of.
		if (each.kind === 'jump' && !jumped) {
			world.wrong[each.clock] += each.by;
			jumped = true;
		}
	}
	for (let count = 0; count < 3; count += 1) cursor = await poll(world, cursor);
	return world.changes.filter(({ id }) => !world.read.has(id)).map(({ at }) => iso(at));
}

describe.each([
	['the times of changes', byChanges],
	['the present alone', byPresent],
])('a list that is read by %s', (_, poll) => {
	it('loses nothing, however the clocks jump', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
				expect(await missed(poll, steps, true)).toEqual([]);
			}),
			{ numRuns: 1000 },
		);
	});

	it('loses nothing when the partner does not tell its time, and is behind by less than an hour', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: -50, max: 0 }), async (steps, behind) => {
				const steady = steps.filter((one) => one.kind !== 'jump' || one.clock === 'ours');
				expect(
					await missed(
						poll,
						[
							{ kind: 'jump', clock: 'partner', by: behind * MINUTE },
							{ kind: 'poll' },
							...steady.map((one): Step => (one.kind === 'jump' ? { ...one, by: Math.min(0, one.by) } : one)),
						],
						false,
					),
				).toEqual([]);
			}),
			{ numRuns: 300 },
		);
	});

	it('is not read again from the start for a clock that is always wrong', async () => {
		for (const wrong of [-30 * 24 * HOUR, -6 * HOUR, 0, 30 * SECOND]) {
			const world = new World();
			world.wrong.partner = wrong;
			let cursor = await poll(world, null);
			for (let hour = 0; hour < 10; hour += 1) {
				world.true += HOUR;
				world.change();
				cursor = await poll(world, cursor);
			}
			world.true += HOUR;
			cursor = await poll(world, cursor);
			world.read.clear();
			await poll(world, cursor);
			expect(world.read.size).toBeLessThanOrEqual(1);
		}
	});
});

describe('the present', () => {
	it('is that of whichever clock is behind', () => {
		const answer = { headers: { date: new Date(BEGIN).toUTCString() } };
		expect([presentIn(answer, BEGIN + HOUR), presentIn(answer, BEGIN - HOUR), presentIn({ headers: {} }, BEGIN)]).toEqual([
			iso(BEGIN),
			iso(BEGIN - HOUR),
			iso(BEGIN),
		]);
	});

	it('of an answer that a cache kept is as much later as the cache says', () => {
		const date = new Date(BEGIN).toUTCString();
		expect(momentOfAnswer({ headers: { date, age: '600' } }, 0).partner).toBe(BEGIN + 10 * MINUTE);
		expect(momentOfAnswer({ headers: { date, age: '-1e99' } }, 0).partner).toBe(BEGIN);
		expect(momentOfAnswer({ headers: { date: 'Fri, 31 Dec 9999 23:59:59 GMT' } }, 0).partner).toBeNull();
	});
});

it.each([
	['the times of changes', byChanges],
	['the present alone', byPresent],
])('no position passes our own present, whatever one answer says of its date: %s', async (_, poll) => {
	const world = new World();
	for (const wrong of [6 * HOUR, 365 * 24 * HOUR, 0]) {
		world.wrong.partner = wrong;
		world.change();
		const { since } = (await poll(world, null)) as { since: string };
		expect(Date.parse(since)).toBeLessThanOrEqual(world.true);
	}
});

describe('a change from the future', () => {
	it('hides nothing that comes after it', async () => {
		const world = new World();
		let cursor = await byChanges(world, null);
		world.changes.push({ id: 'of 2099', at: Date.UTC(2099, 1, 1) });
		cursor = await byChanges(world, cursor);
		world.true += 10 * MINUTE;
		world.change();
		expect(JSON.stringify(cursor)).not.toContain('2099');
		await byChanges(world, cursor);
		expect([...world.read]).toEqual(['of 2099', '1']);
	});

	it('that an older version took for its position is read back two days from the present', async () => {
		const world = new World();
		world.changes.push({ id: 'lost', at: BEGIN - 30 * HOUR });
		const cursor = await byChanges(world, { since: '2099-02-01T00:00:00.000Z', from: '2026-01-01T00:00:00.000Z' });
		await byChanges(world, cursor);
		expect([...world.read]).toEqual(['lost']);
	});
});

it('a cart that gives the same page again and again is told of, not read for ever', async () => {
	const orders = [{ id: '1', changedAt: iso(BEGIN), raw: null }];
	const changed = async (): Promise<{ orders: ChangedOrder[]; more: boolean }> => await Promise.resolve({ orders, more: true });
	const between = async (): Promise<{ orders: ChangedOrder[]; within: string }> => await Promise.resolve({ orders, within: 'on' });
	const all = changesSince({
		label: 'Acme',
		cursor: null,
		clock: readingClock(new World().http, null),
		first: async () => await Promise.resolve(iso(BEGIN)),
		changed,
		between,
		pageSize: 1,
	});
	const readAll = async (): Promise<void> => {
		for await (const { next } of all) expect(next.since).toBe(iso(BEGIN));
	};
	await expect(readAll()).rejects.toMatchObject({ code: 'unexpected_answer', message: expect.stringContaining('Acme') });
});
