/** EDI X12, orders (940): what we write another library reads strictly. */
import { FolderFailure, type Folder } from '../../lib/files/Folder';
import { partnerOf, type X12Settings } from '../../lib/wms/x12/settings';
import { anOrder } from '../carts/order';
import { put, takenAtOnce, temporaryFolder, tree } from '../files/openLocal';
import { advice, madeByAnother, memoryNumbers, openX12, PARTNER } from './x12Harness';
import { another, only, poll, send, textOf } from './x12Tools';

describe('the order (940)', () => {
	it('is read by another library as it was meant', async () => {
		const place = openX12();
		const to = { ...anOrder().shippingAddress!, company: 'Analytical Engines', address3: 'Rear', region: 'MA' };
		expect(
			await send(place, {
				shippingAddress: to,
				carrier: 'UPSN',
				serviceLevel: 'GROUND',
				warehouse: 'WH1',
				requestedShipDate: '2026-11-24T00:00:00.000Z',
				shippingNotes: 'Leave at door',
				signatureRequired: true,
			}),
		).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
		const { interchange, segments } = another(textOf(place, 'to-warehouse/acme.1001.edi'));
		expect(interchange.header.elements.map(({ value }) => value?.trim())).toEqual([
			'00',
			'',
			'00',
			'',
			'ZZ',
			'MERCHANT',
			'ZZ',
			'WAREHOUSE3PL',
			'261123',
			'0730',
			'U',
			'00401',
			'1',
			'0',
			'P',
			'>',
		]);
		expect(interchange.functionalGroups[0]!.header.elements.map(({ value }) => value)).toEqual([
			'OW',
			'MERCHANT',
			'WAREHOUSE3PL',
			'20261123',
			'0730',
			'1',
			'X',
			'004010',
		]);
		expect(segments).toEqual([
			['W05', 'N', 'acme.1001', '#1001'],
			['N1', 'ST', 'Ada Lovelace'],
			['N2', 'Analytical Engines'],
			['N3', '12 Byron St'],
			['N3', 'Rear'],
			['N4', 'Boston', 'MA', '02134', 'US'],
			['PER', 'IC', 'Ada Lovelace', 'TE', '+1 617 555 0100', 'EM', 'ada@example.com'],
			['N1', 'WH', '', '92', 'WH1'],
			['N9', 'CO', '#1001'],
			['G62', '10', '20261124'],
			['NTE', 'WHI', 'SIGNATURE REQUIRED'],
			['NTE', 'WHI', 'Leave at door'],
			['W66', 'PP', 'U', '', '', 'GROUND', '', '', '', '', 'UPSN'],
			['LX', '1'],
			['W01', '2', 'EA', '', 'VN', 'RED-MUG'],
			['G69', 'RED-MUG'],
			['LX', '2'],
			['W01', '1', 'EA', '', 'VN', 'TEE-L'],
			['G69', 'TEE-L'],
			['W76', '3'],
		]);
	});

	it('uses the separators of the partner, which never stand in a text', async () => {
		const place = openX12({ settings: { elementSeparator: '|', segmentTerminator: '\n', componentSeparator: ':' } });
		await send(place, {
			shippingAddress: { ...anOrder().shippingAddress!, name: 'Ada|Love:lace\nJr', address1: 'Straße 5 „Hof“', region: 'Île-de-France' },
			shippingNotes: 'a'.repeat(70) + ' ' + 'b'.repeat(30),
		});
		const text = textOf(place, 'to-warehouse/acme.1001.edi');
		expect(text.slice(0, 106)).toMatch(/^ISA\|00\|.*\|P\|:\n$/);
		const { segments } = another(text);
		expect(segments).toContainEqual(['N1', 'ST', 'Ada Love lace Jr']);
		expect(segments.find(([tag]) => tag === 'N3')?.[1]).toMatch(/^Strasse 5 [\x20-\x7e]*Hof/);
		expect(segments).toContainEqual(['N4', 'Boston', '', '02134', 'US', 'SP', 'Ile-de-France']);
		expect(segments.filter(([tag]) => tag === 'NTE').map(([, , note]) => note)).toEqual(['a'.repeat(70), 'b'.repeat(30)]);
	});

	it('is refused when a key would not come back as it is', async () => {
		const place = openX12();
		const lines = anOrder().lines.map((line) => ({ ...line, sku: 'RED*MUG' }));
		expect(await send(place, { lines })).toEqual({
			kind: 'rejected',
			problems: ['L1', 'L2'].map((id) =>
				expect.objectContaining({ field: `lines.${id}.sku`, value: 'RED*MUG', problem: expect.stringContaining('"*"') }),
			),
		});
		expect(tree(place.root)).toEqual({});
	});

	it('has its control number in place of a reference that is too long for X12, and comes back under its reference', async () => {
		const place = openX12();
		const reference = '113_1234567_1234567.h3b7q2ma';
		expect(await send(place, { reference })).toEqual({ kind: 'accepted', wmsOrderId: reference });
		expect(another(textOf(place, `to-warehouse/${reference}.edi`)).segments[0]).toEqual(['W05', 'N', 'C000000001', '#1001']);
		expect(await send(place, { reference })).toMatchObject({ kind: 'duplicate' });
		place.receives({ 'a.edi': madeByAnother([advice('C000000001', 'S1', [['A', 1, 1]]), advice('C000000077', 'S2', [['A', 1, 1]])]) });
		expect((await poll(place)).events).toMatchObject([
			{ reference, externalId: 'S1' },
			{ reference: 'C000000077', externalId: 'S2' },
		]);
	});

	it('was taken by the partner the moment it appeared: nobody else sent it', async () => {
		const place = openX12({ through: (folder) => takenAtOnce(folder, 'to-warehouse') });
		expect(await send(place)).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
		expect(Object.keys(tree(place.root))).toEqual(['sent/acme.1001.edi', 'to-warehouse/processed/acme.1001.edi']);
	});

	it('does not pass for another order on a disk that takes two names for one', async () => {
		const place = openX12();
		await send(place);
		await place.folder.move('to-warehouse', 'acme.1001.edi', 'aside');
		await place.folder.move('sent', 'acme.1001.edi', 'aside2');
		put(place.root, { 'to-warehouse/acme.1002.edi': textOf(place, 'aside/acme.1001.edi') });
		expect(await send(place, { reference: 'acme.1002' })).toMatchObject({
			kind: 'rejected',
			problems: [{ problem: expect.stringContaining('holds another order, acme.1001') }],
		});
	});

	it('has control numbers of its own that count on, beginning where the partner wants', async () => {
		const place = openX12({ settings: { firstControlNumber: 4711 } });
		for (const reference of ['acme.1', 'acme.2']) await send(place, { reference });
		expect(only(place, 'to-warehouse').map((file) => textOf(place, file).slice(90, 99))).toEqual(['000004711', '000004712']);
	});

	it('is known by its copy when the warehouse has removed it, and by "processed"', async () => {
		const place = openX12();
		await send(place);
		await place.folder.move('to-warehouse', 'acme.1001.edi', 'elsewhere');
		expect(await send(place)).toEqual({ kind: 'duplicate', wmsOrderId: 'acme.1001', differs: null });
		expect(await place.session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'acme.1001' });
		const moved = await send(place, anOrder({ shippingAddress: { ...anOrder().shippingAddress!, address1: '7 Oak St' } }));
		expect(moved).toMatchObject({ kind: 'duplicate', differs: '"N3*12 Byron St" → "N3*7 Oak St"' });
		put(place.root, { 'to-warehouse/processed/acme.7.edi': 'x' });
		expect(await place.session.findOrder('acme.7')).toEqual({ wmsOrderId: 'acme.7' });
		expect(await place.orders()).toEqual([]);
	});

	it.each(['before', 'after'])('is the same interchange, byte for byte, whatever step a crash came %s', async (when) => {
		const whole = openX12();
		await send(whole);
		const expected = textOf(whole, 'to-warehouse/acme.1001.edi');
		const takenByWarehouse = new Set<string>();
		let steps = 0;
		for (let crashAt = 1; crashAt === 1 || steps >= crashAt - 1; crashAt += 1) {
			const store = memoryNumbers();
			const place = temporaryFolder();
			steps = 0;
			const dying = (folder: Folder): Folder =>
				new Proxy(folder, {
					get: (target, name: keyof Folder) =>
						typeof target[name] !== 'function'
							? target[name]
							: async (...given: never[]) => {
									const dies = (steps += 1) === crashAt;
									const result = dies && when === 'before' ? null : await (target[name] as (...all: never[]) => Promise<unknown>)(...given);
									if (dies) throw new FolderFailure('killed', '', 'maybe');
									return result;
								},
				});
			await send(openX12({ store, place, through: dying }));
			// The warehouse takes what is there at this moment, and removes it.
			const before = tree(place.root)['to-warehouse/acme.1001.edi'];
			if (before !== undefined) await place.folder.move('to-warehouse', 'acme.1001.edi', 'elsewhere');
			const again = openX12({ store, place });
			if ((await again.session.findOrder('acme.1001')) === null) expect((await send(again)).kind).toBe('accepted');
			const after = tree(place.root)['to-warehouse/acme.1001.edi'];
			for (const text of [before, after]) if (text !== undefined) takenByWarehouse.add(text);
			expect([before, after].filter((text) => text !== undefined).length).toBeGreaterThan(0);
		}
		expect(steps).toBeGreaterThan(4);
		// Some come twice: as a repeat that the warehouse's translator knows by its numbers.
		expect([...takenByWarehouse]).toEqual([expected]);
	});

	it('is canceled or taken, never both', async () => {
		const place = openX12();
		await send(place);
		expect(await place.session.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).toBe('canceled');
		expect(await send(place)).toMatchObject({ kind: 'accepted' });
		await place.folder.move('to-warehouse', 'acme.1001.edi', 'elsewhere');
		expect(await place.session.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).toBe('too_late');
	});
});

describe('the partner', () => {
	it.each<[Partial<X12Settings>, RegExp]>([
		[{ ourId: '' }, /our ID/],
		[{ theirId: 'A'.repeat(16) }, /warehouse's ID/],
		[{ ourQualifier: 'z' }, /qualifier/],
		[{ elementSeparator: 'A' }, /separator/],
		[{ elementSeparator: '~' }, /different/],
		[{ ourId: 'A*B' }, /contains a separator/],
		[{ trackingAt: 'somewhere' }, /tracking/],
		[{ incoming: 'to-warehouse' }, /same directory/],
	])('is refused with what is wrong: %j', (settings, message) => {
		expect(() => partnerOf({ ...PARTNER, ...settings })).toThrow(
			expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
		);
	});
});
