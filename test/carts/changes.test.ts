import fc from 'fast-check';
import { changesSince, type ChangedOrder } from '../../lib/carts/changes';

const iso = (second: number): string => new Date(Date.UTC(2026, 8, 1) + second * 1000).toISOString();

/** A cart that lists by offset, as most do; orders change while it is read. */
class ListingCart {
	readonly changed = new Map<string, string>();

	fetch(pageSize: number) {
		return async (since: string, page: number): Promise<{ orders: ChangedOrder[] }> => {
			const all = [...this.changed].filter(([, at]) => at >= since).sort(([a, x], [b, y]) => x.localeCompare(y) || a.localeCompare(b));
			return { orders: all.slice((page - 1) * pageSize, page * pageSize).map(([id, changedAt]) => ({ id, changedAt, raw: id })) };
		};
	}
}

async function readAll(cart: ListingCart, pageSize: number, cursor: { since: string } | null, between: (page: number) => void = () => undefined, overlapMs = 0) {
	const seen: ChangedOrder[] = [];
	let last = cursor;
	let pages = 0;
	for await (const { orders, next } of changesSince({ cursor, first: async () => iso(0), fetch: cart.fetch(pageSize), pageSize, overlapMs })) {
		seen.push(...orders);
		last = next;
		between((pages += 1));
		if (pages > 500) throw new Error('it does not end');
	}
	return { seen, cursor: last };
}

describe('changes since a moment', () => {
	it('misses none and repeats none, whatever the page size, equal times and changes between two pages', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
				fc.integer({ min: 1, max: 9 }),
				fc.array(fc.tuple(fc.nat(40), fc.nat(39)), { maxLength: 8 }),
				async (seconds, pageSize, moves) => {
					const cart = new ListingCart();
					seconds.forEach((second, index) => cart.changed.set(String(index).padStart(3, '0'), iso(second)));
					let clock = 100;
					const first = await readAll(cart, pageSize, null, (page) => {
						for (const [at, index] of moves) {
							const id = String(index).padStart(3, '0');
							if (at === page && cart.changed.has(id)) cart.changed.set(id, iso((clock += 1)));
						}
					});
					const second = await readAll(cart, pageSize, { since: first.cursor!.since });
					const seen = [...first.seen, ...second.seen].map(({ id, changedAt }) => `${id} ${changedAt}`);
					// Each order in its last state.
					for (const [id, at] of cart.changed) expect(seen).toContain(`${id} ${at}`);
					const once = first.seen.map(({ id, changedAt }) => `${id} ${changedAt}`);
					expect(new Set(once).size).toBe(once.length);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('reads the overlap again, for what was committed late', async () => {
		const cart = new ListingCart();
		cart.changed.set('late', iso(10));
		const asked: string[] = [];
		for await (const page of changesSince({
			cursor: { since: iso(60), from: iso(-600) },
			first: async () => iso(0),
			fetch: async (since, page) => {
				asked.push(since);
				return await cart.fetch(10)(since, page);
			},
			pageSize: 10,
			overlapMs: 60_000,
		})) {
			expect(page.orders.map(({ id }) => id)).toEqual(['late']);
			// The position never goes back.
			expect(page.next).toEqual({ since: iso(60), from: iso(-600) });
		}
		expect(asked).toEqual([iso(0)]);
	});

	it('never reads again what is from before the first run, and does read what came since and was committed late', async () => {
		const cart = new ListingCart();
		const first = await readAll(cart, 10, null);
		cart.changed.set('before', iso(-30));
		cart.changed.set('new', iso(20));
		const second = await readAll(cart, 10, first.cursor, undefined, 300_000);
		expect(second.seen.map(({ id }) => id)).toEqual(['new']);
		cart.changed.set('late', iso(10));
		const third = await readAll(cart, 10, second.cursor, undefined, 300_000);
		expect(third.seen.map(({ id }) => id).sort()).toEqual(['late', 'new']);
		expect(third.cursor).toEqual({ since: iso(20), from: iso(0) });
	});

	it('goes on from a position of an older version, which does not say where the first run started', async () => {
		const cart = new ListingCart();
		cart.changed.set('late', iso(-200));
		expect((await readAll(cart, 10, { since: iso(0) }, undefined, 300_000)).seen).toHaveLength(1);
	});

	it('keeps the position of a first run without orders', async () => {
		const { cursor } = await readAll(new ListingCart(), 10, null);
		expect(cursor).toEqual({ since: iso(0), from: iso(0) });
	});

	it('starts anew from a position that it cannot read', async () => {
		const cart = new ListingCart();
		cart.changed.set('a', iso(5));
		expect((await readAll(cart, 10, { since: 'yesterday' })).seen).toHaveLength(1);
	});
});
