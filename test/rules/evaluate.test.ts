import { withEdits } from '../../lib/order/layers';
import { describeTrace } from '../../lib/rules/describe';
import { compileRules, evaluate } from '../../lib/rules/evaluate';
import type { Rule } from '../../lib/rules/rule';
import { context, frozen, line, order, rule, set, where } from './fixtures';

const WAREHOUSE = '={{ $json.warehouse }}';
const germany = where(['={{ $json.shippingAddress.country }}', 'string equals', 'DE']);

describe('rules one after the other', () => {
	it('lets a later rule see what an earlier one set', () => {
		const outcome = evaluate(
			[
				rule('country', set('shippingAddress.country', 'fr')),
				rule(
					'France',
					{ kind: 'route', warehouse: 'PAR' },
					{ conditions: where(['={{ $json.shippingAddress.country }}', 'string equals', 'FR']) },
				),
				rule('Paris', set('notes', 'via Paris'), { conditions: where([WAREHOUSE, 'string equals', 'PAR']) }),
			],
			frozen(order()),
			context({ warehouses: ['BER', 'PAR'] }),
		);
		expect(outcome).toMatchObject({ decision: { kind: 'route', warehouse: 'PAR' }, content: { notes: 'via Paris' } });
		expect(outcome.trace.map(({ result }) => result)).toEqual(['applied', 'applied', 'applied']);
	});

	it('lets a later action of the same rule see what an earlier one set', () => {
		const { content } = evaluate([rule('R', [set('carrier', 'DHL'), set('notes', '={{ $json.carrier }}')])], order(), context());
		expect(content.notes).toBe('DHL');
	});

	it('sees removed lines as gone', () => {
		const outcome = evaluate(
			[
				rule('no tees', { kind: 'removeLines', lines: where(['={{ $json.sku }}', 'string startsWith', 'TEE']) }),
				rule('one line', set('notes', 'one'), { conditions: where(['={{ $json.lineCount }}', 'number equals', 1]) }),
				rule('tees', set('notes', 'tees'), { conditions: where(['={{ $json.lines[1].sku }}', 'string startsWith', 'TEE']) }),
			],
			order(),
			context(),
		);
		expect(outcome.content.notes).toBe('one');
	});

	it('runs again from snapshot and edits, and adds nothing twice', () => {
		const rules = [
			rule('suffix', set('custom.reference', '={{ $json.orderNumber }}')),
			rule('no tees', { kind: 'removeLines', lines: where(['={{ $json.sku }}', 'string startsWith', 'TEE']) }),
		];
		const layers = frozen({ snapshot: order(), edits: { 'lines.1.quantity': 7, notes: 'edited' } });
		const first = evaluate(rules, withEdits(layers.snapshot, layers.edits), context());
		const second = evaluate(rules, withEdits(layers.snapshot, layers.edits), context());
		expect(second).toEqual(first);
		expect(second.content).toMatchObject({ notes: 'edited', lines: [{ id: '1', quantity: 7 }] });
	});

	it('does not run what is off, stopped or behind a decision', () => {
		const results = (rules: Rule[]) => evaluate(rules, order(), context()).trace.map(({ result }) => result);
		expect(
			results([rule('a', [], { enabled: false }), rule('b', [], { stop: true }), rule('c', []), rule('d', [], { enabled: false })]),
		).toEqual(['off', 'applied', 'stopped', 'off']);
		expect(results([rule('a', { kind: 'skip', reason: null }), rule('b', [])])).toEqual(['applied', 'stopped']);
		expect(results([rule('a', [], { stop: true, conditions: where(['a', 'string equals', 'b']) }), rule('b', [])])).toEqual([
			'not_met',
			'applied',
		]);
	});

	it('stops after a rule whose hold was served when the rule says so', () => {
		const held = rule('night', { kind: 'hold', until: { kind: 'duration', minutes: 60 } }, { stop: true });
		expect(evaluate([held, rule('b', [])], order(), context()).decision).toMatchObject({ kind: 'hold', rule: 'night' });
		const served = evaluate([held, rule('b', [])], order(), context({ servedHolds: ['night'] }));
		expect(served.trace.map(({ result }) => result)).toEqual(['hold_served', 'stopped']);
		expect(served.decision.kind).toBe('route');
	});
});

describe('a rule that fails', () => {
	it('drops what it had changed, keeps what rules before it changed, and ends', () => {
		const outcome = evaluate(
			[rule('good', set('notes', 'kept')), rule('bad', [set('carrier', 'DHL'), set('nowhere', 1)]), rule('later', [])],
			frozen(order()),
			context(),
		);
		expect(outcome).toMatchObject({
			decision: {
				kind: 'error',
				rule: 'bad',
				alert: { code: 'rule_failed', message: expect.stringMatching(/^Rule "bad": nowhere: .*Use a field of the order/) },
			},
			content: { notes: 'kept', carrier: null },
		});
		expect(outcome.trace.map(({ result }) => result)).toEqual(['applied', 'failed', 'stopped']);
	});

	it('harms only orders that it applies to, and is known before any order comes', () => {
		const compiled = compileRules([rule('bad', set('nowhere', 1), { conditions: germany }), rule('worse', [], { conditions: 7 as never })]);
		expect(compiled.problems.map((problem) => problem.rule)).toEqual(['bad', 'worse']);
		const off = compileRules([rule('bad', set('nowhere', 1), { enabled: false })]);
		expect(off.problems).toEqual([]);
		const french = order({ shippingAddress: { ...order().shippingAddress!, country: 'FR' } });
		expect(compileRules([rule('bad', set('nowhere', 1), { conditions: germany })]).evaluate(french, context()).decision.kind).toBe('route');
	});

	it.each([null, undefined, {}, [], 'x', { name: 7, actions: 7 }, { name: 'x', actions: [{}] }])('may be anything: %j', (broken) => {
		const outcome = evaluate([broken as unknown as Rule], order(), context());
		expect(outcome.decision).toMatchObject({ kind: 'error', alert: { code: 'rule_failed' } });
	});
});

describe('the final decision', () => {
	const decide = (warehouse: string | null, warehouses: string[], rules: Rule[] = []) =>
		evaluate(rules, order({ warehouse }), context({ warehouses }));

	it('takes the only warehouse, and sets it', () => {
		expect(decide(null, ['BER'])).toMatchObject({ decision: { kind: 'route', warehouse: 'BER' }, content: { warehouse: 'BER' } });
		expect(decide(null, ['BER', 'BER']).decision).toEqual({ kind: 'route', warehouse: 'BER' });
	});

	it('takes what was chosen, by route, map or set, or by a person', () => {
		expect(decide('NYC', ['BER', 'NYC']).decision).toEqual({ kind: 'route', warehouse: 'NYC' });
		expect(decide(null, ['BER', 'NYC'], [rule('R', set('warehouse', 'NYC'))]).decision).toEqual({ kind: 'route', warehouse: 'NYC' });
		expect(decide('ANY', []).decision).toEqual({ kind: 'route', warehouse: 'ANY' });
	});

	it.each<[string | null, string[], string[]]>([
		[null, ['BER', 'NYC'], ['No rule chose a warehouse', 'Add a route action', '"BER", "NYC"']],
		[null, [], ['Add a route action']],
		['ROM', ['BER', 'NYC'], ['"ROM" is not listed', '"BER", "NYC"']],
		['ROM', ['BER'], ['"ROM" is not listed', '"BER"']],
	])('warehouse %j of %j is an error that says what to do', (warehouse, warehouses, words) => {
		const { decision } = decide(warehouse, warehouses);
		expect(decision).toMatchObject({ kind: 'error', rule: null, alert: { code: 'rule_failed' } });
		for (const word of words) expect(decision).toMatchObject({ alert: { message: expect.stringContaining(word) } });
	});

	it.each([[[]], [[line('1', 'A', { quantity: 0 })]]])('skips an order with nothing to ship', (lines) => {
		expect(evaluate([], order({ lines }), context({ warehouses: [] })).decision).toEqual({
			kind: 'skip',
			rule: null,
			reason: 'nothing to ship',
		});
	});
});

describe('purity', () => {
	it('gives the very object back when nothing changed', () => {
		const content = frozen(order({ warehouse: 'BER' }));
		const rules = [
			rule('not met', set('notes', 'x'), { conditions: where(['a', 'string equals', 'b']) }),
			rule('as it was', set('notes', null)),
		];
		expect(evaluate(rules, content, context()).content).toBe(content);
	});

	it('shares nothing between orders that are evaluated with the same rules', () => {
		const compiled = compileRules([rule('R', set('custom.x', { a: 1 }))]);
		const [first, second] = [compiled.evaluate(order(), context()), compiled.evaluate(order(), context())];
		expect(first).toEqual(second);
		expect(first.content.custom.x).not.toBe(second.content.custom.x);
	});
});

it('tells people what each rule did, a line each', () => {
	const rules = [
		rule('EU to Berlin', { kind: 'route', warehouse: 'BER' }, { conditions: germany }),
		rule('no tees', { kind: 'removeLines', lines: where(['={{ $json.sku }}', 'string equals', 'TEE-L']) }),
		rule('off', [], { enabled: false }),
		rule('nothing', []),
		rule('served', { kind: 'hold', until: { kind: 'duration', minutes: 5 } }),
		rule('stop it', { kind: 'fail', message: 'No way.' }),
		rule('later', []),
	];
	expect(describeTrace(evaluate(rules, order(), context({ servedHolds: ['served'] })).trace).split('\n')).toEqual([
		'Rule "EU to Berlin" applied: warehouse null → BER',
		'Rule "no tees" applied: removed 1 × TEE-L',
		'Rule "off" is switched off.',
		'Rule "nothing" applied: nothing to change',
		'Rule "served" applied: its hold was served before',
		'Rule "stop it" applied: No way.',
		'Rule "later" was not reached.',
	]);
});
