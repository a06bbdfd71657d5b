/** Parcels with goods that Medusa does not take in one fulfillment, told to a real Medusa, with a death at each request. */
import type { Http, HttpRequest } from '../../lib/http/Http';
import { HttpFailure } from '../../lib/http/Http';
import type { Order, Shipment } from '../../lib/order/order';
import { medusaUrl, MedusaShop, type Bought } from '../real/medusaShop';
import { httpOf, sessionOf, stored } from './medusaHarness';
import { aShipment } from './order';

jest.setTimeout(240_000);

const [USUAL, BULKY] = ['Standard (2-3 days)', 'Freight'] as const;
const GOODS = { 'RED-MUG': 1, SOFA: 1, 'TEE-L': 2 };

/** A parcel of so many of each SKU. */
const parcel = (order: Order, key: string, goods: Record<string, number> = GOODS, changes: Partial<Shipment> = {}): Shipment =>
	aShipment({
		id: key,
		externalId: key,
		trackingNumber: `T-${key}`,
		lines: Object.entries(goods).map(([sku, quantity]) => ({ lineId: order.lines.find((line) => line.sku === sku)!.id, quantity })),
		...changes,
	});

if (medusaUrl() === null) it.skip('needs the real Medusa', () => undefined);
else
	describe('a parcel of several shipping profiles', () => {
		let shop: MedusaShop;
		let placed: Bought;
		let order: Order;
		/** Names of shipping options, by their keys. */
		let optionNames: Map<string, string>;
		beforeAll(async () => {
			shop = await MedusaShop.open();
			const { shipping_options: options } = await shop.admin('GET', '/shipping-options?fields=id,name');
			optionNames = new Map(options.map(({ id, name }: { id: string; name: string }) => [id, name]));
			// Enough for every test's parcels.
			placed = await shop.place({
				lines: [
					{ sku: 'RED-MUG', quantity: 60 },
					{ sku: 'SOFA', quantity: 60 },
					{ sku: 'TEE-L', quantity: 90 },
					{ sku: 'EBOOK', quantity: 5 },
				],
				shipping: [USUAL, BULKY],
			});
			order = await stored(shop, placed);
		});

		/** The parcel's fulfillments that are not canceled, in an order of their own. */
		async function fulfillments(key: string, of: Bought = placed): Promise<unknown[]> {
			const skuOf = new Map(of.lines.map(({ id, sku }) => [id, sku]));
			const all = (await shop.order(of.id)).fulfillments.filter(
				(one: Record<string, any>) =>
					one.canceled_at === null &&
					(one.metadata?.warehouse_shipment === key ||
						one.labels.some((label: Record<string, unknown>) => label.tracking_number === `T-${key}`)),
			);
			const shown = all.map((one: Record<string, any>) => ({
				option: optionNames.get(one.shipping_option_id),
				shipped: one.shipped_at !== null,
				labels: one.labels.map((label: Record<string, unknown>) => label.tracking_number),
				items: Object.fromEntries(
					one.items.map((item: { line_item_id: string; quantity: number }) => [skuOf.get(item.line_item_id), item.quantity]),
				),
			}));
			return shown.sort((left: unknown, right: unknown) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
		}
		const whole = (key: string): unknown[] => [
			{ option: BULKY, shipped: true, labels: [`T-${key}`], items: { SOFA: 1 } },
			{ option: USUAL, shipped: true, labels: [`T-${key}`], items: { 'RED-MUG': 1, 'TEE-L': 2 } },
		];

		/** Notes what is asked for, and lets it go wrong as told. */
		function watched(act: (place: number, request: HttpRequest, http: Http) => Promise<void> = async () => await Promise.resolve()): {
			calls: string[];
			http: Http;
		} {
			const calls: string[] = [];
			const http = httpOf(shop);
			return {
				calls,
				http: async (request) => {
					calls.push(`${request.method} ${request.url.replace(/^\/admin/, '').replace(/(order|ful)_\w+/g, '$1')}`);
					await act(calls.length - 1, request, http);
					return await http(request);
				},
			};
		}
		const upload = async (shipment: Shipment, http = httpOf(shop), of = order) =>
			await sessionOf(shop, { store: 'acme' }, { http }).uploadTracking(of, shipment, { notifyCustomer: false });
		const ADD = 'POST /orders/order/fulfillments';
		const SHIP = 'POST /orders/order/fulfillments/ful/shipments';
		const READ = 'GET /orders/order';
		const ASK = 'GET /shipping-options';

		it('becomes a fulfillment of each, with its option, and is known again', async () => {
			const first = watched();
			expect(await upload(parcel(order, 'A'), first.http)).toMatchObject({ kind: 'done' });
			expect(await fulfillments('A')).toEqual(whole('A'));
			expect(first.calls).toEqual([READ, ASK, ADD, SHIP, ADD, SHIP]);
			const again = watched();
			expect(await upload(parcel(order, 'A'), again.http)).toMatchObject({ kind: 'already_done' });
			expect(again.calls).toEqual([READ]);
			expect(await upload(parcel(order, 'A', GOODS, { trackingNumber: 'T-other' }))).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('as T-A'),
			});
		});

		it.each([
			[{ SOFA: 2 }, BULKY],
			[{ 'TEE-L': 1, 'RED-MUG': 2 }, USUAL],
		])('of one of them, %j, is one fulfillment with the option that fits', async (goods, option) => {
			const key = `B ${option}`;
			const { calls, http } = watched();
			expect(await upload(parcel(order, key, goods), http)).toMatchObject({ kind: 'done' });
			expect(await fulfillments(key)).toEqual([{ option, shipped: true, labels: [`T-${key}`], items: goods }]);
			expect(calls).toEqual([READ, ASK, ADD, SHIP]);
		});

		it('asks for no options where the order has one way to ship', async () => {
			const [simple] = (await shop.placeMany(1)) as [Bought];
			const { calls, http } = watched();
			const one = await stored(shop, simple);
			expect(await upload(parcel(one, 'C', { 'RED-MUG': 1, 'TEE-L': 2 }), http, one)).toMatchObject({ kind: 'done' });
			expect(calls).toEqual([READ, ADD, SHIP]);
		});

		describe.each([
			['before', false],
			['after', true],
		] as const)('a run that ends %s a request', (when, isCarriedOut) => {
			it.each([0, 1, 2, 3, 4, 5])('number %i is finished by the next, and nothing is there twice', async (place) => {
				const key = `D ${when} ${place}`;
				const dying = watched(async (at, request, http) => {
					if (at !== place) return;
					if (isCarriedOut) await http(request);
					throw new HttpFailure('killed', 'maybe');
				});
				expect(await upload(parcel(order, key), dying.http)).toMatchObject({ kind: 'unavailable' });
				expect(dying.calls).toHaveLength(place + 1);
				const isComplete = isCarriedOut && place === 5;
				expect(await upload(parcel(order, key))).toMatchObject({ kind: isComplete ? 'already_done' : 'done' });
				expect(await fulfillments(key)).toEqual(whole(key));
				const again = watched();
				expect(await upload(parcel(order, key), again.http)).toMatchObject({ kind: 'already_done' });
				expect(again.calls).toEqual([READ]);
			});
		});

		it.each([
			['its answer comes', false],
			['its answer is lost', true],
		])('takes back the second one of a request that went through twice, %s', async (_how, isLost) => {
			for (const nth of [1, 2]) {
				const key = `E ${isLost} ${nth}`;
				let added = 0;
				const twice = watched(async (_at, request, http) => {
					if (request.method !== 'POST' || !request.url.endsWith('/fulfillments') || (added += 1) !== nth) return;
					await http(request);
					if (!isLost) return;
					await http(request);
					throw new HttpFailure('killed', 'maybe');
				});
				expect(await upload(parcel(order, key), twice.http)).toMatchObject({ kind: isLost ? 'unavailable' : 'done' });
				expect(await upload(parcel(order, key))).toMatchObject({ kind: isLost ? 'done' : 'already_done' });
				expect(await fulfillments(key)).toEqual(whole(key));
			}
		});

		it('finds what a person packed of it, and what a person entered of it with its number', async () => {
			const idOf = (sku: string): string => order.lines.find((line) => line.sku === sku)!.externalId!;
			const option = [...optionNames].find(([, name]) => name === BULKY)![0];
			const body = { items: [{ id: idOf('SOFA'), quantity: 1 }], shipping_option_id: option };
			await shop.admin('POST', `/orders/${placed.id}/fulfillments`, body);
			const packed = watched();
			expect(await upload(parcel(order, 'F'), packed.http)).toMatchObject({ kind: 'done' });
			expect(packed.calls.filter((call) => call === ADD)).toHaveLength(1);
			expect(await fulfillments('F')).toEqual(whole('F'));

			const { order: after } = await shop.admin('POST', `/orders/${placed.id}/fulfillments?fields=id,*fulfillments`, body);
			const open = after.fulfillments.find((one: Record<string, unknown>) => one.shipped_at === null && one.canceled_at === null);
			await shop.admin('POST', `/orders/${placed.id}/fulfillments/${open.id}/shipments`, {
				items: body.items,
				labels: [{ tracking_number: 'T-G', tracking_url: '', label_url: '' }],
			});
			expect(await upload(parcel(order, 'G'))).toMatchObject({ kind: 'done' });
			expect(await fulfillments('G')).toEqual(whole('G'));
			expect(await upload(parcel(order, 'G'))).toMatchObject({ kind: 'already_done' });
		});

		it('with goods that need no shipping has a fulfillment of these', async () => {
			const download = placed.lines.find(({ sku }) => sku === 'EBOOK')!;
			const all = {
				...order,
				lines: [...order.lines, { ...order.lines[0]!, id: 'download', externalId: download.id, sku: 'EBOOK', quantity: 5 }],
			};
			expect(await upload(parcel(all, 'H', { 'RED-MUG': 1, EBOOK: 2, SOFA: 1 }), httpOf(shop), all)).toMatchObject({ kind: 'done' });
			const there = await fulfillments('H');
			expect(there).toHaveLength(3);
			for (const items of [{ SOFA: 1 }, { EBOOK: 2 }, { 'RED-MUG': 1 }])
				expect(there).toContainEqual(expect.objectContaining({ shipped: true, labels: ['T-H'], items }));
			expect(await upload(parcel(all, 'H', { 'RED-MUG': 1, EBOOK: 2, SOFA: 1 }), httpOf(shop), all)).toMatchObject({
				kind: 'already_done',
			});
		});

		it('is told as far as Medusa takes it, and its refusal is passed on', async () => {
			const bought = await shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
			// A person adds what the customer chose no way to ship for.
			await shop.admin('POST', '/order-edits', { order_id: bought.id });
			const { variants } = await shop.admin('GET', '/product-variants?sku=SOFA');
			await shop.admin('POST', `/order-edits/${bought.id}/items`, { items: [{ variant_id: variants[0].id, quantity: 1 }] });
			for (const step of ['request', 'confirm']) await shop.admin('POST', `/order-edits/${bought.id}/${step}`, {});
			const one = await stored(shop, bought);
			for (const wanted of [
				[READ, ASK, ADD, SHIP, ADD],
				[READ, ADD],
			]) {
				const { calls, http } = watched();
				expect(await upload(parcel(one, 'I', { SOFA: 1, 'RED-MUG': 1 }), http, one)).toMatchObject({
					kind: 'rejected',
					problem: expect.stringMatching(/Shipping profile \S+ does not match/),
				});
				expect(calls).toEqual(wanted);
				expect(await fulfillments('I', bought)).toEqual([{ option: USUAL, shipped: true, labels: ['T-I'], items: { 'RED-MUG': 1 } }]);
			}
		});

		it('goes in parts, until all is shipped', async () => {
			const lines = [
				{ sku: 'RED-MUG', quantity: 2 },
				{ sku: 'SOFA', quantity: 2 },
			];
			const bought = await shop.place({ lines, shipping: [BULKY, USUAL] });
			const one = await stored(shop, bought);
			const parcels = [parcel(one, 'K', { 'RED-MUG': 1, SOFA: 1 }), parcel(one, 'L', { 'RED-MUG': 1, SOFA: 1 })];
			for (const [index, status] of (['partially_shipped', 'shipped'] as const).entries()) {
				one.shipments = parcels.slice(0, index + 1);
				expect(await upload(parcels[index]!, httpOf(shop), one)).toMatchObject({ kind: 'done' });
				expect(await shop.order(bought.id)).toMatchObject({ fulfillment_status: status });
			}
			expect(await fulfillments('L', bought)).toEqual([
				{ option: BULKY, shipped: true, labels: ['T-L'], items: { SOFA: 1 } },
				{ option: USUAL, shipped: true, labels: ['T-L'], items: { 'RED-MUG': 1 } },
			]);
			// What is imported is not changed by what we wrote.
			expect((await stored(shop, bought)).lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
				['RED-MUG', 2],
				['SOFA', 2],
			]);
		});
	});
