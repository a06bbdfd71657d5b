import { shortHash } from '../../../lib/files/names';
import { asHttpSays, costOf, feedbackOf, SHIPHERO_LIMIT, shipHeroWms } from '../../../lib/wms/shipHero';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';

export async function openShipHero(context: NodeContext): Promise<OpenedWms> {
	const data = await credentialData(context, 'shipHeroApi');
	const customerAccountId = String(data.customerAccountId ?? '').trim();
	const account = await openAccount(context, {
		credential: 'shipHeroApi',
		label: shipHeroWms.label,
		baseUrl: ({ url }) => String(url ?? ''),
		// ShipHero names no account: its refresh token stands for it, which only a person replaces; polling then looks back as at first.
		accountOf: ({ url, refreshToken }) => [String(url ?? '').replace(/^https?:\/\//, '').replace(/\/+$/, ''), shortHash(String(refreshToken ?? '').trim(), 12), customerAccountId].filter(Boolean).join('/'),
		limit: SHIPHERO_LIMIT,
		costOf,
		feedbackOf,
		asHttpSays,
	});
	return opened(shipHeroWms, shipHeroWms.open(account, customerAccountId === '' ? {} : { customerAccountId }));
}
