/** ShipBob in n8n. */
import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import { shipBobFeedback, SHIPBOB_LIMIT, shipBobWms } from '../../../lib/wms/shipBob';
import { credentialData } from '../../shared/context';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';

interface Options {
	createMissing?: boolean;
}

const channelOf = ({ channelId }: ICredentialDataDecryptedObject): string => String(channelId ?? '').trim();

const ACCOUNT: AccountOptions = {
	credential: 'shipBobApi',
	label: shipBobWms.label,
	baseUrl: ({ url }) => String(url ?? ''),
	accountOf: (data) => `${hostAndPath(data.url)}/${channelOf(data)}`,
	limit: SHIPBOB_LIMIT,
	feedbackOf: shipBobFeedback,
};

const sendOptions: INodeProperties[] = [
	{
		displayName: 'Create Missing Products',
		name: 'createMissing',
		type: 'boolean',
		default: false,
		description:
			'Whether ShipBob may create products and shipping methods that it does not know; otherwise such an order is an error that names them',
	},
];

export const shipBob: WmsPartner = {
	wms: shipBobWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'ShipBob' }],
	sendOptions,
	open: async (context, { createMissing }: Options) => {
		const channelId = channelOf(await credentialData(context, ACCOUNT.credential));
		return opened(
			shipBobWms,
			shipBobWms.open(await openAccount(context, ACCOUNT), { channelId, ...(createMissing === undefined ? {} : { createMissing }) }),
		);
	},
};
