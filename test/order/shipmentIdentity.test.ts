/** Which parcel a report is about: known parcels as "key number", reports as "shipment number beside others". */
import fc from 'fast-check';
import { findShipment, sharedKeyOf, type KnownShipment } from '../../lib/order/shipmentIdentity';

const knownOf = (text: string): KnownShipment => {
	const [externalId = '', number = '', voided] = text.split(' ');
	return {
		externalId,
		trackingNumber: number === '' || number === '-' ? null : number,
		voidedAt: voided ? '2026-11-23T18:00:00.000Z' : null,
	};
};

/** "S1 T1 T2" = the report names T1 and T2 under S1, and this is what it says of T1; "-" = without a number. */
function found(known: string[], report: string): string {
	const [shipment = '', ...numbers] = report.split(' ').map((part) => (part === '-' ? '' : part));
	const [number = ''] = numbers;
	const result = findShipment(known.map(knownOf), {
		externalId: number === '' ? shipment : `${shipment}/${number}`,
		trackingNumber: number || null,
		sharedKey: sharedKeyOf(shipment, numbers),
	});
	return result.known === null ? `new ${result.externalId}` : `${result.outdated ? 'outdated' : 'known'} ${result.known.externalId}`;
}

it.each<[what: string, known: string[], report: string, expected: string]>([
	['nothing is known, alone', [], 'S1 T1', 'new S1'],
	['nothing is known, one of two', [], 'S1 T1 T2', 'new S1/T1'],
	['nothing is known, without a number', [], 'S1 -', 'new S1'],
	['a repeat', ['S1 T1'], 'S1 T1', 'known S1'],
	['a repeat beside a second one', ['S1 T1'], 'S1 T1 T2', 'known S1'],
	['the second one beside a repeat', ['S1 T1'], 'S1 T2 T1', 'new S1/T2'],
	['one of two, alone', ['S1/T1 T1', 'S1/T2 T2'], 'S1 T1', 'known S1/T1'],
	['a third one, alone', ['S1/T1 T1', 'S1/T2 T2'], 'S1 T3', 'new S1'],
	['a third one, alone, after the first was', ['S1 T1', 'S1/T2 T2'], 'S1 T3', 'new S1/T3'],
	['another number of the only one', ['S1 T1'], 'S1 T2', 'known S1'],
	['another number of the only one, recorded beside one that is taken back', ['S1/T1 T1', 'S1/T2 T2 voided'], 'S1 T3', 'known S1/T1'],
	['another number once more', ['S1/T1 T2'], 'S1 T3', 'known S1/T1'],
	['the number comes', ['S1 -'], 'S1 T1', 'known S1'],
	['the number comes, beside a second one', ['S1 -'], 'S1 T1 T2', 'known S1'],
	['the number of another one comes, this one is still without', ['S1 -'], 'S1 T1 -', 'new S1/T1'],
	['still without a number, beside another one', ['S1 -'], 'S1 - T1', 'known S1'],
	['a repeat that leaves the number out', ['S1 T1'], 'S1 -', 'known S1'],
	['without a number, of two', ['S1/T1 T1', 'S1/T2 T2'], 'S1 -', 'new S1'],
	['a second one without a number, when the first has the key', ['S1 T1'], 'S1 - T1', 'new S1/'],
	['the same again', ['S1 T1', 'S1/ -'], 'S1 - T1', 'known S1/'],
	['a number that was corrected since, beside the new one', ['S1/T1 T2'], 'S1 T1 T2', 'outdated S1/T1'],
	['the corrected number, beside the old one', ['S1/T1 T2'], 'S1 T2 T1', 'known S1/T1'],
	['the parcel of another shipment', ['S2 T1'], 'S1 T1', 'new S1'],
	['of a shipment whose key begins alike', ['S1/2 -'], 'S1 T1', 'new S1'],
	['of a shipment whose key begins alike, with a number', ['S1/2/T9 T9'], 'S1 T1', 'new S1'],
])('%s: %j, %j is %s', (_, known, report, expected) => {
	expect(found(known, report)).toBe(expected);
});

it('goes by the key alone where a warehouse tells parcels apart', () => {
	const known = ['A T1', 'B T2'].map(knownOf);
	expect(findShipment(known, { externalId: 'B', trackingNumber: 'T1' })).toEqual({ known: known[1], outdated: false });
	expect(findShipment(known, { externalId: 'C', trackingNumber: 'T1' })).toEqual({ known: null, externalId: 'C' });
});

it('records each number once, whatever was reported beside it, in any order, and never gives a key twice', () => {
	const reports = fc.array(fc.uniqueArray(fc.constantFrom('T1', 'T2', 'T3'), { minLength: 2, maxLength: 3 }), { maxLength: 6 });
	fc.assert(
		fc.property(reports, (all) => {
			const known: KnownShipment[] = [];
			for (const numbers of all) {
				for (const number of numbers) {
					const result = findShipment(known, { externalId: `S1/${number}`, trackingNumber: number, sharedKey: sharedKeyOf('S1', numbers) });
					if (result.known === null) known.push({ externalId: result.externalId, trackingNumber: number, voidedAt: null });
				}
			}
			expect(known.map(({ trackingNumber }) => trackingNumber).sort()).toEqual([...new Set(all.flat())].sort());
			expect(new Set(known.map(({ externalId }) => externalId)).size).toBe(known.length);
		}),
	);
});

it('never gives a key twice, whatever comes', () => {
	const report = fc.uniqueArray(fc.constantFrom('', 'T1', 'T2'), { minLength: 1, maxLength: 3 });
	fc.assert(
		fc.property(fc.array(report, { maxLength: 8 }), (all) => {
			const known: KnownShipment[] = [];
			for (const numbers of all) {
				for (const number of numbers) {
					const result = findShipment(known, { externalId: 'S1', trackingNumber: number || null, sharedKey: sharedKeyOf('S1', numbers) });
					if (result.known === null) known.push({ externalId: result.externalId, trackingNumber: number || null, voidedAt: null });
					else if (!result.outdated) result.known.trackingNumber = number || result.known.trackingNumber;
				}
			}
			expect(new Set(known.map(({ externalId }) => externalId)).size).toBe(known.length);
		}),
	);
});
