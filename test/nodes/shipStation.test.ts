/** WMS Send and WMS Shipment Poll Trigger with the ShipStation credential, on n8n's engine and its HTTP helper, against a peer. */
import { SHIPSTATION_KEY, ShipStationPeer } from '../../testing/servers/shipStation';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('shipStation', {
	credential: 'shipStationApi',
	options: { defaultPhone: '000' },
	async open() {
		const shipStation = await ShipStationPeer.open();
		const data = { url: `${shipStation.peer.url}/`, apiKey: SHIPSTATION_KEY };
		return {
			data,
			refusedData: { ...data, apiKey: 'old' },
			references: () => shipStation.references(),
			ship: (reference) =>
				void shipStation.label([...shipStation.shipments.values()].find((one) => one.external_shipment_id === reference)!),
		};
	},
});

let site: Site;
eachTest((opened) => (site = opened));

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, shipStationApi: { id: null, name: 'ShipStation' } };
const parameters = { wms: 'shipStation', options: { defaultPhone: ' 000 ', warehouseId: 'se-9' } };

it('sends once, polls its label once, and cancels', async () => {
	const shipStation = await ShipStationPeer.open();
	site.engine.credentials.set({
		type: 'shipStationApi',
		name: 'ShipStation',
		data: { url: `${shipStation.peer.url}/`, apiKey: SHIPSTATION_KEY },
	});
	const [order, other] = await orders(site, {}, {});
	if (order === undefined || other === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order, other]));
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', parameters, [{ id: order.id }, { id: other.id }], { credentials });
	expect(shipStation.references()).toEqual([order.reference, other.reference]);
	const [made, rest] = [...shipStation.shipments.values()];
	expect(made).toMatchObject({ warehouse_id: 'se-9', ship_to: { phone: '000' } });

	const label = shipStation.label(made!);
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'shipStation' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['acknowledged', 'acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect(await (await site.store()).get(order.id)).toMatchObject({
		shipments: [{ trackingNumber: label.tracking_number, externalId: label.label_id }],
		lines: [{ quantityShipped: 2 }],
	});

	const canceled = await run(site, 'wmsSend', { wms: 'shipStation', operation: 'cancel' }, [{ id: other.id }, { id: order.id }], {
		credentials,
	});
	expect(canceled.outputs.map((items) => items.map(({ json }) => json['id']))).toEqual([[other.id], [], [order.id]]);
	expect(rest?.shipment_status).toBe('cancelled');
});

it('says when the key is refused', async () => {
	const shipStation = await ShipStationPeer.open();
	site.engine.credentials.set({ type: 'shipStationApi', name: 'ShipStation', data: { url: shipStation.peer.url, apiKey: 'old' } });
	const [order] = await orders(site, {});
	await run(site, 'orderRules', {}, itemsOf([order!]));
	const refused = await run(site, 'wmsSend', parameters, [{ id: order!.id }], { credentials });
	expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: order!.id, alert: { code: 'credentials_invalid' } });
	expect(shipStation.references()).toEqual([]);
});
