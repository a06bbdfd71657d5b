/** How changes of the cart are shared out among what is offered and the orders that were made of added lines. */
import fc from 'fast-check';
import { addedSince, contentOfAdded, isOffer, offerInWords, share, type OrderOfAdded, type Quantities } from '../../lib/order/addedLines';
import { addedReference, isOfAddedLines } from '../../lib/order/reference';
import { content, line } from '../store/fixtures';

describe('what is added', () => {
	it('are new lines and more of others, whatever they are called', () => {
		const lines = [line('L1', 'MUG', 3), line('L2', 'TEE', 1), line('constructor', 'CAP', 1), { ...line('L4', 'WRAP', 1), kind: 'service' as const }];
		const added = addedSince({ L1: 2, L2: 2 }, lines);
		expect(added.map(({ id, quantity }) => [id, quantity])).toEqual([['L1', 1], ['constructor', 1], ['L4', 1]]);
		expect([isOffer(added), isOffer(added.slice(2)), offerInWords(added)]).toEqual([true, false, 'MUG × 1, CAP × 1']);
	});

	it('has no amounts of the whole order, no warehouse, and nothing of what is not ours of a line', () => {
		const lines = [{ ...line('L1', 'MUG', 2), notOurs: [{ quantity: 1, reason: 'refunded' }] }];
		expect(contentOfAdded(content('N1', { warehouse: 'BER' }), lines)).toMatchObject({ warehouse: null, subtotal: '20.00', total: null, shippingAmount: null, lines: [expect.not.objectContaining({ notOurs: expect.anything() as unknown })] });
	});

	it('has a reference that says so, which no part and no order of the cart has', () => {
		const long = addedReference('x'.repeat(32), 12, 'other');
		for (const reference of [addedReference('1001', 1, null), addedReference('1001', 1, 'other'), long, '1001.a1.r2']) expect([reference, isOfAddedLines({ parentId: '7', reference })]).toEqual([reference, true]);
		for (const reference of ['1001.p1', '1001.b1', '1001.a1.p1', '1001']) expect([reference, isOfAddedLines({ parentId: '7', reference })]).toEqual([reference, false]);
		expect(isOfAddedLines({ parentId: null, reference: '1001.a1' })).toBe(false);
		expect(long.length).toBeLessThanOrEqual(32);
	});
});

describe('sharing out', () => {
	const order = (id: string, wanted: number, isSent = false, out = wanted): OrderOfAdded => ({ id, isSent, wanted: { L: wanted }, out: { L: out } });
	const shared = (before: number, now: number, offered: number, ...orders: OrderOfAdded[]) => {
		const { settled, wanted } = share({ L: before }, { L: now }, { L: before - offered }, orders);
		return [now - (settled['L'] ?? 0), ...orders.map(({ id }) => wanted.get(id)?.['L'])];
	};

	it.each([
		['more is offered', shared(2, 3, 0), [1]],
		['still more is offered', shared(3, 5, 1), [3]],
		['less is offered', shared(5, 4, 3), [2]],
		['what was offered goes first, then the latest that was not sent, then the latest that was', shared(9, 3, 1, order('a', 2), order('b', 2, true), order('c', 2)), [0, 0, 1, 0]],
		['what was sent and taken back is given back before anything is offered', shared(2, 4, 0, order('a', 1, true, 2)), [1, 2]],
		['what is left of less is the order’s own', shared(4, 0, 0, order('a', 1)), [0, 0]],
	])('%s', (_, found, expected) => expect(found).toEqual(expected));

	it('adds up whatever the cart says and whenever the lines are sent: nothing is wanted twice, and nothing is forgotten', () => {
		const step = fc.oneof(fc.record({ says: fc.nat(8) }), fc.constant('make' as const), fc.constant('send' as const));
		fc.assert(
			fc.property(fc.nat(4), fc.array(step, { maxLength: 20 }), (first, steps) => {
				let [now, offered, own] = [first, 0, first];
				let orders: OrderOfAdded[] = [];
				for (const [index, what] of steps.entries()) {
					if (what === 'make' && offered > 0) {
						orders.push(order(String(index), offered));
						offered = 0;
					} else if (what === 'send') orders = orders.map((one) => (one.isSent ? one : { ...one, isSent: true, out: one.wanted }));
					else if (typeof what === 'object') {
						const { settled, wanted }: { settled: Quantities; wanted: ReadonlyMap<string, Quantities> } = share({ L: now }, { L: what.says }, { L: now - offered }, orders);
						[now, offered] = [what.says, what.says - (settled['L'] ?? 0)];
						orders = orders.map((one) => ({ ...one, wanted: wanted.get(one.id) ?? {}, out: one.isSent ? one.out : (wanted.get(one.id) ?? {}) }));
					}
					const rest = now - offered - orders.reduce((sum, { wanted }) => sum + (wanted['L'] ?? 0), 0);
					expect(offered).toBeGreaterThanOrEqual(0);
					expect(rest).toBeGreaterThanOrEqual(0);
					// What was there when it was closed only ever becomes less.
					expect(rest).toBeLessThanOrEqual(own);
					own = rest;
				}
			}),
			{ numRuns: 500 },
		);
	});
});
