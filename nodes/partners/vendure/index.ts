/** Vendure in n8n. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { checkAccess, isFieldName, vendureCart, type VendureAccount, type VendureSettings } from '../../../lib/carts/vendure';
import { vendureHeaders } from '../../../lib/carts/vendure/headers';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { credentialData } from '../../shared/context';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { list } from '../../shared/importOptions';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	vendureAcknowledgeField?: string;
	vendureHandler?: string;
	vendureSettlePayments?: boolean;
}

const ACCOUNT: AccountOptions = {
	credential: 'vendureOrdersApi',
	label: 'Vendure',
	baseUrl: ({ url }) => String(url ?? '').trim(),
	// Vendure itself has no limit; a burst would load the shop.
	limit: { kind: 'bucket', capacity: 10, perSecond: 10 },
};

/** What the adapter signs in with; nothing for an API key, which goes with each request. */
const signInOf = ({ authentication, username, password }: ICredentialDataDecryptedObject): Pick<VendureAccount, 'signIn'> =>
	authentication === 'apiKey' ? {} : { signIn: { username: String(username ?? '').trim(), password: String(password ?? '') } };

/** Signs in, and asks what the role may do in the channel. */
const test = httpConnectionCheck({
	account: ACCOUNT,
	headers: vendureHeaders,
	secrets: ['apiKey', 'password'],
	check: async (account, data) => await checkAccess({ ...account, ...signInOf(data) }),
});

function settingsFrom(options: Options, data: ICredentialDataDecryptedObject, store: string): VendureSettings {
	const { vendureAcknowledgeField: acknowledgeField, vendureHandler: handler, vendureSettlePayments: settlePayments } = options;
	return {
		store,
		channel: String(data.channelToken ?? '').trim(),
		customFields: list(data.customFields).map((name) => checkedName(name, 'Order Custom Fields')),
		carriers: carrierNamesFrom(options),
		...(acknowledgeField === undefined || acknowledgeField.trim() === ''
			? {}
			: { acknowledgeField: checkedName(acknowledgeField.trim(), 'Acknowledge Field') }),
		...(handler === undefined ? {} : { handler }),
		...(settlePayments === undefined ? {} : { settlePayments }),
	};
}

/** It becomes a part of a query. */
function checkedName(name: string, where: string): string {
	if (isFieldName(name)) return name;
	throw new FulfillmentError(
		'invalid_input',
		`"${where}" names no field of Vendure (value: ${shown(name)}).`,
		'Enter the name of the custom field as the configuration of the shop has it, such as pickupPoint.',
	);
}

export const vendure: CartPartner = {
	cart: vendureCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Vendure', testedBy: { name: 'vendureConnectionTest', test } }],
	imports: 'Imports orders of a Vendure shop, each order once',
	importOptions,
	updateOptions,
	open: async (context, options: Options, store) => {
		const data = await credentialData(context, ACCOUNT.credential);
		return vendureCart.open({ ...(await openAccount(context, ACCOUNT)), ...signInOf(data) }, settingsFrom(options, data, store));
	},
};
