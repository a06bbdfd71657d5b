/** Every HTTP warehouse through its nodes: send, poll, cancel, each once; refused sign-in, a closed account, a page, a stranger's address; and on again afterwards. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import type { Order } from '../../lib/order/order';
import { Peer, type PeerAnswer } from '../../testing/servers/Peer';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf, type NodeResult } from './operator';

interface NodeWarehouse {
	/** Signed in: with a token that holds, where tokens are renewed. */
	data: ICredentialDataDecryptedObject;
	refusedData: ICredentialDataDecryptedObject;
	/** What the warehouse has and will ship, or has shipped. */
	references(): string[] | Promise<string[]>;
	/** Makes the goods and shipping method of an order known to it. */
	knows?(order: Order): void | Promise<void>;
	/** Packs all of an order (2 × RED-MUG) into a parcel. */
	ship(reference: string): void | Promise<void>;
}

interface Suite {
	credential: string;
	/** Of WMS Send. */
	options?: INodeParameters;
	open(): Promise<NodeWarehouse>;
}

const PAGE = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Back soon</title>' };

const TROUBLES: Array<[what: string, answer: PeerAnswer, message: RegExp, remedy: RegExp]> = [
	['is closed', { status: 402, body: { message: 'Account suspended' } }, /has closed this account \(402\)/, /Open the account/],
	['shows a page', PAGE, /answered with a page instead of data/, /maintenance page or a firewall/],
	['refuses with a page', { ...PAGE, status: 403 }, /refused the credentials \(40[13]\)/, /./],
	['fails with a page', { ...PAGE, status: 503 }, /failed \(503\)/, /retried automatically/],
];

export function wmsThroughNodes(wms: string, { credential, options = {}, open }: Suite): void {
	describe(`${wms} through its nodes`, () => {
		let site: Site;
		let warehouse: NodeWarehouse;
		// A real warehouse keeps what it has from one test to the next.
		const began = Date.now().toString(36);
		let placed = 0;
		eachTest((opened) => (site = opened));
		beforeEach(async () => {
			warehouse = await open();
			signIn(warehouse.data);
		});

		const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, [credential]: { id: null, name: 'Warehouse' } };
		const signIn = (data: ICredentialDataDecryptedObject): void =>
			site.engine.credentials.set({ type: credential, name: 'Warehouse', data });
		/** The credential leads to another server; everything else in it stays. */
		const goTo = ({ url }: Peer): void => {
			const moved = Object.entries(warehouse.data).map(
				([name, value]) =>
					[
						name,
						typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value) ? value.replace(new URL(value).origin, url) : value,
					] as const,
			);
			signIn(Object.fromEntries(moved));
		};
		const routed = async (): Promise<Order> => {
			placed += 1;
			const [order] = await orders(site, { orderNumber: `N${began}-${placed}`, shippingMethod: 'Standard' });
			if (order === undefined) throw new Error('no order');
			await warehouse.knows?.(order);
			await run(site, 'orderRules', {}, itemsOf([order]));
			return order;
		};
		const send = async ({ id }: Order, parameters: INodeParameters = {}): Promise<NodeResult> =>
			await run(site, 'wmsSend', { wms, options, ...parameters }, [{ id }], { credentials });
		const again = async (order: Order): Promise<NodeResult> => {
			await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
			await run(site, 'orderRules', {}, [{ id: order.id }]);
			return await send(order);
		};
		const counts = ({ outputs }: NodeResult): number[] => outputs.map((items) => items.length);
		const poll = async (): Promise<unknown[]> =>
			((await pollOf(site, triggerOf('wmsShipmentPollTrigger', { wms }, { credentials }))) ?? []).map(({ json }) => json['event']);
		const statusOf = async ({ id }: Order): Promise<string | undefined> => (await (await site.store()).get(id))?.status;

		it('sends, reads what was shipped, and cancels, each once', async () => {
			const [order, other] = [await routed(), await routed()];
			for (let count = 0; count < 2; count += 1) for (const one of [order, other]) await send(one);
			expect([...(await warehouse.references())].sort()).toEqual([order.reference, other.reference].sort());
			await warehouse.ship(order.reference);
			expect(await poll()).toContain('shipped');
			expect(await poll()).toEqual([]);
			expect(await (await site.store()).get(order.id)).toMatchObject({ lines: [{ quantityShipped: 2 }], shipments: [expect.anything()] });
			expect(counts(await send(other, { operation: 'cancel' }))).toEqual([1, 0, 0]);
			expect(await warehouse.references()).toEqual([order.reference]);
		});

		it('says when the sign-in is refused, sends nothing, and goes on once it is right', async () => {
			const order = await routed();
			signIn(warehouse.refusedData);
			const refused = await send(order);
			expect(counts(refused)).toEqual([0, 1, 0]);
			expect(refused.outputs[1]?.[0]?.json).toMatchObject({
				id: order.id,
				message: expect.stringMatching(/refused the credentials/),
				alert: { code: 'credentials_invalid' },
			});
			expect(await warehouse.references()).toEqual([]);
			signIn(warehouse.data);
			expect(counts(await again(order))).toEqual([1, 0, 0]);
			expect(await warehouse.references()).toEqual([order.reference]);
		});

		it('keeps an order while the account is closed, and sends it once it is open', async () => {
			const order = await routed();
			goTo(await Peer.open(() => ({ status: 402, body: { message: 'Account suspended' } })));
			const closed = await send(order);
			expect(counts(closed)).toEqual([0, 1, 0]);
			expect(closed.outputs[1]?.[0]?.json).toMatchObject({ message: expect.stringMatching(/has closed this account \(402\)/) });
			signIn(warehouse.data);
			expect(counts(await again(order))).toEqual([1, 0, 0]);
			expect(await warehouse.references()).toEqual([order.reference]);
		});

		it('does not follow the warehouse to another address, where its sign-in and the order would go', async () => {
			const [sent, order] = [await routed(), await routed()];
			await send(sent);
			const stranger = await Peer.open(() => ({ body: {} }));
			const door = await Peer.open(({ path }) => ({ status: 307, headers: { location: `${stranger.url}${path}?token=1` } }));
			goTo(door);
			await expect(poll()).rejects.toMatchObject({
				message: expect.stringMatching(/sent us to another address \(307, to [^?]+\)/),
				description: expect.stringContaining(`begin with "${stranger.url}".`),
			});
			expect(counts(await send(order))[0]).toBe(0);
			expect(door.requests.length).toBeGreaterThan(0);
			expect(stranger.requests).toEqual([]);
			expect(await warehouse.references()).toEqual([sent.reference]);
		});

		it.each(TROUBLES)(
			'names a warehouse that %s, with a remedy, and reads on once it is there again',
			async (_, answer, message, remedy) => {
				const order = await routed();
				await send(order);
				goTo(await Peer.open(() => answer));
				await expect(poll()).rejects.toMatchObject({ message: expect.stringMatching(message), description: expect.stringMatching(remedy) });
				expect(await statusOf(order)).toBe('open');
				signIn(warehouse.data);
				await warehouse.ship(order.reference);
				expect(await poll()).toContain('shipped');
			},
		);
	});
}
