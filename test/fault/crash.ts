import { sample } from './runChild';
import { expectedOutcome, tryOnce, type Trial } from './trial';

/** Counts the points first, then crashes at `most` of them, evenly spread, the first and the last among them. */
export async function crashEverywhere(
	what: Pick<Trial, 'dialect' | 'action' | 'mode' | 'points' | 'fromOpening'>,
	most: number,
): Promise<void> {
	const whole = await tryOnce({ ...what, killAt: 0, warehouseFirst: false, pollFirst: false });
	expect(whole.ended.killed).toBe(false);
	expect(whole.outcome).toEqual(expectedOutcome(null, what.mode));
	const count = whole.ended.passed ?? 0;
	expect(count).toBeGreaterThan(3);
	for (const [index, killAt] of sample(count, most).entries()) {
		const { ended, outcome } = await tryOnce({ ...what, killAt, warehouseFirst: index % 2 === 1, pollFirst: index % 4 >= 2 });
		expect(ended.killed).toBe(true);
		expect(outcome).toEqual(expectedOutcome(ended.at, what.mode));
	}
}
