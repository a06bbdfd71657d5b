/** EDI X12, reports (945, 997): what another library writes we read, and what is broken is told. */
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { X12Settings } from '../../lib/wms/x12/settings';
import { nothingWaits } from './waiting';
import { advice, madeByAnother, openX12 } from './x12Harness';
import { another, only, poll, send, textOf } from './x12Tools';

describe('the advice (945), made by another library', () => {
	const read = async (text: string, settings: Partial<X12Settings> = {}) => {
		const place = openX12({ settings });
		place.receives({ 'a.edi': text });
		return { ...(await poll(place)), place };
	};
	const shipped = (events: WmsEvent[]) =>
		events.flatMap((event) =>
			event.kind === 'shipped'
				? [[event.externalId, event.trackingNumber, event.lines?.map(({ sku, quantity }) => `${quantity} ${sku}`).join()]]
				: [],
		);

	it('keeps parcels apart by their tracking numbers, and takes the same one together', async () => {
		const rows = advice('acme.1', 'S1', []).filter(([tag]) => !['LX', 'W12', 'W03', 'MAN'].includes(tag));
		const parcel = (number: string, tracking: string, sku: string, pieces: string) =>
			[
				['LX', number],
				['MAN', 'CP', tracking],
				['W12', 'CC', pieces, pieces, '0', 'EA', '', 'VN', sku],
			] as [string, ...string[]][];
		const { events } = await read(
			madeByAnother([
				[...rows, ...parcel('1', '1Z1', 'A', '2'), ...parcel('2', '1Z2', 'A', '1'), ...parcel('3', '1Z2', 'B', '4'), ['W03', '7']],
			]),
		);
		expect(shipped(events)).toEqual([
			['S1/1Z1', '1Z1', '2 A'],
			['S1/1Z2', '1Z2', '1 A,4 B'],
		]);
	});

	it('keeps every number of a loop of several cartons', async () => {
		const rows = advice('acme.1', 'S1', [['A', 10, 10]], '1Z1');
		rows.splice(rows.findIndex(([tag]) => tag === 'MAN') + 1, 0, ['MAN', 'CP', '1Z2'], ['MAN', 'CP', '1Z1']);
		const { events } = await read(madeByAnother([rows]));
		expect(shipped(events)).toEqual([['S1', '1Z1', '10 A']]);
		expect(events).toMatchObject([{}, { packages: [{ trackingNumbers: ['1Z1', '1Z2'] }] }].slice(-events.length));
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
		['by_status', 'CP', '1 A', '1 A'],
		['by_status', 'BP', '1 A', null],
		['canceled', 'BP', '1 A', '1 A'],
		['follow', 'CL', '1 A', null],
	] as const)('takes pieces that are missing as agreed: %s, W12-01 %s', async (shortShipments, status, went, canceled) => {
		const { events, failures } = await read(madeByAnother([advice('acme.1', 'S1', [['A', 2, 1, status]])]), { shortShipments });
		expect(failures).toEqual([]);
		expect(shipped(events)).toEqual([['S1', '1Z999AA10123456784', went]]);
		expect(
			events.flatMap((event) => (event.kind === 'canceled' ? (event.lines ?? []).map(({ sku, quantity }) => `${quantity} ${sku}`) : [])),
		).toEqual(canceled === null ? [] : [canceled]);
	});

	it.each<[string, (text: string) => string, RegExp]>([
		['a count of segments that is wrong', (text) => text.replace(/SE\*\d+/, 'SE*99'), /SE of transaction 0001 counts 99 segments/],
		[
			'a control number of SE that does not fit',
			(text) => text.replace(/(SE\*\d+)\*0001/, '$1*0009'),
			/SE has the control number 0009, ST 0001/,
		],
		[
			'a count of transactions that is wrong',
			(text) => text.replace('GE*1*', 'GE*2*'),
			/GE of group 17 counts 2 transactions, there are 1/,
		],
		['a control number of GE that does not fit', (text) => text.replace('GE*1*17', 'GE*1*18'), /GE has the control number 18, GS 17/],
		['a count of groups that is wrong', (text) => text.replace('IEA*1*', 'IEA*3*'), /IEA counts 3 groups/],
		[
			'a control number of IEA that does not fit',
			(text) => text.replace(/IEA\*1\*\d+/, 'IEA*1*000000099'),
			/IEA has the control number 000000099/,
		],
		['an interchange that is cut off', (text) => text.slice(0, text.indexOf('W12')), /cut off/],
		['an ISA that is cut off', (text) => text.slice(0, 50), /ISA is cut off/],
		['an ISA without its fixed widths', (text) => text.replace('WAREHOUSE3PL   ', 'WAREHOUSE3PL'), /fixed widths/],
		[
			'segments with another separator than ISA names',
			(text) => text.slice(0, 106) + text.slice(106).replaceAll('*', '|'),
			/separators are not those that ISA names|stands outside/,
		],
		[
			'segments with another terminator than ISA names',
			(text) => text.slice(0, 106) + text.slice(106).replaceAll('~', '^'),
			/separators are not those that ISA names|stands outside/,
		],
		[
			'another receiver',
			() => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { receiver: 'SOMEBODY' }),
			/is for "SOMEBODY", we are "MERCHANT"/,
		],
		['another sender', () => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { sender: 'STRANGER' }), /is from "STRANGER"/],
		['a test', () => madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])], { usage: 'T' }), /is a test/],
		['a set that no warehouse sends', (text) => text.replace('ST*945', 'ST*850'), /"850" is none that a warehouse sends/],
		['a total that is wrong', (text) => text.replace('W03*1', 'W03*5'), /W03-01 counts 5 pieces, the lines hold 1/],
		['a quantity that is none', (text) => text.replace('W12*CC*1*1*', 'W12*CC*1*1x*'), /W12-03 is no whole number.*1x/],
		['a date that is none', (text) => text.replace('G62*11*20260905', 'G62*11*20260935'), /ship date cannot be read.*20260935/],
		['a reporting code that is not known', (text) => text.replace('W06*N*', 'W06*X*'), /W06-01 has a code that is not known.*X/],
		['no order', (text) => text.replace('W06*N*acme.1*', 'W06*N**'), /does not say which order/],
		[
			'missing pieces with a status that is not known',
			(text) => text.replace('W12*CC*1*1*0', 'W12*QQ*2*1*1'),
			/W12-01 does not say whether the 1 missing pieces/,
		],
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
		const broken = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]]), advice('acme.2', 'S2', [['A', 1, 1]])], { control: '18' }).replace(
			/SE\*\d+\*0001/,
			'SE*2*0001',
		);
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
		const text = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]]), advice('acme.2', 'S2', [['A', 1, 1]])])
			.replace('ST*945*0002', 'ST*945*0001')
			.replace(/(SE\*\d+)\*0002/, '$1*0001');
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
	const acknowledge = (group: string, verdict: string, part = verdict) =>
		madeByAnother(
			[
				[
					['AK1', 'OW', group],
					['AK2', '940', '0001'],
					['AK3', 'N4', '6'],
					['AK5', part, '5'],
					['AK9', verdict, '1', '1', verdict === 'R' ? '0' : '1'],
				],
			],
			{ set: '997', functionalId: 'FA', control: '30' },
		);

	it.each([
		['A', 'A'],
		['E', 'E'],
		['P', 'A'],
	])('that accepts (AK9 %s, AK5 %s) confirms the order, is not answered, and ends the wait', async (verdict, part) => {
		const place = openX12();
		await send(place);
		place.receives({ 'a.edi': acknowledge('1', verdict, part) });
		expect(await poll(place)).toEqual({
			events: [{ kind: 'acknowledged', reference: 'acme.1001', origin: expect.any(String) }],
			failures: [],
		});
		expect(only(place, 'to-warehouse')).toEqual(['to-warehouse/acme.1001.edi']);
		expect(only(place, 'sent/acknowledged')).toEqual(['sent/acknowledged/acme.1001.edi']);
		expect(only(place, 'sent')).toEqual([]);
	});

	it.each([
		['R', 'R'],
		['P', 'R'],
		['X', 'X'],
	])('that refuses (AK9 %s, AK5 %s) says why', async (verdict, part) => {
		const place = openX12();
		await send(place);
		place.receives({ 'a.edi': acknowledge('1', verdict, part) });
		expect(await poll(place)).toMatchObject({
			events: [
				{ kind: 'rejected', reference: 'acme.1001', problems: [{ problem: expect.stringContaining('AK3*N4*6'), code: 'rejected_by_wms' }] },
			],
			failures: [],
		});
	});

	it('of a group that we did not send, or without a verdict, is a failure', async () => {
		const place = openX12();
		place.receives({
			'a.edi': acknowledge('99', 'A'),
			'b.edi': acknowledge('1', 'Q').replace('*000000030*', '*000000031*').replace('IEA*1*000000030', 'IEA*1*000000031'),
		});
		expect((await poll(place)).failures).toEqual([
			expect.stringContaining('the group 99, which we did not send'),
			expect.stringContaining('AK9 does not say'),
		]);
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
