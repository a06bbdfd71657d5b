/** The suite that every warehouse passes, with Prism between adapter and peer. */
import { amazonMcfWms } from '../../lib/wms/amazonMcf';
import { shipBobWms } from '../../lib/wms/shipBob';
import { shipStationWms } from '../../lib/wms/shipStation';
import { behindPrism, prismCanCheck } from '../real/prism';
import { AMAZON_MCF, SHIP_BOB, SHIP_STATION } from '../real/prismDescriptions';
import { amazonMcfHarness } from './amazonMcfHarness';
import { wmsContract } from './contract';
import { shipBobHarness } from './shipBobHarness';
import { shipStationHarness } from './shipStationHarness';

const MCF = '/fba/outbound/2020-07-01/fulfillmentOrders';

for (const [wms, harness, description, operations] of [
	[shipBobWms, shipBobHarness, SHIP_BOB, ['GET /2026-01/order', 'GET /2026-01/product', 'GET /2026-01/shipping-method', 'POST /2026-01/order', 'POST /2026-01/order/{id}:cancel', 'POST /2026-01/shipment:batchUpdateTrackingUpload']],
	[shipStationWms, shipStationHarness, SHIP_STATION, ['GET /v2/fulfillments', 'GET /v2/labels', 'GET /v2/shipments', 'GET /v2/shipments/external_shipment_id/{reference}', 'POST /v2/shipments', 'PUT /v2/shipments/{id}/cancel']],
	[amazonMcfWms, amazonMcfHarness, AMAZON_MCF, [`GET ${MCF}`, `GET ${MCF}/{reference}`, `POST ${MCF}`, `PUT ${MCF}/{reference}/cancel`]],
] as const) {
	if (prismCanCheck(wms.label, description)) behindPrism(wms.label, description, () => wmsContract(wms.code, wms, harness), { operations });
	else it.skip(`${wms.label} behind Prism`, () => undefined);
}
