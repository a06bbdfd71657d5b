/** How much is tried: a few thousand inputs in each run of the tests, as many as FUZZ_RUNS says in `npm run fuzz`. */
import type { Parameters } from 'fast-check';

const runs = Number(process.env.FUZZ_RUNS ?? 1_500);

export const FUZZ = {
	numRuns: runs,
	// The same inputs each time, so that a failure is one of the code; FUZZ_SEED tries others.
	seed: Number(process.env.FUZZ_SEED ?? 20_261_125),
} as const satisfies Parameters<unknown>;

/** Longer than any property takes; each input has its own limit. */
export const TIME_LIMIT_MS = 30_000 + runs * 20;

/** The longest that one input may take. */
const INPUT_LIMIT_MS = 2_000;

export type Change = { at: number; how: 'replace' | 'insert' | 'remove'; letter: string };

/** One letter of a text replaced, added or taken away. `at` is a part of the length, 0 to 1. */
export function changed(text: string, { at, how, letter }: Change): string {
	const index = Math.min(text.length, Math.floor(at * text.length));
	if (how === 'insert') return text.slice(0, index) + letter + text.slice(index);
	return text.slice(0, index) + (how === 'replace' ? letter : '') + text.slice(index + 1);
}

/** Fails when it takes too long. */
export async function inTime<T>(work: () => Promise<T>): Promise<T> {
	const started = performance.now();
	const result = await work();
	const took = performance.now() - started;
	if (took > INPUT_LIMIT_MS) throw new Error(`one input took ${Math.round(took)} ms`);
	return result;
}

/** For answers of partners, which take longer to read than texts. */
export const FUZZ_PARTNERS = { ...FUZZ, numRuns: Math.max(1, Math.ceil(runs / 5)) };
