import fc from 'fast-check';
import { partContents, type OrderPart } from '../../lib/order/parts';
import type { OrderContent, OrderedLine } from '../../lib/order/order';
import { sourceQuantities } from '../../lib/order/sourceLines';
import { describeTrace } from '../../lib/rules/describe';
import { evaluate } from '../../lib/rules/evaluate';
import type { Action } from '../../lib/rules/actions/registry';
import type { SplitBy } from '../../lib/rules/actions/split';
import { sampleOrder, sampleShipment } from '../order/sampleOrder';
import { context, frozen, line, order, rule, where } from './fixtures';

const around = context({ warehouses: ['BER', 'NYC'] });
const sku = (value: string) => where(['={{ $json.lines[0].sku }}', 'string equals', value]);
const toNyc: Action = { kind: 'routeLines', lines: sku('TEE-L'), warehouse: 'NYC' };
const toBer: Action = { kind: 'route', warehouse: 'BER' };
const split = (by: SplitBy): Action => ({ kind: 'split', by });

function decided(actions: Action[], content: OrderContent = order(), zone = around) {
	return evaluate([rule('all', actions)], frozen(content), zone);
}

const pieces = (parts: readonly OrderPart[] | undefined) =>
	parts?.map(({ warehouse, lines }) => [warehouse, Object.fromEntries(lines.map(({ lineId, quantity }) => [lineId, quantity]))]);

function partsFrom(actions: Action[], content?: OrderContent) {
	const { decision } = decided(actions, content);
	return decision.kind === 'route' ? pieces(decision.parts) : decision;
}

describe('lines for different warehouses', () => {
	it('split the order, and the trace says where each line goes', () => {
		const outcome = decided([toBer, toNyc]);
		expect(outcome.decision).toMatchObject({ kind: 'route', warehouse: 'BER' });
		expect(partsFrom([toBer, toNyc])).toEqual([
			['BER', { 1: 2 }],
			['NYC', { 2: 1 }],
		]);
		expect(describeTrace(outcome.trace)).toBe('Rule "all" applied: warehouse null → BER; lines.2.warehouse null → NYC');
	});

	it('do not split it when all of them go to one, or when only one line asks for something', () => {
		const all: Action = { kind: 'routeLines', lines: where(['={{ $json.lines[0].quantity }}', 'number gt', 0]), warehouse: 'NYC' };
		expect(decided([toBer, all])).toMatchObject({ decision: { kind: 'route', warehouse: 'NYC' }, content: { warehouse: 'NYC' } });
		expect(decided([all]).decision).toEqual({ kind: 'route', warehouse: 'NYC' });
		expect(decided([toBer, toNyc], order({ lines: [line('1', 'RED-MUG'), line('2', 'TEE-L', { quantity: 0 })] })).decision).toEqual({
			kind: 'route',
			warehouse: 'BER',
		});
	});

	it('fail when one of them goes nowhere, or to a warehouse that is not listed', () => {
		expect(decided([toNyc]).decision).toMatchObject({
			kind: 'error',
			alert: { code: 'rule_failed', message: expect.stringContaining('No rule chose a warehouse') },
		});
		expect(decided([toBer, { ...toNyc, warehouse: 'ROM' } as Action]).decision).toMatchObject({
			kind: 'error',
			alert: { message: expect.stringContaining('"ROM" is not listed') },
		});
		expect(decided([{ ...toNyc, warehouse: ' ' } as Action]).decision).toMatchObject({
			kind: 'error',
			alert: { message: expect.stringContaining('names no warehouse') },
		});
	});
});

describe('a split', () => {
	const lines = [
		line('a', 'MUG', { quantity: 5, weight: 300, custom: { room: 'cold' } }),
		line('b', 'TEE-L', { quantity: 2, weight: 100, custom: { room: 'dry' } }),
		line('c', 'CAP', { weight: 2_000, custom: { room: 'cold' } }),
	];
	const content = order({ lines, warehouse: 'BER' });

	it.each<[string, SplitBy, unknown]>([
		[
			'by conditions',
			{ kind: 'lines', lines: sku('TEE-L') },
			[
				['BER', { a: 5, c: 1 }],
				['BER', { b: 2 }],
			],
		],
		[
			'by a field of the line',
			{ kind: 'key', key: '={{ $json.lines[0].custom.room }}' },
			[
				['BER', { a: 5, c: 1 }],
				['BER', { b: 2 }],
			],
		],
		[
			'by pieces; a line goes on in the next part',
			{ kind: 'quantity', most: 3 },
			[
				['BER', { a: 3 }],
				['BER', { a: 2, b: 1 }],
				['BER', { b: 1, c: 1 }],
			],
		],
		[
			'by weight; a piece that is too heavy is by itself',
			{ kind: 'weight', most: 1_000 },
			[
				['BER', { a: 3 }],
				['BER', { a: 2, b: 2 }],
				['BER', { c: 1 }],
			],
		],
		['that needs none', { kind: 'quantity', most: 8 }, undefined],
	])('%s', (_, by, expected) => expect(partsFrom([split(by)], content)).toEqual(expected));

	it('divides what each warehouse gets, and the components of a kit stay together', () => {
		expect(partsFrom([toNyc, split({ kind: 'quantity', most: 4 })], content)).toEqual([
			['BER', { a: 4 }],
			['BER', { a: 1, c: 1 }],
			['NYC', { b: 2 }],
		]);
		const kit = { lineId: 'k', sku: 'GIFT', quantity: 3 };
		expect(
			partsFrom(
				[split({ kind: 'quantity', most: 2 })],
				order({ warehouse: 'BER', lines: [line('k1', 'MUG', { quantity: 6, kit }), line('z', 'CAP')] }),
			),
		).toEqual([
			['BER', { k1: 6 }],
			['BER', { z: 1 }],
		]);
	});

	it.each<[string, SplitBy, string]>([
		['a limit of nothing', { kind: 'quantity', most: 0 }, 'not a number from 1'],
		['a weight that is not known', { kind: 'weight', most: 500 }, 'The weight of "CAP" is not known'],
		['a key that is no field of a line', { kind: 'key', key: '={{ $json.total }}' }, 'no field of a line'],
		['too many parts', { kind: 'quantity', most: 1 }, 'split into 101 parts'],
	])('fails for %s', (_, by, message) => {
		const bad = order({ warehouse: 'BER', lines: [line('a', 'MUG', { quantity: 100 }), line('c', 'CAP', { weight: null })] });
		expect(decided([split(by)], bad).decision).toMatchObject({
			kind: 'error',
			alert: { code: 'rule_failed', message: expect.stringContaining(message) },
		});
	});
});

describe('parts', () => {
	const kit = (id: string, component: string, quantity: number): OrderedLine =>
		line(id, component, { externalId: 'x-kit', quantity: 2 * quantity, kit: { lineId: 'k', sku: 'GIFT', quantity } });

	it('keep ids and keys of lines; the amounts of the order stay with the order', () => {
		const content = { ...decided([toBer, toNyc]).content };
		const [first, second] = partContents(content, [
			{ warehouse: 'BER', lines: [{ lineId: '1', quantity: 2 }] },
			{ warehouse: 'NYC', lines: [{ lineId: '2', quantity: 1 }] },
		]);
		expect(first).toMatchObject({
			orderNumber: '1001',
			warehouse: 'BER',
			lines: [{ id: '1', externalId: 'x-1', quantity: 2 }],
			subtotal: '20.00',
			total: null,
			shippingAmount: null,
		});
		expect(second).toEqual({
			...content,
			warehouse: 'NYC',
			lines: [order().lines[1]],
			subtotal: '19.90',
			total: null,
			taxAmount: null,
			discountAmount: null,
			shippingAmount: null,
		});
	});

	it('tell the cart of a kit once, though its components leave from two warehouses', () => {
		const content = order({ lines: [kit('k1', 'MUG', 1), kit('k2', 'TEE', 2), line('z', 'CAP')] });
		const parts = [
			{ warehouse: 'BER', lines: [{ lineId: 'k1', quantity: 2 }] },
			{
				warehouse: 'NYC',
				lines: [
					{ lineId: 'k2', quantity: 4 },
					{ lineId: 'z', quantity: 1 },
				],
			},
		];
		const told = partContents(content, parts).map(({ lines }, index) => {
			const part = sampleOrder({ lines: lines.map((each) => ({ ...each, quantityShipped: 0, quantityCanceled: 0 })), shipments: [] });
			return sourceQuantities(part, sampleShipment('s', { lines: parts[index]!.lines }));
		});
		expect(told).toEqual([[{ externalId: 'x-kit', quantity: 2 }], [{ externalId: 'x-z', quantity: 1 }]]);
	});

	it('add up to what was ordered, whatever the rules', () => {
		const lines = fc.array(
			fc.record({
				quantity: fc.integer({ min: 0, max: 12 }),
				weight: fc.integer({ min: 0, max: 900 }),
				sku: fc.constantFrom('A', 'B', 'C'),
			}),
			{ minLength: 1, maxLength: 8 },
		);
		const by: fc.Arbitrary<SplitBy> = fc.oneof(
			fc.integer({ min: 1, max: 30 }).map((most): SplitBy => ({ kind: 'quantity', most })),
			fc.integer({ min: 1, max: 4000 }).map((most): SplitBy => ({ kind: 'weight', most })),
			fc.constant<SplitBy>({ kind: 'key', key: '={{ $json.lines[0].sku }}' }),
			fc.constant<SplitBy>({ kind: 'lines', lines: sku('B') }),
		);
		fc.assert(
			fc.property(lines, fc.array(by, { maxLength: 3 }), fc.boolean(), (given, splits, routed) => {
				const content = order({ warehouse: 'BER', lines: given.map((each, index) => line(`l${index}`, each.sku, each)) });
				const actions = [...(routed ? [{ ...toNyc, lines: sku('C') } as Action] : []), ...splits.map(split)];
				const { decision } = decided(actions, content);
				expect(decided(actions, content).decision).toEqual(decision);
				if (decision.kind !== 'route' || decision.parts === undefined) return;
				expect(decision.parts.length).toBeGreaterThan(1);
				const contents = partContents(content, decision.parts);
				for (const part of contents) expect(part.lines.length).toBeGreaterThan(0);
				for (const { id, quantity } of content.lines) {
					expect(
						contents
							.flatMap((part) => part.lines)
							.filter((each) => each.id === id)
							.reduce((sum, each) => sum + each.quantity, 0),
					).toBe(quantity);
				}
			}),
			{ seed: 4 },
		);
	});
});
