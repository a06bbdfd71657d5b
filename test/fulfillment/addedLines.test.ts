/** Lines that the cart adds to an order which is closed: offered, sent once as an order of their own, and what the cart says of them afterwards. */
import { canceled, gone, waiting } from '../../lib/order/cartWord';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import { sendAddedLines } from '../../lib/fulfillment/sendAddedLines';
import type { ImportedOrder, Order, OrderContent, Shipment } from '../../lib/order/order';
import { sourceQuantities } from '../../lib/order/sourceLines';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, kinds, line } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { Desk, LOST } from './adviceDesk';
import { EVERYTHING } from './exchange';
import { nextTry } from './partners';

const MUG = line('L1', 'RED-MUG', 2);
const TEE = line('L2', 'TEE-L', 1);
const CAP = line('L3', 'CAP', 1);
const PEN = line('L4', 'PEN', 3);

const saying = (lines: OrderContent['lines'], more: Partial<ImportedOrder> = {}, changes: Partial<OrderContent> = {}): ImportedOrder => imported('1', { lines, ...changes }, more);

/** A cart that keeps what it was told. */
interface Told {
	externalId: string;
	tracking: string;
	lines: Array<{ externalId: string; quantity: number }>;
}

class Site extends Desk {
	readonly toldOf: Told[] = [];

	constructor(test: TestStore) {
		super(test);
		const upload = this.cart.uploadTracking;
		this.cart.uploadTracking = async (order: Order, shipment: Shipment, options) => {
			this.toldOf.push({ externalId: order.externalId, tracking: shipment.externalId, lines: sourceQuantities(order, shipment) });
			return await upload(order, shipment, options);
		};
	}

	/** An order that is closed, to which the cart added a cap. */
	async offered(lines = [MUG, TEE, CAP]): Promise<Order> {
		const order = await this.closed();
		await this.importsAgain(saying(lines));
		return await this.get(order.id);
	}

	async closed(): Promise<Order> {
		const { id } = await this.sent(saying([MUG, TEE]));
		await this.goesOn();
		this.toldOf.length = 0;
		const order = await this.get(id);
		expect([order.status, order.alerts]).toEqual(['closed', []]);
		return order;
	}

	async sendsAdded({ id }: Pick<Order, 'id'>, orderStore: OrderStore = this.orderStore): Promise<Order> {
		return await sendAddedLines({ orderStore, orderId: id, actor });
	}

	async added({ id }: Pick<Order, 'id'>): Promise<Order[]> {
		return await this.orderStore.parts([id]);
	}

	async messages({ id }: Pick<Order, 'id'>): Promise<string[]> {
		return (await this.get(id)).alerts.map(({ code, message }) => `${code}: ${message}`);
	}
}

const shown = ({ status, description, reference }: Order): string => `${reference} ${status}: ${description}`;

onEachDatabase('lines that are added to a closed order', (open) => {
	const begin = async () => new Site(await open());

	it('are sent as an order of their own, once, and its tracking goes to the same order of the cart', async () => {
		const site = await begin();
		const order = await site.offered([{ ...MUG, quantity: 3 }, TEE, CAP]);
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: RED-MUG × 1, CAP × 1.']);
		const made = await site.sendsAdded(order);
		expect(made).toMatchObject({
			status: 'new', reference: 'N1.a1', externalId: '1', orderNumber: 'N1', parentId: order.id, description: '1 × RED-MUG, 1 × CAP', warehouse: null, subtotal: '20.00', total: null,
			shippingAddress: { address1: '5 Elm St' }, alerts: [], sending: 'none',
		});
		expect(made.lines.map(({ externalId }) => externalId)).toEqual(['x-L1', 'x-L3']);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [], description: '2 × RED-MUG, 1 × TEE-L' });
		expect((await kinds(site.orderStore, order.id)).slice(-2)).toEqual(['added_lines_sent', 'alert_cleared']);
		expect(await kinds(site.orderStore, made.id)).toEqual(['added_to']);
		await site.goesOn();
		expect(shown(await site.get(made.id))).toBe('N1.a1 closed: 1 × RED-MUG, 1 × CAP');
		expect(site.main.created()).toEqual(['N1', 'N1.a1']);
		expect(site.toldOf).toEqual([{ externalId: '1', tracking: expect.any(String) as string, lines: [{ externalId: 'x-L1', quantity: 1 }, { externalId: 'x-L3', quantity: 1 }] }]);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [], lines: [{ quantity: 2, quantityShipped: 2 }, { quantity: 1, quantityShipped: 1 }] });
		expect((await site.orderStore.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([order.id]);
	});

	it('are sent once by a repeat, which gives the same order, also when that is closed', async () => {
		const site = await begin();
		const order = await site.offered();
		const made = await site.sendsAdded(order);
		expect(await site.sendsAdded(order)).toEqual(made);
		await site.goesOn();
		expect(await site.sendsAdded(order)).toMatchObject({ id: made.id, status: 'closed' });
		expect(await site.added(order)).toHaveLength(1);
		expect(site.main.created()).toEqual(['N1', 'N1.a1']);
	});

	it('are sent once by several workers at once, while the cart says it again', async () => {
		const site = await begin();
		const other = await site.test.another();
		const order = await site.offered();
		const again = async () => await site.importsAgain(saying([MUG, TEE, CAP]));
		const [first, ...others] = await Promise.all([...[0, 1, 2, 3, 4, 5].map(async (index) => (await site.sendsAdded(order, index % 2 ? other : site.orderStore)).id), again().then(() => null)]);
		expect(new Set(others.filter((id) => id !== null))).toEqual(new Set([first]));
		expect(await site.added(order)).toHaveLength(1);
		expect((await kinds(site.orderStore, order.id)).filter((kind) => kind === 'added_lines_sent')).toHaveLength(1);
	});

	it('are offered again when there are more of them, and only the newer ones are sent then', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.sendsAdded(order);
		await site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]));
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: CAP × 1, PEN × 3.']);
		expect(shown(await site.sendsAdded(order))).toBe('N1.a2 new: 1 × CAP, 3 × PEN');
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 new: 1 × CAP', 'N1.a2 new: 1 × CAP, 3 × PEN']);
		await site.goesOn();
		expect(site.toldOf.flatMap(({ lines }) => lines.map(({ externalId, quantity }) => `${externalId} × ${quantity}`)).sort()).toEqual(['x-L3 × 1', 'x-L3 × 1', 'x-L4 × 3']);
		await expect(site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]))).resolves.toBeUndefined();
		expect(await site.messages(order)).toEqual([]);
	});

	it('add up while they are only offered, and are gone when the cart takes them back', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining('CAP × 1, PEN × 3.')]);
		await site.importsAgain(saying([MUG, TEE, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': PEN × 3.')]);
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.messages(order)).toEqual([]);
		await expect(site.sendsAdded(order)).rejects.toMatchObject({ code: 'operation_refused', message: expect.stringContaining('Nothing was added') });
	});

	it('that are not to be shipped are not offered again with later ones', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('resolveAlert', order.id);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a1 new: 3 × PEN');
	});

	it('are not what was shipped, when the cart takes that back and gives it back', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.sendsAdded(order);
		await site.goesOn();
		await site.importsAgain(saying([{ ...MUG, quantity: 0 }, TEE]));
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.messages(order)).toEqual([]);
		await site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': CAP × 1.')]);
	});

	it('that a person canceled are not offered again with later ones', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('cancel', (await site.sendsAdded(order)).id);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': PEN × 3.')]);
	});

	it('that no warehouse ships are not offered', async () => {
		const site = await begin();
		const order = await site.closed();
		await site.importsAgain(saying([MUG, TEE, { ...CAP, kind: 'service' }]));
		expect(await site.messages(order)).toEqual([]);
	});

	it('go by the edits of the order, but for its quantities', async () => {
		const site = await begin();
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.edits(id, 'shippingAddress.address1', '9 Oak Ave');
		await site.edits(id, 'lines.L1.quantity', '1');
		await site.goesOn();
		await site.importsAgain(saying([{ ...MUG, quantity: 4 }, TEE]));
		expect(await site.sendsAdded({ id })).toMatchObject({ description: '2 × RED-MUG', shippingAddress: { address1: '9 Oak Ave' } });
	});

	it('are split by rules as the order is, and all of it is shipped and told once', async () => {
		const site = await begin();
		const order = await site.offered([MUG, TEE, CAP, PEN]);
		const { id } = await site.sendsAdded(order);
		const results = await applyRules({
			orderStore: site.orderStore, orderIds: [id], warehouses: ['MAIN', 'OTHER'], ruleSet: () => null, dryRun: false, actor,
			evaluate: (_, content) => ({ content, trace: [], decision: { kind: 'route', warehouse: 'MAIN', parts: [{ warehouse: 'MAIN', lines: [{ lineId: 'L3', quantity: 1 }] }, { warehouse: 'OTHER', lines: [{ lineId: 'L4', quantity: 3 }] }] } }),
		});
		expect(results.map(({ order: { reference }, output, splitOff }) => [reference, output, splitOff])).toEqual([
			['N1.a1', { kind: 'warehouse', warehouse: 'MAIN' }, undefined], ['N1.a2', { kind: 'warehouse', warehouse: 'OTHER' }, id],
		]);
		expect((await site.added(order)).map((one) => `${shown(one)} at ${one.warehouse}`)).toEqual(['N1.a1 routed: 1 × CAP at MAIN', 'N1.a2 routed: 3 × PEN at OTHER']);
		// Started anew a part goes back to its warehouse without rules, and is not split again.
		const [, pens] = await site.added(order);
		await site.does('reprocess', pens!.id);
		await site.goesOn();
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 closed: 1 × CAP', 'N1.a2 closed: 3 × PEN']);
		expect([site.main.created(), site.other.created()]).toEqual([['N1', 'N1.a1'], ['N1.a2']]);
		expect(site.toldOf.map(({ externalId, lines }) => [externalId, lines[0]!.externalId]).sort()).toEqual([['1', 'x-L3'], ['1', 'x-L4']]);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [] });
	});

	it('of an order that was split are sent too, and our own shipments of all of it are no news', async () => {
		const site = await begin();
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.rules(id, undefined, { evaluate: (_, content) => ({ content, trace: [], decision: { kind: 'route', warehouse: 'MAIN', parts: [{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] }, { warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] }] } }) });
		await site.goesOn();
		await site.importsAgain(saying([MUG, TEE], { shipped: { L1: 2, L2: 1 } }));
		expect(await site.get(id)).toMatchObject({ status: 'closed', alerts: [], inCart: { readiness: 'ready' } });
		await site.importsAgain(saying([MUG, TEE, CAP], { shipped: { L1: 2, L2: 1 } }));
		expect(shown(await site.sendsAdded({ id }))).toBe('N1.a3 new: 1 × CAP');
		await site.goesOn();
		await site.importsAgain(saying([MUG, TEE, CAP], { shipped: { L1: 2, L2: 1, L3: 1 } }));
		expect(await site.get(id)).toMatchObject({ status: 'closed', alerts: [], inCart: { readiness: 'ready' } });
		expect(await site.messages({ id })).toEqual([]);
		// What others ship of them is theirs.
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { shipped: { L1: 2, L2: 1, L3: 1, L4: 1 } }));
		expect(await site.messages({ id })).toEqual([expect.stringContaining(': PEN × 2.')]);
	});

	it('wait for no others: rules that bundle know them', async () => {
		const site = await begin();
		const { id } = await site.sendsAdded(await site.offered());
		const seen: Array<boolean | undefined> = [];
		await site.rules(id, undefined, { evaluate: (_, content, { isOfAddedLines }) => { seen.push(isOfAddedLines); return { content: { ...content, warehouse: 'MAIN' }, trace: [], decision: { kind: 'route', warehouse: 'MAIN' } }; } });
		expect(seen).toEqual([true]);
	});

	it('are refused while the order is archived; closed again, they can be sent', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('archive', order.id);
		await expect(site.sendsAdded(order)).rejects.toMatchObject({ code: 'operation_refused', remedy: expect.stringContaining('Reprocess it first') });
		await site.does('reprocess', order.id);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [{ code: 'lines_added' }] });
		const made = await site.sendsAdded(order);
		await site.does('archive', order.id);
		expect(await site.get(made.id)).toMatchObject({ status: 'archived' });
		await site.does('delete', order.id);
		expect(await site.orderStore.get(made.id)).toBeNull();
	});

	it('leave the order alone: what is reported of it later is its own', async () => {
		const site = await begin();
		const order = await site.offered();
		const made = await site.sendsAdded(order);
		await site.rules(made.id);
		await site.sends(made.id);
		await site.reports({ kind: 'voided', externalId: order.shipments[0]!.externalId, reference: order.reference, wmsOrderId: null, origin: 'v', reason: null });
		await site.ships(order.id);
		expect(await site.alertsOf(order.id)).toEqual(['shipment_voided']);
		// In Order Rules it is passed on itself, and a person is not told of a split.
		const [result] = await applyRules({ orderStore: site.orderStore, orderIds: [order.id], warehouses: ['MAIN'], ruleSet: () => null, dryRun: false, actor, evaluate: () => { throw new Error('no rule runs on it'); } });
		expect(result).toMatchObject({ order: { id: order.id }, output: { kind: 'warehouse', warehouse: 'MAIN' } });
		await expect(site.does('markNotReceived', order.id)).rejects.toMatchObject({ message: expect.not.stringContaining('split') as string });
		expect(await site.get(made.id)).toMatchObject({ status: 'open', alerts: [] });
	});
});

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
		expect(await site.get(made.id)).toMatchObject({ status: 'delayed', statusReason: 'The cart: on hold.', inCart: { readiness: 'waiting' } });
		await site.goesOn();
		expect(site.main.created()).toEqual(['N1']);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.get(made.id)).toMatchObject({ status: 'new', inCart: { readiness: 'ready' } });
		await site.goesOn();
		expect([await site.get(made.id), await site.get(order.id)]).toMatchObject([{ status: 'closed' }, { status: 'closed', alerts: [] }]);
	});

	it.each([['canceled', canceled('refunded')], ['gone', gone('in the trash')]])('%s: it is canceled, and New again when the cart wants it again', async (_, word) => {
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
		await site.importsAgain(saying([MUG, TEE, { ...PEN, quantity: 2 }], {}, { shippingAddress: { ...made.shippingAddress!, address1: '9 New St' } }));
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
		await site.rules(made.id, undefined, { evaluate: (_, content) => ({ content, trace: [], decision: { kind: 'route', warehouse: 'MAIN', parts: [{ warehouse: 'MAIN', lines: [{ lineId: 'L3', quantity: 1 }] }, { warehouse: 'OTHER', lines: [{ lineId: 'L4', quantity: 3 }] }] } }) });
		await site.importsAgain(saying([MUG, TEE, { ...PEN, quantity: 1 }]));
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 canceled: 1 × CAP', 'N1.a2 new: 1 × PEN']);
		await site.importsAgain(saying([MUG, TEE, { ...PEN, quantity: 1 }], {}, { shippingAddress: { ...made.shippingAddress!, address1: '9 New St' } }));
		const [, pens] = await site.added(order);
		expect(pens).toMatchObject({ status: 'error', alert: { code: 'changed_in_cart', message: expect.stringContaining('9 New St') } });
	});

	it('is heard by Cart Update → Refresh right before it is sent', async () => {
		const { site, made } = await begin();
		await site.rules(made.id);
		const ask = async (order: ImportedOrder) => {
			const session = { ...site.cart, ordersByKey: async () => await Promise.resolve({ orders: [order], failures: [], gone: [] }) };
			const [result] = await refreshOrders({ orderStore: site.orderStore, cart: { code: 'file', label: 'Cart', toOrder: () => order }, session, filter: EVERYTHING, abandonAfterDays: 45, onChange: 'replace', orderIds: [made.id], actor });
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
		await expect(site.sendsAdded(order)).rejects.toMatchObject({ code: 'operation_refused', message: expect.stringContaining('refunded'), remedy: expect.stringContaining('wants it again') });
		await site.importsAgain({ ...more, word: waiting('on hold') });
		const made = await site.sendsAdded(order);
		expect(made).toMatchObject({ status: 'delayed', statusReason: 'The cart: on hold.', description: '1 × CAP' });
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
		expect(await site.messages(made)).toEqual(['changed_in_cart: Changed in the cart after it was sent to the warehouse: CAP 1 → 0; PEN 3 → 1.']);
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
		expect(await site.get(id)).toMatchObject({ status: 'delayed', sending: 'may_be_there', description: '1 × CAP, 3 × PEN', alerts: [{ code: 'changed_in_cart' }] });
		await nextTry(site.test, await site.get(id));
		await site.sends(id);
		expect(await site.get(id)).toMatchObject({ status: 'new', sending: 'not_there' });
		await site.goesOn();
		expect(await site.get(id)).toMatchObject({ status: 'closed', description: '3 × PEN', alerts: [] });
		expect(site.main.created()).toEqual(['N1', 'N1.a1', 'N1.a1']);
	});
});
