/** How changes of the cart are shared out among what is offered and the orders that were made of added lines. */
import fc from 'fast-check';
import { contentOfAdded, isOffer, offerInWords, settledBy, share, type OrderOfAdded, type Standing } from '../../lib/order/addedLines';
import { addedReference, isOfAddedLines } from '../../lib/order/reference';
import { content, line } from '../store/fixtures';

describe('what is added', () => {
	it('are new lines and more of others, whatever they are called', () => {
		const lines = [
			line('L1', 'MUG', 3),
			line('L2', 'TEE', 1),
			line('constructor', 'CAP', 1),
			{ ...line('L4', 'WRAP', 1), kind: 'service' as const },
		];
		const { offered: added } = share(lines, { L1: 2, L2: 2 }, []);
		expect(added.map(({ id, quantity }) => [id, quantity])).toEqual([
			['L1', 1],
			['constructor', 1],
			['L4', 1],
		]);
		expect([isOffer(added), isOffer(added.slice(2)), offerInWords(added)]).toEqual([true, false, 'MUG × 1, CAP × 1']);
	});

	it('has no amounts of the whole order, no warehouse, and nothing of what is not ours of a line', () => {
		const lines = [{ ...line('L1', 'MUG', 2), notOurs: [{ quantity: 1, reason: 'refunded' }] }];
		expect(contentOfAdded(content('N1', { warehouse: 'BER' }), lines)).toMatchObject({
			warehouse: null,
			subtotal: '20.00',
			total: null,
			shippingAmount: null,
			lines: [expect.not.objectContaining({ notOurs: expect.anything() as unknown })],
		});
	});

	it('has a reference that says so, which no part and no order of the cart has', () => {
		const long = addedReference('x'.repeat(32), 12, 'other');
		for (const reference of [addedReference('1001', 1, null), addedReference('1001', 1, 'other'), long, '1001.a1.r2'])
			expect([reference, isOfAddedLines({ parentId: '7', reference })]).toEqual([reference, true]);
		for (const reference of ['1001.p1', '1001.b1', '1001.a1.p1', '1001'])
			expect([reference, isOfAddedLines({ parentId: '7', reference })]).toEqual([reference, false]);
		expect(isOfAddedLines({ parentId: null, reference: '1001.a1' })).toBe(false);
		expect(long.length).toBeLessThanOrEqual(32);
	});
});

describe('sharing out', () => {
	const order = (id: string, quantity: number, standing: Standing = 'to_be_sent'): OrderOfAdded => ({
		id,
		standing,
		lines: { L: quantity },
	});
	const says = (quantity: number) => [line('L', 'MUG', quantity)];
	const shared = (now: number, settled: number, ...orders: OrderOfAdded[]) => {
		const { offered, wanted } = share(says(now), { L: settled }, orders);
		return [offered[0]?.quantity ?? 0, ...orders.map(({ id }) => wanted.get(id)?.['L'])];
	};

	it.each([
		['more than it stands for is offered', shared(5, 2), [3]],
		['less than it stands for is not', shared(1, 2), [0]],
		['what was sent besides is not offered', shared(5, 2, order('a', 2, 'sent')), [1, 2]],
		[
			'less takes back what is offered first, then the latest that is to be sent, then the latest that was',
			shared(4, 1, order('a', 2), order('b', 2, 'sent'), order('c', 2)),
			[0, 1, 2, 0],
		],
		['what was taken back of one that was sent is its own when it is given back', shared(3, 1, order('a', 2, 'sent')), [0, 2]],
		['what a person canceled is not offered again', shared(3, 1, order('a', 2, 'over')), [0, 2]],
		['nor does it stand in the way of a later one', shared(2, 1, order('a', 1, 'over'), order('b', 1)), [0, 0, 1]],
	])('%s', (_, found, expected) => expect(found).toEqual(expected));

	it('what is not offered any more is settled, and stays so', () => {
		expect(settledBy(says(4), {}, [order('a', 1)])).toEqual({ L: 3 });
		expect(settledBy(says(1), { L: 2 }, [])).toEqual({ L: 2 });
	});

	it('adds up whatever the cart says and whenever lines are sent: never more goes out than the cart said at the most', () => {
		const step = fc.oneof(
			fc.record({ says: fc.nat(8) }),
			fc.constant('make' as const),
			fc.constant('send' as const),
			fc.constant('resolve' as const),
		);
		fc.assert(
			fc.property(fc.nat(4), fc.array(step, { maxLength: 20 }), (first, steps) => {
				let [now, offered, settled, most] = [first, 0, {}, first];
				let isOffered = false;
				let orders: OrderOfAdded[] = [];
				for (const [index, what] of steps.entries()) {
					if (what === 'make' && offered > 0) {
						orders.push(order(String(index), offered));
						[offered, isOffered] = [0, false];
					} else if (what === 'send') orders = orders.map((one) => ({ ...one, standing: 'sent' }));
					else if (what === 'resolve') [offered, isOffered] = [0, false];
					else if (typeof what === 'object') {
						if (!isOffered) settled = settledBy(says(now), settled, orders);
						now = what.says;
						most = Math.max(most, now);
						const shares = share(says(now), settled, orders);
						offered = shares.offered[0]?.quantity ?? 0;
						isOffered = offered > 0;
						orders = orders.map((one) => (one.standing === 'sent' ? one : { ...one, lines: shares.wanted.get(one.id) ?? {} }));
					}
					const goesOut = first + orders.reduce((sum, { lines }) => sum + (lines['L'] ?? 0), 0);
					expect(goesOut + offered).toBeLessThanOrEqual(most);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
