/** Two shops in one n8n and one order store, each with a copy of the templates: nothing of one comes to the other's warehouse or shop. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import type { WorkflowJson } from '../../testing/engine/types';
import { copyOf, MINUTE, Site, template, type SampleOrder } from './site';

let site: Site;
beforeEach(async () => {
	site = await Site.open();
});
afterEach(async () => await site.close());

const FOLDERS = { 'Shop folder': 'Second shop folder', 'Warehouse folder': 'Second warehouse folder' };
const first = (number: Parameters<typeof template>[0]): WorkflowJson => copyOf(template(number), { name: 'A', store: 'shop-a' });
const second = (number: Parameters<typeof template>[0]): WorkflowJson => copyOf(template(number), { name: 'B', store: 'shop-b', folders: FOLDERS });

const numbers = (from: number, count: number, more: Partial<SampleOrder> = {}): SampleOrder[] =>
	Array.from({ length: count }, (_, index) => ({ orderNumber: String(from + index), ...more }));

const sentTo = (warehouse: 'warehouse' | 'second-warehouse'): string[] =>
	site.warehouseTakes(warehouse).filter(({ record_type: type }) => type === 'H').map((row) => row['order_number']!).sort();

const told = (shop: string): string[] => site.tracking(shop).map((row) => row['order_number']!).sort();

const byStore = async (): Promise<string[]> => (await site.orders()).map(({ store, orderNumber, status, alert }) => `${store} ${orderNumber} ${status}${alert === null ? '' : ` ${alert.code}`}`);

const ship = async (store: string, warehouse: 'warehouse' | 'second-warehouse'): Promise<void> => {
	for (const { reference, lines } of (await site.orders()).filter((order) => order.store === store && order.status === 'open')) site.ships(reference, 1, lines[0]!.sku!, lines[0]!.quantity, warehouse);
};

it('00 twice: orders whose hold is over go to the warehouse of their own shop, and tracking to their own shop', async () => {
	const [a, b] = [first('00'), second('00')];
	// The copy holds them for a shorter time, so that the other workflow is the one that finds them first.
	for (const { parameters } of b.nodes) for (const rule of (parameters['rules'] as { list?: Array<{ actions?: { list?: Array<{ holdMinutes?: number }> } }> } | undefined)?.list ?? []) {
		for (const action of rule.actions?.list ?? []) if (action.holdMinutes !== undefined) action.holdMinutes = 30;
	}
	site.exports(...numbers(1, 2), ...numbers(3, 2, { total: '1200.00' }));
	site.exportsTo('second', ...numbers(1, 2), ...numbers(3, 6, { total: '1200.00' }));
	await site.tick(a, b);
	expect([sentTo('warehouse'), sentTo('second-warehouse')]).toEqual([['1', '2'], ['1', '2']]);
	shiftClock(31 * MINUTE);
	await site.tick(a, b);
	expect([sentTo('warehouse'), sentTo('second-warehouse')]).toEqual([[], ['3', '4', '5', '6', '7', '8']]);
	shiftClock(121 * MINUTE);
	await site.tick(b, a);
	expect([sentTo('warehouse'), sentTo('second-warehouse')]).toEqual([['3', '4'], []]);
	await ship('shop-a', 'warehouse');
	await ship('shop-b', 'second-warehouse');
	await site.tick(a, b);
	await site.tick(b, a);
	expect([told('shop'), told('second')]).toEqual([['1', '2', '3', '4'], ['1', '2', '3', '4', '5', '6', '7', '8']]);
	expect(new Set((await byStore()).map((line) => line.split(' ').slice(2).join(' ')))).toEqual(new Set(['closed']));
	expect(site.problems()).toEqual([]);
});

it('every template twice: a warehouse that was away, cancellations, uploads; each shop has its own', async () => {
	const mine = (['01', '02', '03', '04', '05', '07'] as const).map(first);
	const theirs = (['01', '02', '03', '04', '05', '07'] as const).map(second);
	const minute = async () => await site.tick(...theirs, ...mine);
	await minute();
	site.exports(...numbers(1, 3));
	site.exportsTo('second', ...numbers(1, 3));
	// Neither warehouse can be written to: all wait for their next try.
	const blocked = ['warehouse', 'second-warehouse'].map((name) => path.join(site.folder, name, 'orders'));
	for (const place of blocked) {
		rmSync(place, { recursive: true, force: true });
		writeFileSync(place, 'in the way');
	}
	await minute();
	expect(new Set((await site.orders()).map(({ status }) => status))).toEqual(new Set(['delayed']));
	for (const place of blocked) {
		rmSync(place);
		mkdirSync(place);
	}
	shiftClock(5 * MINUTE);
	await minute();
	const sent = [sentTo('warehouse'), sentTo('second-warehouse')];
	expect(sent).toEqual([['1', '2', '3'], ['1', '2', '3']]);
	// The second shop cancels one that was sent; its warehouse has taken it, so that it is too late, and is told so there alone.
	site.exportsTo('second', { orderNumber: '1', ...{ canceled: true } });
	await minute();
	await minute();
	await ship('shop-a', 'warehouse');
	await ship('shop-b', 'second-warehouse');
	await minute();
	await minute();
	expect([told('shop'), told('second')]).toEqual([['1', '2', '3'], ['1', '2', '3']]);
	expect((await byStore()).sort()).toEqual([
		'shop-a 1 closed', 'shop-a 2 closed', 'shop-a 3 closed',
		'shop-b 1 closed cancel_too_late', 'shop-b 2 closed', 'shop-b 3 closed',
	]);
	expect(site.problems()).toEqual([]);
});

it('a third copy whose store has another name is refused, and names both: nothing is imported or sent again', async () => {
	const [a, b] = [first('00'), second('00')];
	site.exports(...numbers(1, 3));
	await site.tick(a, b);
	expect(sentTo('warehouse')).toEqual(['1', '2', '3']);
	const renamed = copyOf(template('00'), { name: 'A again', store: 'shop-a-renamed' });
	site.exports(...numbers(1, 3), ...numbers(4, 1));
	await site.tick(renamed);
	expect(await site.orders()).toHaveLength(3);
	expect(sentTo('warehouse')).toEqual([]);
	expect(site.problems().join()).toMatch(/is imported as the store shop-a already; as shop-a-renamed each order would be imported, and sent, a second time.*Allow Second Store/s);
	// The right one finds the file where it was.
	await site.tick(a);
	expect(sentTo('warehouse')).toEqual(['4']);
});

it('a workflow that names no store hands out nothing once there are two, and says what to set, also at the orders that wait', async () => {
	const unnamed = template('02');
	for (const { parameters } of unnamed.nodes) delete (parameters['options'] as { stores?: string } | undefined)?.stores;
	rmSync(path.join(site.folder, 'warehouse', 'orders'), { recursive: true, force: true });
	writeFileSync(path.join(site.folder, 'warehouse', 'orders'), 'in the way');
	site.exports(...numbers(1, 1));
	await site.tick(first('01'));
	rmSync(path.join(site.folder, 'warehouse', 'orders'));
	shiftClock(5 * MINUTE);
	// There is one store, so that everybody knows whose work it is.
	await site.tick(unnamed);
	expect(sentTo('warehouse')).toEqual(['1']);

	site.exportsTo('second', ...numbers(1, 1));
	await site.tick(second('01'));
	await ship('shop-a', 'warehouse');
	site.exports(...numbers(2, 1));
	writeFileSync(path.join(site.folder, 'warehouse', 'blocked'), '');
	const before = site.problems().length;
	await site.tick(unnamed);
	expect(site.problems().slice(before).join()).toMatch(/orders of shop-a and shop-b, but the workflow "02 Release and retry" names none of them, so it gets no orders\. Enter the store under Only Stores/);
	// What has waited for long says so itself.
	mkdirSync(path.join(site.folder, 'elsewhere'));
	const orderStore = await site.store();
	const [waiting] = (await site.orders()).filter((order) => order.store === 'shop-b');
	await orderStore.amend({ orderId: waiting!.id, version: waiting!.version, actor: { kind: 'system', name: 'test' }, set: { dueAt: 'now' } });
	shiftClock(30 * MINUTE);
	await site.tick(unnamed);
	expect((await orderStore.get(waiting!.id))!.alerts.map(({ code }) => code)).toContain('wrong_store');
});

it('what is handed to the workflow of another shop is refused by each node, and nothing is called', async () => {
	const [a, b] = [first('00'), second('00')];
	site.exportsTo('second', ...numbers(1, 1, { total: '1200.00' }));
	await site.tick(a, b);
	const [order] = await site.orders();
	expect(order).toMatchObject({ store: 'shop-b', status: 'delayed' });
	const orderStore = await site.store();
	await orderStore.transition({ orderId: order!.id, from: 'delayed', to: 'new', version: order!.version, actor: { kind: 'system', name: 'test' }, reason: 'test' });
	for (const startNode of ['Rules', 'Send to MAIN', 'Tell the shop', 'Upload tracking']) {
		const execution = await site.engine.runWorkflow({ ...a, nodes: [...a.nodes] }, { startNode, items: [{ json: { id: order!.id } }] });
		const outputs = execution.runs(startNode)[0]?.outputs ?? [];
		expect([startNode, outputs.at(-1)?.map(({ json }) => json['message'])]).toEqual([startNode, [expect.stringMatching(/belongs to the store shop-b, but the workflow "00 .* A" is set up for shop-a/)]]);
	}
	expect((await orderStore.get(order!.id))!).toMatchObject({ status: 'new', alert: { code: 'wrong_store' } });
	expect([sentTo('warehouse'), sentTo('second-warehouse'), told('shop')]).toEqual([[], [], []]);
	// Its own workflow takes it up, and the alert is over.
	await site.tick(b);
	shiftClock(6 * MINUTE);
	await site.tick(b);
	shiftClock(60 * MINUTE);
	await site.tick(b);
	shiftClock(190 * MINUTE);
	await site.tick(b);
	expect(sentTo('second-warehouse')).toEqual(['1']);
	expect((await orderStore.get(order!.id))!.alert).toBeNull();
});
