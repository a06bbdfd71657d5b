/** Medusa in n8n. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { checkAccess, medusaCart, type MedusaSettings } from '../../../lib/carts/medusa';
import { medusaHeaders } from '../../../lib/carts/medusa/headers';
import { credentialData } from '../../shared/context';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { list } from '../../shared/importOptions';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	medusaLocation?: string;
	/** Of the trigger. */
	regions?: string;
}

const ACCOUNT: AccountOptions = {
	credential: 'medusaOrdersApi',
	label: 'Medusa',
	// Of the server, also when somebody entered that of its admin or of its API.
	baseUrl: ({ url }) =>
		String(url ?? '')
			.trim()
			.replace(/\/+$/, '')
			.replace(/\/(?:app|admin|store)$/, ''),
	// Medusa itself has no limit; a burst would load the shop.
	limit: { kind: 'bucket', capacity: 10, perSecond: 10 },
};

const channelsOf = ({ salesChannels }: ICredentialDataDecryptedObject): string[] => list(salesChannels);

/** Signs in, and looks for the sales channels of the credential. */
const test = httpConnectionCheck({
	account: ACCOUNT,
	headers: medusaHeaders,
	secrets: ['apiKey'],
	check: async (account, data) => await checkAccess(account, channelsOf(data)),
});

const settingsFrom = (options: Options, data: ICredentialDataDecryptedObject, store: string): MedusaSettings => ({
	store,
	channels: channelsOf(data),
	regions: list(options.regions),
	carriers: carrierNamesFrom(options),
	...(options.medusaLocation === undefined ? {} : { location: options.medusaLocation }),
});

export const medusa: CartPartner = {
	cart: medusaCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Medusa', testedBy: { name: 'medusaConnectionTest', test } }],
	imports: 'Imports orders of a Medusa shop once they are paid, each order once',
	importOptions,
	updateOptions,
	open: async (context, options: Options, store) => {
		const data = await credentialData(context, ACCOUNT.credential);
		return medusaCart.open(await openAccount(context, ACCOUNT), settingsFrom(options, data, store));
	},
};
