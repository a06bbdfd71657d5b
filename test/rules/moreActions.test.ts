import { evaluate } from '../../lib/rules/evaluate';
import { describeTrace } from '../../lib/rules/describe';
import type { OrderContent } from '../../lib/order/order';
import type { HoldUntil } from '../../lib/rules/actions/hold/until';
import type { Action } from '../../lib/rules/actions/registry';
import type { SkuTable } from '../../lib/rules/actions/replaceSkus';
import type { RuleContext } from '../../lib/rules/run';
import { context, frozen, line, order, rule, set } from './fixtures';

const run = (actions: Action | Action[], content = order(), more: Partial<RuleContext> = {}) =>
	evaluate([rule('R', actions)], frozen(content), context(more));
const failure = (words: string) => ({ kind: 'error', rule: 'R', alert: { code: 'rule_failed', message: expect.stringContaining(words) } });

describe('clearField', () => {
	it.each<[string, Partial<OrderContent>, Partial<OrderContent>]>([
		['notes', { notes: 'x' }, { notes: null }],
		['signatureRequired', { signatureRequired: true }, { signatureRequired: false }],
		['requestedShipDate', { requestedShipDate: '2026-12-24T00:00:00.000Z' }, { requestedShipDate: null }],
		['insuredAmount', { insuredAmount: '5.00' }, { insuredAmount: null }],
		['custom.giftWrap', {}, { custom: { giftWrap: null, 'Gift wrap': 'red' } }],
	])('%s', (path, before, after) => expect(run({ kind: 'clearField', path }, order(before)).content).toMatchObject(after));

	it.each(['', 'total', 'lines.1.quantity', '__proto__'])('refuses %j', (path) => {
		expect(run({ kind: 'clearField', path }).decision).toMatchObject({ kind: 'error' });
	});

	it('changes nothing that is empty already', () => {
		expect(run({ kind: 'clearField', path: 'notes' }).trace[0]!.changes).toEqual([]);
	});
});

describe('tags', () => {
	it.each<[Action, string[]]>([
		[{ kind: 'addTags', tags: ['new', ' vip ', 'new'] }, ['vip', 'Wholesale', 'new']],
		[{ kind: 'addTags', tags: ['VIP'] }, ['vip', 'Wholesale', 'VIP']],
		[{ kind: 'removeTags', tags: ['vip', 'nowhere'] }, ['Wholesale']],
		[{ kind: 'removeTags', tags: ['wholesale'] }, ['vip', 'Wholesale']],
	])('%j gives %j', (action, tags) => expect(run(action).content.tags).toEqual(tags));

	it('can be asked for by a later rule', () => {
		const conditions = {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict' as const, version: 3 as const },
			combinator: 'and' as const,
			conditions: [
				{ id: '', leftValue: '={{ $json.tags }}', operator: { type: 'array', operation: 'contains', rightType: 'any' }, rightValue: 'big' },
			],
		};
		const outcome = evaluate(
			[rule('A', { kind: 'addTags', tags: ['big'] }), rule('B', { kind: 'skip', reason: null }, { conditions })],
			order(),
			context(),
		);
		expect(outcome.decision).toMatchObject({ kind: 'skip', rule: 'B' });
	});

	it.each([[[]], [['', ' ']], [null], ['vip']])('refuses %j', (tags) => {
		expect(run({ kind: 'addTags', tags } as Action).decision).toMatchObject(failure('names no tag'));
	});
});

describe('addLine', () => {
	const add = (more: Partial<Extract<Action, { kind: 'addLine' }>['line']> = {}): Action => ({
		kind: 'addLine',
		line: { sku: 'GIFT', name: '', quantity: 1, unitPrice: '', ...more },
	});

	it('adds a line that the cart does not know', () => {
		const outcome = run(add({ name: 'A gift', unitPrice: '0.00' }));
		expect(outcome.content.lines).toHaveLength(3);
		expect(outcome.content.lines[2]).toEqual({
			id: 'added-GIFT',
			externalId: null,
			sku: 'GIFT',
			name: 'A gift',
			quantity: 1,
			unitPrice: '0.00',
			weight: null,
			options: {},
			custom: {},
		});
		expect(describeTrace(outcome.trace)).toContain('added 1 × GIFT');
	});

	it('reads fields of the order', () => {
		expect(
			run(
				add({
					sku: '={{ $json.store }}',
					name: '={{ $json.shippingMethod }}',
					quantity: '={{ $json.totalQuantity }}',
					unitPrice: '={{ $json.shippingAmount }}',
				}),
			).content.lines[2],
		).toMatchObject({
			sku: 'acme-eu',
			name: 'DHL Express (2-3 days)',
			quantity: 3,
			unitPrice: '5.00',
		});
	});

	it('gives each line an id of its own, and the same ids when it runs again', () => {
		const ids = () => run([add(), add(), add({ sku: 'Gift Card/ü' })]).content.lines.map(({ id }) => id);
		expect(ids()).toEqual(['1', '2', 'added-GIFT', 'added-GIFT-2', 'added-Gift-Card-']);
		expect(ids()).toEqual(ids());
	});

	it.each([
		[{ sku: '' }, 'no SKU'],
		[{ sku: '={{ $json.carrier }}' }, 'no SKU'],
		[{ quantity: 0 }, 'whole number'],
		[{ quantity: 1.5 }, 'whole number'],
		[{ quantity: '={{ $json.carrier }}' }, 'whole number'],
		[{ unitPrice: '-1' }, 'not an amount'],
	])('refuses %j', (more, words) => expect(run(add(more)).decision).toMatchObject(failure(words)));
	it('refuses nothing at all', () => expect(run({ kind: 'addLine' } as Action).decision).toMatchObject(failure('is empty')));
});

describe('replaceSkus', () => {
	const table = (rows: Array<[sku: string, component: string, quantity?: number, name?: string]>, caseSensitive = false): Action => ({
		kind: 'replaceSkus',
		table: {
			caseSensitive,
			entries: rows.map(([sku, component, quantity = 1, name = null]) => ({ sku, component, quantity, name: name as string | null })),
		},
	});
	const lines = (action: Action, content = order()) =>
		run(action, content).content.lines.map(({ id, externalId, sku, quantity }) => [id, externalId, sku, quantity]);

	it('translates a SKU and leaves the line as it is otherwise', () => {
		expect(run(table([['red-mug', 'WH-1']])).content.lines[0]).toEqual(line('1', 'WH-1', { name: 'Item RED-MUG', quantity: 2 }));
		expect(run(table([['RED-MUG', 'WH-1', 1, 'Mug']])).content.lines[0]).toMatchObject({ name: 'Mug', unitPrice: '10.00' });
		expect(lines(table([['red-mug', 'WH-1']], true))[0]).toEqual(['1', 'x-1', 'RED-MUG', 2]);
	});

	it('replaces a kit by its components, with the key of the line on each', () => {
		expect(
			lines(
				table([
					['RED-MUG', 'CUP', 1],
					['RED-MUG', 'BOX', 3],
				]),
			),
		).toEqual([
			['1-CUP', 'x-1', 'CUP', 2],
			['1-BOX', 'x-1', 'BOX', 6],
			['2', 'x-2', 'TEE-L', 1],
		]);
	});

	it('a single component in several pieces is a kit', () =>
		expect(lines(table([['RED-MUG', 'CUP', 6]]))[0]).toEqual(['1-CUP', 'x-1', 'CUP', 12]));

	it('resolves kits within kits and adds up the same component', () => {
		const action = table([
			['TEE-L', 'INNER', 2],
			['TEE-L', 'CARD'],
			['INNER', 'CUP', 3],
			['INNER', 'CARD', 2],
		]);
		expect(lines(action).slice(1)).toEqual([
			['2-CUP', 'x-2', 'CUP', 6],
			['2-CARD', 'x-2', 'CARD', 5],
		]);
	});

	it('keeps lines of two equal kits apart', () => {
		const content = order({ lines: [line('1', 'KIT'), line('1-A', 'KIT'), line('3', 'A')] });
		const ids = run(
			table([
				['KIT', 'A'],
				['KIT', 'B'],
			]),
			content,
		).content.lines.map(({ id }) => id);
		expect(ids).toEqual(['1-A-2', '1-B', '1-A-A', '1-A-B', '3']);
		expect(new Set(ids).size).toBe(5);
	});

	it.each<[string, Action, string]>([
		['directly', table([['KIT', 'KIT', 2]]), 'contains itself: kit → kit'],
		[
			'through others',
			table([
				['A', 'B'],
				['B', 'C'],
				['C', 'X'],
				['C', 'A'],
			]),
			'contains itself: a → b → c → a',
		],
	])('a kit that contains itself %s is an error that names it', (_, action, words) => {
		expect(run(action).decision).toMatchObject(failure(words));
	});

	it('the error comes before any order meets the rule, and other rules go on', () => {
		const outcome = evaluate([rule('R', table([['A', 'A']]), { enabled: false }), rule('S', set('notes', 'x'))], order(), context());
		expect(outcome.content.notes).toBe('x');
	});

	it('does not blow up', () => {
		const doubling: Array<[string, string, number]> = Array.from({ length: 40 }, (_, index) => [`K${index}`, `K${index + 1}`, 2]);
		expect(run(table(doubling)).decision).toMatchObject(failure('whole number'));
		expect(run(table(Array.from({ length: 300 }, (_, index) => ['KIT', `C${index}`]))).decision).toMatchObject(failure('300 components'));
	});

	it('leaves lines without SKU, of quantity 0 and of names that every object has', () => {
		const content = order({ lines: [line('1', '', { sku: null }), line('2', 'KIT', { quantity: 0 }), line('3', 'constructor')] });
		expect(
			run(
				table([
					['KIT', 'A'],
					['KIT', 'B'],
				]),
				content,
			).content.lines.map(({ sku, quantity }) => [sku, quantity]),
		).toEqual([
			[null, 1],
			['A', 0],
			['B', 0],
			['constructor', 1],
		]);
	});

	it.each([
		[null],
		[{}],
		[{ entries: [null] }],
		[{ entries: [{ sku: 'A', component: '', quantity: 1 }] }],
		[{ entries: [{ sku: 'A', component: 'B', quantity: 0 }] }],
	])('refuses %j', (broken) => {
		expect(run({ kind: 'replaceSkus', table: broken as unknown as SkuTable }).decision).toMatchObject(failure(''));
	});
});

describe('archive and stop', () => {
	it('archives with the reason', () => {
		expect(run({ kind: 'archive', reason: 'test order' }).decision).toEqual({ kind: 'archive', rule: 'R', reason: 'test order' });
		expect(run({ kind: 'archive', reason: null }).decision).toMatchObject({ reason: expect.stringMatching(/archives/) });
	});

	it('stops at once without a decision', () => {
		const outcome = evaluate(
			[rule('R', [set('notes', 'kept'), { kind: 'stop' }, set('notes', 'never')]), rule('S', { kind: 'skip', reason: null })],
			order(),
			context(),
		);
		expect(outcome).toMatchObject({
			decision: { kind: 'route' },
			content: { notes: 'kept' },
			trace: [{ result: 'applied', decided: 'no later rule runs' }, { result: 'stopped' }],
		});
	});
});

describe('hold', () => {
	const hold = (until: HoldUntil): Action => ({ kind: 'hold', until });
	const opening = (more: Partial<Extract<HoldUntil, { kind: 'opening' }>> = {}): Action =>
		hold({ kind: 'opening', weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: null, zone: 'Europe/Berlin', holidays: [], ...more });
	const at = (now: string) => ({ now: new Date(now) });

	it.each<[string, string, Parameters<typeof opening>[0], string]>([
		['later on the same day', '2026-11-23T06:00:00Z', {}, '2026-11-23T08:00:00.000Z'],
		['the next day', '2026-11-23T12:00:00Z', {}, '2026-11-24T08:00:00.000Z'],
		['at the very opening the next day', '2026-11-23T08:00:00Z', {}, '2026-11-24T08:00:00.000Z'],
		['after the weekend', '2026-11-27T12:00:00Z', {}, '2026-11-30T08:00:00.000Z'],
		['a chosen weekday', '2026-11-23T12:00:00Z', { weekdays: [4] }, '2026-11-26T08:00:00.000Z'],
		['after holidays', '2026-12-23T12:00:00Z', { holidays: ['2026-12-24', '12-25'] }, '2026-12-28T08:00:00.000Z'],
		['the day of the zone, not of UTC', '2026-11-23T23:30:00Z', { zone: 'Pacific/Auckland' }, '2026-11-24T20:00:00.000Z'],
		['summer time', '2026-07-01T12:00:00Z', {}, '2026-07-02T07:00:00.000Z'],
		['over the change of the clock', '2026-03-27T12:00:00Z', { weekdays: [1] }, '2026-03-30T07:00:00.000Z'],
		['an hour that does not exist', '2026-03-28T12:00:00Z', { weekdays: [7], opens: '02:30' }, '2026-03-29T01:30:00.000Z'],
		['outside the hours', '2026-11-23T17:00:00Z', { closes: '17:00' }, '2026-11-24T08:00:00.000Z'],
		['on a holiday within the hours', '2026-11-23T12:00:00Z', { closes: '17:00', holidays: ['11-23'] }, '2026-11-24T08:00:00.000Z'],
	])('until %s', (_, now, more, until) =>
		expect(run(opening(more), order(), at(now)).decision).toEqual({ kind: 'hold', rule: 'R', until }),
	);

	it('not within the hours', () => {
		expect(run(opening({ closes: '17:00' }))).toMatchObject({ decision: { kind: 'route' }, trace: [{ result: 'hold_served' }] });
	});

	it.each<[Parameters<typeof opening>[0], string]>([
		[{ weekdays: [] }, 'no day'],
		[{ weekdays: [8] }, 'no day'],
		[{ opens: '9' }, 'time of day'],
		[{ opens: '24:00' }, 'time of day'],
		[{ closes: '08:00' }, 'before it begins'],
		[{ zone: 'Mars/Olympus' }, 'time zone'],
		[{ holidays: ['25.12.'] }, 'holiday'],
		[{ holidays: ['02-30'] }, 'holiday'],
	])('refuses %j', (more, words) => expect(run(opening(more)).decision).toMatchObject(failure(words)));

	const field = (date = '={{ $json.requestedShipDate }}', daysBefore = 0) => hold({ kind: 'field', date, daysBefore });

	it('until a date of the order, or some days before', () => {
		const content = order({ requestedShipDate: '2026-12-24T00:00:00.000Z', custom: { date: '2026-12-01', bad: 'soon' } });
		expect(run(field(), content).decision).toMatchObject({ kind: 'hold', until: '2026-12-24T00:00:00.000Z' });
		expect(run(field(undefined, 2.5), content).decision).toMatchObject({ until: '2026-12-21T12:00:00.000Z' });
		expect(run(field('={{ $json.custom.date }}'), content).decision).toMatchObject({ until: '2026-12-01T00:00:00.000Z' });
		expect(run(field('={{ $json.custom.bad }}'), content).decision).toMatchObject(failure('custom.bad'));
		expect(run(field(undefined, Number.NaN), content).decision).toMatchObject(failure('no number'));
		expect(run(field(undefined, 60), content)).toMatchObject({ decision: { kind: 'route' }, trace: [{ result: 'hold_served' }] });
		expect(run(field())).toMatchObject({ decision: { kind: 'route' }, trace: [{ decided: 'no hold, for requestedShipDate is empty' }] });
	});

	it('until a tag is gone, as often as it is there', () => {
		const tag = (name: string) => hold({ kind: 'tag', tag: name });
		const decision = { kind: 'hold', rule: 'R', until: null, reason: 'until the tag "vip" is gone' };
		expect(run(tag('vip')).decision).toEqual(decision);
		expect(run(tag('vip'), order(), { servedHolds: ['R'] }).decision).toEqual(decision);
		expect(describeTrace(run(tag('vip')).trace)).toContain('held until the tag "vip" is gone');
		expect(run(tag('other'))).toMatchObject({ decision: { kind: 'route' }, trace: [{ result: 'hold_served' }] });
		expect(run([{ kind: 'removeTags', tags: ['vip'] }, tag('vip')]).decision.kind).toBe('route');
		expect(run(tag(' ')).decision).toMatchObject(failure('no tag'));
	});
});
