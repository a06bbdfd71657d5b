import { X12Interchange, X12SerializationOptions } from 'node-x12';
import type { Folder } from '../../lib/files/Folder';
import { partnerOf, x12Wms, type X12Request, type X12Settings } from '../../lib/wms/x12';
import { controlNumbersOf, type ControlNumbers } from '../../lib/wms/x12/inbox';
import type { WmsSession } from '../../lib/wms/Wms';
import { put, temporaryFolder } from '../files/openLocal';
import type { WmsHarness } from './contract';

export const PARTNER: X12Settings = { ourQualifier: 'ZZ', ourId: 'MERCHANT', theirQualifier: 'ZZ', theirId: 'WAREHOUSE3PL', settleMs: 0 };

/** The numbers of a store that lasts as long as the test. */
export function memoryNumbers(): Parameters<typeof controlNumbersOf>[1] & { given: Map<string, number> } {
	const given = new Map<string, number>();
	return {
		given,
		controlNumber: async ({ sequence, key, first = 1 }) => {
			const name = `${sequence}\n${key}`;
			const inSequence = [...given].filter(([known]) => known.startsWith(`${sequence}\n`)).map(([, number]) => number);
			if (!given.has(name)) given.set(name, Math.max(first, ...inSequence.map((number) => number + 1)));
			return await Promise.resolve({ number: given.get(name)!, givenAt: '2026-11-23T07:30:00.000Z' });
		},
		controlNumberKey: async ({ sequence, number }) =>
			await Promise.resolve(
				[...given].find(([name, value]) => name.startsWith(`${sequence}\n`) && value === number)?.[0].split('\n')[1] ?? null,
			),
	};
}

export interface X12Place {
	root: string;
	folder: Folder;
	session: WmsSession<unknown>;
	numbers: ControlNumbers;
	orders(): Promise<string[]>;
	/** Puts files where the warehouse puts them. */
	receives(files: Record<string, string>): void;
}

export function openX12({
	settings = {},
	store = memoryNumbers(),
	place = temporaryFolder(),
	through = (folder: Folder) => folder,
}: {
	settings?: Partial<X12Settings>;
	store?: Parameters<typeof controlNumbersOf>[1];
	place?: { root: string; folder: Folder };
	through?: (folder: Folder) => Folder;
} = {}): X12Place {
	const all = { ...PARTNER, ...settings };
	const numbers = controlNumbersOf(partnerOf(all), store);
	const session = x12Wms.open({ folder: through(place.folder), numbers }, all);
	return {
		...place,
		numbers,
		session: { ...session, createOrder: async (request) => await session.createOrder(request as X12Request) },
		orders: async () =>
			(await place.folder.list('to-warehouse')).filter(({ name }) => !name.startsWith('997')).map(({ name }) => name.replace(/\.edi$/, '')),
		receives: (files) => put(place.root, Object.fromEntries(Object.entries(files).map(([name, text]) => [`from-warehouse/${name}`, text]))),
	};
}

export type Rows = Array<[tag: string, ...elements: string[]]>;

/** An interchange of the warehouse, made by another library. Each entry of `transactions` is what stands between ST and SE. */
export function madeByAnother(
	transactions: Rows[],
	{
		set = '945',
		functionalId = 'SW',
		control = '17',
		sender = 'WAREHOUSE3PL',
		receiver = 'MERCHANT',
		usage = 'P',
		separators = {},
	}: {
		set?: string;
		functionalId?: string;
		control?: string;
		sender?: string;
		receiver?: string;
		usage?: string;
		separators?: { elementDelimiter?: string; segmentTerminator?: string };
	} = {},
): string {
	const options = new X12SerializationOptions({ format: true, endOfLine: '\n', ...separators });
	const interchange = new X12Interchange(options);
	interchange.setHeader(['00', '', '00', '', 'ZZ', sender, 'ZZ', receiver, '261123', '0800', 'U', '00401', control, '0', usage]);
	const group = interchange.addFunctionalGroup();
	group.setHeader([functionalId, sender, receiver, '20261123', '0800', control, 'X', '004010']);
	transactions.forEach((rows, index) => {
		const transaction = group.addTransaction();
		transaction.setHeader([set, String(index + 1).padStart(4, '0')]);
		for (const [tag, ...elements] of rows) transaction.addSegment(tag, elements);
	});
	return interchange.toString(options);
}

/** A 945 of one parcel. */
export const advice = (
	reference: string,
	shipment: string,
	lines: Array<[sku: string, ordered: number, shipped: number, status?: string]>,
	tracking = '1Z999AA10123456784',
): Rows => [
	['W06', 'N', reference, '20260905', shipment, '', 'PO-1'],
	['N1', 'ST', 'ADA LOVELACE'],
	['G62', '11', '20260905'],
	['W27', 'M', 'UPSN', 'GROUND'],
	['LX', '1'],
	...(tracking === '' ? [] : ([['MAN', 'CP', tracking]] satisfies Rows)),
	...lines.map(([sku, ordered, shipped, status = ordered === shipped ? 'CC' : 'CP']): Rows[number] => [
		'W12',
		status,
		String(ordered),
		String(shipped),
		String(ordered - shipped),
		'EA',
		'',
		'VN',
		sku,
	]),
	['W03', String(lines.reduce((sum, [, , shipped]) => sum + shipped, 0))],
];

export const x12Harness: WmsHarness = {
	empty: async () => await Promise.resolve(openX12()),
	async reporting() {
		const place = openX12();
		await place.numbers.take('940:acme.1001');
		place.receives({
			'1-997.edi': madeByAnother(
				[
					[
						['AK1', 'OW', '1'],
						['AK2', '940', '0001'],
						['AK5', 'A'],
						['AK9', 'A', '1', '1', '1'],
					],
				],
				{ set: '997', functionalId: 'FA', control: '16' },
			),
			'2-945.edi': madeByAnother([
				advice('acme.1001', 'SHIP-1', [
					['RED-MUG', 2, 2],
					['TEE-L', 1, 0],
				]),
			]),
		});
		return {
			session: place.session,
			expected: [
				{ kind: 'acknowledged', reference: 'acme.1001' },
				{
					kind: 'shipped',
					reference: 'acme.1001',
					externalId: 'SHIP-1',
					trackingNumber: '1Z999AA10123456784',
					carrier: 'UPSN',
					serviceLevel: 'GROUND',
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T00:00:00.000Z',
				},
				{ kind: 'canceled', reference: 'acme.1001', externalId: 'short:SHIP-1', lines: [{ sku: 'TEE-L', quantity: 1 }] },
			],
		};
	},
	async reportingBadly() {
		const place = openX12();
		const bad = advice('acme.1', 'S1', [['A', 1, 1]]).map(([tag, ...elements]): Rows[number] => [
			tag,
			...elements.map((element) => (tag === 'W12' && element === '1' ? 'x' : element)),
		]);
		place.receives({ '1.edi': madeByAnother([bad, advice('acme.2', 'S2', [['A', 1, 1]]), advice('', 'S3', [['A', 1, 1]])]) });
		return await Promise.resolve(place.session);
	},
};
