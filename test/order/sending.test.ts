import fc from 'fast-check';
import {
	DECISION_NAMES,
	DECISIONS,
	isFree,
	inWords,
	provesAbsence,
	sentContent,
	sentDifferences,
	shippedBy,
	verdictOn,
} from '../../lib/order/sending';
import { isLive, SENDING_STATE_NAMES } from '../../lib/order/sendingState';
import { lineItem, sampleOrder } from './sampleOrder';

describe('what may be decided by what is known of a sending', () => {
	it('is said for every state and decision', () => {
		for (const decision of DECISION_NAMES) expect(Object.keys(DECISIONS[decision].by).sort()).toEqual([...SENDING_STATE_NAMES].sort());
	});

	it('nothing is decided as if it had never been sent while the warehouse has it, or may have it', () => {
		for (const state of SENDING_STATE_NAMES.filter(isLive)) {
			const free = DECISION_NAMES.filter((decision) => isFree(decision, state));
			// Only what says what was found out.
			expect(free.filter((decision) => !decision.startsWith('mark_'))).toEqual([]);
		}
	});

	it('whatever is not at a warehouse is free for all that people, rules and carts decide', () => {
		for (const decision of DECISION_NAMES.filter((name) => !name.startsWith('mark_'))) {
			expect(['free', 'keeps']).toContain(verdictOn(decision, 'none') === 'anew' ? 'free' : verdictOn(decision, 'none'));
			expect(['refused', 'force', 'ask', 'tell', 'look']).not.toContain(verdictOn(decision, 'not_there'));
		}
	});

	it('a reference that the warehouse had is never used for another sending', () => {
		expect([verdictOn('reprocess', 'canceled_there'), verdictOn('reset', 'canceled_there')]).toEqual(['anew', 'anew']);
		expect([verdictOn('reprocess', 'may_be_there'), verdictOn('reprocess', 'not_there')]).toEqual(['look', 'free']);
	});
});

describe('what was sent', () => {
	const order = sampleOrder();
	const after = (more: Parameters<typeof sampleOrder>[0]) => sentDifferences(sentContent(order), sentContent(sampleOrder(more)));

	it('is what a warehouse works by, with what was still to be shipped', () => {
		const half = sampleOrder({
			lines: [lineItem('L1', 'RED-MUG', 2, { quantityShipped: 1 }), lineItem('L2', 'TEE-L', 1, { quantityCanceled: 1 })],
		});
		expect(sentContent(half).lines).toMatchObject([{ id: 'L1', quantity: 1 }]);
		expect(Object.keys(sentContent(order))).not.toContain('total');
	});

	it('differs by address, lines and shipping, not by money', () => {
		expect(after({ total: '1.00', notes: 'internal', tags: ['x'] })).toEqual([]);
		expect(after({ shippingAddress: { ...order.shippingAddress!, city: 'Salem' } })).toEqual([
			{ path: 'shippingAddress.city', before: 'Springfield', after: 'Salem' },
		]);
		expect(inWords(after({ lines: [lineItem('L1', 'RED-MUG', 1), lineItem('L2', 'TEE-L', 1)] }))).toBe('lines.L1.quantity: 2 → 1');
	});

	it('alarms nobody about what no warehouse ships by', () => {
		const change = (path: string) => ({ path, before: 1, after: 2 });
		expect(shippedBy(['lines.L1.unitPrice', 'lines.L1.weight', 'total', 'tags', 'customer.email'].map(change))).toEqual([]);
		expect(shippedBy(['lines.L1.quantity', 'lines.L1', 'shippingAddress.city', 'customer.phone'].map(change))).toHaveLength(4);
	});

	it('is told shortly, however much changed', () => {
		const many = Array.from({ length: 9 }, (_, index) => ({ path: `custom.c${index}`, before: 'x'.repeat(500), after: null }));
		expect(inWords(many)).toMatch(/; and 3 more$/);
		expect(inWords(many).length).toBeLessThan(800);
	});
});

it('a look-up that finds nothing proves an absence only later than the warehouse takes orders late', () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 86_400_000 }), fc.integer({ min: -86_400_000, max: 86_400_000 }), (lateMs, passedMs) => {
			const requestedAt = '2026-11-01T00:00:00.000Z';
			const now = new Date(Date.parse(requestedAt) + passedMs).toISOString();
			const later = provesAbsence({ requestedAt }, now, lateMs);
			expect(later === null).toBe(passedMs >= lateMs);
			if (later !== null) expect(provesAbsence({ requestedAt }, later.notBefore, lateMs)).toBeNull();
		}),
	);
});
