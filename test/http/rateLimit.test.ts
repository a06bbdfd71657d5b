import fc from 'fast-check';
import type { Clock } from '../../lib/http/clock';
import { createLimiter, limited, sharedLimiter, type RateLimit } from '../../lib/http/rateLimit';

/** A clock that stands still until everybody waits, and then goes to whoever waits for the nearest time. */
class ManualClock implements Clock {
	private time = 0;
	private sleepers: Array<{ at: number; wake: () => void }> = [];

	now = (): number => this.time;

	sleep = async (ms: number): Promise<void> => await new Promise((wake) => this.sleepers.push({ at: this.time + ms, wake }));

	async until<T>(work: Promise<T>): Promise<T> {
		let done = false;
		void work.finally(() => (done = true));
		for (;;) {
			for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
			await new Promise(setImmediate);
			if (done) return await work;
			this.sleepers.sort((a, b) => a.at - b.at);
			const next = this.sleepers.shift();
			if (next === undefined) throw new Error('everybody waits for nothing');
			this.time = Math.max(this.time, next.at);
			next.wake();
		}
	}
}

/** When each of `count` requests was sent, all asked for at once. */
async function times(limit: RateLimit, count: number): Promise<number[]> {
	const clock = new ManualClock();
	const limiter = createLimiter(limit, clock);
	const sent: number[] = [];
	await clock.until(
		Promise.all(
			Array.from({ length: count }, async () => {
				await limiter.take(1);
				sent.push(clock.now());
				limiter.done(1, null);
			}),
		),
	);
	return sent;
}

const mostInSpan = (sent: number[], spanMs: number): number =>
	Math.max(...sent.map((start) => sent.filter((time) => time >= start && time < start + spanMs).length));

describe('a rate limit', () => {
	it('of a window is never passed, and all of it is used', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 20 }),
				fc.integer({ min: 10, max: 5000 }),
				fc.integer({ min: 1, max: 80 }),
				async (requests, windowMs, count) => {
					const sent = await times({ kind: 'window', requests, windowMs }, count);
					expect(mostInSpan(sent, windowMs)).toBeLessThanOrEqual(requests);
					expect(sent.at(-1)).toBe((Math.ceil(count / requests) - 1) * windowMs);
				},
			),
			{ numRuns: 40 },
		);
	});

	it('of a bucket lets a burst pass, then what refills', async () => {
		expect(await times({ kind: 'bucket', capacity: 3, perSecond: 2 }, 6)).toEqual([0, 0, 0, 500, 1000, 1500]);
	});

	it('follows what the partner says of its count', async () => {
		const clock = new ManualClock();
		const limiter = createLimiter({ kind: 'bucket', capacity: 1000, perSecond: 100 }, clock);
		await limiter.take(100);
		limiter.done(100, { available: 50, capacity: 2000, perSecond: 50 });
		const before = clock.now();
		await clock.until(limiter.take(250));
		expect(clock.now() - before).toBe(4000);
	});

	it('counts what others sent with the same account', async () => {
		const clock = new ManualClock();
		const limiter = createLimiter({ kind: 'window', requests: 10, windowMs: 1000 }, clock);
		await limiter.take(1);
		limiter.done(1, { available: 1 });
		await limiter.take(1);
		await clock.until(limiter.take(1));
		expect(clock.now()).toBe(1000);
	});

	it.each([
		[30, 29],
		[5, 4],
	])('of a window becomes %i when the partner says so: all of it is used, and no more', async (capacity, more) => {
		const clock = new ManualClock();
		const limiter = createLimiter({ kind: 'window', requests: 10, windowMs: 1000 }, clock);
		await limiter.take(1);
		limiter.done(1, { available: capacity - 1, capacity });
		for (let count = 0; count < more; count += 1) {
			await limiter.take(1);
			limiter.done(1, null);
		}
		expect(clock.now()).toBe(0);
		await clock.until(limiter.take(1));
		expect(clock.now()).toBe(1000);
	});

	it('is one for all who use an account, and another for each account', () => {
		const limit: RateLimit = { kind: 'window', requests: 1, windowMs: 1000 };
		expect(sharedLimiter('test:acme', limit)).toBe(sharedLimiter('test:acme', limit));
		expect(sharedLimiter('test:acme', limit)).not.toBe(sharedLimiter('test:other', limit));
	});

	it('pauses when it is told to', async () => {
		const clock = new ManualClock();
		const limiter = createLimiter({ kind: 'window', requests: 10, windowMs: 1000 }, clock);
		await limiter.take(1);
		limiter.done(1, { pauseMs: 7000 });
		await clock.until(limiter.take(1));
		expect(clock.now()).toBe(7000);
	});

	it('frees the place of a request that failed', async () => {
		const limiter = createLimiter({ kind: 'window', requests: 10, windowMs: 1000 });
		const http = limited(async () => await Promise.reject(new Error('no')), limiter);
		await expect(http({ method: 'GET', url: '/' })).rejects.toThrow('no');
		await expect(http({ method: 'GET', url: '/' })).rejects.toThrow('no');
	});
});
