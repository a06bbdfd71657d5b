/** What an export says of an order that the store has, and what comes of it: before it was sent, after, and of our own shipments. */
import { fileCart } from '../../lib/carts/file';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import type { Order } from '../../lib/order/order';
import { put, temporaryFolder } from '../files/openLocal';
import { scriptedWms, send as sendToWms } from '../fulfillment/partners';
import { actor, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { EVERYTHING } from './fileHarness';

const COLUMNS = [
	'Name',
	'Id',
	'Email',
	'Financial Status',
	'Fulfillment Status',
	'Cancelled at',
	'Refunded Amount',
	'Lineitem quantity',
	'Lineitem name',
	'Lineitem sku',
	'Lineitem requires shipping',
	'Lineitem fulfillment status',
	'Shipping Name',
	'Shipping Country',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

const LAMP: Row = {
	Name: '#1',
	Id: '1',
	'Financial Status': 'paid',
	'Fulfillment Status': 'unfulfilled',
	'Lineitem quantity': '5',
	'Lineitem name': 'Lamp',
	'Lineitem sku': 'LAMP',
	'Lineitem fulfillment status': 'pending',
	'Shipping Name': 'Ada',
	'Shipping Country': 'US',
};
const VASE: Row = { ...LAMP, 'Lineitem quantity': '1', 'Lineitem name': 'Vase', 'Lineitem sku': 'VASE' };

onEachDatabase('an order of an export', (open) => {
	async function begin() {
		const { orderStore } = await open();
		const { root, folder } = temporaryFolder();
		const session = fileCart.open(folder, { store: 'acme', format: 'auto', settleMs: 0 });
		let files = 0;
		const says = async (...rows: Row[]): Promise<Order | null> => {
			put(root, {
				[`orders/${(files += 1)}.csv`]: [
					COLUMNS.join(','),
					...rows.map((row) => COLUMNS.map((column) => row[column] ?? '').join(',')),
				].join('\n'),
			});
			await importOrders({
				orderStore,
				cart: fileCart,
				session,
				storeName: 'acme',
				filter: EVERYTHING,
				abandonAfterDays: 45,
				onChange: 'replace',
				actor,
				handOutLimit: 10,
				budgetMs: 60_000,
			});
			return (await orderStore.search({ limit: 5 })).items[0] ?? null;
		};
		const failures = async (): Promise<string[]> =>
			(await orderStore.importFailures({ limit: 10, openOnly: true })).items.map(({ message }) => message);
		/** As if a warehouse had it. */
		const send = async ({ id }: Order): Promise<Order> => {
			await applyRules({
				orderStore,
				orderIds: [id],
				warehouses: ['main'],
				ruleSet: () => null,
				dryRun: false,
				actor,
				evaluate: (_id, content) => ({
					decision: { kind: 'route', warehouse: 'main' },
					content: { ...content, warehouse: 'main' },
					trace: [],
				}),
			});
			await sendToWms(orderStore, scriptedWms(), [id]);
			return (await orderStore.get(id))!;
		};
		return { orderStore, says, failures, send };
	}

	it.each<[what: string, row: Row, reason: string]>([
		['on hold', { 'Fulfillment Status': 'on_hold' }, 'The cart says: on hold.'],
		['scheduled', { 'Fulfillment Status': 'scheduled' }, 'The cart says: scheduled.'],
		[
			'shipped in part',
			{ 'Fulfillment Status': 'partial', 'Lineitem fulfillment status': 'partial' },
			'The cart says: Lamp is shipped in part; the file does not say how many.',
		],
		[
			'refunded in part',
			{ 'Financial Status': 'partially_refunded', 'Refunded Amount': '5.00' },
			'The cart says: 5.00 of the order was refunded, and the file does not say how many pieces.',
		],
	])('waits while it is %s, and no longer', async (_, row, reason) => {
		const { says, failures } = await begin();
		expect(await says(LAMP)).toMatchObject({ status: 'new' });
		expect(await says({ ...LAMP, ...row })).toMatchObject({ status: 'delayed', statusReason: reason });
		expect(await failures()).toEqual([]);
		expect(await says(LAMP)).toMatchObject({ status: 'new' });
	});

	it.each<[what: string, row: Row, status: string]>([
		['canceled', { 'Cancelled at': '2026-11-01' }, 'canceled'],
		['voided', { 'Financial Status': 'voided' }, 'canceled'],
		['refunded', { 'Financial Status': 'refunded' }, 'canceled'],
		['shipped by the shop', { 'Fulfillment Status': 'fulfilled', 'Lineitem fulfillment status': 'fulfilled' }, 'canceled'],
	])('is %s', async (_, row, status) => {
		const { says } = await begin();
		await says(LAMP);
		expect(await says({ ...LAMP, ...row })).toMatchObject({ status });
		expect(await says(LAMP)).toMatchObject({ status: 'new' });
	});

	it('of which nobody knows how much is shipped or refunded is a failure when it is first seen', async () => {
		const { says, failures } = await begin();
		expect(await says({ ...LAMP, 'Lineitem fulfillment status': 'partial' })).toBeNull();
		expect(await failures()).toEqual([expect.stringContaining('the file does not say how many')]);
		expect(await says(LAMP)).toMatchObject({ status: 'new' });
		expect(await failures()).toEqual([]);
	});

	it('that an older version knew with what a spreadsheet puts around its key is the same order', async () => {
		const { orderStore, says } = await begin();
		const wrapped: Row = { ...LAMP, Id: '"=""1"""' };
		const known = (await says(wrapped))!;
		expect(known.externalId).toBe('1');
		// As it was kept then.
		const { asBefore } = fileCart.toOrder(await orderStore.payload(known.id));
		await orderStore.purge({ orderId: known.id, from: known.status, version: known.version, actor, force: true });
		await orderStore.importPage({
			source: 'old',
			cursorFrom: null,
			cursorTo: null,
			store: 'acme',
			cart: 'file',
			orders: [asBefore!],
			failures: [],
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
		});
		const [old] = (await orderStore.search({ limit: 5 })).items;
		expect(old!.externalId).toBe('="1"');
		await says(wrapped);
		expect((await orderStore.search({ limit: 5 })).items).toEqual([old]);
	});

	it('that we shipped in part is no change', async () => {
		const { orderStore, says, failures, send } = await begin();
		const order = await send((await says(LAMP, VASE))!);
		await orderStore.recordShipments(
			report([
				shipped(order, 'S1', {
					lines: [
						{ lineId: order.lines[0]!.id, quantity: 2 },
						{ lineId: order.lines[1]!.id, quantity: 1 },
					],
				}),
			]),
		);
		const after = await says(
			{ ...LAMP, 'Fulfillment Status': 'partial', 'Lineitem fulfillment status': 'partial' },
			{ ...VASE, 'Fulfillment Status': 'partial', 'Lineitem fulfillment status': 'fulfilled' },
		);
		expect(after).toMatchObject({ status: 'partially_shipped', alerts: [], inCart: { readiness: 'ready' } });
		expect(await failures()).toEqual([]);
	});

	it('that others shipped in part after it was sent raises an alert', async () => {
		const { says, send } = await begin();
		await send((await says(LAMP, VASE))!);
		expect((await says(LAMP, { ...VASE, 'Lineitem fulfillment status': 'fulfilled' }))!.alerts).toMatchObject([
			{ code: 'changed_in_cart', message: expect.stringContaining('VASE 1 → 0') },
		]);
	});
});
