/** WMS Send and WMS Shipment Poll Trigger with a warehouse that is described by parameters, on n8n's engine and its HTTP helper, against a peer. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../testing/servers/httpWarehouse';
import type { PeerRequest } from '../../testing/servers/Peer';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('genericHttp', {
	credential: 'warehouseHttpApi',
	async open() {
		const peer = await HttpWarehousePeer.open();
		peer.now = Date.now();
		const data = { url: `${peer.peer.url}/api/`, authentication: 'header', name: 'X-API-Key', secret: WAREHOUSE_KEY };
		return {
			data,
			refusedData: { ...data, secret: 'old' },
			references: () => peer.references(),
			ship: (reference) => {
				const { id } = peer.orders.find((one) => one.reference === reference)!;
				peer.report({
					reference,
					orderId: id,
					id: 'S1',
					status: 'shipped',
					trackingNumber: '1Z1',
					items: [{ sku: 'RED-MUG', quantity: 2 }],
				});
			},
		};
	},
});

let site: Site;
let warehouse: HttpWarehousePeer;
eachTest((opened) => (site = opened));
beforeEach(async () => {
	warehouse = await HttpWarehousePeer.open();
	warehouse.now = Date.now();
});

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, warehouseHttpApi: { id: null, name: 'Warehouse' } };
const signIn = (data: ICredentialDataDecryptedObject): void =>
	site.engine.credentials.set({ type: 'warehouseHttpApi', name: 'Warehouse', data: { url: `${warehouse.peer.url}/api/`, ...data } });
const send = async (id: string, parameters: INodeParameters = {}) =>
	await run(site, 'wmsSend', { wms: 'genericHttp', ...parameters }, [{ id }], { credentials });

async function routed(orderNumber = 'N1') {
	const [order] = await orders(site, { orderNumber });
	if (order === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order]));
	return order;
}

it('sends once, polls its shipment once, and cancels, with the parameters as they are', async () => {
	signIn({ authentication: 'header', name: 'X-API-Key', secret: WAREHOUSE_KEY });
	const [order, other] = [await routed(), await routed('N2')];
	for (let count = 0; count < 2; count += 1) for (const { id } of [order, other]) await send(id);
	expect(warehouse.references()).toEqual([order.reference, other.reference]);
	warehouse.report({
		reference: order.reference,
		orderId: 'W1',
		id: 'S1',
		status: 'shipped',
		trackingNumber: '1Z1',
		items: [{ lineId: order.lines[0]?.id, sku: 'RED-MUG', quantity: 2 }],
	});
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'genericHttp' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect(await (await site.store()).get(order.id)).toMatchObject({
		wmsOrderId: 'W1',
		shipments: [{ trackingNumber: '1Z1' }],
		lines: [{ quantityShipped: 2 }],
	});
	const canceled = await send(other.id, { operation: 'cancel' });
	expect(canceled.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(warehouse.references()).toEqual([order.reference]);
});

it('takes requests as people write them', async () => {
	signIn({ authentication: 'header', name: 'X-API-Key', secret: WAREHOUSE_KEY });
	const order = await routed();
	const body = JSON.stringify({
		reference: '{reference}',
		shipTo: { name: '{shippingAddress.name}' },
		items: { $each: 'lines', $as: { sku: '{line.sku}', quantity: '{line.quantity}' } },
	});
	await send(order.id, {
		httpCreate: { request: { path: '/orders?tenant={store}', body } },
		httpLookUp: { request: { path: '/orders/by-reference/{reference}', listPath: 'order' } },
		options: {
			httpHeaders: { list: [{ name: 'X-Tenant', value: 'acme' }] },
			idempotencyHeader: 'Idempotency-Key',
			requestsPerMinute: 6000,
		},
	});
	expect(warehouse.peer.calls).toEqual([`GET /api/orders/by-reference/${order.reference}`, 'POST /api/orders']);
	expect(warehouse.peer.requests[1]).toMatchObject({
		headers: { 'x-tenant': 'acme', 'idempotency-key': order.reference },
		body: { reference: order.reference, shipTo: { name: 'Ada' }, items: [{ sku: 'RED-MUG', quantity: 2 }] },
	});
	expect(warehouse.peer.requests[1]?.query.get('tenant')).toBe('acme');
});

it('leaves an order whose outcome cannot be known to a person, and never sends it again', async () => {
	signIn({ authentication: 'header', name: 'X-API-Key', secret: WAREHOUSE_KEY });
	warehouse.peer.faultAt = () => '500-after';
	const order = await routed();
	const blind = {
		httpCanLookUp: false,
		options: { fieldLimits: { list: [{ path: 'shippingAddress.city', maxLength: 30, required: true }] } },
	};
	const { outputs } = await send(order.id, blind);
	expect(outputs[2]?.[0]?.json).toMatchObject({ id: order.id, status: 'error', alert: { code: 'outcome_unknown' } });
	warehouse.peer.faultAt = () => null;
	await send(order.id, blind);
	expect(warehouse.references()).toEqual([order.reference]);
});

it.each<[string, ICredentialDataDecryptedObject, (request: PeerRequest) => boolean]>([
	[
		'basic',
		{ user: 'ada', password: 'p:w' },
		({ headers }) => headers.authorization === `Basic ${Buffer.from('ada:p:w').toString('base64')}`,
	],
	['bearer', { token: 't1' }, ({ headers }) => headers.authorization === 'Bearer t1'],
	['query', { name: 'key', secret: 'a b&c' }, ({ query }) => query.get('key') === 'a b&c'],
	['none', {}, () => true],
])('signs in: %s', async (authentication, data, signedIn) => {
	warehouse.signedIn = signedIn;
	signIn({ authentication, ...data });
	const order = await routed();
	const { outputs } = await send(order.id);
	expect(outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(warehouse.references()).toEqual([order.reference]);
});

it('says which request is wrong, and sends nothing', async () => {
	signIn({ authentication: 'header', name: 'X-API-Key', secret: WAREHOUSE_KEY });
	const order = await routed();
	const { error } = await send(order.id, { httpCreate: { request: { body: '{"a": "{shipTo.name}"}' } } });
	expect(error).toMatchObject({
		message: expect.stringContaining('Create Request, body'),
		description: expect.stringContaining('shippingAddress'),
	});
	expect(warehouse.peer.calls).toEqual([]);
	expect((await (await site.store()).get(order.id))?.status).toBe('routed');
});
