/** A warehouse with an API of its own, described by parameters, in n8n. */
import { shortHash } from '../../../lib/files/names';
import { httpWms, httpWmsFor } from '../../../lib/wms/genericHttp';
import { credentialId } from '../../shared/context';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { pollProperties, sendOptions, sendProperties, sharedOptions } from './parameters';
import { settingsFrom, type GenericHttpOptions } from './settings';

const ACCOUNT: AccountOptions = {
	credential: 'warehouseHttpApi',
	label: 'Warehouse HTTP API',
	baseUrl: ({ url }) => String(url ?? ''),
	// Merchants of one 3PL share its address, and differ in how they sign in.
	accountOf: (data) =>
		`${hostAndPath(String(data.url ?? '').trim())}/${shortHash(JSON.stringify([data.authentication, data.user, data.password, data.token, data.name, data.secret]), 12)}`,
};

const limitOf = (perMinute: number): Pick<AccountOptions, 'limit'> =>
	perMinute > 0 ? { limit: { kind: 'window', requests: perMinute, windowMs: 60_000 } } : {};

export const genericHttp: WmsPartner = {
	wms: httpWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Warehouse HTTP API' }],
	sendProperties,
	sendOptions: [...sharedOptions, ...sendOptions],
	pollProperties,
	pollOptions: sharedOptions,
	open: async (context, options: GenericHttpOptions) => {
		const settings = settingsFrom(context, options);
		const wms = httpWmsFor(settings);
		const account = await openAccount(context, { ...ACCOUNT, ...limitOf(Number(options.requestsPerMinute ?? 0)) });
		return opened(wms, wms.open(account, settings), credentialId(context, ACCOUNT.credential));
	},
};
