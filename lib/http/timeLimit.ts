/**
 * How long a request may last: from before the sign-in to the last byte, since time-outs of HTTP clients bound silence alone. What is done under
 * a lease ends well before the lease does, whatever an adapter has to ask on the way.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { HttpFailure, isRepeatable, type HttpRequest } from './Http';

const LONGEST_MS = 60_000;

/** Trying again in this run is of no use. */
export class NoTimeLeft extends HttpFailure {
	constructor() {
		super('this run had no time left to ask', 'no');
	}
}

interface Lease {
	/** What changes something begins before this moment. */
	beginBefore: number;
	/** Everything ends before this moment. */
	endBefore: number;
	longestMs: number;
}

const current = new AsyncLocalStorage<Lease>();

/** Of a lease, for our clock and that of the database, and for writing down what came of it. */
const RESERVE = 0.1;

/**
 * Runs work whose requests must not outlive a lease: none lasts longer than half of it, none that changes something begins in its second half,
 * and all have ended when nine tenths of it are over.
 *
 * @param claimedAt by our clock, taken before the claim
 */
export const withinLease = async <T>(claimedAt: number, leaseMs: number, work: () => Promise<T>): Promise<T> =>
	await current.run({ beginBefore: claimedAt + leaseMs / 2, endBefore: claimedAt + leaseMs * (1 - RESERVE), longestMs: leaseMs / 2 }, work);

/** Milliseconds that a request may last. Throws NoTimeLeft, nothing sent, when its lease has none for it. */
export function timeFor(request: HttpRequest, now = Date.now()): number {
	const lease = current.getStore();
	const wanted = request.timeoutMs ?? LONGEST_MS;
	if (lease === undefined) return wanted;
	if (now >= (isRepeatable(request) ? lease.endBefore : lease.beginBefore)) throw new NoTimeLeft();
	return Math.min(wanted, lease.longestMs, lease.endBefore - now);
}

/**
 * Gives what the work gives, or throws HttpFailure once the time is over, also when the work does not end.
 *
 * @param work ends by the signal
 */
export async function inTime<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const over = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			const failure = new HttpFailure(`no whole answer within ${Math.ceil(milliseconds / 1000)} s`, 'maybe');
			reject(failure);
			over.abort(failure);
		}, milliseconds);
	});
	try {
		return await Promise.race([work(over.signal), late]);
	} finally {
		clearTimeout(timer);
		// Closes what nobody reads any more, such as the answer before a token was renewed.
		over.abort();
	}
}
