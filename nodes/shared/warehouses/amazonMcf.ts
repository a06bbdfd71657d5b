import { shortHash } from '../../../lib/files/names';
import { AMAZON_LIMIT, amazonFeedback, amazonMcfWms, operationOf, SPEEDS } from '../../../lib/wms/amazonMcf';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';

const POLICIES = ['FillOrKill', 'FillAll', 'FillAllAvailable'] as const;

export async function openAmazonMcf(context: NodeContext, options: { otherSpeed?: string; policy?: string; comment?: string; notify?: boolean }): Promise<OpenedWms> {
	const data = await credentialData(context, 'amazonMcfApi');
	const marketplaceId = String(data.marketplaceId ?? '').trim();
	const account = await openAccount(context, {
		credential: 'amazonMcfApi',
		label: 'Amazon',
		baseUrl: ({ url }) => String(url ?? ''),
		// Amazon names no seller in its answers: the refresh token stands for it, which only a person replaces; polling then looks back as at first.
		accountOf: ({ url, refreshToken }) => `${String(url ?? '').replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${shortHash(String(refreshToken ?? '').trim(), 12)}`,
		// An access token that has expired is answered 403.
		renewOn: [401, 403],
		limit: AMAZON_LIMIT,
		limitKeyOf: operationOf,
		feedbackOf: amazonFeedback,
	});
	const otherSpeed = SPEEDS.find((one) => one === options.otherSpeed);
	const policy = POLICIES.find((one) => one === options.policy);
	return opened(
		amazonMcfWms,
		amazonMcfWms.open(account, {
			...(marketplaceId === '' ? {} : { marketplaceId }),
			...(otherSpeed === undefined ? {} : { otherSpeed }),
			...(policy === undefined ? {} : { policy }),
			...(options.comment === undefined ? {} : { comment: options.comment }),
			...(options.notify === undefined ? {} : { notify: options.notify }),
		}),
	);
}
