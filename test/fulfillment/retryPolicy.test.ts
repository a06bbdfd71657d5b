import fc from 'fast-check';
import { DEFAULT_RETRY, nextTryInMs } from '../../lib/fulfillment/retryPolicy';

const MINUTE = 60_000;

describe('when to try again', () => {
	it.each([
		[1, 1],
		[2, 5],
		[3, 15],
		[4, 60],
		[5, 180],
		[6, 360],
		[7, 600],
		[8, 840],
	])('after try %d: in %d minutes at the least, a fifth more at the most', (attempts, minutes) => {
		expect(nextTryInMs(DEFAULT_RETRY, attempts, undefined, () => 0)).toBe(minutes * MINUTE);
		expect(nextTryInMs(DEFAULT_RETRY, attempts, undefined, () => 1)).toBe(minutes * 1.2 * MINUTE);
	});

	it.each([0, 9, 10, 1000])('gives no try number %d', (attempts) => {
		expect(nextTryInMs(DEFAULT_RETRY, attempts)).toBeNull();
		expect(nextTryInMs(DEFAULT_RETRY, attempts, 5 * MINUTE)).toBeNull();
	});

	it('never undercuts what the partner asks for, a day at the most, nor its own pause; whole milliseconds', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 8 }),
				fc.option(fc.integer({ min: -1, max: 1e9 }), { nil: undefined }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				(attempts, asked, chance) => {
					const wait = nextTryInMs(DEFAULT_RETRY, attempts, asked, () => chance)!;
					expect(Number.isInteger(wait)).toBe(true);
					expect(wait).toBeGreaterThanOrEqual(
						Math.max(Math.min(asked ?? 0, 24 * 60 * MINUTE), DEFAULT_RETRY.pausesInMinutes[attempts - 1]! * MINUTE),
					);
					expect(wait).toBeLessThanOrEqual(24 * 60 * MINUTE);
				},
			),
		);
	});

	it('lasts for a night', () => {
		const hours = DEFAULT_RETRY.pausesInMinutes.reduce((sum, pause) => sum + pause, 0) / 60;
		expect(hours).toBeGreaterThan(24);
		expect(hours * (1 + DEFAULT_RETRY.jitter)).toBeLessThan(48);
	});

	it('has no try at all without pauses', () => expect(nextTryInMs({ pausesInMinutes: [], jitter: 0 }, 1)).toBeNull());
});
