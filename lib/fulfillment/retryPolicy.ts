/** When to try again after a failure that may pass by itself: data, so that it can be read at a glance. */
import { within } from '../http/ranges';
import { LONGEST_RETRY_AFTER_MS } from '../http/retrying';

export interface RetryPolicy {
	/** Pause before try 2, 3, 4 …, in minutes; when it is used up, a person is asked. */
	readonly pausesInMinutes: readonly number[];
	/** Part of the pause that is random, so that orders which failed together do not come back together. */
	readonly jitter: number;
}

/** Rides out a restart in minutes and an outage of a night; 9 tries over about 34 hours. */
export const DEFAULT_RETRY: RetryPolicy = { pausesInMinutes: [1, 5, 15, 60, 180, 360, 600, 840], jitter: 0.2 };

/**
 * Milliseconds until the next try; null = no more tries.
 *
 * @param attempts tries so far, 1 = the first one just failed
 * @param retryAfterMs what the partner asks for; not undercut, but no more than a day
 * @example nextTryInMs(DEFAULT_RETRY, 1, undefined, () => 0) // 60_000
 */
export function nextTryInMs(
	policy: RetryPolicy,
	attempts: number,
	retryAfterMs?: number,
	random: () => number = Math.random,
): number | null {
	const pause = policy.pausesInMinutes[attempts - 1];
	if (pause === undefined) return null;
	const milliseconds = pause * 60_000 * (1 + policy.jitter * random());
	return Math.round(Math.max(milliseconds, within(retryAfterMs, 0, LONGEST_RETRY_AFTER_MS) ?? 0));
}
