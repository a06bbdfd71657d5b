import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import type { CartSession } from '../../../lib/carts/Cart';
import { DEFAULT_HANDLER, isFieldName, vendureCart, type VendureAccount, type VendureSettings } from '../../../lib/carts/vendure';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { list } from '../importOptions';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export interface VendureOptions extends CarrierOptions {
	vendureAcknowledgeField?: string;
	vendureHandler?: string;
	vendureSettlePayments?: boolean;
}

const CREDENTIAL = 'vendureOrdersApi';

/** Vendure itself has no limit; a burst would load the shop. */
const LIMIT = { kind: 'bucket', capacity: 10, perSecond: 10 } as const;

export const adminAddress = ({ url }: ICredentialDataDecryptedObject): string => String(url ?? '').trim();

/** What the adapter signs in with; nothing for an API key, which goes with each request. */
export const signInOf = ({ authentication, username, password }: ICredentialDataDecryptedObject): Pick<VendureAccount, 'signIn'> =>
	authentication === 'apiKey' ? {} : { signIn: { username: String(username ?? '').trim(), password: String(password ?? '') } };

export async function openVendure(context: NodeContext, options: VendureOptions, store = ''): Promise<CartSession> {
	const data = await credentialData(context, CREDENTIAL);
	const account = await openAccount(context, { credential: CREDENTIAL, label: 'Vendure', baseUrl: adminAddress, limit: LIMIT });
	const { vendureAcknowledgeField: acknowledgeField, vendureHandler: handler, vendureSettlePayments: settlePayments } = options;
	const settings: VendureSettings = {
		store,
		channel: String(data.channelToken ?? '').trim(),
		customFields: list(data.customFields).map((name) => checkedName(name, 'Order Custom Fields')),
		carriers: carrierNamesFrom(options),
		...(acknowledgeField === undefined || acknowledgeField.trim() === '' ? {} : { acknowledgeField: checkedName(acknowledgeField.trim(), 'Acknowledge Field') }),
		...(handler === undefined ? {} : { handler }),
		...(settlePayments === undefined ? {} : { settlePayments }),
	};
	return vendureCart.open({ ...account, ...signInOf(data) }, settings);
}

/** It becomes a part of a query. */
function checkedName(name: string, where: string): string {
	if (isFieldName(name)) return name;
	throw new FulfillmentError('invalid_input', `"${where}" names no field of Vendure (value: ${shown(name)}).`, 'Enter the name of the custom field as the configuration of the shop has it, such as pickupPoint.');
}

const show = { '/cart': ['vendure'] };

export const vendureOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge Field',
		name: 'vendureAcknowledgeField',
		type: 'string',
		default: '',
		placeholder: 'warehouseReference',
		description: 'A custom field of the order, of the type string, that gets the warehouse’s reference. Empty writes a private note instead.',
		displayOptions: { show },
	},
	{
		displayName: 'Fulfillment Handler',
		name: 'vendureHandler',
		type: 'string',
		default: DEFAULT_HANDLER,
		description: 'Code of the handler that makes fulfillments. It gets the arguments method and trackingCode.',
		displayOptions: { show },
	},
	{
		displayName: 'Settle Payments',
		name: 'vendureSettlePayments',
		type: 'boolean',
		default: false,
		description: 'Whether to settle authorized payments before the first parcel is told. Without it such orders wait until somebody does.',
		displayOptions: { show },
	},
];
