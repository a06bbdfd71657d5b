/** What people read, and the small pure parts: alerts, errors, due instants, the scope of a transaction. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ALERT_CODES, ALERTS, withRecommendation } from '../../lib/order/alerts';
import { dueAfterMove, REDELIVER_AFTER_MS } from '../../lib/order/due';
import {
	asError,
	describeProblem,
	FieldLimitError,
	FulfillmentError,
	IllegalTransitionError,
	MappingError,
	shown,
	StaleOrderError,
} from '../../lib/order/errors';
import { ORDER_STATUSES } from '../../lib/order/status';
import { entry } from '../../lib/order/timeline';
import { assertOutsideTransaction, inTransactionScope } from '../../lib/order/transactionScope';
import { actor } from '../store/fixtures';

describe('alerts', () => {
	it('are a closed list', () => {
		expect([...ALERT_CODES].sort()).toEqual([
			'cancel_too_late',
			'canceled_at_wms',
			'canceled_in_cart',
			'changed_in_cart',
			'credentials_invalid',
			'duplicate_differs',
			'edited_after_sending',
			'field_too_long',
			'held_in_cart',
			'import_failed',
			'invalid_address',
			'late_shipment',
			'lines_added',
			'missing_field',
			'outcome_unknown',
			'over_shipment',
			'rejected_by_cart',
			'rejected_by_wms',
			'retries_used_up',
			'rule_failed',
			'sent_twice',
			'shipment_voided',
			'tracking_changed',
			'unknown_shipment_line',
			'unknown_sku',
			'unmapped_shipping_method',
			'wanted_again',
			'wrong_store',
		]);
	});
	it.each(ALERT_CODES)('%s comes with a recommendation in whole sentences', (code) => {
		expect(ALERTS[code].recommendation).toMatch(/^[A-Z].{10,}\.$/);
		expect(withRecommendation({ code, message: 'x' })).toEqual({ code, message: 'x', recommendation: ALERTS[code].recommendation });
	});
});

describe('shown', () => {
	const loop: { self?: unknown } = {};
	loop.self = loop;
	it.each([
		['text', '"text"'],
		['two\nlines', '"two\\nlines"'],
		['a\u202eb\u2066c\u009bd', '"a b c d"'],
		['a\u2028b\u2029c', '"a b c"'],
		[7, '7'],
		[null, 'null'],
		[undefined, 'undefined'],
		[{ a: [1] }, '{"a":[1]}'],
		[10n, '10'],
		[Symbol('s'), 'Symbol(s)'],
		[loop, '[object Object]'],
		['x'.repeat(100), `"${'x'.repeat(78)}…`],
	])('of case %# is told', (value, text) => expect(shown(value)).toBe(text));

	it('is one short line of whole characters, whatever comes', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 200 })),
				fc.integer({ min: 2, max: 90 }),
				(value, limit) => {
					const text = shown(value, limit);
					expect(text.length).toBeLessThanOrEqual(limit);
					expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
					expect(text.isWellFormed()).toBe(true);
				},
			),
		);
	});
});

describe('errors', () => {
	it('are passed on as they are; what is none becomes one', () => {
		const error = new FulfillmentError('store_busy', 'Busy.', 'Wait.', { retryable: true, cause: 'x' });
		expect(asError(error)).toBe(error);
		const foreign = runInNewContext('new TypeError("elsewhere")') as Error;
		expect(asError(foreign)).toBe(foreign);
		expect(asError('down')).toMatchObject({ message: '"down"' });
		expect(asError(undefined)).toMatchObject({ message: 'undefined' });
		expect(asError(null)).toBeInstanceOf(Error);
		const loop: Record<string, unknown> = {};
		loop.loop = loop;
		expect(asError(loop)).toMatchObject({ name: 'Error', message: '[object Object]' });
	});
	it('say what they know', () => {
		expect(new FulfillmentError('store_busy', 'Busy.', 'Wait.')).toMatchObject({ name: 'FulfillmentError', retryable: false });
		expect(new StaleOrderError('7', 'new')).toMatchObject({
			name: 'StaleOrderError',
			code: 'stale_order',
			retryable: true,
			orderId: '7',
			message: expect.stringContaining('new'),
		});
		expect(new IllegalTransitionError('7', 'closed', 'new')).toMatchObject({
			code: 'illegal_transition',
			message: 'Order 7 cannot go from closed to new.',
		});
		expect(new MappingError('lines[2].quantity', 'two', 'is not a number', 'Correct it.')).toMatchObject({
			code: 'mapping_failed',
			message: 'lines[2].quantity: is not a number (value: "two").',
			remedy: 'Correct it.',
		});
		const problems = [
			{ field: 'city', problem: 'is empty' },
			{ field: 'sku', value: 'X', problem: 'is unknown' },
		];
		expect(new FieldLimitError(problems)).toMatchObject({
			code: 'field_limit',
			message: 'city: is empty; sku: is unknown (value: "X")',
			problems,
		});
		expect(describeProblem({ field: 'city', value: null, problem: 'is empty' })).toBe('city: is empty (value: null)');
	});
});

describe('when a move makes an order due', () => {
	const soon = { inMs: REDELIVER_AFTER_MS };
	const waiting: Record<string, unknown> = { new: soon, routed: soon, queued: soon, open: soon, partially_shipped: soon };
	it.each(ORDER_STATUSES)('into %s', (status) => {
		expect(dueAfterMove(status, {})).toEqual(waiting[status] ?? null);
		const told = status === 'open' || status === 'partially_shipped';
		expect(dueAfterMove(status, { acknowledged: true })).toEqual(told ? null : (waiting[status] ?? null));
	});
	it('into Delayed: with the next try, else with the end of the hold', () => {
		const [heldUntil, retryAt] = ['2026-12-01T00:00:00.000Z', { inMs: 60_000 }];
		expect(dueAfterMove('delayed', { heldUntil, retryAt })).toBe(retryAt);
		expect(dueAfterMove('delayed', { heldUntil, retryAt: null })).toBe(heldUntil);
		expect(dueAfterMove('delayed', { heldUntil: null, retryAt: null })).toBeNull();
	});
});

describe('the scope of a transaction', () => {
	const refused = expect.objectContaining({ code: 'network_in_transaction', message: expect.stringContaining('POST x') });
	const call = () => assertOutsideTransaction('POST x');
	it('refuses calls inside it, also after an await and deeper down', async () => {
		expect(call).not.toThrow();
		await inTransactionScope(async () => {
			expect(call).toThrow(refused);
			await Promise.resolve();
			expect(call).toThrow(refused);
		});
		expect(call).not.toThrow();
	});
	it('ends with the transaction, also for what was started in it and goes on, and when it fails', async () => {
		let later: Promise<void> | undefined;
		let go = () => {};
		const gate = new Promise<void>((resolve) => (go = resolve));
		const failing = inTransactionScope(async () => {
			later = gate.then(call);
			await Promise.reject(new Error('rolled back'));
		});
		await expect(failing).rejects.toThrow('rolled back');
		go();
		await expect(later).resolves.toBeUndefined();
		expect(call).not.toThrow();
	});
	it('does not leak to what runs beside it', async () => {
		const inside = inTransactionScope(async () => await Promise.resolve());
		expect(call).not.toThrow();
		await inside;
		await expect(inTransactionScope(async () => await Promise.resolve(7))).resolves.toBe(7);
	});
});

it('a timeline entry carries its kind, its actor and its payload', () => {
	expect(entry('note', actor, { text: 'Called.' })).toEqual({ kind: 'note', actor, data: { text: 'Called.' } });
});
