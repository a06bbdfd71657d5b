import fc from 'fast-check';
import {
	changesOf,
	checkedValue,
	currentContent,
	describeLines,
	differences,
	SETTABLE_PATHS,
	valueAt,
	withEdits,
	withValue,
	type OrderEdits,
} from '../../lib/order/layers';
import type { JsonValue, OrderContent } from '../../lib/order/order';
import { content, line } from '../store/fixtures';

const ADDRESS_PATH = 'shippingAddress.address1';

describe('checkedValue', () => {
	const taken: Array<[path: string, value: JsonValue, stored: JsonValue]> = [
		['notes', 'call first', 'call first'],
		['notes', '', null],
		['notes', null, null],
		['notes', 7, '7'],
		['notes', true, 'true'],
		['customer.email', 'a@b.example', 'a@b.example'],
		['shippingAddress.country', 'de', 'DE'],
		['billingAddress.country', '', null],
		['custom.batch', { a: [1] }, { a: [1] }],
		['custom.My field-2', false, false],
		['custom.toString', 'x', 'x'],
		['lines.L1.quantity', 0, 0],
		['lines.L1.sku', '', null],
		['lines.L1.name', 'Mug', 'Mug'],
		['signatureRequired', true, true],
		['insuredAmount', '19.90', '19.90'],
		['insuredAmount', 19.9, '19.9'],
		['insuredAmount', '', null],
		['insuredAmount', null, null],
		['requestedShipDate', '2026-12-24', '2026-12-24T00:00:00.000Z'],
		['requestedShipDate', '2026-12-24T10:00:00+01:00', '2026-12-24T09:00:00.000Z'],
		['requestedShipDate', '', null],
		['signatureRequired', ' TRUE', true],
		['signatureRequired', 'false', false],
	];
	it.each(taken)('%s = %j is kept as %j', (path, value, stored) => expect(checkedValue(path, value)).toEqual(stored));

	const refused: Array<[path: string, value: JsonValue]> = [
		['custom.__proto__', 'x'],
		['custom.constructor', 'x'],
		['custom.prototype', 'x'],
		['__proto__', 'x'],
		['constructor', 'x'],
		['__proto__.polluted', 'x'],
		['shippingAddress.__proto__', 'x'],
		['shippingAddress.constructor', 'x'],
		['custom.a.b', 'x'],
		['custom.', 'x'],
		['custom. a', 'x'],
		[`custom.${'a'.repeat(65)}`, 'x'],
		['id', '7'],
		['status', 'open'],
		['orderNumber', '#2'],
		['lines', []],
		['lines.L1.externalId', 'x'],
		['lines.L1.quantity.x', 1],
		['lines.L1.quantity', -1],
		['lines.L1.quantity', 1.5],
		['lines.L1.quantity', '2'],
		['lines.L1.quantity', null],
		['lines.L1.sku', { a: 1 }],
		['signatureRequired', 'yes'],
		['signatureRequired', null],
		['insuredAmount', '19,90'],
		['insuredAmount', -1],
		['insuredAmount', '1e3'],
		['insuredAmount', true],
		['requestedShipDate', 'tomorrow'],
		['requestedShipDate', 5],
		['shippingAddress.country', 'Germany'],
		['notes', ['x']],
		['notes', { text: 'x' }],
	];
	it.each(refused)('%s = %j is refused, and the refusal names the path', (path, value) => {
		expect(() => checkedValue(path, value)).toThrow(
			expect.objectContaining({
				code: 'invalid_input',
				message: expect.stringContaining(`${path}: `),
				remedy: expect.stringMatching(/\.$/),
			}),
		);
	});

	it('keeps what it gave: checking twice changes nothing', () => {
		const value = fc.oneof(
			fc.string(),
			fc.integer(),
			fc.boolean(),
			fc.constant(null),
			fc.constant('2026-12-24'),
			fc.constant('us'),
			fc.constant('12.5'),
		);
		const path = fc.constantFrom(...SETTABLE_PATHS, 'custom.a', 'lines.L1.quantity', 'lines.L1.sku');
		fc.assert(
			fc.property(path, value, (at, given) => {
				let stored: JsonValue;
				try {
					stored = checkedValue(at, given);
				} catch {
					return;
				}
				expect(checkedValue(at, stored)).toEqual(stored);
			}),
		);
	});
});

describe('valueAt and withValue', () => {
	it('read back what was set, change nothing else, and leave the given content alone', () => {
		const path = fc.constantFrom(...SETTABLE_PATHS, 'custom.a', 'custom.toString', 'lines.L2.sku', 'lines.L1.name');
		fc.assert(
			fc.property(path, fc.string({ minLength: 1 }), (at, value) => {
				const before = content('N1', { signatureRequired: false });
				const after = withValue(before, at, value);
				expect(valueAt(after, at)).toBe(value);
				expect(before).toEqual(content('N1'));
				expect(withValue(after, at, valueAt(before, at))).toEqual({
					...before,
					...(after.billingAddress && { billingAddress: expect.anything() }),
					...(at.startsWith('custom.') && { custom: expect.anything() }),
				});
			}),
		);
	});

	it('give null for what is absent, also for what every object inherits', () => {
		for (const path of [
			'billingAddress.city',
			'custom.none',
			'custom.toString',
			'custom.constructor',
			'lines.L9.quantity',
			'lines.__proto__.name',
			'nothing.at.all',
		]) {
			expect(valueAt(content('N1'), path)).toBeNull();
		}
	});

	it('make an address that was not there', () => {
		expect(withValue(content('N1'), 'billingAddress.city', 'Rome').billingAddress).toMatchObject({
			city: 'Rome',
			name: null,
			country: null,
		});
	});

	it('pollute no prototype, even with a path that was never checked', () => {
		withEdits(content('N1'), JSON.parse('{"custom.__proto__": {"polluted": 1}, "lines.__proto__.name": "x"}') as OrderEdits);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});

describe('edits over a snapshot', () => {
	const edits: OrderEdits = { [ADDRESS_PATH]: '7 Oak St', 'lines.L2.quantity': 4, 'custom.gift': true };

	it('win over the snapshot, and stay when the cart changes it', () => {
		const changed = content('N1', {
			notes: 'new note',
			shippingAddress: { ...content('N1').shippingAddress!, address1: '9 Elm St', city: 'Rome' },
		});
		for (const snapshot of [content('N1'), changed]) {
			const edited = withEdits(snapshot, edits);
			expect(edited).toMatchObject({
				shippingAddress: { address1: '7 Oak St', city: snapshot.shippingAddress!.city },
				notes: snapshot.notes,
				custom: { gift: true },
			});
			expect(edited.lines.map(({ quantity }) => quantity)).toEqual([2, 4]);
		}
	});

	it('of a line that is gone are left out, and come back with the line', () => {
		const without = content('N1', { lines: [line('L1', 'RED-MUG', 2)] });
		expect(withEdits(without, edits).lines).toEqual([line('L1', 'RED-MUG', 2)]);
		expect(withEdits(content('N1'), edits).lines[1]!.quantity).toBe(4);
	});

	it('are hidden by the result of the rules, and shown without one', () => {
		const layers = { snapshot: content('N1'), edits, result: null };
		expect(currentContent(layers)).toEqual(withEdits(layers.snapshot, edits));
		const result = content('N1', { warehouse: 'WH1' });
		expect(currentContent({ ...layers, result })).toBe(result);
	});
});

describe('changesOf', () => {
	it('lists what changes with old and new value, in their stored form', () => {
		expect(
			changesOf(content('N1'), {
				[ADDRESS_PATH]: '7 Oak St',
				notes: '',
				shippingMethod: 'Standard',
				'shippingAddress.country': 'us',
				'lines.L1.quantity': 3,
			}),
		).toEqual([
			{ path: ADDRESS_PATH, before: '5 Elm St', after: '7 Oak St' },
			{ path: 'lines.L1.quantity', before: 2, after: 3 },
		]);
	});
	it('refuses a line that the order does not have, and names those it has', () => {
		expect(() => changesOf(content('N1'), { 'lines.L9.quantity': 1 })).toThrow(
			expect.objectContaining({ code: 'invalid_input', remedy: 'Its lines are: L1, L2.' }),
		);
		expect(() => changesOf(content('N1'), { 'lines.__proto__.name': 'x' })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
	});
	it('refuses all when one value is refused', () => {
		expect(() => changesOf(content('N1'), { notes: 'ok', 'custom.__proto__': 1 })).toThrow(/reserved/);
		expect(() => changesOf(content('N1'), JSON.parse('{"__proto__": 1}') as OrderEdits)).toThrow(/does not exist/);
	});
	it('applied, leaves nothing more to change', () => {
		const edits = fc.dictionary(fc.constantFrom('notes', 'carrier', 'custom.a', 'lines.L1.sku', ADDRESS_PATH), fc.string());
		fc.assert(
			fc.property(edits, (given) => {
				const stored = Object.fromEntries(changesOf(content('N1'), given).map(({ path, after }) => [path, after]));
				expect(changesOf(withEdits(content('N1'), stored), given)).toEqual([]);
			}),
		);
	});
});

describe('differences', () => {
	it('names the path of each field that differs; lines go by their id, lists are whole', () => {
		const after = content('N1', {
			notes: 'x',
			tags: ['vip'],
			lines: [line('L2', 'TEE-L', 1), { ...line('L1', 'RED-MUG', 5) }, line('L3', 'HAT', 1)],
		});
		expect(differences(content('N1'), after)).toEqual([
			{ path: 'lines.L1.quantity', before: 2, after: 5 },
			{ path: 'lines.L3', before: null, after: line('L3', 'HAT', 1) },
			{ path: 'tags', before: ['web'], after: ['vip'] },
			{ path: 'notes', before: null, after: 'x' },
		]);
	});
	it('sees no difference between equal contents, and the same ones backwards', () => {
		const changes = fc.record({
			notes: fc.option(fc.string()),
			custom: fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<JsonValue>),
			tags: fc.array(fc.string()),
		});
		const byPath = (list: ReturnType<typeof differences>) => [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
		fc.assert(
			fc.property(changes, changes, (one, other) => {
				const [left, right]: OrderContent[] = [content('N1', one), content('N1', other)];
				expect(differences(left!, left!)).toEqual([]);
				expect(byPath(differences(right!, left!))).toEqual(
					byPath(differences(left!, right!).map(({ path, before, after }) => ({ path, before: after, after: before }))),
				);
			}),
		);
	});
	it('takes what every object inherits for absent', () => {
		const after = content('N1', { custom: { toString: 'x', constructor: 'y', ['__proto__']: 'z' } });
		expect(differences(content('N1'), after)).toEqual([
			{ path: 'custom.toString', before: null, after: 'x' },
			{ path: 'custom.constructor', before: null, after: 'y' },
			{ path: 'custom.__proto__', before: null, after: 'z' },
		]);
	});
});

describe('describeLines', () => {
	it('says how many of what, by name where there is no SKU, and how many more', () => {
		expect(describeLines([line('1', 'MUG', 2), { ...line('2', 'x', 1), sku: null, name: 'Tee' }])).toBe('2 × MUG, 1 × Tee');
		expect(
			describeLines(
				Array.from({ length: 10 }, () => line('1', 'A', 1)),
				2,
			),
		).toBe('1 × A, 1 × A … and 8 more');
		expect(describeLines([])).toBe('');
	});
});
