import fc from 'fast-check';
import { newId } from '../../lib/store/database/ids';
import { nextReference, referenceBase, referenceFor } from '../../lib/order/reference';

const of = (orderNumber: string, externalId = 'x1') => referenceFor('shop', { externalId, content: { orderNumber } });

describe('references', () => {
	it('are the order number where that is usable', () => {
		expect(of('1001')).toBe('1001');
		expect(of('#1001')).toBe('1001');
		expect(of('EU_2026.17')).toBe('EU_2026.17');
	});

	it.each(['##1001', '10 01', '', '😀', '1001-2', '1'.repeat(50), '1001.r2', '_x'])('say more when %j is not usable', (number) => {
		expect(of(number)).toMatch(/\.h[a-z2-7]{7}$/);
		expect(of(number, 'a')).not.toBe(of(number, 'b'));
		expect(of(number)).not.toBe(referenceFor('another shop', { externalId: 'x1', content: { orderNumber: number } }));
	});

	it('are usable whatever the cart gives', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.boolean(), (number, externalId, collides) => {
				const reference = referenceFor('shop', { externalId, content: { orderNumber: number } }, { collides });
				expect(reference).toMatch(/^[A-Za-z0-9_.]{1,40}$/);
				expect(reference).not.toMatch(/-\d+$/);
				expect(referenceBase(reference)).toBe(reference);
				expect(referenceFor('shop', { externalId, content: { orderNumber: number } }, { collides })).toBe(reference);
			}),
		);
	});

	it('go on with a round that keeps the base', () => {
		expect(nextReference('1001')).toBe('1001.r2');
		expect(nextReference('1001.r2')).toBe('1001.r3');
		fc.assert(
			fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (number, rounds) => {
				const base = of(number);
				let reference = base;
				const seen = new Set([reference]);
				for (let round = 0; round < rounds; round += 1) {
					reference = nextReference(reference);
					expect(reference.length).toBeLessThanOrEqual(40);
					expect(referenceBase(reference)).toBe(base);
					seen.add(reference);
				}
				expect(seen.size).toBe(rounds + 1);
			}),
		);
	});
});

describe('ids', () => {
	it('sort by time and never repeat', () => {
		const ids = Array.from({ length: 20_000 }, newId);
		expect(new Set(ids).size).toBe(ids.length);
		expect([...ids].sort()).toEqual(ids);
		expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	});
});
