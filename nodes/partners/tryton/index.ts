/** Tryton in n8n. */
import { trytonWms } from '../../../lib/wms/tryton';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { pollOptions, sendOptions } from './options';
import { trytonAddress } from './session';

interface Options {
	warehouseCode?: string;
	leaveReference?: boolean;
	trackingField?: string;
}

const ACCOUNT: AccountOptions = {
	credential: 'trytonApi',
	label: trytonWms.label,
	baseUrl: trytonAddress,
	accountOf: (data) => hostAndPath(trytonAddress(data)),
};

export const tryton: WmsPartner = {
	wms: trytonWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Tryton' }],
	sendOptions,
	pollOptions,
	open: async (context, { warehouseCode = '', leaveReference = false, trackingField = '' }: Options) => {
		const settings = {
			warehouseCode: warehouseCode.trim(),
			leaveReference,
			...(trackingField.trim() === '' ? {} : { trackingField: trackingField.trim() }),
		};
		return opened(trytonWms, trytonWms.open(await openAccount(context, ACCOUNT), settings));
	},
};
