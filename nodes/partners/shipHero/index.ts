/** ShipHero in n8n. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { shortHash } from '../../../lib/files/names';
import { withHttpStatus, costOf, feedbackOf, SHIPHERO_LIMIT, shipHeroWms } from '../../../lib/wms/shipHero';
import { credentialData, credentialId } from '../../shared/context';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';

const customerOf = ({ customerAccountId }: ICredentialDataDecryptedObject): string => String(customerAccountId ?? '').trim();

const ACCOUNT: AccountOptions = {
	credential: 'shipHeroApi',
	label: shipHeroWms.label,
	baseUrl: ({ url }) => String(url ?? ''),
	// ShipHero names no account: its refresh token stands for it, which only a person replaces; polling then looks back as at first.
	accountOf: (data) =>
		[hostAndPath(data.url), shortHash(String(data.refreshToken ?? '').trim(), 12), customerOf(data)].filter(Boolean).join('/'),
	limit: SHIPHERO_LIMIT,
	costOf,
	feedbackOf,
	withHttpStatus,
};

export const shipHero: WmsPartner = {
	wms: shipHeroWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'ShipHero' }],
	open: async (context) => {
		const customerAccountId = customerOf(await credentialData(context, ACCOUNT.credential));
		const session = shipHeroWms.open(await openAccount(context, ACCOUNT), customerAccountId === '' ? {} : { customerAccountId });
		return opened(shipHeroWms, session, credentialId(context, ACCOUNT.credential));
	},
};
