/** Answers that are no answers: a list must never take them for "nothing new", and nobody for an order that is gone. Of every cart over HTTP. */
import type { CartSession } from '../../lib/carts/Cart';
import type { HttpAccount, HttpResponse } from '../../lib/http/Http';
import { cartPartners } from '../../nodes/partners/lists';
import { EARLIEST } from './contract';
import { anOrder, aShipment } from './order';

/** Every cart over HTTP. */
const OVER_HTTP = cartPartners
	.filter(([, { exchangesFiles }]) => exchangesFiles !== true)
	.map(([code, { cart }]) => [code, (account: HttpAccount): CartSession => cart.open(account as never, {} as never)] as const);

const NOTHING: ReadonlyArray<[what: string, response: Omit<HttpResponse, 'headers'>]> = [
	['nothing', { status: 200, body: null }],
	['nothing, as made', { status: 201, body: null }],
	['a page', { status: 200, body: '<html>' }],
	['a page, not found', { status: 404, body: '<html>' }],
	['nothing, not found', { status: 404, body: null }],
	['other data', { status: 200, body: 7 }],
	['data without any', { status: 200, body: {} }],
	['half of the data', { status: 200, body: { data: {} } }],
];

const FILTER = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 50 };
const ORDER = anOrder({ externalId: '1001', orderNumber: '1001' });

describe.each(OVER_HTTP)('%s', (code, open) => {
	const sessionFor = (response: Omit<HttpResponse, 'headers'>): CartSession =>
		open({ http: async () => await Promise.resolve({ ...response, headers: { date: 'Mon, 30 Nov 2026 12:00:00 GMT' } }), account: 'x' });
	const pages = async (session: CartSession): Promise<unknown[]> => {
		const kept: unknown[] = [];
		for await (const { next } of session.listOrders({ since: '2026-11-01T00:00:00.000Z', from: '2026-10-01T00:00:00.000Z' }, FILTER))
			kept.push(next);
		return kept;
	};

	it.each(NOTHING)('%s is no list without orders, and no order that is gone', async (_, response) => {
		const session = sessionFor(response);
		await expect(pages(session)).rejects.toMatchObject({ name: 'PartnerError' });
		await expect(session.getOrder!('1001')).rejects.toMatchObject({ name: 'PartnerError' });
		for (const tell of [
			async () => await session.acknowledge!(ORDER),
			async () => await session.addNote!(ORDER, 'Fragile'),
			async () => await session.uploadTracking!(ORDER, aShipment({}), { notifyCustomer: false }),
		]) {
			const { kind, problem } = (await tell()) as { kind: string; problem?: string };
			expect([kind, problem]).toEqual([
				expect.stringMatching(/unavailable|rejected/),
				expect.not.stringMatching(/gone|not there|no longer/),
			]);
		}
	});

	it('no content moves no position', async () => {
		const kept = await pages(sessionFor({ status: 204, body: null })).catch(() => []);
		// So BigCommerce says that there is none.
		expect(kept).toEqual(code === 'bigCommerce' ? [expect.objectContaining({ since: '2026-11-01T00:00:00.000Z' })] : []);
	});
});
