/** What rules gave for the values of one order is given again for the next one with the same: it must be what they would have given. */
import { describeTrace, traceDescriber } from '../../lib/rules/describe';
import { compileRules, evaluate } from '../../lib/rules/evaluate';
import type { OrderContent } from '../../lib/order/order';
import { context, line, order, rule, set, where, whereAny } from './fixtures';

const FIELD = '={{ $json.custom.field }}';
const NOTES = '={{ $json.notes }}';

/** Of every type, with neighbours that are equal once they are converted; undefined = the field is not there. */
const VALUES = [
	'1',
	1,
	'1.0',
	true,
	'true',
	false,
	null,
	undefined,
	'',
	0,
	'x',
	'X',
	'x'.repeat(81),
	'x'.repeat(82),
	[],
	['x'],
	{ x: 1 },
	'2026-11-20',
	'toString',
	'__proto__',
] as const;
const contents = (): OrderContent[] =>
	VALUES.flatMap((field) =>
		['a', 'b', null].map((notes) => order({ notes, custom: field === undefined ? {} : { field: structuredClone(field) as never } })),
	);

const RULES = [
	rule('text', set('carrier', 'A'), { conditions: where([FIELD, 'string equals', 'x'], [NOTES, 'string equals', 'a']) }),
	rule('any case', set('carrier', 'B'), {
		conditions: {
			...whereAny([FIELD, 'string contains', 'X'], [NOTES, 'string equals', 'b']),
			options: { caseSensitive: false, leftValue: '', typeValidation: 'loose', version: 2 },
		},
	}),
	rule('number', set('carrier', 'C'), {
		conditions: {
			...where([FIELD, 'number gte', 1]),
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		},
	}),
	rule('there', set('serviceLevel', 'D'), { conditions: where([FIELD, 'string exists'], [NOTES, 'string notEmpty']) }),
	rule('changed before', set('warehouse', 'BER'), {
		conditions: where(['={{ $json.carrier }}', 'string equals', 'B'], ['={{ $json.custom.field.length }}', 'number gt', 0]),
	}),
	rule('line', set('shippingNotes', 'E'), {
		conditions: where([NOTES, 'string equals', 'a'], ['={{ $json.lines[0].sku }}', 'string equals', 'TEE-L']),
	}),
	rule('date', set('shippingNotes', 'F'), {
		conditions: where([NOTES, 'string equals', 'a'], ['={{ $json.orderedAt.toDateTime().weekday }}', 'number equals', 5]),
	}),
	rule('present', set('giftMessage', 'G'), { conditions: where(['={{ $now.year }}', 'number equals', 2026]) }),
];

it.each(RULES.map((one) => [one.name, one] as const))('%s', (_, one) => {
	const compiled = compileRules([one]);
	const describe = traceDescriber();
	// The second time everything is known that can be.
	for (const content of [...contents(), ...contents().reverse()]) {
		const fresh = evaluate([one], content, context());
		const known = compiled.evaluate(content, context());
		expect(known).toStrictEqual(fresh);
		expect(describe(known.trace)).toBe(describeTrace(fresh.trace));
	}
});

it('all rules, one on what another left', () => {
	const compiled = compileRules(RULES);
	for (const content of [...contents(), ...contents()])
		expect(compiled.evaluate(content, context())).toStrictEqual(evaluate(RULES, content, context()));
});

it('is bounded: of more values than are kept each still has its own result', () => {
	const one = rule('many', set('carrier', 'A'), { conditions: where([NOTES, 'string startsWith', '9']) });
	const compiled = compileRules([one]);
	const numbers = Array.from({ length: 1_200 }, (_, index) => String(index));
	for (const notes of [...numbers, ...numbers]) {
		const [trace] = compiled.evaluate(order({ notes }), context()).trace;
		expect(trace).toMatchObject({
			result: notes.startsWith('9') ? 'applied' : 'not_met',
			conditions: [{ leftValue: notes, met: notes.startsWith('9') }],
		});
	}
	const trace = (notes: string) => compiled.evaluate(order({ notes }), context()).trace[0];
	expect(trace('1')).toBe(trace('1'));
	expect(trace('1199')).not.toBe(trace('1199'));
});

it('is for fields of the order only: lines and the present are looked at each time', () => {
	const ofLine = compileRules([
		rule('line', set('carrier', 'A'), { conditions: where(['={{ $json.lines[0].sku }}', 'string equals', 'HAT']) }),
	]);
	const results = ['HAT', 'CAP', 'HAT'].map((sku) => ofLine.evaluate(order({ lines: [line('1', sku)] }), context()).trace[0]?.result);
	expect(results).toEqual(['applied', 'not_met', 'applied']);
	const ofNow = compileRules([rule('now', set('carrier', 'A'), { conditions: where(['={{ $now.hour }}', 'number equals', 12]) })]);
	const hours = ['T12:00:00.000Z', 'T13:00:00.000Z', 'T12:30:00.000Z'].map(
		(time) => ofNow.evaluate(order(), context({ now: new Date(`2026-11-23${time}`) })).trace[0]?.result,
	);
	expect(hours).toEqual(['applied', 'not_met', 'applied']);
});

it('takes fields for the same only when they are: names with a dot in them are others', () => {
	const carrierIf = (field: string, carrier: string) =>
		rule(field, set('carrier', carrier), { conditions: where([field, 'string equals', 'x']) });
	const compiled = compileRules([carrierIf('={{ $json.custom["a.b"] }}', 'DOTTED'), carrierIf('={{ $json.custom.a.b }}', 'NESTED')]);
	const results = [
		{ 'a.b': 'x', a: { b: 'y' } },
		{ 'a.b': 'y', a: { b: 'x' } },
	].map((custom) => compiled.evaluate(order({ custom }), context()).trace.map(({ result }) => result));
	expect(results).toEqual([
		['applied', 'not_met'],
		['not_met', 'applied'],
	]);
});
