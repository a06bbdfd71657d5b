/** WMS Send and WMS Shipment Poll Trigger with the Amazon MCF credential, on n8n's engine and its HTTP helper, against a peer. */
import { AmazonPeer, LWA } from '../../testing/servers/amazonMcf';
import type { Site } from '../templates/site';
import { endsWithOne, QUICK_FAULTS } from './exactlyOnce';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('amazonMcf', {
	credential: 'amazonMcfApi',
	options: { otherSpeed: 'Standard' },
	async open() {
		const amazon = await AmazonPeer.open();
		const data = {
			url: `${amazon.peer.url}/`,
			signInUrl: `${amazon.peer.url}/auth/o2/token`,
			...LWA,
			accessToken: [...amazon.tokens][0] ?? '',
		};
		return {
			data,
			refusedData: { ...data, refreshToken: 'Atzr|revoked', accessToken: 'Atza|expired' },
			references: () => amazon.references(),
			ship: (reference) => {
				const order = amazon.orders.get(reference)!;
				amazon.set(order, 'Processing');
				amazon.ship(order, 'S1', [['RED-MUG', 2]]);
			},
		};
	},
});

let site: Site;
eachTest((opened) => (site = opened));

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, amazonMcfApi: { id: null, name: 'Amazon' } };

it('sends once with a token that it renews after a 403, polls the parcel once, and says when the grant is refused', async () => {
	const amazon = await AmazonPeer.open();
	const signedIn = (changes: object) =>
		site.engine.credentials.set({
			type: 'amazonMcfApi',
			name: 'Amazon',
			data: { url: `${amazon.peer.url}/`, signInUrl: `${amazon.peer.url}/auth/o2/token`, ...LWA, accessToken: 'Atza|expired', ...changes },
		});
	const [order] = await orders(site, { shippingMethod: 'Courier' });
	if (order === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order]));

	signedIn({ refreshToken: 'Atzr|revoked' });
	const parameters = { wms: 'amazonMcf', options: { otherSpeed: 'Standard' } };
	const refused = await run(site, 'wmsSend', parameters, [{ id: order.id }], { credentials });
	expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: order.id, message: expect.stringContaining('refused the credentials') });
	expect(amazon.references()).toEqual([]);

	signedIn({});
	await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
	await run(site, 'orderRules', {}, [{ id: order.id }]);
	amazon.peer.requests.length = 0;
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', parameters, [{ id: order.id }], { credentials });
	expect(amazon.references()).toEqual([order.reference]);
	expect(amazon.peer.calls.filter((call) => call.includes('token'))).toHaveLength(1);

	const held = amazon.orders.get(order.reference)!;
	amazon.set(held, 'Processing');
	amazon.ship(
		held,
		'S1',
		order.lines.map(({ sku, quantity }): [string, number] => [String(sku), quantity]),
	);
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'amazonMcf' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect((await (await site.store()).get(order.id))?.shipments).toMatchObject([{ trackingNumber: '1Z1', externalId: 'S1' }]);
});

it.each(QUICK_FAULTS)('has an order once, whatever comes of its sending: %s', async (fault) => {
	const amazon = await AmazonPeer.open();
	site.engine.credentials.set({
		type: 'amazonMcfApi',
		name: 'Amazon',
		data: { url: amazon.peer.url, signInUrl: `${amazon.peer.url}/auth/o2/token`, ...LWA, accessToken: 'Atza|0' },
	});
	const creates = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/fulfillmentOrders');
	await endsWithOne(
		site,
		{ peer: amazon.peer, creates, references: () => amazon.references(), parameters: { wms: 'amazonMcf' }, credentials },
		fault,
		'500-before',
	);
});
