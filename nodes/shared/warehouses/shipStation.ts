import { shipStationAccount, shipStationFeedback, SHIPSTATION_LIMIT, shipStationWmsFor, type ShipStationSettings } from '../../../lib/wms/shipStation';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';

export async function openShipStation(context: NodeContext, { storeId = '', warehouseId = '', defaultPhone = '' }: ShipStationSettings): Promise<OpenedWms> {
	const settings: ShipStationSettings = {
		...(storeId.trim() === '' ? {} : { storeId: storeId.trim() }),
		...(warehouseId.trim() === '' ? {} : { warehouseId: warehouseId.trim() }),
		...(defaultPhone.trim() === '' ? {} : { defaultPhone: defaultPhone.trim() }),
	};
	const wms = shipStationWmsFor(settings);
	const account = await openAccount(context, {
		credential: 'shipStationApi',
		label: wms.label,
		baseUrl: ({ url }) => String(url ?? ''),
		accountOf: ({ url, apiKey }) => shipStationAccount(String(url ?? ''), String(apiKey ?? '')),
		limit: SHIPSTATION_LIMIT,
		feedbackOf: shipStationFeedback,
	});
	return opened(wms, wms.open(account, settings));
}
