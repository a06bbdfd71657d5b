/** Every HTTP cart through its nodes: import, acknowledge, ship, upload, cancel, note; wrong credentials; one order by number. */
import { ships } from '../../lib/order/goods';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Order } from '../../lib/order/order';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import { Peer, type PeerAnswer } from '../../testing/servers/Peer';
import type { Site } from '../templates/site';
import { eachTest, run as runNode } from './operator';

interface Told {
	acknowledged: boolean;
	tracking: string[];
	notes: string[];
	canceled: boolean;
}

export interface NodeShop {
	data: ICredentialDataDecryptedObject;
	refusedData: ICredentialDataDecryptedObject;
	/** Gives the order's number. */
	place(): string | Promise<string>;
	/** A person of the shop cancels it. */
	callOff(number: string): unknown;
	told(number: string): Told | Promise<Told>;
}

export function cartThroughNodes(
	cart: string,
	{ credential, trigger, open }: { credential: string; trigger: string; open(): Promise<NodeShop> },
): void {
	describe(`${cart} through its nodes`, () => {
		let site: Site;
		let shop: NodeShop;
		eachTest((opened) => (site = opened));
		beforeEach(async () => {
			shop = await open();
			site.engine.credentials.set({ type: credential, name: 'Shop', data: shop.data });
		});

		const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, [credential]: { id: null, name: 'Shop' } };
		const parameters = { store: 'acme', options: { earliestOrderDate: '2026-01-01T00:00:00.000Z' } };
		const poll = async (mode: 'trigger' | 'manual' = 'trigger', options: object = {}): Promise<Order[]> => {
			const trigger_ = workflow('Import', [
				node('Trigger', trigger, { ...parameters, options: { ...parameters.options, ...options } }, { credentials }),
			]);
			site.engine.unpublish(trigger_);
			return ((await site.engine.poll(trigger_, 'Trigger', mode)) ?? []).map(({ json }) => json as unknown as Order);
		};
		const update = async (operation: string, id: string, more: object = {}) =>
			await runNode(site, 'cartUpdate', { cart, operation, ...more }, [{ id }], { credentials });

		/** The credential leads to another server; everything else in it stays. */
		const goTo = ({ url }: Peer): void => {
			const data = Object.entries(shop.data).map(
				([name, value]) =>
					[name, typeof value === 'string' && URL.canParse(value) ? value.replace(new URL(value).origin, url) : value] as const,
			);
			site.engine.credentials.set({ type: credential, name: 'Shop', data: Object.fromEntries(data) });
		};

		it('reads orders anew before they are sent: what the shop canceled meanwhile is not', async () => {
			await shop.place();
			await shop.place();
			const [wanted, canceled] = (await poll()) as [Order, Order];
			for (const { id } of [wanted, canceled]) await runNode(site, 'orderRules', {}, [{ id }]);
			await shop.callOff(canceled.orderNumber);
			const { outputs, error } = await runNode(
				site,
				'cartUpdate',
				{ cart, operation: 'refresh' },
				[{ id: wanted.id }, { id: canceled.id }],
				{ credentials },
			);
			expect(error).toBeUndefined();
			expect(outputs.map((items) => items.map(({ json }) => [json['id'], json['status']]))).toEqual([
				[[wanted.id, 'routed']],
				[],
				[[canceled.id, 'canceled']],
				[],
			]);
		});

		it('imports, acknowledges, uploads, notes and cancels, each once', async () => {
			const [first, second] = [await shop.place(), await shop.place()];
			// A cart may show the newest first.
			expect((await poll('manual')).map(({ orderNumber }) => orderNumber).sort()).toEqual([first, second].sort());
			expect((await poll('manual', { testOrderNumber: second })).map(({ orderNumber }) => orderNumber)).toEqual([second]);
			await expect(poll('manual', { testOrderNumber: 'no-such' })).rejects.toMatchObject({
				message: 'The cart has no order no-such.',
				description: expect.stringContaining('Check the number'),
			});
			const orders = await poll();
			expect(orders.map(({ orderNumber, store, cart: from, status }) => [orderNumber, store, from, status])).toEqual([
				[first, 'acme', cart, 'new'],
				[second, 'acme', cart, 'new'],
			]);
			expect(await poll()).toEqual([]);
			const [order, other] = orders as [Order, Order];

			await runNode(site, 'orderRules', {}, [{ id: order.id }]);
			await runNode(site, 'wmsSend', {}, [{ id: order.id }]);
			for (let count = 0; count < 2; count += 1) expect((await update('acknowledge', order.id)).outputs[0]).toHaveLength(1);
			expect((await shop.told(first)).acknowledged).toBe(true);

			const goods = order.lines.filter(ships);
			goods.forEach((line, index) => site.ships(order.reference, index + 1, line.sku!, line.quantity));
			await site.engine.poll(
				workflow('Ship', [
					node(
						'Poll',
						'wmsShipmentPollTrigger',
						{},
						{ credentials: { orderStoreApi: credentials.orderStoreApi, fileExchangeApi: { id: null, name: 'Warehouse folder' } } },
					),
				]),
				'Poll',
			);
			for (let count = 0; count < 2; count += 1) {
				const { outputs, error } = await update('uploadTracking', order.id);
				expect(error).toBeUndefined();
				expect(outputs.map((items) => items.length)).toEqual([1, 0, 0]);
			}
			expect((await shop.told(first)).tracking.sort()).toEqual(goods.map((_, index) => `1Z${order.reference}${index + 1}`));
			expect((await (await site.store()).get(order.id))?.status).toBe('closed');

			expect((await update('addNote', other.id, { note: 'Waiting for stock' })).outputs[0]).toHaveLength(1);
			await runNode(site, 'orderStore', { resource: 'order', operation: 'archive' }, [{ id: other.id }]);
			expect((await update('cancel', other.id, { reason: 'Out of stock' })).outputs[0]).toHaveLength(1);
			expect(await shop.told(second)).toMatchObject({
				canceled: true,
				notes: expect.arrayContaining([expect.stringContaining('Waiting for stock')]),
			});
			expect((await poll()).map(({ id }) => id)).toEqual([]);
		});

		it('brings one order by its number, and compares the cart with the store, within one count of requests for all nodes', async () => {
			const counted = (): string[] =>
				[
					...(
						((globalThis as { [key: symbol]: unknown })[Symbol.for('n8n-nodes-order-fulfillment.limiters')] as
							Map<string, unknown> | undefined) ?? new Map()
					).keys(),
				].filter((key) => key.startsWith(`${credential}:`));
			const before = counted();
			const number = await shop.place();
			const stored = async (operation: string, more: object) =>
				await runNode(site, 'orderStore', { resource: 'order', operation, cart, store: 'acme', ...more }, [{}], { credentials });
			expect((await stored('importFromCart', { orderNumber: number })).outputs[0]).toMatchObject([
				{ json: { orderNumber: number, importResult: 'created' } },
			]);
			await shop.place();
			const statement = async () => (await stored('statement', { hours: 8_000 })).outputs[0]?.[0]?.json;
			expect(await statement()).toMatchObject({
				orders: 2,
				missing: 1,
				twice: 0,
				counts: { waiting: 1, missing: 1 },
				numbers: { waiting: [number] },
			});
			expect((await stored('reconcile', { hours: 8_000 })).outputs[0]).toMatchObject([
				{ json: { checked: 2, missing: [expect.anything()], failed: 0 } },
			]);
			expect(await statement()).toMatchObject({ orders: 2, missing: 0, counts: { waiting: 2 } });
			await poll();
			expect(counted()).not.toEqual([]);
			expect(counted().length - before.length).toBeLessThanOrEqual(1);
		});

		it('does not follow the shop to another address, where its sign-in would go, and says which one', async () => {
			await shop.place();
			const stranger = await Peer.open(() => ({ body: {} }));
			const door = await Peer.open(({ path }) => ({ status: 301, headers: { location: `${stranger.url}${path}?token=1` } }));
			goTo(door);
			await expect(poll()).rejects.toMatchObject({
				message: expect.stringMatching(/sent us to another address \(301, to [^?]+\)/),
				description: expect.stringContaining(`begin with "${stranger.url}".`),
			});
			expect(door.requests.length).toBeGreaterThan(0);
			expect(stranger.requests).toEqual([]);
		});

		it('names a shop that is closed, fails, or hides behind a page, with a remedy, and goes on once it is there again', async () => {
			const number = await shop.place();
			const page = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Back soon</title>' };
			let answer: PeerAnswer = {};
			goTo(await Peer.open(() => answer));
			for (const [given, message, remedy] of [
				[{ status: 402, body: { message: 'Unavailable Shop' } }, /has closed this account \(402\)/, /Open the account/],
				[page, /answered with a page instead of data/, /maintenance page or a firewall/],
				[{ ...page, status: 403 }, /refused the credentials \(403\)/, /firewall or a password before the site/],
				[{ ...page, status: 503 }, /failed \(503\)/, /retried automatically/],
			] as Array<[PeerAnswer, RegExp, RegExp]>) {
				answer = given;
				await expect(poll()).rejects.toMatchObject({ message: expect.stringMatching(message), description: expect.stringMatching(remedy) });
			}
			site.engine.credentials.set({ type: credential, name: 'Shop', data: shop.data });
			expect((await poll()).map(({ orderNumber }) => orderNumber)).toEqual([number]);
		});

		it('says what to do when the credentials are refused, and goes on once they are right', async () => {
			const number = await shop.place();
			site.engine.credentials.set({ type: credential, name: 'Shop', data: shop.refusedData });
			await expect(poll()).rejects.toMatchObject({
				message: expect.stringContaining('refused the credentials'),
				description: expect.stringMatching(/./),
			});
			site.engine.credentials.set({ type: credential, name: 'Shop', data: shop.data });
			expect((await poll()).map(({ orderNumber }) => orderNumber)).toEqual([number]);
		});
	});
}
