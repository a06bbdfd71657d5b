import { fileWms, type FileWmsRequest } from '../../lib/wms/file';
import type { WmsSession } from '../../lib/wms/Wms';
import { put, temporaryFolder } from '../files/openLocal';
import { REPORTED, type WmsHarness } from './contract';

function fileWarehouse(files: Record<string, string>) {
	const { root, folder } = temporaryFolder();
	put(root, files);
	const session = fileWms.open(folder, { settleMs: 0 });
	return {
		session: {
			...session,
			createOrder: async (request: unknown) => await session.createOrder(request as FileWmsRequest),
		} satisfies WmsSession<unknown>,
		orders: async () => (await folder.list('orders')).map(({ name }) => name.replace(/\.csv$/, '')),
	};
}

const SHIPMENTS = 'reference,shipment_id,carrier,tracking_number,shipped_at,sku,quantity\n';

export const fileHarness: WmsHarness = {
	empty: async () => fileWarehouse({}),
	reporting: async () => ({
		session: fileWarehouse({
			'cancellations/a.csv': 'reference,cancellation_id,reason\nacme.1001,CANCEL-1,no stock\n',
			'shipments/a.csv': `${SHIPMENTS}acme.1001,SHIP-1,UPS,1Z1,2026-09-05T12:00:00Z,RED-MUG,2\n`,
			'acknowledgements/a.csv': 'reference,wms_order_id,status,message\nacme.1001,W-1,accepted,\n',
		}).session,
		// Its parcels are known by shipment and tracking number.
		expected: REPORTED.map((event) =>
			event.kind === 'shipped' ? { ...event, externalId: 'SHIP-1/1Z1', sharedKey: { shipment: 'SHIP-1' } } : event,
		),
	}),
	reportingBadly: async () =>
		fileWarehouse({ 'shipments/a.csv': `${SHIPMENTS}acme.1,S1,UPS,1Z1,,A,x\nacme.2,S2,UPS,1Z2,,A,1\n,S3,UPS,1Z3,,A,1\n` }).session,
};
