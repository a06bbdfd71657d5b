/** The suite that every warehouse passes, with Prism between adapter and peer. */
import { amazonMcfWms } from '../../lib/wms/amazonMcf';
import { shipBobWms } from '../../lib/wms/shipBob';
import { shipStationWms, shipStationWmsFor } from '../../lib/wms/shipStation';
import type { Wms } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { behindPrism, prismCanCheck, type PrismDescription } from '../real/prism';
import { AMAZON_MCF, SHIP_BOB, SHIP_STATION } from '../real/prismDescriptions';
import { AmazonPeer } from '../../testing/servers/amazonMcf';
import { ShipBobPeer } from '../../testing/servers/shipBob';
import { ShipStationPeer } from '../../testing/servers/shipStation';
import { amazonMcfHarness, sessionOf as amazonSession } from './amazonMcfHarness';
import { wmsContract, type WmsHarness } from './contract';
import { sessionOf as shipBobSession, shipBobHarness } from './shipBobHarness';
import { sessionOf as shipStationSession, shipStationHarness } from './shipStationHarness';
import { nothingWaits } from './waiting';

/** All that an order can tell a warehouse. */
const FULL = anOrder({
	shippingAddress: {
		...anOrder().shippingAddress!,
		company: 'Engines',
		address2: 'Flat 2',
		address3: 'Ring twice',
		email: 'charles@example.com',
	},
	customer: { email: 'ada@example.com', phone: '617 555 0100' },
	lines: anOrder().lines.map((line, index) => ({ ...line, id: String(index + 1), options: { Color: 'Red' } })),
	shippingMethod: 'Expedited',
	serviceLevel: 'Expedited',
	warehouse: 'se-77',
	requestedShipDate: '2026-09-06T00:00:00.000Z',
	signatureRequired: true,
	giftMessage: 'Happy birthday',
	shippingNotes: 'Handle with care',
	taxAmount: '2.50',
});
const ABROAD = anOrder({
	reference: 'acme.1002',
	shippingAddress: { ...anOrder().shippingAddress!, country: 'XX' },
	lines: anOrder().lines.map((line) => ({ ...line, sku: 'NONE' })),
});

interface Suite {
	wms: Wms<never, unknown, never>;
	harness: WmsHarness;
	description: PrismDescription;
	operations: string[];
	/** What only this warehouse has. */
	more(): void;
}

const MCF = '/fba/outbound/2020-07-01/fulfillmentOrders';

const SUITES: Suite[] = [
	{
		wms: shipBobWms,
		harness: shipBobHarness,
		description: SHIP_BOB,
		operations: [
			'GET /2026-01/order',
			'GET /2026-01/product',
			'GET /2026-01/shipping-method',
			'POST /2026-01/order',
			'POST /2026-01/order/{id}:cancel',
			'POST /2026-01/shipment:batchUpdateTrackingUpload',
		],
		more: () =>
			it('sends all that an order can tell', async () => {
				const shipBob = await ShipBobPeer.open();
				expect(await shipBobSession(shipBob, { createMissing: true }).createOrder(shipBobWms.toRequest(FULL))).toMatchObject({
					kind: 'accepted',
				});
				expect([...shipBob.orders.values()]).toMatchObject([{ gift_message: 'Happy birthday' }]);
			}),
	},
	{
		wms: shipStationWms,
		harness: shipStationHarness,
		description: SHIP_STATION,
		operations: [
			'GET /v2/fulfillments',
			'GET /v2/labels',
			'GET /v2/shipments',
			'GET /v2/shipments/external_shipment_id/{reference}',
			'POST /v2/shipments',
			'PUT /v2/shipments/{id}/cancel',
		],
		more: () => {
			it('sends all that an order can tell, and reads why another is refused', async () => {
				const shipStation = await ShipStationPeer.open();
				const { toRequest } = shipStationWmsFor({ storeId: '12', warehouseId: 'se-1' });
				expect(await shipStationSession(shipStation).createOrders!([toRequest(FULL), toRequest(ABROAD)])).toMatchObject([
					{ kind: 'accepted' },
					{ kind: 'rejected' },
				]);
				expect([...shipStation.shipments.values()]).toMatchObject([
					{ ship_to: { instructions: 'Handle with care' }, warehouse_id: 'se-77' },
				]);
			});

			it('reads labels that were voided, and parcels without a label', async () => {
				const shipStation = await ShipStationPeer.open();
				const [voided, fulfilled] = [shipStation.add('acme.1', [['L1', 'A', 1]]), shipStation.add('acme.2', [['L1', 'B', 1]])];
				shipStation.void(shipStation.label(voided));
				shipStation.fulfill(fulfilled, '1Z7');
				const kinds: string[] = [];
				for await (const page of shipStationSession(shipStation).listShipments(null, nothingWaits))
					kinds.push(...page.events.map(({ kind }) => kind));
				expect(kinds).toEqual(expect.arrayContaining(['shipped', 'voided']));
			});
		},
	},
	{
		wms: amazonMcfWms,
		harness: amazonMcfHarness,
		description: AMAZON_MCF,
		operations: [`GET ${MCF}`, `GET ${MCF}/{reference}`, `POST ${MCF}`, `PUT ${MCF}/{reference}/cancel`],
		more: () =>
			it('sends all that an order can tell, and reads why another is refused', async () => {
				const amazon = await AmazonPeer.open();
				const session = amazonSession(amazon, {
					marketplaceId: 'ATVPDKIKX0DER',
					policy: 'FillAllAvailable',
					comment: 'Thanks',
					notify: true,
				});
				expect(await session.createOrder(amazonMcfWms.toRequest(FULL))).toMatchObject({ kind: 'accepted' });
				expect([...amazon.orders.values()]).toMatchObject([
					{
						given: {
							marketplaceId: 'ATVPDKIKX0DER',
							displayableOrderComment: 'Happy birthday',
							notificationEmails: ['charles@example.com'],
						},
					},
				]);
				expect(await session.createOrder(amazonMcfWms.toRequest(ABROAD))).toMatchObject({ kind: 'rejected' });
			}),
	},
];

for (const { wms, harness, description, operations, more } of SUITES) {
	if (!prismCanCheck(wms.label, description)) it.skip(`${wms.label} behind Prism`, () => undefined);
	else
		behindPrism(
			wms.label,
			description,
			() => {
				wmsContract(wms.code, wms, harness);
				more();
			},
			{ operations },
		);
}
