/** Every status of an order that BigCommerce knows, before and after it was sent, and the cases from the world. A status without a case here fails. */
import fs from 'node:fs';
import path from 'node:path';
import { bigCommerceCart, states } from '../../lib/carts/bigCommerce';
import type { ImportFilter } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import type { Order } from '../../lib/order/order';
import { scriptedWms, send } from '../fulfillment/partners';
import { BigPeer } from '../../testing/servers/bigCommerce';
import { actor } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { sessionOf } from './bigCommerceHarness';
import statuses from './fixtures/cases/bigcommerce/b3-statuses.json';

interface Case {
	/** Of an order that was not sent yet. */
	status: 'new' | 'delayed' | 'canceled';
	reason: string | null;
	/** Of one that was; null = none. */
	alert: string | null;
}

const waits = (reason: string): Case => ({ status: 'delayed', reason: `The cart says: ${reason}.`, alert: 'held_in_cart' });
const ends = (reason: string): Case => ({ status: 'canceled', reason, alert: 'canceled_in_cart' });
const READY: Case = { status: 'new', reason: null, alert: null };

const CASES: Readonly<Record<keyof typeof states, Case>> = {
	0: waits('incomplete'),
	1: waits('pending'),
	2: ends('Nothing of it is ours to ship any more: shipped by others.'),
	3: READY,
	4: ends('Canceled in the cart: refunded.'),
	5: ends('Canceled in the cart: cancelled.'),
	6: ends('Canceled in the cart: declined.'),
	7: waits('awaiting payment'),
	8: waits('awaiting pickup'),
	9: READY,
	10: ends('Nothing of it is ours to ship any more: shipped by others.'),
	11: READY,
	12: waits('manual verification required'),
	13: waits('disputed'),
	14: READY,
	archived: ends('Not in the cart any more: archived.'),
};

it('has a case of every status', () => expect(Object.keys(CASES).sort()).toEqual(Object.keys(states).sort()));

it('b3-statuses: each of them stops what was imported and not sent', () => {
	const { 'then, before sending': moves } = statuses;
	expect(moves.map((move) => CASES[(typeof move === 'number' ? move : 'archived') as keyof typeof CASES].status)).toEqual([
		'delayed',
		'delayed',
		'delayed',
		'canceled',
	]);
});

const FILTER: ImportFilter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 50 };

const given = (
	name: string,
): Record<
	string,
	{ products?: Array<Record<string, unknown>>; shipping_addresses?: Array<Record<string, unknown>>; order?: Record<string, unknown> }
> => JSON.parse(fs.readFileSync(path.join(__dirname, 'fixtures/cases/bigcommerce', `${name}.json`), 'utf8')) as never;

onEachDatabase('an order of BigCommerce', (open) => {
	async function begin() {
		const { orderStore } = await open();
		const big = await BigPeer.open();
		const session = sessionOf(big);
		const wms = scriptedWms();
		const common = {
			orderStore,
			cart: bigCommerceCart,
			session,
			filter: FILTER,
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
		} as const;
		const all = async (): Promise<Order[]> =>
			[...(await orderStore.search({ limit: 5 })).items].sort((left, right) => left.externalId.localeCompare(right.externalId));
		const poll = async (): Promise<Order> => {
			await importOrders({ ...common, storeName: 'acme', handOutLimit: 10, budgetMs: 60_000 });
			return (await all())[0]!;
		};
		const refresh = async (): Promise<Order> => {
			await refreshOrders({ ...common, orderIds: [(await all())[0]!.id] });
			return (await all())[0]!;
		};
		const sendAll = async (): Promise<void> => {
			const ids = (await all()).filter(({ status }) => status === 'new').map(({ id }) => id);
			await applyRules({
				orderStore,
				orderIds: ids,
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
			await send(orderStore, wms, ids);
		};
		const set = (id: number, state: string): void =>
			big.touch(id, state === 'archived' ? { is_deleted: true } : { status_id: Number(state), is_deleted: false });
		return { big, all, poll, refresh, sendAll, set, wms };
	}

	/** Archived orders are in no list. */
	const heard = async ({ poll, refresh }: Awaited<ReturnType<typeof begin>>, state: string): Promise<Order> =>
		state === 'archived' ? await refresh() : await poll();
	const codes = ({ alerts }: Order): string[] => alerts.map(({ code }) => code);

	it.each(Object.entries(CASES))('in status %s', async (state, { status, reason, alert }) => {
		const site = await begin();
		const { id } = site.big.place();
		expect(await site.poll()).toMatchObject({ status: 'new' });
		site.set(id, state);
		expect(await heard(site, state)).toMatchObject({ status, ...(reason === null ? {} : { statusReason: reason }) });
		site.set(id, '11');
		expect(await site.poll()).toMatchObject({ status: 'new' });
		await site.sendAll();
		const { status: sent } = (await site.all())[0]!;
		expect(sent).not.toBe('new');
		site.set(id, state);
		expect(codes(await heard(site, state))).toEqual(alert === null ? [] : [alert]);
	});

	it('b1: ships what was not refunded, also where older stores call it Refunded; after it went out there is an alert', async () => {
		const { '1 imported as': before, '2 after a refund of VASE in the control panel': after } = given('b1-partial-refund');
		for (const status_id of [14, 4]) {
			const site = await begin();
			const { id } = site.big.place();
			site.big.products.set(id, before!.products!);
			site.big.addresses.set(id, before!.shipping_addresses!);
			await site.poll();
			site.big.products.set(id, after!.products!);
			site.big.touch(id, { status_id });
			expect((await site.poll()).lines.map(({ sku, quantity }) => `${sku} ${quantity}`)).toEqual(['LAMP 1', 'VASE 0']);
			site.big.products.set(id, before!.products!);
			site.set(id, '11');
			await site.poll();
			await site.sendAll();
			site.big.products.set(id, after!.products!);
			site.big.touch(id, { status_id });
			expect((await site.poll()).alerts).toMatchObject([{ code: 'changed_in_cart', message: expect.stringContaining('VASE 2 → 0') }]);
		}
	});

	it('b2: sends nothing twice when a second address appears', async () => {
		const { '1 imported and sent as 118': before, '2 edited to two addresses': after } = given('b2-second-address');
		const site = await begin();
		const { id } = site.big.place();
		const edit = (to: typeof before): void => {
			site.big.products.set(id, to!.products!);
			site.big.addresses.set(id, to!.shipping_addresses!);
			site.big.touch(id, {});
		};
		edit(before);
		await site.poll();
		await site.sendAll();
		edit(after);
		await site.poll();
		site.big.touch(id, {});
		await site.poll();
		const orders = await site.all();
		expect(orders.map(({ externalId, status }) => [externalId, status === 'delayed'])).toEqual([
			[`${id}`, false],
			[`${id}.2`, true],
		]);
		expect(orders[0]!.alerts).toMatchObject([{ code: 'changed_in_cart', message: expect.stringContaining('VASE 2 → 0') }]);
		expect(orders[1]!.statusReason).toContain(`split off from order ${id}`);
		await site.refresh();
		expect((await site.all()).map(({ externalId }) => externalId)).toEqual([`${id}`, `${id}.2`]);
	});

	it.each([
		['it waits when it is first seen', ['12', '11']],
		['it waits later', ['11', '12', '11']],
		['it is canceled, and wanted again', ['11', '5', '11']],
	])('b2: nor when the order has a second address and %s', async (_, statuses) => {
		const { '1 imported and sent as 118': before, '2 edited to two addresses': after } = given('b2-second-address');
		const site = await begin();
		const { id } = site.big.place();
		const edit = (to: typeof before): void => {
			site.big.products.set(id, to!.products!);
			site.big.addresses.set(id, to!.shipping_addresses!);
			site.big.touch(id, {});
		};
		edit(before);
		await site.poll();
		await site.sendAll();
		edit(after);
		for (const status of statuses) {
			site.set(id, status);
			await site.poll();
		}
		expect((await site.all()).map(({ externalId, status, statusReason }) => [externalId, status, statusReason])).toEqual([
			[`${id}`, 'open', null],
			[`${id}.2`, 'delayed', expect.stringContaining(`split off from order ${id}`)],
		]);
	});

	it('ships to each address when the second one appears before it went out', async () => {
		const { '1 imported and sent as 118': before, '2 edited to two addresses': after } = given('b2-second-address');
		const site = await begin();
		const { id } = site.big.place();
		for (const to of [before, after]) {
			site.big.products.set(id, to!.products!);
			site.big.addresses.set(id, to!.shipping_addresses!);
			site.big.touch(id, {});
			await site.poll();
		}
		expect(
			(await site.all()).map(({ externalId, status, lines }) => [
				externalId,
				status,
				lines.map(({ sku, quantity }) => `${quantity} ${sku}`),
			]),
		).toEqual([
			[`${id}`, 'new', ['1 LAMP']],
			[`${id}.2`, 'new', ['2 VASE']],
		]);
		await site.sendAll();
		site.big.touch(id, {});
		await site.poll();
		expect((await site.all()).flatMap(({ alerts }) => alerts)).toEqual([]);
	});
});

it('knows what is picked up', () => {
	const product = { id: 1, type: 'physical', name: 'Mug', quantity: 2, quantity_refunded: 1, order_pickup_method_id: 3 };
	expect(
		bigCommerceCart.toOrder({ order: { id: 1, status_id: 11 }, products: [product], address: null, coupons: [], part: 0 }).content.lines,
	).toMatchObject([
		{
			quantity: 0,
			notOurs: [
				{ quantity: 1, reason: 'refunded' },
				{ quantity: 1, reason: 'picked up' },
			],
		},
	]);
});
