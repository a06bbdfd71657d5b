import { callPartner, type PartnerError } from '../../lib/http/partner';
import { retryAfterMs, retrying } from '../../lib/http/retrying';
import { cartOutcome } from '../../lib/carts/common/outcomes';
import { sendOutcome } from '../../lib/wms/common/outcomes';
import { FAULTS, Peer, WIRE_FAULTS, type Fault, type PeerAnswer } from '../../testing/servers/Peer';
import { fetchHttp } from '../../testing/http/fetchHttp';

const AT_ONCE = { now: () => 0, sleep: async () => await Promise.resolve() };
const call = async (url: string, method: 'GET' | 'POST' = 'POST') =>
	await callPartner(
		retrying(fetchHttp(url), undefined, AT_ONCE),
		{ method, url: '/orders', timeoutMs: 300, ...(method === 'POST' ? { body: { a: 1 } } : {}) },
		{ label: 'Acme' },
	);
const failure = async (answer: PeerAnswer): Promise<PartnerError> => {
	const peer = await Peer.open(() => answer);
	return await call(peer.url).then(
		() => Promise.reject(new Error('it succeeded')),
		(error: PartnerError) => error,
	);
};

describe('an answer of a partner', () => {
	it.each([
		[401, 'credentials_invalid', 'no'],
		[403, 'credentials_invalid', 'no'],
		[429, 'partner_unavailable', 'no'],
		[402, 'partner_unavailable', 'no'],
		[500, 'partner_unavailable', 'maybe'],
		[503, 'partner_unavailable', 'maybe'],
		[301, 'unexpected_answer', 'maybe'],
		[400, 'partner_refused', 'refused'],
		[404, 'partner_refused', 'refused'],
		[422, 'partner_refused', 'refused'],
	])('%i is %s', async (status, code, received) => {
		const error = await failure({ status, body: { errors: [{ message: 'because' }] } });
		expect(error).toMatchObject({ code, details: { received, status }, retryable: code !== 'partner_refused' });
		expect(error.message).toMatch(/Acme/);
		if (status !== 301) expect(error.message).toMatch(/because/);
		expect(error.remedy).not.toBe('');
	});

	it('that is a page is no data', async () => {
		const error = await failure({ headers: { 'content-type': 'text/html' }, body: '<html>Shop is closed</html>' });
		expect(error).toMatchObject({ code: 'unexpected_answer', message: expect.stringMatching(/page instead of data/) });
	});

	it('that is a page with 403 may be of a firewall', async () => {
		const page = await failure({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Access denied</html>' });
		expect(page).toMatchObject({
			code: 'credentials_invalid',
			remedy: expect.stringContaining('a firewall or a password before the site'),
		});
		expect((await failure({ status: 403, body: { message: 'no' } })).remedy).not.toContain('firewall');
	});

	it('that is empty is null', async () => {
		const peer = await Peer.open(() => ({ status: 204 }));
		expect(await call(peer.url, 'GET')).toMatchObject({ status: 204, body: null });
	});

	it('that never comes, because nobody is there, was surely not received', async () => {
		const peer = await Peer.open(() => ({}));
		const { url } = peer;
		await peer.close();
		const error = await call(url).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: 'partner_unavailable', details: { received: 'no' } });
	});
});

describe('repeats within a run', () => {
	it.each([...FAULTS, ...WIRE_FAULTS])(
		'%s: a question is asked again, an order is not sent again unless it was surely refused',
		async (fault) => {
			const peer = await Peer.open(() => ({ body: { ok: true } }));
			peer.faultAt = (index) => (index === 0 ? fault : null);
			const asked = await call(peer.url, 'GET').catch((error: PartnerError) => error.code);
			// A page, or nothing, is no passing fault of the line, and who asks for a long pause gets it: it is told.
			const told = {
				html: 'unexpected_answer',
				empty: 'unexpected_answer',
				'retry-after': 'partner_unavailable',
			} as const satisfies Partial<Record<Fault, string>>;
			expect(asked).toEqual(fault in told ? told[fault as keyof typeof told] : expect.objectContaining({ body: { ok: true } }));
			let fresh = true;
			const before = peer.requests.length;
			peer.faultAt = () => {
				const mine = fresh ? fault : null;
				fresh = false;
				return mine;
			};
			const sent = await call(peer.url).catch((error: PartnerError) => error.details.received);
			if (fault === '429') expect(sent).toMatchObject({ body: { ok: true } });
			else {
				expect(sent).toBe(fault === 'retry-after' ? 'no' : 'maybe');
				expect(peer.requests.length - before).toBe(1);
			}
		},
	);

	it('follow Retry-After, in seconds or as a date', () => {
		expect(retryAfterMs({ headers: { 'retry-after': '2' } })).toBe(2000);
		expect(retryAfterMs({ headers: { 'retry-after': 'Wed, 25 Nov 2026 06:00:10 GMT' } }, () => Date.UTC(2026, 10, 25, 6))).toBe(10_000);
		expect(retryAfterMs({ headers: { 'retry-after': 'soon' } })).toBeUndefined();
		expect(retryAfterMs({ headers: {} })).toBeUndefined();
	});

	it('leave a long pause to the use case', async () => {
		const peer = await Peer.open(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
		const error = await call(peer.url).catch((thrown: unknown) => thrown);
		expect(peer.requests).toHaveLength(1);
		expect(error).toMatchObject({ details: { retryAfterMs: 3_600_000 } });
	});
});

describe('what comes of it', () => {
	const throwing = (error: PartnerError) => async () => await Promise.reject(error);

	it.each([
		[422, 'rejected', 'rejected'],
		[503, 'unknown', 'unavailable'],
		[429, 'unavailable', 'unavailable'],
		[401, 'unavailable', 'unavailable'],
	])('%i when sending is %s, when telling the cart %s', async (status, sending, telling) => {
		const error = await failure({ status, body: { message: 'because' } });
		const sent = await sendOutcome(throwing(error));
		const told = await cartOutcome(throwing(error));
		expect([sent.kind, told.kind]).toEqual([sending, telling]);
		if (status === 401) expect([sent, told]).toMatchObject([{ alert: 'credentials_invalid' }, { alert: 'credentials_invalid' }]);
	});
});
