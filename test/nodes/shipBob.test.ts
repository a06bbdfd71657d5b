/** WMS Send and WMS Shipment Poll Trigger with the ShipBob credential, on n8n's engine and its HTTP helper, against a peer. */
import { CHANNEL, SHIPBOB_KEY, ShipBobPeer } from '../../testing/servers/shipBob';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('shipBob', {
	credential: 'shipBobApi',
	async open() {
		const shipBob = await ShipBobPeer.open();
		const data = { url: `${shipBob.peer.url}/`, accessToken: SHIPBOB_KEY, channelId: CHANNEL };
		return {
			data,
			refusedData: { ...data, accessToken: 'revoked' },
			references: () => shipBob.references(),
			knows: (order) => {
				shipBob.products = new Set(order.lines.map(({ sku }) => String(sku)));
				shipBob.methods = new Set([String(order.serviceLevel ?? order.shippingMethod)]);
			},
			ship: (reference) => {
				const order = [...shipBob.orders.values()].find((one) => one.reference_id === reference);
				shipBob.ship(order!, 9, 'Completed', [['RED-MUG', 2]], { tracking: { carrier: 'UPS', tracking_number: '1Z9' } });
			},
		};
	},
});

let site: Site;
eachTest((opened) => (site = opened));

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, shipBobApi: { id: null, name: 'ShipBob' } };

it('sends once, polls its shipment once, and says when the token is refused', async () => {
	const shipBob = await ShipBobPeer.open();
	const signedIn = (accessToken: string) =>
		site.engine.credentials.set({
			type: 'shipBobApi',
			name: 'ShipBob',
			data: { url: `${shipBob.peer.url}/`, accessToken, channelId: CHANNEL },
		});
	const [order] = await orders(site, { shippingMethod: 'Standard' });
	if (order === undefined) throw new Error('no order');
	shipBob.products = new Set(order.lines.map(({ sku }) => String(sku)));
	shipBob.methods = new Set([String(order.serviceLevel ?? order.shippingMethod)]);
	await run(site, 'orderRules', {}, itemsOf([order]));

	signedIn('revoked');
	const refused = await run(site, 'wmsSend', { wms: 'shipBob' }, [{ id: order.id }], { credentials });
	expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: order.id });
	expect(shipBob.references()).toEqual([]);

	signedIn(SHIPBOB_KEY);
	await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
	await run(site, 'orderRules', {}, [{ id: order.id }]);
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', { wms: 'shipBob' }, [{ id: order.id }], { credentials });
	expect(shipBob.references()).toEqual([order.reference]);

	const [held] = [...shipBob.orders.values()];
	shipBob.ship(
		held!,
		9,
		'Completed',
		order.lines.map(({ sku, quantity }): [string, number] => [String(sku), quantity]),
		{ tracking: { carrier: 'UPS', tracking_number: '1Z9' } },
	);
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'shipBob' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect(held!.shipments).toMatchObject([{ is_tracking_uploaded: true }]);
	expect((await (await site.store()).get(order.id))?.shipments).toMatchObject([{ trackingNumber: '1Z9', externalId: '9' }]);
});
