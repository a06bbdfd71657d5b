/** What the cart says of an order counts for the order that was made of lines which it added. */
import { canceled, gone, waiting } from '../../lib/order/cartWord';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import type { ImportedOrder } from '../../lib/order/order';
import { actor } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { CAP, MUG, PEN, saying, shown, Site, TEE } from './addedLinesSite';
import { LOST } from './operator';
import { EVERYTHING } from './exchange';
import { nextTry } from './partners';

onEachDatabase('the cart says something of an order with added lines that is not sent yet', (open) => {
	const begin = async () => {
		const site = new Site(await open());
		const order = await site.offered([MUG, TEE, CAP, PEN]);
		return { site, order, made: await site.sendsAdded(order) };
	};

	it.each(['new', 'routed'])('waiting: it waits, and goes on when the cart is ready (%s)', async (status) => {
		const { site, order, made } = await begin();
		if (status === 'routed') await site.rules(made.id);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { word: waiting('on hold') }));
		expect(await site.get(made.id)).toMatchObject({
			status: 'delayed',
			statusReason: 'The cart says: on hold.',
			inCart: { readiness: 'waiting' },
		});
		await site.goesOn();
		expect(site.main.created()).toEqual(['N1']);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.get(made.id)).toMatchObject({ status: 'new', inCart: { readiness: 'ready' } });
		await site.goesOn();
		expect([await site.get(made.id), await site.get(order.id)]).toMatchObject([{ status: 'closed' }, { status: 'closed', alerts: [] }]);
	});

	it.each([
		['canceled', canceled('refunded')],
		['gone', gone('in the trash')],
	])('%s: it is canceled, and New again when the cart wants it again', async (_, word) => {
		const { site, made } = await begin();
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { word }));
		expect(await site.get(made.id)).toMatchObject({ status: 'canceled', inCart: { readiness: word.readiness } });
		await site.goesOn();
		expect(site.main.created()).toEqual(['N1']);
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.get(made.id)).toMatchObject({ status: 'new', description: '1 × CAP', canceledInCartAt: null });
		await site.goesOn();
		expect(await site.get(made.id)).toMatchObject({ status: 'closed' });
	});

	it('some of them are taken back: it is what the cart says now, and without any it is canceled', async () => {
		const { site, order, made } = await begin();
		await site.rules(made.id);
		await site.importsAgain(
			saying([MUG, TEE, { ...PEN, quantity: 2 }], {}, { shippingAddress: { ...made.shippingAddress!, address1: '9 New St' } }),
		);
		expect(await site.get(made.id)).toMatchObject({ status: 'new', description: '2 × PEN', shippingAddress: { address1: '9 New St' } });
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.get(made.id)).toMatchObject({ status: 'canceled', statusReason: 'Taken back in the cart.' });
		expect(await site.messages(order)).toEqual([]);
		expect(await site.get(made.id)).toMatchObject({ description: '2 × PEN' });
		// An exchange that is exchanged.
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a2 new: 1 × CAP');
		// A person who starts the first one anew sends nothing that the cart took back.
		await site.does('reprocess', made.id);
		await site.goesOn();
		expect((await site.added(order)).map(({ status }) => status)).toEqual(['skipped', 'closed']);
		expect(site.main.created()).toEqual(['N1', 'N1.a2']);
	});

	it('of one that rules split: lines that are taken back are taken from their part, and what rules decided on is for a person', async () => {
		const { site, order, made } = await begin();
		await site.rules(made.id, undefined, {
			evaluate: (_, content) => ({
				content,
				trace: [],
				decision: {
					kind: 'route',
					warehouse: 'MAIN',
					parts: [
						{ warehouse: 'MAIN', lines: [{ lineId: 'L3', quantity: 1 }] },
						{ warehouse: 'OTHER', lines: [{ lineId: 'L4', quantity: 3 }] },
					],
				},
			}),
		});
		await site.importsAgain(saying([MUG, TEE, { ...PEN, quantity: 1 }]));
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 canceled: 1 × CAP', 'N1.a2 new: 1 × PEN']);
		await site.importsAgain(
			saying([MUG, TEE, { ...PEN, quantity: 1 }], {}, { shippingAddress: { ...made.shippingAddress!, address1: '9 New St' } }),
		);
		const [, pens] = await site.added(order);
		expect(pens).toMatchObject({ status: 'error', alert: { code: 'changed_in_cart', message: expect.stringContaining('9 New St') } });
	});

	it('is heard by Cart Update → Refresh right before it is sent', async () => {
		const { site, made } = await begin();
		await site.rules(made.id);
		const ask = async (order: ImportedOrder) => {
			const session = { ...site.cart, ordersByKey: async () => await Promise.resolve({ orders: [order], failures: [], gone: [] }) };
			const [result] = await refreshOrders({
				orderStore: site.orderStore,
				cart: { code: 'file', label: 'Cart', toOrder: () => order },
				session,
				filter: EVERYTHING,
				abandonAfterDays: 45,
				onChange: 'replace',
				orderIds: [made.id],
				actor,
			});
			return result?.output;
		};
		expect(await ask(saying([MUG, TEE, CAP, PEN]))).toBe('ready');
		expect(await ask(saying([MUG, TEE, CAP, PEN], { word: waiting('on hold') }))).toBe('waiting');
		expect(await ask(saying([MUG, TEE, CAP, PEN], { word: canceled() }))).toBe('canceled');
	});

	it('made while the cart does not want the order shipped, it waits from the start; one that the cart canceled is refused', async () => {
		const { site, order } = await begin();
		const more = saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]);
		await site.importsAgain(more);
		await site.importsAgain({ ...more, word: canceled('refunded') });
		await expect(site.sendsAdded(order)).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('refunded'),
			remedy: expect.stringContaining('wants it again'),
		});
		await site.importsAgain({ ...more, word: waiting('on hold') });
		const made = await site.sendsAdded(order);
		expect(made).toMatchObject({ status: 'delayed', statusReason: 'The cart says: on hold.', description: '1 × CAP' });
		await site.importsAgain(more);
		expect(await site.get(made.id)).toMatchObject({ status: 'new' });
	});
});

onEachDatabase('the cart says something of an order with added lines that was sent', (open) => {
	const begin = async () => {
		const site = new Site(await open());
		const order = await site.offered([MUG, TEE, CAP, PEN]);
		const { id } = await site.sendsAdded(order);
		await site.rules(id);
		await site.sends(id);
		return { site, order, made: await site.get(id) };
	};

	it('canceled: the warehouse is asked', async () => {
		const { site, order, made } = await begin();
		expect(made.status).toBe('open');
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { word: canceled('refunded') }));
		expect(await site.messages(made)).toEqual([expect.stringMatching(/^canceled_in_cart: .*refunded/)]);
		await site.cancelsAtWarehouse(made.id);
		expect(await site.get(made.id)).toMatchObject({ status: 'canceled', alerts: [] });
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [] });
	});

	it('waiting: an alert says so, until the cart is ready', async () => {
		const { site, made } = await begin();
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { word: waiting('on hold') }));
		expect(await site.messages(made)).toEqual(['held_in_cart: After the order had gone out to the warehouse, the cart says: on hold.']);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(made)).toEqual([]);
	});

	it('taken back: an alert says what differs, what was sent stays, and given back it is not sent again', async () => {
		const { site, order, made } = await begin();
		await site.importsAgain(saying([MUG, TEE, { ...PEN, quantity: 1 }]));
		expect(await site.messages(made)).toEqual([
			'changed_in_cart: Changed in the cart after it was sent to the warehouse: CAP 1 → 0; PEN 3 → 1.',
		]);
		expect((await site.get(made.id)).description).toBe('1 × CAP, 3 × PEN');
		await site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]));
		expect(await site.messages(made)).toEqual([]);
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: CAP × 1.']);
		await site.goesOn();
		expect(await site.get(made.id)).toMatchObject({ status: 'closed', description: '1 × CAP, 3 × PEN' });
	});

	it('our own shipment of some of it: no news', async () => {
		const { site, order, made } = await begin();
		await site.ships(made.id, { lines: [{ lineId: 'L4', externalId: null, sku: null, quantity: 1 }] });
		await site.uploads([made.id]);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { shipped: { L1: 2, L2: 1, L4: 1 } }));
		expect([await site.messages(made), await site.messages(order)]).toEqual([[], []]);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { shipped: { L1: 2, L2: 1, L4: 2 } }));
		expect(await site.messages(made)).toEqual([expect.stringContaining('PEN 3 → 2')]);
	});

	it('taken back while nobody knows whether it arrived: once it is proven that it did not, it is sent as the cart has it now', async () => {
		const site = new Site(await open());
		const { id } = await site.sendsAdded(await site.offered([MUG, TEE, CAP, PEN]));
		await site.rules(id);
		site.main.finds.push(() => Promise.reject(new Error('502')));
		site.main.creates.push(LOST);
		await site.sends(id);
		await site.importsAgain(saying([MUG, TEE, PEN]));
		expect(await site.get(id)).toMatchObject({
			status: 'delayed',
			sending: 'may_be_there',
			description: '1 × CAP, 3 × PEN',
			alerts: [{ code: 'changed_in_cart' }],
		});
		await nextTry(site.test, await site.get(id));
		await site.sends(id);
		expect(await site.get(id)).toMatchObject({ status: 'new', sending: 'not_there' });
		await site.goesOn();
		expect(await site.get(id)).toMatchObject({ status: 'closed', description: '3 × PEN', alerts: [] });
		expect(site.main.created()).toEqual(['N1', 'N1.a1', 'N1.a1']);
	});
});
