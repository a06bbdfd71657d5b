import { shipBobFeedback, SHIPBOB_LIMIT, shipBobWms } from '../../../lib/wms/shipBob';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';

export async function openShipBob(context: NodeContext, options: { createMissing?: boolean }): Promise<OpenedWms> {
	const data = await credentialData(context, 'shipBobApi');
	const channelId = String(data.channelId ?? '').trim();
	const account = await openAccount(context, {
		credential: 'shipBobApi',
		label: shipBobWms.label,
		baseUrl: ({ url }) => String(url ?? ''),
		accountOf: ({ url }) => `${String(url ?? '').replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${channelId}`,
		limit: SHIPBOB_LIMIT,
		feedbackOf: shipBobFeedback,
	});
	return opened(shipBobWms, shipBobWms.open(account, { channelId, ...(options.createMissing === undefined ? {} : { createMissing: options.createMissing }) }));
}
