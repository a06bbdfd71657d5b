/** Magento in n8n. */
import { checkAccess, magentoCart, type MagentoSettings } from '../../../lib/carts/magento';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { signInHeaders } from './signIn';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	magentoAcknowledgeStatus?: string;
	magentoSourceCode?: string;
}

const ACCOUNT: AccountOptions = {
	credential: 'magentoOrdersApi',
	label: 'Magento',
	baseUrl: ({ url, restPath }) =>
		`${String(url ?? '')
			.trim()
			.replace(/\/+$/, '')}/${String(restPath ?? '')
			.trim()
			.replace(/^\/+|\/+$/g, '')}/V1`,
	// Magento itself has no limit; a burst would load the shop.
	limit: { kind: 'bucket', capacity: 10, perSecond: 10 },
};

/** Asks the shop what the integration may do. */
const test = httpConnectionCheck({ account: ACCOUNT, headers: signInHeaders, secrets: ['accessToken'], check: checkAccess });

const settingsFrom = (options: Options, store: string): MagentoSettings => ({
	store,
	carriers: carrierNamesFrom(options),
	...(options.magentoSourceCode === undefined ? {} : { sourceCode: options.magentoSourceCode.trim() }),
	...(options.magentoAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.magentoAcknowledgeStatus }),
});

export const magento: CartPartner = {
	cart: magentoCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Magento', testedBy: { name: 'magentoConnectionTest', test } }],
	imports: 'Imports orders of a Magento shop, each order once',
	importOptions,
	updateOptions,
	open: async (context, options: Options, store) => magentoCart.open(await openAccount(context, ACCOUNT), settingsFrom(options, store)),
};
