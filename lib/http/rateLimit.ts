/**
 * Keeps the requests of one account within what its partner allows, for all nodes of this process. Partners count in one of two
 * ways: a bucket that refills, or so many requests in any span of time. What the partner says of its own count corrects ours.
 */
import type { Http, HttpRequest, HttpResponse } from './Http';
import { SYSTEM_CLOCK, type Clock } from './clock';
import { within } from './ranges';
import { sharedMap } from './shared';

export type RateLimit =
	/** Holds `capacity` and refills `perSecond`; a request takes its cost. */
	| { kind: 'bucket'; capacity: number; perSecond: number }
	/** So many requests in any span of `windowMs`. */
	| { kind: 'window'; requests: number; windowMs: number };

/** What a partner says of its count, mostly in headers. */
export interface RateFeedback {
	/** What is left now. */
	available?: number;
	/** What the bucket holds, or how many requests the window takes. */
	capacity?: number;
	perSecond?: number;
	/** Nothing may be sent before so many milliseconds are over. */
	pauseMs?: number;
}

interface Limiter {
	/** Resolves when a request of this cost may be sent; first come, first served. Two minutes at the head of the queue are the most. */
	take(cost: number): Promise<void>;
	/** Once for each `take`, when the answer is there (or will not come). */
	done(cost: number, feedback: RateFeedback | null): void;
}

/** Nobody waits longer than this at the head of the queue: a longer pause is for a later run, and whoever is wrong about it gets a 429. */
export const LONGEST_WAIT_MS = 120_000;

/** What a partner says of its count may be so many times what is known of its limit, or that part of it. */
const TIMES = 100;

/** What a partner says, in its range: an absurd number would stop every node of the account. */
function sane(limit: RateLimit, feedback: RateFeedback | null): RateFeedback | null {
	if (feedback === null) return null;
	const most = limit.kind === 'bucket' ? limit.capacity : limit.requests;
	const capacity = within(feedback.capacity, Math.max(1, most / TIMES), most * TIMES);
	const perSecond = limit.kind === 'bucket' ? within(feedback.perSecond, limit.perSecond / TIMES, limit.perSecond * TIMES) : undefined;
	const available = within(feedback.available, 0, capacity ?? most * TIMES);
	const pauseMs = within(feedback.pauseMs, 0, LONGEST_WAIT_MS);
	return {
		...(capacity === undefined ? {} : { capacity }),
		...(perSecond === undefined ? {} : { perSecond }),
		...(available === undefined ? {} : { available }),
		...(pauseMs === undefined ? {} : { pauseMs }),
	};
}

export function createLimiter(limit: RateLimit, clock: Clock = SYSTEM_CLOCK): Limiter {
	const count = limit.kind === 'bucket' ? bucket(limit, clock) : slidingWindow(limit, clock);
	let pausedUntil = -Infinity;
	let queue: Promise<void> = Promise.resolve();
	return {
		async take(cost) {
			const mine = queue.then(async () => {
				for (const until = clock.now() + LONGEST_WAIT_MS; ;) {
					const now = clock.now();
					const waitMs = Math.min(until - now, Math.max(pausedUntil - now, count.waitFor(cost)));
					if (waitMs <= 0) break;
					await clock.sleep(Math.ceil(waitMs));
				}
				count.spend(cost);
			});
			queue = mine;
			await mine;
		},
		done(cost, said) {
			const feedback = sane(limit, said);
			count.settle(cost, feedback);
			if (feedback?.pauseMs !== undefined) pausedUntil = Math.max(pausedUntil, clock.now() + feedback.pauseMs);
		},
	};
}

interface Count {
	/** Milliseconds until the cost can be paid; 0 = now. */
	waitFor(cost: number): number;
	spend(cost: number): void;
	settle(cost: number, feedback: RateFeedback | null): void;
}

function bucket(limit: Extract<RateLimit, { kind: 'bucket' }>, clock: Clock): Count {
	let { capacity, perSecond } = limit;
	let level = capacity;
	let at = clock.now();
	/** Cost of requests that were sent and not answered: the partner may not have counted them yet. */
	let underWay = 0;
	const refill = () => {
		const now = clock.now();
		level = Math.min(capacity, level + ((now - at) / 1000) * perSecond);
		at = now;
	};
	return {
		waitFor(cost) {
			refill();
			// A request that costs more than the bucket holds waits for a full one, or it would wait for ever.
			const missing = Math.min(cost, capacity) - level;
			return missing <= 1e-9 ? 0 : (missing / perSecond) * 1000;
		},
		spend(cost) {
			level -= cost;
			underWay += cost;
		},
		settle(cost, feedback) {
			refill();
			underWay = Math.max(0, underWay - cost);
			if (feedback === null) return;
			capacity = feedback.capacity ?? capacity;
			perSecond = feedback.perSecond ?? perSecond;
			if (feedback.available !== undefined) level = Math.min(capacity, feedback.available - underWay);
		},
	};
}

/**
 * A request counts until a whole window after its answer: the partner counted it somewhere between the two, and only then it surely does
 * not any more. (Counted from when it was sent, one that travels slowly and one that travels fast meet in one window of the partner's.)
 */
function slidingWindow(limit: Extract<RateLimit, { kind: 'window' }>, clock: Clock): Count {
	const { windowMs } = limit;
	let { requests } = limit;
	let underWay = 0;
	/** When the answers came, oldest first. */
	let answered: number[] = [];
	const forget = (now: number) => {
		if (answered[0] !== undefined && answered[0] <= now - windowMs) answered = answered.filter((time) => time > now - windowMs);
	};
	return {
		waitFor() {
			const now = clock.now();
			forget(now);
			const tooMany = underWay + answered.length - requests;
			if (tooMany < 0) return 0;
			// What is still under way blocks for a window at least.
			return (answered[tooMany] ?? now) + windowMs - now;
		},
		spend() {
			underWay += 1;
		},
		settle(_cost, feedback) {
			const now = clock.now();
			forget(now);
			underWay = Math.max(0, underWay - 1);
			answered.push(now);
			requests = feedback?.capacity ?? requests;
			if (feedback?.available === undefined) return;
			// Others use the same account: what they sent counts from now, since nobody knows when it was.
			const others = requests - feedback.available - underWay - answered.length;
			for (let count = 0; count < others; count += 1) answered.push(now);
		},
	};
}

/** The limiter of an account, the same one for every node of this process. @param key "shopify:acme.myshopify.com" */
export function sharedLimiter(key: string, limit: RateLimit): Limiter {
	const limiters = sharedMap<Limiter>('limiters');
	let limiter = limiters.get(key);
	if (limiter === undefined) {
		limiter = createLimiter(limit);
		limiters.set(key, limiter);
	}
	return limiter;
}

export interface LimitedOptions {
	/** Default: 1 for each request. */
	costOf?: (request: HttpRequest) => number;
	/** Reads the partner's count from its answer. */
	feedbackOf?: (response: HttpResponse) => RateFeedback | null;
}

/** The same partner, never asked more often than the limiter lets. */
export const limited =
	(http: Http, limiter: Limiter, { costOf = () => 1, feedbackOf = () => null }: LimitedOptions = {}): Http =>
	async (request) => {
		const cost = costOf(request);
		await limiter.take(cost);
		let feedback: RateFeedback | null = null;
		try {
			const response = await http(request);
			feedback = feedbackOf(response);
			return response;
		} finally {
			limiter.done(cost, feedback);
		}
	};
