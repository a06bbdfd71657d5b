/** EDI X12 against another library: what we write it reads strictly, what it writes we read. */
import { X12Parser, type X12Interchange as OtherInterchange } from 'node-x12';
import { FolderFailure, type Folder } from '../../lib/files/Folder';
import { x12Wms } from '../../lib/wms/x12';
import { partnerOf, type X12Settings } from '../../lib/wms/x12/settings';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { Order } from '../../lib/order/order';
import { anOrder } from '../carts/order';
import { put, temporaryFolder, tree } from '../files/openLocal';
import { advice, madeByAnother, memoryNumbers, openX12, PARTNER, type X12Place } from './x12Harness';
import { nothingWaits } from './waiting';

const send = async (place: X12Place, changes: Partial<Order> = {}) => await place.session.createOrder(x12Wms.toRequest(anOrder(changes)));
const only = (place: X12Place, directory: string): string[] => Object.keys(tree(place.root)).filter((name) => name.startsWith(`${directory}/`) && !name.slice(directory.length + 1).includes('/'));
const textOf = (place: X12Place, file: string): string => tree(place.root)[file]!;

/** Strictly: wrong counts and control numbers are errors. */
function another(text: string): { interchange: OtherInterchange; segments: string[][] } {
	const interchange = new X12Parser(true).parse(text) as OtherInterchange;
	return { interchange, segments: interchange.functionalGroups[0]!.transactions[0]!.segments.map(({ tag, elements }) => [tag, ...elements.map(({ value }) => value ?? '')]) };
}

async function poll(place: X12Place) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of place.session.listShipments(null, nothingWaits)) {
		events.push(...page.events);
		failures.push(...page.failures.map(({ message }) => message));
		await page.afterRecorded?.();
	}
	return { events, failures };
}

describe('the order (940)', () => {
	it('is read by another library as it was meant', async () => {
		const place = openX12();
		const to = { ...anOrder().shippingAddress!, company: 'Analytical Engines', address3: 'Rear', region: 'MA' };
		expect(await send(place, { shippingAddress: to, carrier: 'UPSN', serviceLevel: 'GROUND', warehouse: 'WH1', requestedShipDate: '2026-11-24T00:00:00.000Z', shippingNotes: 'Leave at door', signatureRequired: true })).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
		const { interchange, segments } = another(textOf(place, 'to-warehouse/acme.1001.edi'));
		expect(interchange.header.elements.map(({ value }) => value?.trim())).toEqual(['00', '', '00', '', 'ZZ', 'MERCHANT', 'ZZ', 'WAREHOUSE3PL', '261123', '0730', 'U', '00401', '1', '0', 'P', '>']);
		expect(interchange.functionalGroups[0]!.header.elements.map(({ value }) => value)).toEqual(['OW', 'MERCHANT', 'WAREHOUSE3PL', '20261123', '0730', '1', 'X', '004010']);
		expect(segments).toEqual([
			['W05', 'N', 'acme.1001', '#1001'],
			['N1', 'ST', 'Ada Lovelace'], ['N2', 'Analytical Engines'], ['N3', '12 Byron St'], ['N3', 'Rear'], ['N4', 'Boston', 'MA', '02134', 'US'],
			['PER', 'IC', 'Ada Lovelace', 'TE', '+1 617 555 0100', 'EM', 'ada@example.com'],
			['N1', 'WH', '', '92', 'WH1'], ['N9', 'CO', '#1001'], ['G62', '10', '20261124'],
			['NTE', 'WHI', 'SIGNATURE REQUIRED'], ['NTE', 'WHI', 'Leave at door'],
			['W66', 'PP', 'U', '', '', 'GROUND', '', '', '', '', 'UPSN'],
			['LX', '1'], ['W01', '2', 'EA', '', 'VN', 'RED-MUG'], ['G69', 'RED-MUG'],
			['LX', '2'], ['W01', '1', 'EA', '', 'VN', 'TEE-L'], ['G69', 'TEE-L'],
			['W76', '3'],
		]);
	});

	it('uses the separators of the partner, which never stand in a text', async () => {
		const place = openX12({ settings: { elementSeparator: '|', segmentTerminator: '\n', componentSeparator: ':' } });
		await send(place, { shippingAddress: { ...anOrder().shippingAddress!, name: 'Ada|Love:lace\nJr', address1: 'Straße 5 „Hof“', region: 'Île-de-France' }, shippingNotes: 'a'.repeat(70) + ' ' + 'b'.repeat(30) });
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
		expect(await send(place, { lines })).toEqual({ kind: 'rejected', problems: ['L1', 'L2'].map((id) => expect.objectContaining({ field: `lines.${id}.sku`, value: 'RED*MUG', problem: expect.stringContaining('"*"') })) });
		expect(tree(place.root)).toEqual({});
	});

	it('has its control number in place of a reference that is too long for X12, and comes back under its reference', async () => {
		const place = openX12();
		const reference = '113_1234567_1234567.h3b7q2ma';
		expect(await send(place, { reference })).toEqual({ kind: 'accepted', wmsOrderId: reference });
		expect(another(textOf(place, `to-warehouse/${reference}.edi`)).segments[0]).toEqual(['W05', 'N', 'C000000001', '#1001']);
		expect(await send(place, { reference })).toMatchObject({ kind: 'duplicate' });
		place.receives({ 'a.edi': madeByAnother([advice('C000000001', 'S1', [['A', 1, 1]]), advice('C000000077', 'S2', [['A', 1, 1]])]) });
		expect((await poll(place)).events).toMatchObject([{ reference, externalId: 'S1' }, { reference: 'C000000077', externalId: 'S2' }]);
	});

	it('does not pass for another order on a disk that takes two names for one', async () => {
		const place = openX12();
		await send(place);
		await place.folder.move('to-warehouse', 'acme.1001.edi', 'aside');
		await place.folder.move('sent', 'acme.1001.edi', 'aside2');
		put(place.root, { 'to-warehouse/acme.1002.edi': textOf(place, 'aside/acme.1001.edi') });
		expect(await send(place, { reference: 'acme.1002' })).toMatchObject({ kind: 'rejected', problems: [{ problem: expect.stringContaining('holds another order, acme.1001') }] });
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
		expect(await send(place)).toEqual({ kind: 'duplicate', wmsOrderId: 'acme.1001' });
		expect(await place.session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'acme.1001' });
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
			const dying = (folder: Folder): Folder => new Proxy(folder, {
				get: (target, name: keyof Folder) => (typeof target[name] !== 'function' ? target[name] : async (...given: never[]) => {
					const dies = (steps += 1) === crashAt;
					const result = dies && when === 'before' ? null : await (target[name] as (...all: never[]) => Promise<unknown>)(...given);
					if (dies) throw new FolderFailure('killed', '', 'maybe');
					return result;
				}),
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

describe('the advice (945), made by another library', () => {
	const read = async (text: string, settings: Partial<X12Settings> = {}) => {
		const place = openX12({ settings });
		place.receives({ 'a.edi': text });
		return { ...(await poll(place)), place };
	};
	const shipped = (events: WmsEvent[]) => events.flatMap((event) => (event.kind === 'shipped' ? [[event.externalId, event.trackingNumber, event.lines?.map(({ sku, quantity }) => `${quantity} ${sku}`).join()]] : []));

	it('keeps parcels apart by their tracking numbers, and takes the same one together', async () => {
		const rows = advice('acme.1', 'S1', []).filter(([tag]) => !['LX', 'W12', 'W03', 'MAN'].includes(tag));
		const parcel = (number: string, tracking: string, sku: string, pieces: string) => [['LX', number], ['MAN', 'CP', tracking], ['W12', 'CC', pieces, pieces, '0', 'EA', '', 'VN', sku]] as [string, ...string[]][];
		const { events } = await read(madeByAnother([[...rows, ...parcel('1', '1Z1', 'A', '2'), ...parcel('2', '1Z2', 'A', '1'), ...parcel('3', '1Z2', 'B', '4'), ['W03', '7']]]));
		expect(shipped(events)).toEqual([['S1/1Z1', '1Z1', '2 A'], ['S1/1Z2', '1Z2', '1 A,4 B']]);
	});

	it.each<[string, string, [string, ...string[]]]>([
		['N9 with a qualifier', 'N9*2I', ['N9', '2I', '1Z7']],
		['an element of W06', 'W06-05', ['W06', 'N', 'acme.1', '20260905', 'S1', '1Z7']],
		['an element of W27', 'MAN*ZZ, W27-4', ['W27', 'M', 'UPSN', 'GROUND', '1Z7']],
	])('finds the tracking number in %s', async (_, trackingAt, row) => {
		const rows = advice('acme.1', 'S1', [['A', 1, 1]], '').filter(([tag]) => tag !== row[0]);
		rows.splice(row[0] === 'W06' ? 0 : 2, 0, row);
		expect(shipped((await read(madeByAnother([rows]), { trackingAt })).events)).toEqual([['S1', '1Z7', '1 A']]);
	});

	it.each([
		['by_status', 'CP', '1 A', '1 A'], ['by_status', 'BP', '1 A', null], ['canceled', 'BP', '1 A', '1 A'], ['follow', 'CL', '1 A', null],
	] as const)('takes pieces that are missing as agreed: %s, W12-01 %s', async (shortShipments, status, went, canceled) => {
		const { events, failures } = await read(madeByAnother([advice('acme.1', 'S1', [['A', 2, 1, status]])]), { shortShipments });
		expect(failures).toEqual([]);
		expect(shipped(events)).toEqual([['S1', '1Z999AA10123456784', went]]);
		expect(events.flatMap((event) => (event.kind === 'canceled' ? (event.lines ?? []).map(({ sku, quantity }) => `${quantity} ${sku}`) : []))).toEqual(canceled === null ? [] : [canceled]);
	});

	it.each<[string, (text: string) => string, RegExp]>([
		['a count of segments that is wrong', (text) => text.replace(/SE\*\d+/, 'SE*99'), /SE of transaction 0001 counts 99 segments/],
		['a control number of SE that does not fit', (text) => text.replace(/(SE\*\d+)\*0001/, '$1*0009'), /SE has the control number 0009, ST 0001/],
		['a count of transactions that is wrong', (text) => text.replace('GE*1*', 'GE*2*'), /GE of group 17 counts 2 transactions, there are 1/],
		['a control number of GE that does not fit', (text) => text.replace('GE*1*17', 'GE*1*18'), /GE has the control number 18, GS 17/],
		['a count of groups that is wrong', (text) => text.replace('IEA*1*', 'IEA*3*'), /IEA counts 3 groups/],
		['a control number of IEA that does not fit', (text) => text.replace(/IEA\*1\*\d+/, 'IEA*1*000000099'), /IEA has the control number 000000099/],
		['an interchange that is cut off', (text) => text.slice(0, text.indexOf('W12')), /cut off/],
		['an ISA that is cut off', (text) => text.slice(0, 50), /ISA is cut off/],
		['an ISA without its fixed widths', (text) => text.replace('WAREHOUSE3PL   ', 'WAREHOUSE3PL'), /fixed widths/],
		['segments with another separator than ISA names', (text) => text.slice(0, 106) + text.slice(106).replaceAll('*', '|'), /separators are not those that ISA names|stands outside/],
		['segments with another terminator than ISA names', (text) => text.slice(0, 106) + text.slice(106).replaceAll('~', '^'), /separators are not those that ISA names|stands outside/],
		['another receiver', () => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { receiver: 'SOMEBODY' }), /is for "SOMEBODY", we are "MERCHANT"/],
		['another sender', () => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { sender: 'STRANGER' }), /is from "STRANGER"/],
		['a test', () => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { usage: 'T' }), /is a test/],
		['a set that no warehouse sends', (text) => text.replace('ST*945', 'ST*850'), /"850" is none that a warehouse sends/],
		['a total that is wrong', (text) => text.replace('W03*1', 'W03*5'), /W03-01 counts 5 pieces, the lines hold 1/],
		['a quantity that is none', (text) => text.replace('W12*CC*1*1*', 'W12*CC*1*1x*'), /W12-03 is no whole number.*1x/],
		['a date that is none', (text) => text.replace('G62*11*20260905', 'G62*11*20260935'), /ship date cannot be read.*20260935/],
		['a reporting code that is not known', (text) => text.replace('W06*N*', 'W06*X*'), /W06-01 has a code that is not known.*X/],
		['no order', (text) => text.replace('W06*N*acme.1*', 'W06*N**'), /does not say which order/],
		['missing pieces with a status that is not known', (text) => text.replace('W12*CC*1*1*0', 'W12*QQ*2*1*1'), /W12-01 does not say whether the 1 missing pieces/],
		['no X12 at all', () => 'reference,shipment_id\nacme.1,S1\n', /something other than an interchange/],
		['nothing', () => '', /the file is empty/],
	])('tells %s, and keeps the file', async (_, change, message) => {
		const text = change(madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])]));
		const { events, failures, place } = await read(text);
		expect(events).toEqual([]);
		expect(failures).toEqual([expect.stringMatching(message)]);
		expect(only(place, 'from-warehouse/failed')).toEqual(['from-warehouse/failed/a.edi']);
		expect(textOf(place, 'from-warehouse/failed/a.edi')).toBe(text);
	});

	it('goes on with the transactions and interchanges that are right', async () => {
		const good = (reference: string, control: string) => madeByAnother([advice(reference, `S-${reference}`, [['A', 1, 1]])], { control });
		const broken = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]]), advice('acme.2', 'S2', [['A', 1, 1]])], { control: '18' }).replace(/SE\*\d+\*0001/, 'SE*2*0001');
		const { events, failures, place } = await read(`${good('acme.0', '17')}\n\n${broken}\nnonsense\n${good('acme.3', '19')}`);
		expect(shipped(events).map(([key]) => key)).toEqual(['S-acme.0', 'S2', 'S-acme.3']);
		expect(failures).toEqual([expect.stringContaining('something other'), expect.stringContaining('SE of transaction 0001 counts 2')]);
		const answers = only(place, 'to-warehouse').map((file) => another(textOf(place, file)).segments.map((segment) => segment.join('*')));
		expect(answers).toEqual([
			['AK1*SW*17', 'AK2*945*0001', 'AK5*A', 'AK9*A*1*1*1'],
			['AK1*SW*18', 'AK2*945*0001', 'AK5*R*4', 'AK2*945*0002', 'AK5*A', 'AK9*P*2*2*1'],
			['AK1*SW*19', 'AK2*945*0001', 'AK5*A', 'AK9*A*1*1*1'],
		]);
	});

	it('takes a repeated interchange as the same, and tells of a control number that comes with another content', async () => {
		const place = openX12();
		const text = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])]);
		place.receives({ 'a.edi': text });
		const first = await poll(place);
		place.receives({ 'b.edi': text, 'c.edi': madeByAnother([advice('acme.2', 'S2', [['A', 1, 1]])]) });
		const second = await poll(place);
		// The store knows the key of the shipment.
		expect(shipped(second.events)).toEqual(shipped(first.events));
		expect(second.failures).toEqual([expect.stringMatching(/control number 000000017 was used before for another content/)]);
		// The repeat gets the same answer as the first.
		expect(only(place, 'to-warehouse')).toEqual(['to-warehouse/997-000000001.edi']);
		expect(only(place, 'from-warehouse/archive')).toEqual(['from-warehouse/archive/a.edi', 'from-warehouse/archive/b.edi']);
		expect(only(place, 'from-warehouse/failed')).toEqual(['from-warehouse/failed/c.edi']);
	});

	it('tells of a transaction control number that stands twice in its group', async () => {
		const text = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]]), advice('acme.2', 'S2', [['A', 1, 1]])]).replace('ST*945*0002', 'ST*945*0001').replace(/(SE\*\d+)\*0002/, '$1*0001');
		const { events, failures } = await read(text);
		expect(shipped(events).map(([key]) => key)).toEqual(['S1']);
		expect(failures).toEqual([expect.stringContaining('0001 stands twice in group 17')]);
	});

	it('takes a corrected file under the number of the broken one', async () => {
		const place = openX12();
		const text = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])]);
		place.receives({ 'a.edi': text.replace('W03*1', 'W03*5') });
		expect((await poll(place)).events).toEqual([]);
		place.receives({ 'b.edi': text });
		expect(await poll(place)).toMatchObject({ events: [{ externalId: 'S1' }], failures: [] });
	});

	it('reads other separators, and files of 450 advices over several polls', async () => {
		const many = Array.from({ length: 450 }, (_, index) => advice(`acme.${index}`, `S${index}`, [['A', 1, 1]]));
		const place = openX12();
		place.receives({ 'a.edi': madeByAnother(many, { separators: { elementDelimiter: '|', segmentTerminator: '\u0085' } }) });
		const keys: string[] = [];
		let cursor = null;
		for (let run = 0; run < 5; run += 1) {
			for await (const page of place.session.listShipments(cursor, nothingWaits)) {
				keys.push(...shipped(page.events).map(([key]) => String(key)));
				await page.afterRecorded?.();
				cursor = page.next;
				break;
			}
		}
		expect(keys).toEqual(many.map((_, index) => `S${index}`));
	});

	it('does not answer when the partner wants no 997', async () => {
		const { place } = await read(madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])]), { acknowledge: false });
		expect(only(place, 'to-warehouse')).toEqual([]);
	});
});

describe('the acknowledgement (997)', () => {
	const acknowledge = (group: string, verdict: string, part = verdict) => madeByAnother([[['AK1', 'OW', group], ['AK2', '940', '0001'], ['AK3', 'N4', '6'], ['AK5', part, '5'], ['AK9', verdict, '1', '1', verdict === 'R' ? '0' : '1']]], { set: '997', functionalId: 'FA', control: '30' });

	it.each([['A', 'A'], ['E', 'E'], ['P', 'A']])('that accepts (AK9 %s, AK5 %s) confirms the order, is not answered, and ends the wait', async (verdict, part) => {
		const place = openX12();
		await send(place);
		place.receives({ 'a.edi': acknowledge('1', verdict, part) });
		expect(await poll(place)).toEqual({ events: [{ kind: 'acknowledged', reference: 'acme.1001', origin: expect.any(String) }], failures: [] });
		expect(only(place, 'to-warehouse')).toEqual(['to-warehouse/acme.1001.edi']);
		expect(only(place, 'sent/acknowledged')).toEqual(['sent/acknowledged/acme.1001.edi']);
		expect(only(place, 'sent')).toEqual([]);
	});

	it.each([['R', 'R'], ['P', 'R'], ['X', 'X']])('that refuses (AK9 %s, AK5 %s) says why', async (verdict, part) => {
		const place = openX12();
		await send(place);
		place.receives({ 'a.edi': acknowledge('1', verdict, part) });
		expect(await poll(place)).toMatchObject({ events: [{ kind: 'rejected', reference: 'acme.1001', problems: [{ problem: expect.stringContaining('AK3*N4*6'), code: 'rejected_by_wms' }] }], failures: [] });
	});

	it('of a group that we did not send, or without a verdict, is a failure', async () => {
		const place = openX12();
		place.receives({ 'a.edi': acknowledge('99', 'A'), 'b.edi': acknowledge('1', 'Q').replace('*000000030*', '*000000031*').replace('IEA*1*000000030', 'IEA*1*000000031') });
		expect((await poll(place)).failures).toEqual([expect.stringContaining('the group 99, which we did not send'), expect.stringContaining('AK9 does not say')]);
	});

	it('that does not come in time is told once, and is taken when it comes after all', async () => {
		const place = openX12({ settings: { acknowledgementHours: 4 } });
		await send(place);
		expect(await poll(place)).toEqual({ events: [], failures: [] });
		jest.useFakeTimers({ now: Date.now() + 5 * 3_600_000, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'setInterval'] });
		try {
			expect((await poll(place)).failures).toEqual([expect.stringMatching(/acme\.1001\.edi \(no 997 within 4 hours\)/)]);
			expect(await poll(place)).toEqual({ events: [], failures: [] });
		} finally {
			jest.useRealTimers();
		}
		expect(await place.session.findOrder('acme.1001')).not.toBeNull();
		place.receives({ 'a.edi': acknowledge('1', 'A') });
		expect((await poll(place)).events).toMatchObject([{ kind: 'acknowledged' }]);
		expect(only(place, 'sent/acknowledged')).toHaveLength(1);
	});
});

describe('the partner', () => {
	it.each<[Partial<X12Settings>, RegExp]>([
		[{ ourId: '' }, /our ID/], [{ theirId: 'A'.repeat(16) }, /warehouse's ID/], [{ ourQualifier: 'z' }, /qualifier/],
		[{ elementSeparator: 'A' }, /separator/], [{ elementSeparator: '~' }, /different/], [{ ourId: 'A*B' }, /contains a separator/],
		[{ trackingAt: 'somewhere' }, /tracking/], [{ incoming: 'to-warehouse' }, /same directory/],
	])('is refused with what is wrong: %j', (settings, message) => {
		expect(() => partnerOf({ ...PARTNER, ...settings })).toThrow(expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }));
	});
});
