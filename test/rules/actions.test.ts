import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { JsonValue } from '../../lib/order/order';
import { SETTABLE_PATHS } from '../../lib/order/layers';
import { ACTIONS, type Action } from '../../lib/rules/actions/registry';
import { evaluate } from '../../lib/rules/evaluate';
import type { ShippingMethodMap } from '../../lib/rules/actions/mapShippingMethod';
import type { RuleContext } from '../../lib/rules/run';
import { SHIPMENT_ACTIONS } from '../../lib/rules/shipmentActions/registry';
import { context, frozen, line, NOW, order, rule, set, where, whereAny } from './fixtures';

const run = (actions: Action | Action[], content = order(), more: Partial<RuleContext> = {}) =>
	evaluate([rule('R', actions)], frozen(content), context(more));
const failure = (words: string) => ({ kind: 'error', rule: 'R', alert: { code: 'rule_failed', message: expect.stringContaining(words) } });

it.each([
	['actions', ACTIONS],
	['shipmentActions', SHIPMENT_ACTIONS],
])('every file of %s is an action, and the registry has it by the name of its file', (folder, registry) => {
	const files = readdirSync(path.join(__dirname, '../../lib/rules', folder)).map((file) => path.parse(file).name);
	expect(files.filter((name) => !['common', 'registry', 'view'].includes(name)).sort()).toEqual(Object.keys(registry).sort());
});

it('refuses an action that it does not have', () => {
	for (const kind of ['__proto__', 'constructor', 'explode', undefined]) {
		expect(run({ kind } as unknown as Action).decision).toMatchObject(failure('is not known'));
	}
	expect(run(null as unknown as Action).decision).toMatchObject(failure('is not known'));
});

describe('skip', () => {
	it('ends with the reason and the name of the rule', () => {
		expect(run({ kind: 'skip', reason: 'test order' }).decision).toEqual({ kind: 'skip', rule: 'R', reason: 'test order' });
		expect(run({ kind: 'skip', reason: null }).decision).toMatchObject({ kind: 'skip', rule: 'R', reason: expect.stringMatching(/skips/) });
	});

	it('runs no later action', () => {
		expect(run([{ kind: 'skip', reason: null }, set('notes', 'x')]).content.notes).toBeNull();
	});
});

describe('removeLines', () => {
	const remove = (lines: Extract<Action, { kind: 'removeLines' }>['lines']): Action => ({ kind: 'removeLines', lines });
	const left = (action: Action, content = order()) => run(action, content).content.lines.map(({ sku }) => sku);

	it.each([
		['={{ $json.lines[0].sku }}', 'string equals', 'TEE-L', ['RED-MUG']],
		['={{ $json.sku }}', 'string startsWith', 'RED', ['TEE-L']],
		['={{ $json.quantity }}', 'number gt', 5, ['RED-MUG', 'TEE-L']],
		['={{ $json.unitPrice }}', 'number gt', 15, ['RED-MUG']],
	])('%s %s %s', (path, operator, value, skus) => expect(left(remove(where([path, operator, value])))).toEqual(skus));

	it('joins conditions on the line and on the order', () => {
		const tee = ['={{ $json.sku }}', 'string equals', 'TEE-L'] as [string, string, string];
		const france = ['={{ $json.shippingAddress.country }}', 'string equals', 'FR'] as [string, string, string];
		expect(left(remove(where(tee, france)))).toEqual(['RED-MUG', 'TEE-L']);
		expect(left(remove(whereAny(tee, france)))).toEqual(['RED-MUG']);
	});

	it('skips the order when none is left, with the name of the rule', () => {
		const outcome = run(remove(where(['={{ $json.sku }}', 'string notEmpty'])));
		expect(outcome.decision).toEqual({ kind: 'skip', rule: 'R', reason: 'all lines were removed' });
		expect(outcome.content.lines).toEqual([]);
		expect(outcome.trace[0]!.changes.map(({ path }) => path)).toEqual(['lines.1', 'lines.2']);
	});

	it('takes a line with quantity 0 for none', () => {
		const content = order({ lines: [line('1', 'A', { quantity: 0 }), line('2', 'B')] });
		expect(run(remove(where(['={{ $json.sku }}', 'string equals', 'B'])), content).decision).toMatchObject({ kind: 'skip', rule: 'R' });
	});

	it('refuses conditions that name no field of a line, as they would remove all lines or none', () => {
		for (const conditions of [
			where(),
			where(['', 'string equals', '']),
			where(['={{ $json.shippingAddress.country }}', 'string equals', 'DE']),
		]) {
			const outcome = run(remove(conditions));
			expect(outcome.decision).toMatchObject(failure('no condition on a field of a line'));
			expect(outcome.content.lines).toHaveLength(2);
		}
	});
});

describe('setField', () => {
	it.each(SETTABLE_PATHS)('sets %s', (path) => {
		const value =
			path === 'signatureRequired'
				? true
				: path === 'insuredAmount'
					? '12.50'
					: path === 'requestedShipDate'
						? '2026-12-24'
						: path.endsWith('country')
							? 'fr'
							: 'BER';
		const { changes, result } = run(set(path, value)).trace[0]!;
		expect(result).toBe('applied');
		// With no billing address before, the whole address is what changed.
		expect(changes).toMatchObject([{ path: path.startsWith('billingAddress') ? 'billingAddress' : path }]);
	});

	it.each<[string, JsonValue, JsonValue]>([
		['custom.color', { nested: [1] }, { nested: [1] }],
		['custom.count', 3, 3],
		['shippingNotes', '', null],
		['notes', 12, '12'],
		['notes', '={{ $json.customer.email }}', 'ada@example.com'],
		['notes', '={{ $json.store }}', 'acme-eu'],
		['notes', '={{ $json.lines[0].sku }}', 'RED-MUG'],
		['notes', '={{ $json.nowhere }}', null],
	])('%s = %j gives %j', (path, value, expected) => {
		const content = run(set(path, value)).content as unknown as Record<string, JsonValue>;
		const [first, second] = path.split('.') as [string, string | undefined];
		expect(second === undefined ? content[first] : (content[first] as Record<string, JsonValue>)[second]).toEqual(expected);
	});

	it('sets fields of a line that is there', () => {
		expect(run(set('lines.1.quantity', 5)).content.lines[0]).toMatchObject({ id: '1', quantity: 5 });
		expect(run(set('lines.9.quantity', 5)).decision).toMatchObject(failure('no such line'));
		expect(run(set('lines.1.quantity', -1)).decision).toMatchObject(failure('whole number'));
	});

	it.each([
		'__proto__',
		'constructor',
		'prototype',
		'__proto__.polluted',
		'constructor.prototype.polluted',
		'custom.__proto__',
		'custom.constructor',
		'custom.prototype',
		'custom.__proto__.polluted',
		'shippingAddress.__proto__',
		'lines.__proto__.quantity',
		'lines.1.__proto__',
		'lines',
		'orderNumber',
		'total',
		'status',
		'nowhere',
		'',
		'custom.',
		'toString',
	])('refuses the path %j', (path) => {
		expect(run(set(path, 'x')).decision).toMatchObject({
			kind: 'error',
			alert: { code: 'rule_failed', message: expect.stringContaining('Rule "R"') },
		});
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});

	it('names field, value and remedy', () => {
		const { decision } = run(set('shippingAddress.country', 'Germany'));
		for (const words of ['shippingAddress.country', 'Germany', 'ISO 3166']) expect(decision).toMatchObject(failure(words));
	});

	it('gives each order its own object', () => {
		const value = { a: [1] };
		expect(run(set('custom.x', value)).content.custom.x).not.toBe(value);
	});
});

describe('mapShippingMethod', () => {
	const map = (more: Partial<ShippingMethodMap> = {}): Action => ({
		kind: 'mapShippingMethod',
		map: {
			caseSensitive: false,
			entries: [
				{ method: 'DHL Express (2-3 days)', carrier: 'DHL', serviceLevel: 'EXPRESS', warehouse: 'BER' },
				{ method: 'Standard', carrier: 'DPD', serviceLevel: null, warehouse: null },
				{ method: 'standard', carrier: 'never', serviceLevel: null, warehouse: null },
			],
			unmapped: { kind: 'error' },
			...more,
		},
	});

	it.each([
		['DHL Express (2-3 days)', { carrier: 'DHL', serviceLevel: 'EXPRESS', warehouse: 'BER' }],
		['  dhl   EXPRESS\u00a0(2-3\tdays) ', { carrier: 'DHL', serviceLevel: 'EXPRESS', warehouse: 'BER' }],
		['STANDARD', { carrier: 'DPD', serviceLevel: null }],
	])('maps %j', (shippingMethod, expected) => expect(run(map(), order({ shippingMethod })).content).toMatchObject(expected));

	it('compares exactly when it is told to', () => {
		const exact = map({ caseSensitive: true });
		expect(run(exact, order({ shippingMethod: 'Standard' })).content.carrier).toBe('DPD');
		expect(run(exact, order({ shippingMethod: 'Standard ' })).decision).toMatchObject({ alert: { code: 'unmapped_shipping_method' } });
	});

	it.each(['Pigeon', '__proto__', 'constructor'])('puts an order with the method %s in Error, and names it', (shippingMethod) => {
		expect(run(map(), order({ shippingMethod })).decision).toEqual({
			kind: 'error',
			rule: 'R',
			alert: { code: 'unmapped_shipping_method', message: `Rule "R": The shipping method "${shippingMethod}" is not in the table.` },
		});
	});

	it('leaves an unmapped method, or takes the default', () => {
		const content = order({ shippingMethod: 'Pigeon', serviceLevel: 'SLOW' });
		expect(run(map({ unmapped: { kind: 'leave' } }), content)).toMatchObject({
			decision: { kind: 'route' },
			content: { carrier: null, serviceLevel: 'SLOW' },
		});
		expect(run(map({ unmapped: { kind: 'default', carrier: 'UPS', serviceLevel: null } }), content)).toMatchObject({
			decision: { kind: 'route' },
			content: { carrier: 'UPS', serviceLevel: 'SLOW' },
		});
	});

	it('takes an empty row for orders without a method', () => {
		expect(run(map(), order({ shippingMethod: null })).decision).toMatchObject({
			alert: { code: 'unmapped_shipping_method', message: expect.stringContaining('has no shipping method') },
		});
		const entries = [{ method: '', carrier: 'UPS', serviceLevel: null, warehouse: null }];
		expect(run(map({ entries }), order({ shippingMethod: null })).content.carrier).toBe('UPS');
	});

	it.each([{ map: null }, { map: {} }, { map: { entries: [null] } }, { map: { entries: [], unmapped: { kind: 'guess' } } }])(
		'refuses %j',
		(broken) => {
			expect(run({ kind: 'mapShippingMethod', ...broken } as unknown as Action).decision).toMatchObject(failure(''));
		},
	);
});

describe('route', () => {
	it('chooses the warehouse', () => {
		expect(run({ kind: 'route', warehouse: ' NYC ' }, order(), { warehouses: ['BER', 'NYC'] })).toMatchObject({
			decision: { kind: 'route', warehouse: 'NYC' },
			content: { warehouse: 'NYC' },
		});
		expect(run({ kind: 'route', warehouse: ' ' }).decision).toMatchObject(failure('names no warehouse'));
	});
});

describe('hold', () => {
	const minutes = (count: number): Action => ({ kind: 'hold', until: { kind: 'duration', minutes: count } });
	const until = (date: string): Action => ({ kind: 'hold', until: { kind: 'date', date } });

	it.each([
		[minutes(90), '2026-11-23T13:30:00.000Z'],
		[minutes(0.5), '2026-11-23T12:00:30.000Z'],
		[until('2026-12-24'), '2026-12-24T00:00:00.000Z'],
		[until('2026-12-24T10:00:00+01:00'), '2026-12-24T09:00:00.000Z'],
		[until('2026-12-24T10:00'), '2026-12-24T10:00:00.000Z'],
	])('%j holds until %s', (action, end) => expect(run(action).decision).toEqual({ kind: 'hold', rule: 'R', until: end }));

	it.each([minutes(0), until('2026-11-23T12:00:00.000Z'), until('2020-01-01')])('%j is over already', (action) => {
		const outcome = run([action, set('notes', 'went on')]);
		expect(outcome).toMatchObject({ decision: { kind: 'route' }, content: { notes: 'went on' }, trace: [{ result: 'hold_served' }] });
	});

	it('does not hold an order that served the hold of the rule', () => {
		expect(run(minutes(90), order(), { servedHolds: ['R'] })).toMatchObject({
			decision: { kind: 'route' },
			trace: [{ result: 'hold_served' }],
		});
		expect(run(minutes(90), order(), { servedHolds: ['another'] }).decision.kind).toBe('hold');
	});

	it.each([minutes(-1), minutes(Number.NaN), minutes(1e15), until('tomorrow'), until(''), until('2026-13-45'), { kind: 'hold' } as Action])(
		'refuses %j',
		(action) => expect(run(action).decision).toMatchObject(failure('hold')),
	);

	it('does not ask the clock of the machine', () => {
		expect(run(minutes(1), order(), { now: new Date(NOW.getTime() + 60_000) }).decision).toMatchObject({
			until: '2026-11-23T12:02:00.000Z',
		});
	});
});

describe('fail', () => {
	it('puts the order in Error with the words of the person, on one line', () => {
		expect(run({ kind: 'fail', message: 'Call the\ncustomer: "now"' }).decision).toEqual({
			kind: 'error',
			rule: 'R',
			alert: { code: 'rule_failed', message: expect.stringMatching(/^Rule "R": Call the.*customer: "now"$/) },
		});
		expect(run({ kind: 'fail', message: '' }).decision).toMatchObject(failure('fails orders like this one'));
	});
});
