/**
 * Short repeats within one run, as data: what was surely not carried out (429) is sent again, and what changes nothing is asked again
 * after a passing failure. Anything else is for the use case, which looks up before it sends again.
 */
import { HttpFailure, isRepeatable, type Http, type HttpResponse } from './Http';
import { SYSTEM_CLOCK, type Clock } from './clock';
import { within } from './ranges';
import { NoTimeLeft } from './timeLimit';

interface HttpRetryPolicy {
	/** Pause before try 2, 3, …, in milliseconds. */
	readonly pausesMs: readonly number[];
	/** Part of the pause that is random. */
	readonly jitter: number;
	/** A partner that asks for a longer pause than this gets it from the use case, not from a run that waits. */
	readonly longestPauseMs: number;
	/** Statuses that pass by themselves. */
	readonly passing: readonly number[];
}

export const HTTP_RETRY: HttpRetryPolicy = {
	pausesMs: [500, 2_000],
	jitter: 0.3,
	longestPauseMs: 20_000,
	passing: [408, 425, 500, 502, 503, 504, 520, 522, 524],
};

/** Nobody is waited for longer: who asks for more is asked again after it. */
export const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** How long the partner asks us to wait, from Retry-After (seconds or a date), a day at the most; undefined = it does not say. */
export function retryAfterMs({ headers }: Pick<HttpResponse, 'headers'>, now: () => number = Date.now): number | undefined {
	const value = headers['retry-after']?.trim();
	if (value === undefined || value === '') return undefined;
	const milliseconds = /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * 1000) : Date.parse(value) - now();
	return within(milliseconds, 0, LONGEST_RETRY_AFTER_MS);
}

export const retrying =
	(http: Http, policy: HttpRetryPolicy = HTTP_RETRY, clock: Clock = SYSTEM_CLOCK, random: () => number = Math.random): Http =>
	async (request) => {
		for (let tried = 0; ; tried += 1) {
			const pause = policy.pausesMs[tried];
			try {
				const response = await http(request);
				const again = response.status === 429 || (isRepeatable(request) && policy.passing.includes(response.status));
				if (!again || pause === undefined) return response;
				const waitMs = Math.max(retryAfterMs(response, clock.now) ?? 0, pause * (1 + policy.jitter * random()));
				if (waitMs > policy.longestPauseMs) return response;
				await clock.sleep(waitMs);
			} catch (error) {
				const again = error instanceof HttpFailure && !(error instanceof NoTimeLeft) && (error.sent === 'no' || isRepeatable(request));
				if (!again || pause === undefined) throw error instanceof Error ? error : new HttpFailure(String(error), 'maybe');
				await clock.sleep(pause * (1 + policy.jitter * random()));
			}
		}
	};
