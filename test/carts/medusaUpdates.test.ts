/** Writing to a real Medusa: parcels, metadata, cancellations; and its ways to say no. */
import { ships } from '../../lib/order/goods';
import { checkAccess, medusaCart, NOTES_KEY, REFERENCE_KEY } from '../../lib/carts/medusa';
import { medusaHeaders } from '../../lib/carts/medusa/headers';
import type { Http } from '../../lib/http/Http';
import { HttpFailure } from '../../lib/http/Http';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { medusaUrl, MedusaShop, secretKey, type Bought } from '../real/medusaShop';
import { httpOf, sessionOf, stored } from './medusaHarness';
import { aShipment } from './order';

jest.setTimeout(120_000);

const quiet = { notifyCustomer: false };

/** A parcel of one of the first line, unless it says otherwise. */
const parcel = (order: Order, count: number, changes: object = {}) =>
	aShipment({
		id: `s${count}`,
		externalId: `S${count}`,
		trackingNumber: `T${count}`,
		trackingUrl: 'https://example.com/track',
		carrier: 'UPS',
		serviceLevel: 'Ground',
		lines: [{ lineId: order.lines[0]!.id, quantity: 1 }],
		...changes,
	});

/** What a warehouse ships of it. */
const everything = (order: Order) => order.lines.filter(ships).map(({ id, quantity }) => ({ lineId: id, quantity }));

if (medusaUrl() === null) it.skip('needs the real Medusa', () => undefined);
else
	describe('a real Medusa', () => {
		let shop: MedusaShop;
		let placed: Bought;
		let order: Order;
		// One channel for all: what each test looks at is its own order.
		beforeAll(async () => {
			shop = await MedusaShop.open();
		});
		beforeEach(async () => {
			[placed] = (await shop.placeMany(1)) as [Bought];
			order = await stored(shop, placed);
		});

		const live = async (): Promise<Array<Record<string, any>>> =>
			(await shop.order(placed.id)).fulfillments.filter(({ canceled_at: canceled }: { canceled_at: string | null }) => canceled === null);
		/** Counts, and lets what a test does not want to arrive fail. */
		const failing = (isMeant: (path: string) => boolean) => {
			const http = httpOf(shop);
			return (async (request) => {
				if (request.method === 'POST' && isMeant(request.url)) throw new HttpFailure('killed', 'maybe');
				return await http(request);
			}) satisfies Http;
		};

		it('gives an order with all that a warehouse needs, by the number that people read', async () => {
			const billingAddress = {
				first_name: 'Charles',
				last_name: 'Babbage',
				address_1: 'Nebenweg 2',
				city: 'Potsdam',
				postal_code: '14467',
				country_code: 'de',
			};
			const other = await shop.place({
				lines: [
					{ sku: 'RED-MUG', quantity: 2 },
					{ sku: 'TEE-L', quantity: 3 },
					{ sku: 'EBOOK', quantity: 1 },
				],
				billingAddress,
				metadata: { gift: 'yes' },
			});
			const session = sessionOf(shop);
			const raw = await session.getOrder!(`#${other.number}`);
			expect(medusaCart.toOrder(raw).content).toMatchObject({
				orderNumber: other.number,
				shippingAddress: {
					name: 'Ada Lovelace',
					company: 'Engines',
					address2: 'Hinterhaus',
					region: 'BE',
					country: 'DE',
					phone: '030 1234',
				},
				billingAddress: { name: 'Charles Babbage', city: 'Potsdam' },
				customer: { email: 'ada@example.com', phone: '030 1234' },
				shippingMethod: 'Standard (2-3 days)',
				currency: 'EUR',
				subtotal: '93',
				shippingAmount: '5',
				taxAmount: '19.6',
				discountAmount: '0',
				total: '117.6',
				custom: { gift: 'yes' },
			});
			expect(
				medusaCart
					.toOrder(raw)
					.content.lines.map(({ sku, name, quantity, unitPrice, kind }) => [sku, name, quantity, unitPrice, kind ?? 'goods'])
					.sort(),
			).toEqual([
				['EBOOK', 'E-book', 1, '5', 'virtual'],
				['RED-MUG', 'Red mug', 2, '12.5', 'goods'],
				['TEE-L', 'Tee L', 3, '21', 'goods'],
			]);
			expect(JSON.stringify(raw).length).toBeLessThan(12_000);
			// It holds stock, and Medusa takes it out.
			const bought = await stored(shop, other);
			expect(await session.uploadTracking(bought, parcel(bought, 1, { lines: everything(bought) }), quiet)).toMatchObject({ kind: 'done' });
			expect(await shop.order(other.id)).toMatchObject({ fulfillment_status: 'partially_shipped' });
			expect(await session.getOrder!('99999999')).toBeNull();
			expect(await session.getOrder!('EU-1')).toBeNull();
			expect(await session.getOrder!(placed.id)).toMatchObject({ id: placed.id });
		});

		it('ships in parcels, with the carrier as the shop calls it', async () => {
			expect(
				await sessionOf(shop, { store: 'acme', carriers: { ups: 'UPS Express' }, location: shop.location }).uploadTracking(
					order,
					parcel(order, 1),
					quiet,
				),
			).toMatchObject({ kind: 'done' });
			expect(await shop.order(placed.id)).toMatchObject({ fulfillment_status: 'partially_shipped' });
			expect(await live()).toMatchObject([
				{
					shipped_at: expect.any(String),
					location_id: shop.location,
					metadata: { carrier: 'UPS Express', service_level: 'Ground' },
					labels: [{ tracking_number: 'T1', tracking_url: 'https://example.com/track' }],
					items: [{ line_item_id: order.lines[0]!.externalId, quantity: 1 }],
				},
			]);
			const rest = [
				{ lineId: order.lines[0]!.id, quantity: 1 },
				{ lineId: order.lines[1]!.id, quantity: 3 },
			];
			order.shipments = [parcel(order, 1, { uploadedAt: 'x' })];
			expect(
				await sessionOf(shop).uploadTracking(order, parcel(order, 2, { lines: rest, trackingUrl: 'javascript:alert(1)' }), quiet),
			).toMatchObject({ kind: 'done' });
			expect(await shop.order(placed.id)).toMatchObject({ fulfillment_status: 'shipped' });
			expect((await shop.tracking(placed.id)).sort()).toEqual(['T1', 'T2']);
		});

		it('knows parcels without a number, also two that are alike, and two with one number', async () => {
			const session = sessionOf(shop);
			const parcels = [
				parcel(order, 1, { trackingNumber: null }),
				parcel(order, 2, { trackingNumber: null }),
				...[3, 4].map((count) => parcel(order, count, { trackingNumber: 'T', lines: [{ lineId: order.lines[1]!.id, quantity: 1 }] })),
			];
			for (const [index, each] of parcels.entries()) {
				order.shipments = parcels.slice(0, index + 1);
				for (const kind of ['done', 'already_done']) expect((await session.uploadTracking(order, each, quiet)).kind).toBe(kind);
			}
			expect(
				(await live()).map(({ labels }) => labels.map(({ tracking_number: number }: { tracking_number: string }) => number)).sort(),
			).toEqual([[], [], ['T'], ['T']]);
		});

		it('ships what an earlier run, or a person, only made', async () => {
			const dying = failing((path) => path.endsWith('/shipments'));
			expect((await sessionOf(shop, { store: 'acme' }, { http: dying }).uploadTracking(order, parcel(order, 1), quiet)).kind).toBe(
				'unavailable',
			);
			expect(await live()).toMatchObject([{ shipped_at: null }]);
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'done',
				message: expect.stringContaining('Marked'),
			});
			const packed = [{ lineId: order.lines[1]!.id, quantity: 3 }];
			await shop.admin('POST', `/orders/${placed.id}/fulfillments`, { items: [{ id: order.lines[1]!.externalId, quantity: 3 }] });
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 2, { lines: packed }), quiet)).toMatchObject({
				kind: 'done',
				message: expect.stringContaining('Marked'),
			});
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 2, { lines: packed }), quiet)).toMatchObject({
				kind: 'already_done',
			});
			expect((await shop.tracking(placed.id)).sort()).toEqual(['T1', 'T2']);
			expect((await live()).every(({ shipped_at: at }) => at !== null)).toBe(true);
		});

		it('takes back the second one when a request went through twice', async () => {
			const http = httpOf(shop);
			const twice: Http = async (request) => {
				if (request.method === 'POST' && request.url.endsWith('/fulfillments')) await http(request);
				return await http(request);
			};
			expect(await sessionOf(shop, { store: 'acme' }, { http: twice }).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'done',
			});
			expect(await live()).toMatchObject([{ shipped_at: expect.any(String) }]);
			expect(await shop.tracking(placed.id)).toEqual(['T1']);
		});

		it('leaves alone what people fulfilled otherwise, and a number that Medusa cannot change, and says so', async () => {
			const session = sessionOf(shop);
			await session.uploadTracking(order, parcel(order, 9, { lines: everything(order) }), quiet);
			expect(await session.uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('other fulfillments'),
			});
			expect(await session.uploadTracking(order, parcel(order, 9, { trackingNumber: 'T10' }), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('as T9'),
			});
			expect(await shop.tracking(placed.id)).toEqual(['T9']);
		});

		it('passes on what Medusa refuses', async () => {
			expect(
				await sessionOf(shop, { store: 'acme', location: 'sloc_nowhere' }).uploadTracking(order, parcel(order, 1), quiet),
			).not.toMatchObject({ kind: 'done' });
			expect(await live()).toEqual([]);
			const unknown = { ...order, externalId: 'order_404' };
			for (const call of [
				sessionOf(shop).uploadTracking(unknown, parcel(unknown, 1), quiet),
				sessionOf(shop).acknowledge!(unknown),
				sessionOf(shop).addNote!(unknown, 'x'),
				sessionOf(shop).cancel!(unknown, 'x'),
			]) {
				expect(await call).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('no order') });
			}
		});

		it('acknowledges and adds notes in the metadata, each once, and leaves what is there', async () => {
			await shop.admin('POST', `/orders/${placed.id}`, { metadata: { gift: 'yes' } });
			const session = sessionOf(shop);
			for (const kind of ['done', 'already_done']) {
				expect((await session.acknowledge!(order)).kind).toBe(kind);
				expect((await session.addNote!(order, 'Waiting for "stock"')).kind).toBe(kind);
				expect((await session.addNote!(order, 'It\nis there')).kind).toBe(kind);
			}
			expect((await shop.order(placed.id)).metadata).toEqual({
				gift: 'yes',
				[REFERENCE_KEY]: order.reference,
				[NOTES_KEY]: 'Waiting for "stock"\nIt\nis there',
			});
		});

		it('cancels what is not fulfilled, with the reason', async () => {
			const session = sessionOf(shop);
			expect((await session.cancel!(order, 'Sold out')).kind).toBe('done');
			expect((await session.cancel!(order, 'Sold out')).kind).toBe('already_done');
			expect(await shop.order(placed.id)).toMatchObject({ status: 'canceled', metadata: { [NOTES_KEY]: 'Sold out' } });
			expect(await session.uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('canceled'),
			});
			expect(await session.acknowledge!(order)).toMatchObject({ kind: 'already_done' });
			expect(await session.addNote!(order, 'Too late')).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('canceled') });
			[placed] = (await shop.placeMany(1)) as [Bought];
			order = await stored(shop, placed);
			await session.uploadTracking(order, parcel(order, 1), quiet);
			expect(await session.cancel!(order, 'Sold out')).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('fulfillments'),
			});
			expect(await shop.order(placed.id)).toMatchObject({ status: 'pending' });
		});

		it('says what is wrong with a key, a channel and an address', async () => {
			const account = (headers: Record<string, string>, url = shop.url) => ({ http: fetchHttp(url, headers), account: 'x' });
			const good = medusaHeaders({ apiKey: await secretKey() });
			expect(await checkAccess(account(good), [])).toBe('Connected to all sales channels.');
			expect(await checkAccess(account(good), [shop.channel])).toMatch(/^Connected to Shop \w+\.$/);
			await expect(checkAccess(account(good), ['sc_nowhere'])).rejects.toMatchObject({ message: expect.stringContaining('sc_nowhere') });
			await expect(checkAccess(account(medusaHeaders({ apiKey: 'sk_old' })), [])).rejects.toMatchObject({
				code: 'credentials_invalid',
				remedy: expect.stringContaining('secret API key'),
			});
			await expect(checkAccess(account(good, `${shop.url}/nowhere`), [])).rejects.toMatchObject({
				code: 'unexpected_answer',
				message: expect.stringContaining('no Admin API'),
				remedy: expect.stringContaining('storefront'),
			});
			expect(
				await sessionOf(shop, { store: 'acme' }, { http: fetchHttp(shop.url, medusaHeaders({ apiKey: 'sk_old' })) }).uploadTracking(
					order,
					parcel(order, 1),
					quiet,
				),
			).toMatchObject({ kind: 'unavailable', alert: 'credentials_invalid' });
		});
	});
