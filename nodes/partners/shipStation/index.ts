/** ShipStation in n8n. */
import {
	shipStationAccount,
	shipStationFeedback,
	SHIPSTATION_LIMIT,
	shipStationWms,
	shipStationWmsFor,
	type ShipStationSettings,
} from '../../../lib/wms/shipStation';
import { credentialId } from '../../shared/context';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { sendOptions } from './sendOptions';

const ACCOUNT: AccountOptions = {
	credential: 'shipStationApi',
	label: shipStationWms.label,
	baseUrl: ({ url }) => String(url ?? ''),
	accountOf: ({ url, apiKey }) => shipStationAccount(String(url ?? ''), String(apiKey ?? '')),
	limit: SHIPSTATION_LIMIT,
	feedbackOf: shipStationFeedback,
};

const settingsFrom = ({ storeId = '', warehouseId = '', defaultPhone = '' }: ShipStationSettings): ShipStationSettings => ({
	...(storeId.trim() === '' ? {} : { storeId: storeId.trim() }),
	...(warehouseId.trim() === '' ? {} : { warehouseId: warehouseId.trim() }),
	...(defaultPhone.trim() === '' ? {} : { defaultPhone: defaultPhone.trim() }),
});

export const shipStation: WmsPartner = {
	wms: shipStationWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'ShipStation' }],
	sendOptions,
	open: async (context, options: ShipStationSettings) => {
		const settings = settingsFrom(options);
		const wms = shipStationWmsFor(settings);
		return opened(wms, wms.open(await openAccount(context, ACCOUNT), settings), credentialId(context, ACCOUNT.credential));
	},
};
