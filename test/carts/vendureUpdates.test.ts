/** Writing to a real Vendure: parcels, payments, cancellations; and its ways to say no. */
import { checkAccess, vendureCart } from '../../lib/carts/vendure';
import type { Http } from '../../lib/http/Http';
import { HttpFailure } from '../../lib/http/Http';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { vendureUrl, VendureShop, type Bought } from '../real/vendureShop';
import { aShipment } from './order';
import { httpOf, sessionOf, stored, SUPERADMIN } from './vendureHarness';

const quiet = { notifyCustomer: false };
const ERROR = '... on ErrorResult { errorCode message }';

/** A parcel of one of the first line, unless it says otherwise. */
const parcel = (order: Order, count: number, changes: object = {}) =>
	aShipment({
		id: `s${count}`,
		externalId: `S${count}`,
		trackingNumber: `T${count}`,
		carrier: 'UPS',
		serviceLevel: 'Ground',
		lines: [{ lineId: order.lines[0]!.id, quantity: 1 }],
		...changes,
	});

const everything = (order: Order) => order.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));

if (vendureUrl() === null) it.skip('needs the real Vendure', () => undefined);
else
	describe('a real Vendure', () => {
		let colleagues = 0;
		let shop: VendureShop;
		let placed: Bought;
		let order: Order;
		// One channel for all: what each test looks at is its own order.
		beforeAll(async () => {
			shop = await VendureShop.open();
		});
		beforeEach(async () => {
			placed = await shop.place();
			order = await stored(shop, placed);
		});

		const live = async () => (await shop.order(placed.id)).fulfillments.filter(({ state }: { state: string }) => state !== 'Cancelled');

		it('gives an order with all that a warehouse needs, by the number that people read', async () => {
			const other = await shop.place({
				billingAddress: { fullName: 'Charles Babbage', streetLine1: 'Nebenweg 2', city: 'Potsdam', postalCode: '14467', countryCode: 'DE' },
				customFields: { pickupPoint: 'P1' },
			});
			const session = sessionOf(shop, { store: 'acme', customFields: ['pickupPoint'] });
			expect(vendureCart.toOrder(await session.getOrder!(`#${other.code}`)).content).toMatchObject({
				orderNumber: other.code,
				shippingAddress: {
					name: 'Ada Lovelace',
					company: 'Engines',
					address2: 'Hinterhaus',
					region: 'Berlin',
					country: 'DE',
					phone: '030 1234',
				},
				billingAddress: { name: 'Charles Babbage', city: 'Potsdam' },
				customer: { email: expect.stringMatching(/^ada-/), phone: '030 1234' },
				lines: [
					{ sku: 'RED-MUG', quantity: 2, unitPrice: '12.50' },
					{ sku: 'TEE-L', name: 'Tee L', quantity: 3, unitPrice: '21.00', options: { Size: 'L' } },
				],
				shippingMethod: 'Standard (2-3 days)',
				currency: 'EUR',
				subtotal: '88.00',
				shippingAmount: '5.00',
				taxAmount: '18.60',
				discountAmount: '0.00',
				total: '111.60',
				custom: { pickupPoint: 'P1', shippingMethodCode: 'standard' },
			});
			expect(await session.getOrder!('404')).toBeNull();
			await expect(sessionOf(shop, { store: 'acme', customFields: ['nonsense'] }).getOrder!(other.code)).rejects.toMatchObject({
				code: 'partner_refused',
				message: expect.stringContaining('nonsense'),
			});
		});

		it('ships in parcels, with the carrier as the shop calls it', async () => {
			const session = sessionOf(shop, { store: 'acme', carriers: { ups: 'UPS Express' } });
			expect(await session.uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({ kind: 'done' });
			expect(await shop.order(placed.id)).toMatchObject({
				state: 'PartiallyShipped',
				fulfillments: [
					{
						state: 'Shipped',
						method: 'UPS Express',
						trackingCode: 'T1',
						lines: [{ orderLineId: order.lines[0]!.externalId, quantity: 1 }],
					},
				],
			});
			const rest = [
				{ lineId: order.lines[0]!.id, quantity: 1 },
				{ lineId: order.lines[1]!.id, quantity: 3 },
			];
			order.shipments = [parcel(order, 1, { uploadedAt: 'x' })];
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 2, { lines: rest }), quiet)).toMatchObject({ kind: 'done' });
			expect(await shop.order(placed.id)).toMatchObject({
				state: 'Shipped',
				fulfillments: expect.arrayContaining([expect.objectContaining({ method: 'UPS Ground', trackingCode: 'T2' })]),
			});
		});

		it('knows parcels without a number, also two that are alike', async () => {
			const session = sessionOf(shop);
			const [first, second] = [1, 2].map((count) => parcel(order, count, { trackingNumber: null }));
			order.shipments = [first!];
			expect((await session.uploadTracking(order, first!, quiet)).kind).toBe('done');
			expect((await session.uploadTracking(order, first!, quiet)).kind).toBe('already_done');
			order.shipments = [{ ...first!, uploadedAt: '2026-11-20T12:00:00.000Z' }, second!];
			expect((await session.uploadTracking(order, second!, quiet)).kind).toBe('done');
			expect((await session.uploadTracking(order, second!, quiet)).kind).toBe('already_done');
			expect(await live()).toMatchObject([{ trackingCode: '' }, { trackingCode: '' }]);
		});

		it('ships what an earlier run only made', async () => {
			const http = httpOf(shop);
			const dying: Http = async (request) => {
				if (JSON.stringify(request.body).includes('MoveFulfillment')) throw new HttpFailure('killed', 'maybe');
				return await http(request);
			};
			expect((await sessionOf(shop, { store: 'acme' }, { http: dying }).uploadTracking(order, parcel(order, 1), quiet)).kind).toBe(
				'unavailable',
			);
			expect(await live()).toMatchObject([{ state: 'Pending' }]);
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({ kind: 'done' });
			expect(await live()).toMatchObject([{ state: 'Shipped', trackingCode: 'T1' }]);
		});

		it('replaces a fulfillment when the number of its parcel comes later or changes', async () => {
			const lines = everything(order);
			for (const [trackingNumber, message] of [
				[null, 'Added'],
				['T1', 'without a code'],
				['T2', '(T1)'],
			] as const) {
				expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1, { lines, trackingNumber }), quiet)).toMatchObject({
					kind: 'done',
					message: expect.stringContaining(message),
				});
			}
			expect(await live()).toMatchObject([{ state: 'Shipped', trackingCode: 'T2' }]);
			expect((await shop.order(placed.id)).state).toBe('Shipped');
		});

		it('leaves alone what people fulfilled otherwise, and says so', async () => {
			await sessionOf(shop).uploadTracking(order, parcel(order, 9, { lines: everything(order) }), quiet);
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('other fulfillments'),
			});
			expect(await shop.tracking(placed.id)).toEqual(['T9']);
		});

		it('waits for payments and changes, or settles payments when it is told to', async () => {
			placed = await shop.place({ payment: 'invoice' });
			order = await stored(shop, placed);
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'unavailable',
				cause: expect.stringContaining('PaymentAuthorized'),
			});
			expect(await sessionOf(shop, { store: 'acme', settlePayments: true }).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'done',
			});
			expect(await shop.order(placed.id)).toMatchObject({ state: 'PartiallyShipped', payments: [{ state: 'Settled' }] });
			await shop.admin(`mutation ($id: ID!) { transitionOrderToState(id: $id, state: "Modifying") { ${ERROR} } }`, { id: placed.id });
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 2), quiet)).toMatchObject({
				kind: 'unavailable',
				cause: expect.stringContaining('Modifying'),
			});
		});

		it('passes on what Vendure refuses', async () => {
			expect(await sessionOf(shop, { store: 'acme', handler: 'drone' }).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('INVALID_FULFILLMENT_HANDLER_ERROR'),
			});
			const rare = await shop.place({ lines: [{ sku: 'BOOK', quantity: 1 }] });
			const book = await stored(shop, rare);
			const { productVariants } = await shop.admin('{ productVariants(options: { filter: { sku: { eq: "BOOK" } } }) { items { id } } }');
			const stock = async (stockOnHand: number) =>
				await shop.admin('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', {
					input: [{ id: productVariants.items[0].id, stockOnHand }],
				});
			await stock(0);
			expect(await sessionOf(shop).uploadTracking(book, parcel(book, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('Correct the stock'),
			});
			await stock(1_000);
			await shop.cancel(placed.id);
			expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('canceled'),
			});
			const unknown = { ...order, externalId: '999999' };
			for (const call of [
				sessionOf(shop).uploadTracking(unknown, parcel(unknown, 1), quiet),
				sessionOf(shop).acknowledge!(unknown),
				sessionOf(shop).addNote!(unknown, 'x'),
				sessionOf(shop).cancel!(unknown, 'x'),
			]) {
				expect(await call).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('no order') });
			}
		});

		it('acknowledges by a private note or by a field, and adds notes, each once', async () => {
			for (const kind of ['done', 'already_done']) {
				expect((await sessionOf(shop).acknowledge!(order)).kind).toBe(kind);
				expect((await sessionOf(shop, { store: 'acme', acknowledgeField: 'warehouseReference' }).acknowledge!(order)).kind).toBe(kind);
				expect((await sessionOf(shop).addNote!(order, 'Waiting for "stock"')).kind).toBe(kind);
			}
			const { history, customFields } = await shop.order(placed.id);
			expect(customFields.warehouseReference).toBe(order.reference);
			expect(history.items.filter(({ type }: { type: string }) => type === 'ORDER_NOTE')).toMatchObject([
				{ isPublic: false, data: { note: `The warehouse has the order as ${order.reference}.` } },
				{ isPublic: false, data: { note: 'Waiting for "stock"' } },
			]);
		});

		it('cancels what was not shipped', async () => {
			expect((await sessionOf(shop).cancel!(order, 'Sold out')).kind).toBe('done');
			expect((await sessionOf(shop).cancel!(order, 'Sold out')).kind).toBe('already_done');
			expect((await shop.order(placed.id)).state).toBe('Cancelled');
			placed = await shop.place();
			order = await stored(shop, placed);
			await sessionOf(shop).uploadTracking(order, parcel(order, 1, { lines: [everything(order)[0]] }), quiet);
			expect(await sessionOf(shop).cancel!(order, 'Sold out')).toMatchObject({
				kind: 'done',
				message: expect.stringContaining('not shipped'),
			});
			const after = await shop.order(placed.id);
			expect(Object.fromEntries(after.lines.map(({ id, quantity }: { id: string; quantity: number }) => [id, quantity]))).toEqual({
				[placed.lines[0]!.id]: 2,
				[placed.lines[1]!.id]: 0,
			});
			expect(await sessionOf(shop).cancel!(order, 'Sold out')).toMatchObject({
				kind: 'rejected',
				problem: expect.stringContaining('fulfillments'),
			});
		});

		/** Sees the headers and the operations that go out. */
		const watching = (more: { withoutToken?: boolean } = {}) => {
			const plain = httpOf(shop);
			const seen: Array<{ operation: string; headers: Record<string, string> }> = [];
			const http: Http = async (request) => {
				seen.push({ operation: (request.body as { operationName: string }).operationName, headers: request.headers ?? {} });
				const response = await plain(request);
				const { 'vendure-auth-token': _token, ...headers } = response.headers;
				return more.withoutToken ? { ...response, headers } : response;
			};
			return { http, seen, signIns: () => seen.filter(({ operation }) => operation === 'SignIn').length };
		};
		/** Its own user, since sessions are kept for all who sign in as the same one. */
		const colleague = async (permissions: string[] = ['ReadOrder', 'UpdateOrder']) => {
			const email = `colleague-${(colleagues += 1)}-${shop.channel}@example.com`;
			const { createRole } = await shop.admin('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', {
				input: { code: email, description: email, permissions, channelIds: [shop.channelId] },
			});
			await shop.admin('mutation ($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }', {
				input: { firstName: 'C', lastName: 'D', emailAddress: email, password: 'secret', roleIds: [createRole.id] },
			});
			return { username: email, password: 'secret' };
		};

		it('signs in once, and again when its session is over', async () => {
			const signIn = await colleague();
			const { http, seen, signIns } = watching();
			const session = sessionOf(shop, { store: 'acme' }, { signIn, http });
			expect(await Promise.all([session.getOrder!(placed.code), session.getOrder!(placed.code)])).toMatchObject([
				{ code: placed.code },
				{ code: placed.code },
			]);
			expect(signIns()).toBe(1);
			const { authorization } = seen.at(-1)!.headers;
			await fetchHttp(shop.url, { authorization: authorization! })({
				method: 'POST',
				url: '',
				body: { query: 'mutation { logout { success } }' },
			});
			expect((await session.acknowledge!(order)).kind).toBe('done');
			expect((await session.uploadTracking(order, parcel(order, 1), quiet)).kind).toBe('done');
			expect(signIns()).toBe(2);
			expect(await live()).toHaveLength(1);
		});

		it('keeps the session by cookies where the shop gives no token', async () => {
			const { http, seen } = watching({ withoutToken: true });
			expect(await sessionOf(shop, { store: 'acme' }, { signIn: await colleague(), http }).getOrder!(placed.code)).toMatchObject({
				code: placed.code,
			});
			expect(seen.at(-1)!.headers).toEqual({ cookie: expect.stringMatching(/^session=[^;]+; session\.sig=[^;]+$/) });
		});

		it('takes an API key', async () => {
			const { roles } = await shop.admin('{ roles { items { id code } } }');
			const superadmin = roles.items.find(({ code }: { code: string }) => code === '__super_admin_role__');
			const { createApiKey } = await shop.admin('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey } }', {
				input: { roleIds: [superadmin.id], translations: [{ languageCode: 'en', name: 'n8n' }] },
			});
			const opened = (key: string) =>
				vendureCart.open(
					{ http: fetchHttp(shop.url, { 'vendure-token': shop.channel, 'vendure-api-key': key }), account: 'x' },
					{ store: 'acme' },
				);
			expect(await opened(createApiKey.apiKey).getOrder!(placed.code)).toMatchObject({ code: placed.code });
			await expect(opened('a:b').getOrder!(placed.code)).rejects.toMatchObject({
				code: 'credentials_invalid',
				remedy: expect.stringContaining('api-key'),
			});
		});

		it('says what is wrong with a sign-in, a permission, a channel and an address', async () => {
			const account = (more: object = {}, headers: Record<string, string> = {}) => ({
				http: fetchHttp(shop.url, { 'vendure-token': shop.channel, ...headers }),
				account: 'x',
				signIn: SUPERADMIN,
				...more,
			});
			expect(await checkAccess(account())).toBe(`Connected to the channel ${shop.channel} as superadmin.`);
			await expect(checkAccess(account({ signIn: { ...SUPERADMIN, password: 'x' } }))).rejects.toMatchObject({
				code: 'credentials_invalid',
				message: expect.stringContaining('refused the credentials'),
			});
			const reader = await colleague(['ReadOrder']);
			await expect(checkAccess(account({ signIn: reader }))).rejects.toMatchObject({
				message: expect.stringMatching(/lacks UpdateOrder \(uploading tracking/),
			});
			expect(await sessionOf(shop, { store: 'acme' }, { signIn: reader }).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
				kind: 'unavailable',
				alert: 'credentials_invalid',
				cause: expect.stringContaining('UpdateOrder'),
			});
			await expect(checkAccess(account({}, { 'vendure-token': 'nowhere' }))).rejects.toMatchObject({
				code: 'credentials_invalid',
				remedy: expect.stringContaining('channel token'),
			});
			await expect(checkAccess(account({ http: fetchHttp(new URL('/nowhere', shop.url).href) }))).rejects.toMatchObject({
				message: expect.stringContaining('no Admin API'),
			});
		});
	});
