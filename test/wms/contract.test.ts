import { fileWms, type FileWmsRequest } from '../../lib/wms/file';
import { WMS, WMS_LABELS, type WmsCode } from '../../lib/wms/registry';
import type { WmsSession } from '../../lib/wms/Wms';
import { put, temporaryFolder } from '../files/openLocal';
import { wmsContract, type WmsHarness } from './contract';
import { extensivHarness } from './extensivHarness';
import { httpHarness } from './httpHarness';
import { amazonMcfHarness } from './amazonMcfHarness';
import { shipBobHarness } from './shipBobHarness';
import { shipStationHarness } from './shipStationHarness';
import { shipHeroHarness } from './shipHeroHarness';
import { trytonHarness } from './trytonHarness';
import { trytonMissing } from '../servers/tryton';
import { x12Harness } from './x12Harness';

function fileWarehouse(files: Record<string, string>) {
	const { root, folder } = temporaryFolder();
	put(root, files);
	const session = fileWms.open(folder, { settleMs: 0 });
	return {
		session: { ...session, createOrder: async (request: unknown) => await session.createOrder(request as FileWmsRequest) } satisfies WmsSession<unknown>,
		orders: async () => (await folder.list('orders')).map(({ name }) => name.replace(/\.csv$/, '')),
	};
}

const SHIPMENTS = 'reference,shipment_id,carrier,tracking_number,shipped_at,sku,quantity\n';

/** A WMS that is not here does not compile. */
const HARNESSES: Record<WmsCode, WmsHarness> = {
	extensiv: extensivHarness,
	genericHttp: httpHarness,
	shipBob: shipBobHarness,
	amazonMcf: amazonMcfHarness,
	shipStation: shipStationHarness,
	shipHero: shipHeroHarness,
	tryton: trytonHarness,
	x12: x12Harness,
	file: {
		empty: async () => fileWarehouse({}),
		reporting: async () => ({
			session: fileWarehouse({
				'cancellations/a.csv': 'reference,cancellation_id,reason\nacme.1001,CANCEL-1,no stock\n',
				'shipments/a.csv': `${SHIPMENTS}acme.1001,SHIP-1,UPS,1Z1,2026-09-05T12:00:00Z,RED-MUG,2\n`,
				'acknowledgements/a.csv': 'reference,wms_order_id,status,message\nacme.1001,W-1,accepted,\n',
			}).session,
		}),
		reportingBadly: async () =>
			fileWarehouse({ 'shipments/a.csv': `${SHIPMENTS}acme.1,S1,UPS,1Z1,,A,x\nacme.2,S2,UPS,1Z2,,A,1\n,S3,UPS,1Z3,,A,1\n` }).session,
	},
};

it('lists every WMS for the editor', () => expect(WMS_LABELS.map(({ code }) => code).sort()).toEqual(Object.keys(WMS).sort()));

for (const [code, wms] of Object.entries(WMS)) {
	const missing = code === 'tryton' ? trytonMissing() : null;
	if (missing === null) wmsContract(code, wms, HARNESSES[code as WmsCode]);
	else process.stdout.write(`The contract of Tryton is not checked: ${missing}\n`);
}
