import { trytonWms } from '../../../lib/wms/tryton';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';
import { trytonAddress } from '../trytonSession';

export interface TrytonOptions {
	warehouseCode?: string;
	leaveReference?: boolean;
	trackingField?: string;
}

export async function openTryton(context: NodeContext, { warehouseCode = '', leaveReference = false, trackingField = '' }: TrytonOptions): Promise<OpenedWms> {
	const account = await openAccount(context, {
		credential: 'trytonApi',
		label: trytonWms.label,
		baseUrl: trytonAddress,
		accountOf: (data) => trytonAddress(data).replace(/^https?:\/\//, ''),
	});
	const settings = { warehouseCode: warehouseCode.trim(), leaveReference, ...(trackingField.trim() === '' ? {} : { trackingField: trackingField.trim() }) };
	return opened(trytonWms, trytonWms.open(account, settings));
}
