/** Amazon Multi-Channel Fulfillment in n8n. */
import { shortHash } from '../../../lib/files/names';
import { AMAZON_LIMIT, amazonFeedback, amazonMcfWms, operationOf, SPEEDS } from '../../../lib/wms/amazonMcf';
import { credentialData, credentialId } from '../../shared/context';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { sendOptions } from './sendOptions';

const POLICIES = ['FillOrKill', 'FillAll', 'FillAllAvailable'] as const;

interface Options {
	otherSpeed?: string;
	policy?: string;
	comment?: string;
	notify?: boolean;
}

const ACCOUNT: AccountOptions = {
	credential: 'amazonMcfApi',
	label: 'Amazon',
	baseUrl: ({ url }) => String(url ?? ''),
	// Amazon names no seller in its answers: the refresh token stands for it, which only a person replaces; polling then looks back as at first.
	accountOf: ({ url, refreshToken }) => `${hostAndPath(url)}/${shortHash(String(refreshToken ?? '').trim(), 12)}`,
	// An access token that has expired is answered 403.
	renewOn: [401, 403],
	limit: AMAZON_LIMIT,
	limitKeyOf: operationOf,
	feedbackOf: amazonFeedback,
};

function settingsFrom(options: Options, marketplaceId: string) {
	const otherSpeed = SPEEDS.find((one) => one === options.otherSpeed);
	const policy = POLICIES.find((one) => one === options.policy);
	return {
		...(marketplaceId === '' ? {} : { marketplaceId }),
		...(otherSpeed === undefined ? {} : { otherSpeed }),
		...(policy === undefined ? {} : { policy }),
		...(options.comment === undefined ? {} : { comment: options.comment }),
		...(options.notify === undefined ? {} : { notify: options.notify }),
	};
}

export const amazonMcf: WmsPartner = {
	wms: amazonMcfWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Amazon MCF' }],
	sendOptions,
	open: async (context, options: Options) => {
		const { marketplaceId } = await credentialData(context, ACCOUNT.credential);
		const session = amazonMcfWms.open(await openAccount(context, ACCOUNT), settingsFrom(options, String(marketplaceId ?? '').trim()));
		return opened(amazonMcfWms, session, credentialId(context, ACCOUNT.credential));
	},
};
