/** The X12 reader and writer on generated inputs: no crash, no hang, nothing lost without a word. */
import fc from 'fast-check';
import { X12Parser, type X12Interchange } from 'node-x12';
import { partnerOf } from '../../lib/wms/x12/settings';
import { readX12 } from '../../lib/wms/x12/read';
import { controlNumbersOf, reportOf } from '../../lib/wms/x12/inbox';
import { segmentsOf940, toRequest } from '../../lib/wms/x12/order940';
import { interchangeText } from '../../lib/wms/x12/write';
import { anOrder } from '../carts/order';
import { advice, madeByAnother, memoryNumbers, PARTNER } from '../wms/x12Harness';
import { changed, FUZZ, inTime, TIME_LIMIT_MS, type Change } from './settings';

jest.setTimeout(TIME_LIMIT_MS);

const partner = partnerOf(PARTNER);
const read = async (text: string) =>
	await inTime(async () => await reportOf(partner, controlNumbersOf(partner, memoryNumbers()), text, 'a.edi'));

const WORDS = [
	'ISA',
	'GS',
	'ST',
	'SE',
	'GE',
	'IEA',
	'W06',
	'W12',
	'LX',
	'MAN',
	'AK1',
	'AK9',
	'*',
	'~',
	'>',
	'\n',
	'\r\n',
	'945',
	'997',
	'0001',
	'17',
	'1',
	'SW',
	'FA',
	'acme.1',
	' ',
	'',
	'00',
	'*00*          ',
];
const HEADER = madeByAnother([]).slice(0, 106);

it('says something about every file, whatever is in it', async () => {
	const parts = fc
		.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 80 })
		.map((words) => words.join(''));
	await fc.assert(
		fc.asyncProperty(fc.boolean(), parts, async (begins, rest) => {
			const text = begins ? HEADER + rest : rest;
			const file = readX12(text);
			const problems =
				file.problems.length + file.interchanges.filter(({ problem, groups }) => problem !== null || groups.length === 0).length;
			const { events, failures } = await read(text);
			// What has neither events nor failures is an interchange that says nothing, and says so with right counts.
			if (events.length + failures.length === 0)
				expect(file.interchanges.every(({ groups }) => groups.every(({ transactions }) => transactions.length === 0))).toBe(true);
			if (problems > 0 && file.problems.length > 0) expect(failures.length).toBeGreaterThan(0);
		}),
		FUZZ,
	);
});

const change = fc.record<Change>({
	// Evenly: doubles as such are mostly next to 0.
	at: fc.integer({ min: 0, max: 9_999 }).map((place) => place / 10_000),
	how: fc.constantFrom('replace', 'insert', 'remove'),
	letter: fc.constantFrom('*', '~', '>', '\n', ' ', '0', '1', '9', 'A', 'E', 'S', 'T', '|', '\0', 'ä'),
});

it('loses no advice of a file in which letters were changed, without saying so', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 4 }),
			fc.array(change, { minLength: 1, maxLength: 3 }),
			fc.option(fc.integer({ min: 0, max: 10_000 }).map((place) => place / 10_000)),
			async (count, changes, cutAt) => {
				const whole = madeByAnother(
					Array.from({ length: count }, (_, index) =>
						advice(
							`acme.${index}`,
							`S${index}`,
							[
								['A', 2, 2],
								['B', 3, 2, 'CP'],
							],
							`1Z${index}`,
						),
					),
				);
				let text = changes.reduce(changed, whole);
				if (cutAt !== null) text = text.slice(0, Math.floor(text.length * cutAt));
				const { events, failures } = await read(text);
				const shipments = new Set(events.flatMap((event) => (event.kind === 'shipped' ? [event.externalId] : [])));
				if (failures.length === 0) expect(shipments.size).toBeGreaterThanOrEqual(count);
				for (const { message, remedy } of failures) expect([message, remedy].every((words) => words.length > 10)).toBe(true);
			},
		),
		FUZZ,
	);
});

const hostile = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 70 }),
	fc
		.array(fc.constantFrom('*', '~', '>', '\n', '\r', ' ', 'a', 'Z', '7', 'é', '漢', '😀', '\0', '\u0085'), { maxLength: 70 })
		.map((letters) => letters.join('')),
);
const SEPARATORS = fc.constantFrom(['*', '~', '>'], ['|', '\n', ':'], ['+', '\u0085', '<'], ['\u001d', '\u001c', '\u001f']);

it('writes orders of any text so that another library reads them strictly, and this one the same', async () => {
	const line = fc.record({
		sku: fc.stringMatching(/^[A-Z0-9][A-Z0-9./_-]{0,20}$/),
		name: hostile,
		quantity: fc.integer({ min: 1, max: 9999 }),
	});
	await fc.assert(
		fc.asyncProperty(
			SEPARATORS,
			fc.array(hostile, { minLength: 8, maxLength: 8 }),
			fc.array(line, { minLength: 1, maxLength: 5 }),
			fc.integer({ min: 1, max: 999_999_999 }),
			async ([elementSeparator, segmentTerminator, componentSeparator], texts, lines, number) => {
				const own = partnerOf({
					...PARTNER,
					elementSeparator: elementSeparator!,
					segmentTerminator: segmentTerminator!,
					componentSeparator: componentSeparator!,
				});
				const [name, company, address1, address2, city, region, notes, method] = texts.map((text) => [...text].slice(0, 30).join('')) as [
					string,
					string,
					string,
					string,
					string,
					string,
					string,
					string,
				];
				const order = anOrder({
					shippingAddress: {
						...anOrder().shippingAddress!,
						name: `A${name}`,
						company,
						address1: `B${address1}`,
						address2,
						city: `C${city}`.slice(0, 30),
						region,
					},
					shippingNotes: notes,
					giftMessage: texts[6]!,
					shippingMethod: method,
					lines: lines.map((each, index) => ({
						...anOrder().lines[0]!,
						...each,
						id: `L${index}`,
						quantityShipped: 0,
						quantityCanceled: 0,
					})),
				});
				const text = interchangeText(
					own,
					{ number, givenAt: '2026-11-23T07:30:00.000Z' },
					{ functionalId: 'OW', transactionSet: '940', segments: segmentsOf940(own, toRequest(order), number) },
				);
				const file = readX12(text);
				expect([
					file.problems,
					file.interchanges.map(({ problem, groups }) => [
						problem,
						...groups.map((group) => [group.problem, ...group.transactions.map((one) => one.problem)]),
					]),
				]).toEqual([[], [[null, [null, null]]]]);
				const ours = file.interchanges[0]!.groups[0]!.transactions[0]!.segments;
				expect(ours.filter((segment) => segment.name === 'W01').map(({ elements }) => [elements[4], Number(elements[0])])).toEqual(
					lines.map(({ sku, quantity }) => [sku, quantity]),
				);
				const theirs = (new X12Parser(true).parse(text) as X12Interchange).functionalGroups[0]!.transactions[0]!.segments;
				expect(theirs.map(({ tag, elements }) => [tag, ...elements.map(({ value }) => value)])).toEqual(
					ours.map((segment) => [segment.name, ...segment.elements]),
				);
				await Promise.resolve();
			},
		),
		FUZZ,
	);
});
