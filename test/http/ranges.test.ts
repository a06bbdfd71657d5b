/** Numbers and times that partners say, and that are absurd. */
import fc from 'fast-check';
import { bigCommerceCart, rateFeedback } from '../../lib/carts/bigCommerce';
import { isoTime } from '../../lib/carts/common/payload';
import { withHttpStatus as asShopifySays, feedbackOf as shopifyFeedback } from '../../lib/carts/shopify';
import { DEFAULT_RETRY, nextTryInMs } from '../../lib/fulfillment/retryPolicy';
import type { HttpResponse } from '../../lib/http/Http';
import { momentIn, within } from '../../lib/http/ranges';
import { createLimiter, LONGEST_WAIT_MS, type RateFeedback, type RateLimit } from '../../lib/http/rateLimit';
import { LONGEST_RETRY_AFTER_MS, retryAfterMs } from '../../lib/http/retrying';
import { amazonFeedback } from '../../lib/wms/amazonMcf';
import { momentOf } from '../../lib/wms/common/json';
import { shipBobFeedback } from '../../lib/wms/shipBob';
import { withHttpStatus as asShipHeroSays, feedbackOf as shipHeroFeedback } from '../../lib/wms/shipHero';
import { shipStationFeedback } from '../../lib/wms/shipStation';
import { EARLIEST } from '../carts/contract';

const DAY = 24 * 3_600_000;
const ABSURD: ReadonlyArray<unknown> = [
	-1,
	-1e300,
	0,
	1e-300,
	1e15,
	1e300,
	Infinity,
	-Infinity,
	NaN,
	'1e400',
	'-5',
	'0x7fffffff',
	'NaN',
	'',
	' ',
	'soon',
	null,
	undefined,
	{},
	[],
	true,
	'٣',
];
const absurd = fc.constantFrom(...ABSURD);

describe('a number', () => {
	it('is in its range, or none', () => {
		for (const value of ABSURD) {
			const number = within(value, 1, 60);
			if (number !== undefined) expect(number >= 1 && number <= 60).toBe(true);
		}
		expect([within('7', 1, 60), within(Infinity, 1, 60), within(-3, 1, 60), within('', 1, 60), within([5], 1, 60)]).toEqual([
			7,
			60,
			1,
			undefined,
			undefined,
		]);
	});
});

describe('Retry-After', () => {
	it.each([
		['86400000', DAY],
		['99999999999999', DAY],
		['Fri, 31 Dec 9999 23:59:59 GMT', DAY],
		['1'.repeat(400), DAY],
		['Thu, 01 Jan 1970 00:00:00 GMT', 0],
		['0', 0],
		['1.5', 1500],
		['NaN', undefined],
		['1e400', undefined],
		['soon', undefined],
	])('%s', (value, expected) => {
		expect(retryAfterMs({ headers: { 'retry-after': value } })).toBe(expected);
	});

	it('never makes a pause that no clock can hold', () => {
		fc.assert(
			fc.property(fc.oneof(absurd, fc.double()), fc.integer({ min: 1, max: 8 }), (asked, attempts) => {
				const own = DEFAULT_RETRY.pausesInMinutes[attempts - 1]! * 60_000;
				const pause = nextTryInMs(DEFAULT_RETRY, attempts, asked as number, () => 0)!;
				expect(Number.isInteger(pause) && pause >= own && pause <= Math.max(own, LONGEST_RETRY_AFTER_MS)).toBe(true);
			}),
		);
	});
});

describe('a moment', () => {
	it.each([
		'9999-12-31T23:59:59Z',
		'2100-01-01T00:00:00Z',
		'1969-12-31T23:59:59Z',
		'-000001-01-01T00:00:00Z',
		'+275760-09-13T00:00:00Z',
		'0000-00-00 00:00:00',
		'',
	])('%s is none', (text) => {
		expect([momentIn(text), isoTime(text), momentOf(text)]).toEqual([null, null, null]);
	});

	it('of a life is one', () => {
		expect([isoTime('1970-01-01T00:00:00Z'), momentOf('2099-12-31T23:59:59Z')]).toEqual([
			'1970-01-01T00:00:00.000Z',
			'2099-12-31T23:59:59.000Z',
		]);
	});
});

describe('what a partner says of its rate limit', () => {
	const LIMITS: RateLimit[] = [
		{ kind: 'bucket', capacity: 1000, perSecond: 50 },
		{ kind: 'window', requests: 10, windowMs: 1000 },
	];

	it('never makes anybody wait for longer than two minutes at the head of the queue', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...LIMITS),
				fc.array(fc.record({ available: absurd, capacity: absurd, perSecond: absurd, pauseMs: absurd }, { requiredKeys: [] }), {
					maxLength: 5,
				}),
				async (limit, said) => {
					let time = 0;
					const limiter = createLimiter(limit, { now: () => time, sleep: async (ms) => await Promise.resolve(void (time += ms)) });
					for (const feedback of [...said, {}]) {
						const before = time;
						await limiter.take(1);
						expect(Number.isFinite(time) && time - before <= LONGEST_WAIT_MS).toBe(true);
						limiter.done(1, feedback as RateFeedback);
					}
				},
			),
			{ numRuns: 500 },
		);
	});

	it('is read from any answer without an error', () => {
		const json = fc.oneof(
			absurd,
			fc.string(),
			fc.array(absurd),
			fc.dictionary(fc.constantFrom('cost', 'throttleStatus', 'code', 'extensions', 'message', 'user_quota'), absurd),
		);
		const body = fc.record(
			{
				errors: fc.oneof(
					json,
					fc.array(
						fc.record({
							code: absurd,
							time_remaining: absurd,
							message: absurd,
							extensions: fc.oneof(json, fc.record({ code: fc.constant('THROTTLED') })),
						}),
					),
				),
				extensions: fc.oneof(
					json,
					fc.record({
						cost: fc.oneof(
							json,
							fc.record({
								requestedQueryCost: absurd,
								throttleStatus: fc.oneof(json, fc.record({ currentlyAvailable: absurd, restoreRate: absurd, maximumAvailable: absurd })),
							}),
						),
					}),
				),
				data: fc.oneof(json, fc.record({ user_quota: fc.oneof(json, fc.record({ max_available: absurd, increment_rate: absurd })) })),
			},
			{ requiredKeys: [] },
		);
		const names = [
			'retry-after',
			'x-retry-after',
			'x-remaining-calls',
			'x-rate-limit-requests-left',
			'x-rate-limit-requests-quota',
			'x-rate-limit-time-reset-ms',
			'x-amzn-ratelimit-limit',
		];
		const headers = fc.dictionary(fc.constantFrom(...names), absurd.map(String));
		fc.assert(
			fc.property(fc.constantFrom(200, 429), headers, fc.oneof(json, body), (status, given, said) => {
				const response: HttpResponse = { status, headers: given, body: said };
				for (const one of [response, asShopifySays(response), asShipHeroSays(response)]) {
					const pause = retryAfterMs(one);
					expect(pause === undefined || (pause >= 0 && pause <= LONGEST_RETRY_AFTER_MS)).toBe(true);
					for (const feedbackOf of [rateFeedback, shopifyFeedback, shipHeroFeedback, shipBobFeedback, shipStationFeedback, amazonFeedback])
						expect(typeof feedbackOf(one)).toBe('object');
				}
			}),
			{ numRuns: 2000 },
		);
	});
});

it('a list that does not end is told of', async () => {
	let asked = 0;
	const session = bigCommerceCart.open(
		{
			http: async ({ url }) =>
				await Promise.resolve({
					status: 200,
					headers: {},
					body:
						url === '/orders'
							? [{ id: 1, status_id: 11, date_modified: 'Fri, 20 Nov 2026 12:00:00 +0000' }]
							: ((asked += 1), Array.from({ length: 50 }, () => ({}))),
				}),
			account: 'x',
		},
		{ store: 'acme' },
	);
	const filter = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 50 };
	const readAll = async (): Promise<void> => {
		for await (const { orders } of session.listOrders(null, filter)) expect(orders).toEqual([]);
	};
	await expect(readAll()).rejects.toMatchObject({ code: 'unexpected_answer', message: expect.stringContaining('does not end') });
	expect(asked).toBe(10_000);
});
