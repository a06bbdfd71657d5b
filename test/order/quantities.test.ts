import fc from 'fast-check';
import { deriveStatus, matchLines, outstanding } from '../../lib/order/derive';
import type { LineItem } from '../../lib/order/order';
import { ORDER_STATUSES, type OrderStatus } from '../../lib/order/status';
import type { ReportedLine } from '../../lib/order/wmsEvent';
import { anOrder } from '../carts/order';

const amounts = (quantity: number, quantityShipped = 0, quantityCanceled = 0) => ({ quantity, quantityShipped, quantityCanceled });

/** The order of the fixtures with other lines: [id, SKU, quantity, shipped, canceled]. */
const withLines = (...lines: Array<[id: string, sku: string | null, quantity: number, shipped?: number, canceled?: number]>) => {
	const template = anOrder().lines[0]!;
	return anOrder({
		lines: lines.map(([id, sku, quantity, shipped = 0, canceled = 0]): LineItem => ({
			...template,
			id,
			externalId: `ext-${id}`,
			sku,
			name: `Item ${id}`,
			...amounts(quantity, shipped, canceled),
		})),
	});
};

const anyLine = fc.record({ quantity: fc.nat(9), quantityShipped: fc.nat(9), quantityCanceled: fc.nat(9) });

describe('outstanding', () => {
	it.each([
		[amounts(3), 3],
		[amounts(3, 1), 2],
		[amounts(3, 1, 2), 0],
		[amounts(3, 5), 0],
		[amounts(0), 0],
	])('of %j is %d', (line, expected) => expect(outstanding(line)).toBe(expected));

	it('is never negative', () => fc.assert(fc.property(anyLine, (line) => outstanding(line) >= 0)));
});

describe('deriveStatus', () => {
	const cases: Array<
		[what: string, lines: Array<ReturnType<typeof amounts>>, pending: number, fromOpen: OrderStatus, fromPartial: OrderStatus]
	> = [
		['nothing happened', [amounts(2), amounts(1)], 0, 'open', 'partially_shipped'],
		['one line shipped', [amounts(2, 2), amounts(1)], 1, 'partially_shipped', 'partially_shipped'],
		['part of a line shipped', [amounts(2, 1)], 0, 'partially_shipped', 'partially_shipped'],
		['all shipped, not uploaded', [amounts(2, 2), amounts(1, 1)], 1, 'open', 'partially_shipped'],
		['all shipped and uploaded', [amounts(2, 2), amounts(1, 1)], 0, 'closed', 'closed'],
		['more shipped than ordered, uploaded', [amounts(2, 5)], 0, 'closed', 'closed'],
		['the rest canceled, uploaded', [amounts(2, 2), amounts(1, 0, 1)], 0, 'closed', 'closed'],
		['the rest canceled, not uploaded', [amounts(2, 2), amounts(1, 0, 1)], 2, 'open', 'partially_shipped'],
		['a part canceled, nothing shipped', [amounts(2, 0, 1)], 0, 'open', 'partially_shipped'],
		['all canceled', [amounts(2, 0, 2), amounts(1, 0, 1)], 0, 'canceled', 'canceled'],
		['no lines at all', [], 0, 'open', 'partially_shipped'],
	];
	it.each(cases)('%s', (_, lines, pending, fromOpen, fromPartial) => {
		expect(deriveStatus('open', lines, { pending })).toBe(fromOpen);
		expect(deriveStatus('partially_shipped', lines, { pending })).toBe(fromPartial);
	});

	it('leaves every status alone in which the warehouse does not have the order', () => {
		for (const status of ORDER_STATUSES.filter((candidate) => candidate !== 'open' && candidate !== 'partially_shipped')) {
			expect(deriveStatus(status, [amounts(1, 1)], { pending: 0 })).toBe(status);
		}
	});

	it('closes only when nothing is outstanding and nothing waits for upload; the order of lines does not matter', () => {
		const given = fc.tuple(fc.array(anyLine, { maxLength: 6 }), fc.nat(2), fc.constantFrom<OrderStatus>('open', 'partially_shipped'));
		fc.assert(
			fc.property(given, ([lines, pending, status]) => {
				const to = deriveStatus(status, lines, { pending });
				const left = lines.some((line) => outstanding(line) > 0);
				const shipped = lines.some(({ quantityShipped }) => quantityShipped > 0);
				expect(to === 'closed').toBe(!left && shipped && pending === 0);
				expect(to === 'canceled').toBe(!left && !shipped && lines.length > 0);
				expect(deriveStatus(status, [...lines].reverse(), { pending })).toBe(to);
			}),
		);
	});
});

describe('matchLines', () => {
	const two = withLines(['A', 'MUG', 2], ['B', 'MUG', 3], ['C', 'TEE', 1]);
	const cases: Array<[what: string, reported: ReportedLine[], lines: Array<[string, number]>, problem: string | null]> = [
		['by our line id', [{ lineId: 'B', quantity: 1 }], [['B', 1]], null],
		['by the key of the cart', [{ externalId: 'ext-C', quantity: 1 }], [['C', 1]], null],
		['by SKU', [{ sku: 'TEE', quantity: 1 }], [['C', 1]], null],
		['by SKU in other letter case', [{ sku: 'tee', quantity: 1 }], [['C', 1]], null],
		['our line id counts before the SKU', [{ lineId: 'B', sku: 'TEE', quantity: 1 }], [['B', 1]], null],
		['an unknown line id falls back to the SKU', [{ lineId: 'Z', sku: 'TEE', quantity: 1 }], [['C', 1]], null],
		['empty names are passed over', [{ lineId: '', externalId: null, sku: 'TEE', quantity: 1 }], [['C', 1]], null],
		[
			'a SKU on several lines fills one after the other',
			[{ sku: 'MUG', quantity: 4 }],
			[
				['A', 2],
				['B', 2],
			],
			null,
		],
		[
			'the same SKU named twice goes on where it stopped',
			[
				{ sku: 'MUG', quantity: 1 },
				{ sku: 'MUG', quantity: 3 },
			],
			[
				['A', 2],
				['B', 2],
			],
			null,
		],
		[
			'more than all lines of the SKU have',
			[{ sku: 'MUG', quantity: 7 }],
			[
				['A', 4],
				['B', 3],
			],
			'over_shipment',
		],
		['more than one line has, while another of its SKU has room', [{ lineId: 'A', quantity: 3 }], [['A', 3]], 'over_shipment'],
		['an item that the order does not have', [{ sku: 'HAT', quantity: 1 }], [], 'unknown_shipment_line'],
		[
			'an unknown item next to a known one',
			[
				{ sku: 'HAT', quantity: 1 },
				{ sku: 'TEE', quantity: 1 },
			],
			[['C', 1]],
			'unknown_shipment_line',
		],
		[
			'the first problem is the one that is told',
			[
				{ sku: 'TEE', quantity: 2 },
				{ sku: 'HAT', quantity: 1 },
			],
			[['C', 2]],
			'over_shipment',
		],
		['nothing named at all', [{ quantity: 1 }], [], 'unknown_shipment_line'],
		['quantity nought', [{ sku: 'TEE', quantity: 0 }], [], null],
		['an empty list', [], [], null],
	];
	it.each(cases)('%s', (_, reported, lines, problem) => {
		const matched = matchLines(two, reported);
		expect(matched.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual(lines);
		expect(matched.problem?.code ?? null).toBe(problem);
	});

	it('does not guess between SKUs that differ by the case of letters only', () => {
		const alike = withLines(['A', 'tee-l', 1], ['B', 'TEE-L', 1]);
		expect(matchLines(alike, [{ sku: 'TEE-L', quantity: 1 }]).lines).toEqual([{ lineId: 'B', quantity: 1 }]);
		expect(matchLines(alike, [{ sku: 'Tee-L', quantity: 1 }])).toMatchObject({ lines: [], problem: { code: 'unknown_shipment_line' } });
	});

	it('names item, quantity and order in its alerts', () => {
		expect(matchLines(two, [{ sku: 'MUG', quantity: 7 }]).problem!.message).toBe('2 more of MUG than order #1001 had outstanding.');
		expect(matchLines(two, [{ sku: 'HAT', quantity: 1 }]).problem!.message).toBe(
			'The warehouse reports the item "HAT", which is not in order #1001.',
		);
		expect(matchLines(withLines(['A', null, 1]), [{ lineId: 'A', quantity: 2 }]).problem!.message).toContain('Item A');
	});

	it('takes null for everything outstanding, without what was shipped or canceled', () => {
		const order = withLines(['A', 'MUG', 2, 1], ['B', 'TEE', 1, 0, 1], ['C', 'HAT', 3]);
		expect(matchLines(order, null)).toEqual({
			lines: [
				{ lineId: 'A', quantity: 1 },
				{ lineId: 'C', quantity: 3 },
			],
			problem: null,
		});
		expect(matchLines(withLines(['A', 'MUG', 1, 1]), null)).toEqual({ lines: [], problem: null });
	});

	it('loses no unit of a known item, names each line once, and warns exactly when too much came', () => {
		const line = fc.tuple(fc.constantFrom('MUG', 'TEE'), fc.nat(5), fc.nat(3));
		const reports = fc.array(fc.record({ sku: fc.constantFrom('MUG', 'TEE', 'HAT'), quantity: fc.nat(6) }), { maxLength: 5 });
		fc.assert(
			fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), reports, (shape, reported) => {
				const order = withLines(
					...shape.map(([sku, quantity, shipped], index): [string, string, number, number] => [`L${index}`, sku, quantity, shipped]),
				);
				const { lines, problem } = matchLines(order, reported);
				expect(new Set(lines.map(({ lineId }) => lineId)).size).toBe(lines.length);
				let warn = false;
				for (const sku of ['MUG', 'TEE', 'HAT']) {
					const mine = order.lines.filter((candidate) => candidate.sku === sku);
					const named = reported.filter((report) => report.sku === sku);
					const came = named.reduce((sum, { quantity }) => sum + quantity, 0);
					const taken = lines.filter(({ lineId }) => mine.some(({ id }) => id === lineId)).reduce((sum, { quantity }) => sum + quantity, 0);
					expect(taken).toBe(mine.length === 0 ? 0 : came);
					const room = mine.reduce((sum, candidate) => sum + outstanding(candidate), 0);
					warn ||= mine.length === 0 ? named.length > 0 : came > room;
				}
				expect(problem !== null).toBe(warn);
			}),
		);
	});
});
