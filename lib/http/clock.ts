/** The time as waiting code sees it; tests bring their own. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
	/** Milliseconds; only differences count. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => {
		await sleep(ms);
	},
};
