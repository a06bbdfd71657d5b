/** WMS Send and WMS Shipment Poll Trigger with the ShipHero credential, on n8n's engine and its HTTP helper, against a peer. */
import { REFRESH_TOKEN, ShipHeroPeer } from '../../testing/servers/shipHero';
import type { Site } from '../templates/site';
import { endsWithOne, QUICK_FAULTS } from './exactlyOnce';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('shipHero', {
	credential: 'shipHeroApi',
	async open() {
		const shipHero = await ShipHeroPeer.open();
		const data = { url: `${shipHero.peer.url}/`, refreshToken: REFRESH_TOKEN, accessToken: [...shipHero.tokens][0] ?? '' };
		return {
			data,
			refusedData: { ...data, refreshToken: 'revoked', accessToken: 'expired' },
			references: () => shipHero.references(),
			ship: (reference) => {
				const label = { id: 'l1', status: 'valid', tracking_number: '1Z9', carrier: 'ups' };
				shipHero.ship(
					shipHero.orders.find((one) => one.partner_order_id === reference)!,
					's1',
					[label],
					[['RED-MUG', 2, 'l1']],
				);
			},
		};
	},
});

let site: Site;
eachTest((opened) => (site = opened));

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, shipHeroApi: { id: null, name: 'ShipHero' } };

it('sends once with a token that it renews by itself, polls the shipment once, and says when the refresh token is refused', async () => {
	const shipHero = await ShipHeroPeer.open();
	const signedIn = (refreshToken: string, accessToken = '') =>
		site.engine.credentials.set({
			type: 'shipHeroApi',
			name: 'ShipHero',
			data: { url: `${shipHero.peer.url}/`, refreshToken, accessToken },
		});
	const [order] = await orders(site, { shippingMethod: 'Standard' });
	if (order === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order]));

	signedIn('revoked', 'expired');
	const refused = await run(site, 'wmsSend', { wms: 'shipHero' }, [{ id: order.id }], { credentials });
	expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: order.id, message: expect.stringContaining('401') });
	expect(shipHero.references()).toEqual([]);

	signedIn(REFRESH_TOKEN, 'expired');
	await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
	await run(site, 'orderRules', {}, [{ id: order.id }]);
	shipHero.peer.requests.length = 0;
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', { wms: 'shipHero' }, [{ id: order.id }], { credentials });
	expect(shipHero.references()).toEqual([order.reference]);
	// The first request learns that the token has expired; the new one is kept.
	expect(shipHero.peer.calls.filter((call) => call.includes('refresh'))).toHaveLength(1);

	const [held] = shipHero.orders;
	shipHero.ship(
		held!,
		's1',
		[{ id: 'l1', status: 'valid', tracking_number: '1Z9', carrier: 'ups' }],
		order.lines.map(({ sku, quantity }): [string, number, string] => [String(sku), quantity, 'l1']),
	);
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'shipHero' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect((await (await site.store()).get(order.id))?.shipments).toMatchObject([{ trackingNumber: '1Z9', externalId: 's1' }]);
});

it('waits while ShipHero gives no token, and sends nothing', async () => {
	const shipHero = await ShipHeroPeer.open();
	site.engine.credentials.set({ type: 'shipHeroApi', name: 'ShipHero', data: { url: shipHero.peer.url, refreshToken: REFRESH_TOKEN } });
	const [order] = await orders(site, { shippingMethod: 'Standard' });
	await run(site, 'orderRules', {}, itemsOf([order!]));
	shipHero.peer.faultAt = (_, { path }) => (path === '/auth/refresh' ? '500-before' : null);
	const { outputs } = await run(site, 'wmsSend', { wms: 'shipHero' }, [{ id: order!.id }], { credentials });
	expect(outputs[1]?.[0]?.json).toMatchObject({ id: order!.id });
	expect(shipHero.peer.calls.filter((call) => !call.includes('refresh'))).toEqual([]);
});

it.each(
	QUICK_FAULTS.flatMap(
		(fault) =>
			[
				[fault, null],
				[fault, '500-before'],
			] as const,
	),
)('has an order once although ShipHero promises no unique reference: %s, then %s', async (fault, also) => {
	const shipHero = await ShipHeroPeer.open();
	site.engine.credentials.set({
		type: 'shipHeroApi',
		name: 'ShipHero',
		data: { url: shipHero.peer.url, refreshToken: REFRESH_TOKEN, accessToken: 'access-0' },
	});
	const creates = ({ text }: { text: string }) => text.includes('mutation createOrder');
	await endsWithOne(
		site,
		{ peer: shipHero.peer, creates, references: () => shipHero.references(), parameters: { wms: 'shipHero' }, credentials },
		fault,
		also,
	);
});
