import fc from 'fast-check';
import { canceled, gone, READY, waiting } from '../../lib/order/cartWord';
import type { ImportedOrder } from '../../lib/order/order';
import { repairsIn } from '../../lib/order/repairs';
import {
	BUCKET_NAMES,
	isTwice,
	placeOf,
	placeOfUnknown,
	statementOf,
	type Bucket,
	type Standing,
	type StandingOrder,
	type StatedOrder,
} from '../../lib/order/statement';
import { shortList, statementHtml, statementText } from '../../lib/order/statementText';
import { EXISTING_STATUSES, hasTrait, type OrderStatus } from '../../lib/order/status';
import { imported, line } from '../store/fixtures';

const one = (status: OrderStatus, more: Partial<StandingOrder> = {}): StandingOrder => ({
	status,
	statusReason: null,
	alertCode: null,
	allShipped: false,
	taken: 0,
	uploadedTwice: false,
	parts: [],
	...more,
});
const known = (status: OrderStatus, more: Partial<Standing> = {}): Standing => ({
	...one(status),
	externalId: '1',
	orderNumber: 'N1',
	orderedAt: '2026-11-01T10:00:00.000Z',
	readiness: 'ready',
	cartReason: null,
	skippedBy: null,
	bundle: null,
	...more,
});

describe('where an order is that the store has', () => {
	it.each<[OrderStatus, Bucket, string | null]>([
		['new', 'waiting', 'New'],
		['routed', 'waiting', 'Routed'],
		['queued', 'atWarehouse', 'Queued'],
		['open', 'atWarehouse', 'Open'],
		['partially_shipped', 'atWarehouse', 'Partially shipped'],
		['closed', 'shipped', null],
		['bundled', 'waiting', 'Bundled'],
		['delayed', 'waiting', 'Delayed'],
		['skipped', 'skipped', 'Skipped'],
		['error', 'inError', 'Error'],
		['canceled', 'canceled', 'Canceled'],
		['archived', 'putAway', 'Archived'],
		['abandoned', 'putAway', 'Abandoned'],
	])('%s is in %s', (status, bucket, reason) => {
		expect(placeOf(known(status))).toEqual({ bucket, reason });
	});

	it('is said of every status', () => {
		for (const status of EXISTING_STATUSES) expect(BUCKET_NAMES).toContain(placeOf(known(status)).bucket);
	});

	it('says why', () => {
		expect(placeOf(known('delayed', { statusReason: 'The cart says: on hold.' }))).toEqual({
			bucket: 'waiting',
			reason: 'Delayed: The cart says: on hold.',
		});
		expect(placeOf(known('error', { statusReason: 'x', alertCode: 'rejected_by_wms' }))).toEqual({
			bucket: 'inError',
			reason: 'rejected by wms',
		});
		expect(placeOf(known('skipped', { statusReason: 'Skipped by rule "A": test', skippedBy: 'A' }))).toEqual({
			bucket: 'skipped',
			reason: 'Rule "A"',
		});
		expect(placeOf(known('canceled', { readiness: 'not_ours', cartReason: 'picked up' }))).toEqual({
			bucket: 'notOurs',
			reason: 'picked up',
		});
		expect(placeOf(known('canceled', { readiness: 'canceled', statusReason: 'The cart says: refunded.' }))).toEqual({
			bucket: 'canceled',
			reason: 'The cart says: refunded.',
		});
	});

	it('has shipped what is shipped, whether the cart knows or not, and whatever became of it since', () => {
		for (const status of EXISTING_STATUSES.filter((name) => !hasTrait(name, 'over') && name !== 'error'))
			expect(placeOf(known(status, { allShipped: true })).bucket).toBe('shipped');
		expect(placeOf(known('open', { allShipped: true })).reason).toBe('The cart was not told yet');
		expect(placeOf(known('archived', { parts: [one('closed'), one('closed')] }))).toEqual({ bucket: 'shipped', reason: 'Archived' });
		expect(placeOf(known('archived', { parts: [one('closed'), one('open')] })).bucket).toBe('putAway');
		expect(placeOf(known('error', { allShipped: true })).bucket).toBe('inError');
	});

	it('follows its bundle, and the part that is furthest behind', () => {
		const split = (...parts: OrderStatus[]) => placeOf(known('routed', { parts: parts.map((status) => one(status)) })).bucket;
		expect(split('open', 'open')).toBe('atWarehouse');
		expect(split('closed', 'open')).toBe('atWarehouse');
		expect(split('open', 'delayed')).toBe('waiting');
		expect(split('delayed', 'error')).toBe('inError');
		expect(split('closed', 'canceled')).toBe('shipped');
		expect(split('canceled', 'archived', 'closed')).toBe('putAway');
		expect(placeOf(known('bundled', { bundle: one('open') })).bucket).toBe('atWarehouse');
		expect(placeOf(known('bundled', { bundle: one('routed', { parts: [one('closed'), one('error')] }) })).bucket).toBe('inError');
		// What happened to it by itself counts more than its bundle.
		expect(placeOf(known('closed', { bundle: one('open') })).bucket).toBe('shipped');
	});
});

describe('where an order is that the store does not have', () => {
	const place = (
		more: Partial<ImportedOrder>,
		{ problem = null, failure = null }: { problem?: string | null; failure?: string | null } = {},
	) => placeOfUnknown(imported('1', {}, more), { problem, failure });
	const elsewhere = { ...line('L1', 'A', 0), notOurs: [{ quantity: 2, reason: 'at Berlin' }] };

	it('is missing when an import would take it', () => {
		expect(place({})).toEqual({ bucket: 'missing', reason: null });
		expect(place({ word: waiting('on hold') })).toEqual({ bucket: 'missing', reason: null });
		expect(placeOfUnknown(imported('1', { lines: [] }), { problem: null, failure: null }).bucket).toBe('missing');
	});

	it('is what the cart or the settings say', () => {
		expect(place({ notEligible: 'status on-hold', word: waiting('status on-hold') })).toEqual({
			bucket: 'notEligible',
			reason: 'status on-hold',
		});
		expect(place({ word: canceled('refunded') })).toEqual({ bucket: 'notEligible', reason: 'refunded' });
		expect(place({ word: gone('in the trash') })).toEqual({ bucket: 'notEligible', reason: 'in the trash' });
		expect(place({ word: canceled() })).toEqual({ bucket: 'notEligible', reason: 'canceled' });
		expect(placeOfUnknown(imported('1', { lines: [elsewhere] }), { problem: null, failure: null })).toEqual({
			bucket: 'notOurs',
			reason: 'at Berlin',
		});
		expect(placeOfUnknown(imported('1', {}, { shipped: { L1: 2, L2: 1 } }), { problem: null, failure: null })).toEqual({
			bucket: 'notOurs',
			reason: 'shipped by others',
		});
	});

	it('is kept by a failure', () => {
		expect(place({}, { failure: 'lines[0]: no SKU' })).toEqual({ bucket: 'failures', reason: 'lines[0]: no SKU' });
		expect(place({ notEligible: 'x' }, { problem: 'row 17: no SKU' })).toEqual({ bucket: 'failures', reason: 'row 17: no SKU' });
		// What is not wanted any more is no failure.
		expect(place({ word: canceled('refunded') }, { failure: 'old' }).bucket).toBe('notEligible');
		expect(place({ externalId: 'x'.repeat(700) }).bucket).toBe('failures');
	});
});

describe('twice', () => {
	it('is what two warehouses have, whole, in part or in a bundle; and a shipment that the cart was told of again', () => {
		expect(isTwice(known('open', { taken: 1 }))).toBe(false);
		expect(isTwice(known('open', { taken: 2 }))).toBe(true);
		expect(isTwice(known('routed', { parts: [one('open', { taken: 1 }), one('open', { taken: 1 })] }))).toBe(false);
		expect(isTwice(known('routed', { parts: [one('open', { taken: 2 }), one('open')] }))).toBe(true);
		expect(isTwice(known('routed', { taken: 1, parts: [one('open', { taken: 1 }), one('open')] }))).toBe(true);
		expect(isTwice(known('bundled', { bundle: one('open', { taken: 1 }) }))).toBe(false);
		expect(isTwice(known('bundled', { taken: 1, bundle: one('open', { taken: 1 }) }))).toBe(true);
		expect(isTwice(known('bundled', { taken: 1, bundle: one('routed', { parts: [one('open', { taken: 1 })] }) }))).toBe(true);
		expect(isTwice(known('closed', { uploadedTwice: true }))).toBe(true);
		expect(isTwice(known('open', { alertCode: 'sent_twice' }))).toBe(true);
	});
});

const SPAN = { store: 'acme', from: '2026-11-22T02:00:00.000Z', to: '2026-11-23T02:00:00.000Z', reconciled: null };

const member: fc.Arbitrary<StandingOrder> = fc.record({
	status: fc.constantFrom(...EXISTING_STATUSES),
	statusReason: fc.option(fc.string()),
	alertCode: fc.constantFrom(null, 'rejected_by_wms', 'sent_twice'),
	allShipped: fc.boolean(),
	taken: fc.nat(2),
	uploadedTwice: fc.boolean(),
	parts: fc.constant([]),
});
const split = fc.tuple(member, fc.array(member, { maxLength: 3 })).map(([order, parts]): StandingOrder => ({ ...order, parts }));
const stated: fc.Arbitrary<StatedOrder> = fc.oneof(
	fc
		.tuple(split, fc.option(split), fc.string(), fc.constantFrom('ready', 'canceled', 'not_ours' as const), fc.option(fc.string()))
		.map(([order, bundle, orderNumber, readiness, skippedBy]): StatedOrder => {
			const standing = { ...known(order.status), ...order, readiness, bundle, skippedBy } as Standing;
			return { orderNumber, twice: isTwice(standing), ...placeOf(standing) };
		}),
	fc
		.tuple(
			fc.string(),
			fc.constantFrom(READY, waiting('x'), canceled(null), gone('y')),
			fc.option(fc.string(), { nil: undefined }),
			fc.option(fc.string()),
			fc.option(fc.string()),
		)
		.map(([orderNumber, word, notEligible, problem, failure]): StatedOrder => ({
			orderNumber,
			twice: false,
			...placeOfUnknown(imported('1', {}, { word, ...(notEligible === undefined ? {} : { notEligible }) }), { problem, failure }),
		})),
);

describe('the statement', () => {
	it('has every order in one bucket: the counts add up, and the numbers are those behind them', () => {
		fc.assert(
			fc.property(fc.array(stated, { maxLength: 60 }), (orders) => {
				const statement = statementOf(SPAN, orders);
				const sum = BUCKET_NAMES.reduce((total, bucket) => total + statement.counts[bucket], 0);
				expect(sum).toBe(orders.length);
				expect(statement.orders).toBe(orders.length);
				expect(BUCKET_NAMES.flatMap((bucket) => statement.numbers[bucket]).sort()).toEqual(
					orders.map(({ orderNumber }) => orderNumber).sort(),
				);
				for (const bucket of BUCKET_NAMES) {
					expect(statement.numbers[bucket]).toHaveLength(statement.counts[bucket]);
					const apart = statement.reasons.filter((reason) => reason.bucket === bucket);
					expect(apart.reduce((total, { count }) => total + count, 0)).toBe(
						orders.filter((order) => order.bucket === bucket && order.reason !== null).length,
					);
					for (const { count, numbers } of apart) expect(numbers).toHaveLength(count);
				}
				expect(statement.twice).toBe(orders.filter(({ twice }) => twice).length);
				expect(statement.missing).toBe(statement.counts.missing);
				// All that is counted is read.
				const total = [...statementText(statement).matchAll(/^ {2}\S.*?: (\d+)(?: \(|$)/gm)].reduce(
					(all, [, count]) => all + Number(count),
					0,
				);
				expect(total).toBe(orders.length);
			}),
		);
	});

	const many = (count: number, more: Partial<StatedOrder> = {}): StatedOrder[] =>
		Array.from({ length: count }, (_, index) => ({ orderNumber: `N${index + 1}`, bucket: 'shipped', reason: null, twice: false, ...more }));

	it('is a short text', () => {
		const text = statementText(
			statementOf(SPAN, [
				...many(32),
				...many(2, { bucket: 'waiting', reason: 'Delayed: The cart says: on hold.' }),
				...many(1, { bucket: 'skipped', reason: 'Rule "Samples"', twice: true }),
			]),
		);
		expect(text).toBe(`Statement of acme
Orders placed from 2026-11-22 02:00 to 2026-11-23 02:00 UTC.

Sent or uploaded twice, and named below: 1. The timeline of each order says where it went.

Orders in the cart: 35
  Shipped: 32 (N1, N2, N3, N4, N5, N6, N7, N8, N9, N10, N11, N12, N13, N14, N15, N16, N17, N18, N19, N20 and 12 more)
  At the warehouse: 0
  Waiting: 2
    2 – Delayed: The cart says: on hold. (N1, N2)
  Needs a person: 0
  Skipped: 1
    1 – Rule "Samples" (N1)
  Canceled: 0
  Put away: 0
  Not ours: 0
  Not eligible: 0
  Not readable: 0
  Missing: 0

Sent or uploaded twice: 1 (N1)
`);
		expect(shortList(['1', '2', '3'], 2)).toBe('1, 2 and 1 more');
	});

	it('says what Reconcile did about orders that were missing', () => {
		const reconciled = { imported: many(21).map(({ orderNumber }) => orderNumber), changed: ['<b>7</b>'], complete: false };
		const statement = statementOf({ ...SPAN, reconciled }, many(1, { bucket: 'missing' }));
		expect(statementText(statement).split('\n').slice(2, 8)).toEqual([
			'',
			'Were missing, and are imported now; the rules take them on: 21 (N1, N2, N3, N4, N5, N6, N7, N8, N9, N10, N11, N12, N13, N14, N15, N16, N17, N18, N19, N20 and 1 more).',
			'Were changed in the cart, and are compared now: 1 (<b>7</b>).',
			'Not all orders were compared with the cart; the rest is compared the next time.',
			'Missing still, and named below: 1. The next Reconcile imports them; if one stays missing, use Import From Cart, which says why.',
			'',
		]);
		expect(statementHtml(statement)).toContain('<p>Were changed in the cart, and are compared now: 1 (&lt;b&gt;7&lt;/b&gt;).</p>');
		expect(statementText(statementOf({ ...SPAN, reconciled: { imported: [], changed: [], complete: true } }, []))).toBe(
			statementText(statementOf(SPAN, [])),
		);
		expect(statementText(statementOf(SPAN, many(1, { bucket: 'missing' })))).toContain(
			'Missing, and named below: 1. That is every order of the span: make sure that acme is the name in the import trigger,',
		);
		expect(statementText(statementOf(SPAN, [...many(1), ...many(1, { bucket: 'missing' })]))).toContain(
			'Missing, and named below: 1. Reconcile imports what is missing.',
		);
	});

	it('reads the report of Reconcile, and nothing else', () => {
		const report = {
			from: 'x',
			missing: [{ orderNumber: '3', orderId: 'a' }, 'odd', { orderNumber: {} }],
			changed: [{ orderNumber: 4, result: 'updated' }],
			failed: 0,
			complete: true,
		};
		for (const given of [report, JSON.stringify(report)])
			expect(repairsIn(given)).toEqual({ imported: ['3'], changed: ['4'], complete: true });
		expect(repairsIn({ missing: [], complete: false })).toEqual({ imported: [], changed: [], complete: false });
		for (const none of ['', ' ', null, undefined]) expect(repairsIn(none)).toBeNull();
		for (const other of ['yes', '[]', 7, [], {}, { missing: 2 }, '"x"']) expect(() => repairsIn(other)).toThrow(/no report of Reconcile/);
	});

	it('stays short with many reasons, and names the frequent ones first', () => {
		const orders = Array.from({ length: 5_000 }, (_, index): StatedOrder => ({
			orderNumber: `N${index}`,
			bucket: 'failures',
			reason: index < 10 ? 'often' : `row ${index}: no SKU ${'x'.repeat(900)}`,
			twice: false,
		}));
		const statement = statementOf(SPAN, orders);
		expect(statement.reasons[0]).toMatchObject({ reason: 'often', count: 10 });
		expect(statementText(statement)).toMatch(/ 10 – often \(/);
		expect(statementText(statement)).toMatch(/4983 – 4983 other reasons \(/);
		expect(statementText(statement).length).toBeLessThan(5_000);
		expect(statementHtml(statement).length).toBeLessThan(10_000);
	});

	it('lets nothing from a cart be a line of its own, or markup', () => {
		const hostile = '"><script>alert(1)</script>\r\nBcc: all@example.com\u2028\u202egnp\ud800&\'';
		const statement = statementOf({ ...SPAN, store: hostile }, [
			{ orderNumber: hostile, bucket: 'waiting', reason: hostile, twice: true },
			{ orderNumber: hostile.repeat(99), bucket: 'missing', reason: null, twice: false },
		]);
		const text = statementText(statement);
		expect(text.split(/\r\n|[\n\r\u2028\u2029\u0085]/)).toHaveLength(
			statementText(
				statementOf(SPAN, [
					{ orderNumber: 'N1', bucket: 'waiting', reason: 'x', twice: true },
					{ orderNumber: 'N2', bucket: 'missing', reason: null, twice: false },
				]),
			).split('\n').length,
		);
		expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\r/);
		expect(text.isWellFormed()).toBe(true);
		const html = statementHtml(statement);
		expect(html).not.toMatch(/<(?!\/?(?:h3|p|table|tr|td)[ >])/);
		expect(html).not.toContain('<script');
		expect(html.replace(/<\/?(?:h3|p|table|tr|td)(?: style="[a-z0-9:; -]*")?>/g, '')).not.toMatch(/[<>"']/);
		// In the item everything is as the cart gave it.
		expect(statement.numbers.waiting).toEqual([hostile]);
	});
});
