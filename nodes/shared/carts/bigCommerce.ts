import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import { bigCommerceCart, rateFeedback, type BigCommerceSettings } from '../../../lib/carts/bigCommerce';
import type { CartSession } from '../../../lib/carts/Cart';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export interface BigCommerceOptions extends CarrierOptions {
	bigAcknowledgeBy?: 'note' | 'status';
	bigAcknowledgeStatus?: number;
}

/** Of the plans Standard and Plus, until the store tells its own; all apps of the store share it, and its headers correct our count. */
const LIMIT = { kind: 'window', requests: 150, windowMs: 30_000 } as const;

export const storeHashOf = ({ storeHash }: ICredentialDataDecryptedObject): string => String(storeHash ?? '').trim();

export const storeAddress = (data: ICredentialDataDecryptedObject): string => `${String(data.apiUrl ?? '').trim().replace(/\/+$/, '')}/stores/${encodeURIComponent(storeHashOf(data))}/v2`;

export async function openBigCommerce(context: NodeContext, options: BigCommerceOptions, store = ''): Promise<CartSession> {
	const account = await openAccount(context, {
		credential: 'bigCommerceOrdersApi',
		label: 'BigCommerce',
		baseUrl: storeAddress,
		accountOf: storeHashOf,
		limit: LIMIT,
		feedbackOf: rateFeedback,
	});
	const settings: BigCommerceSettings = {
		store,
		carriers: carrierNamesFrom(options),
		...(options.bigAcknowledgeBy === undefined ? {} : { acknowledgeBy: options.bigAcknowledgeBy }),
		...(options.bigAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.bigAcknowledgeStatus }),
	};
	return bigCommerceCart.open(account, settings);
}

const show = { '/cart': ['bigCommerce'] };

export const bigCommerceOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge By',
		name: 'bigAcknowledgeBy',
		type: 'options',
		options: [
			{ name: 'Staff Note', value: 'note', description: 'A line in the staff notes names the warehouse’s reference' },
			{ name: 'Status', value: 'status', description: 'The order gets the status below' },
		],
		default: 'note',
		description: 'How the order in BigCommerce shows that the warehouse has it',
		displayOptions: { show },
	},
	{
		displayName: 'Acknowledge Status',
		name: 'bigAcknowledgeStatus',
		type: 'options',
		options: [
			{ name: 'Awaiting Pickup', value: 8 },
			{ name: 'Awaiting Shipment', value: 9 },
		],
		default: 9,
		description: 'For Acknowledge By: Status',
		displayOptions: { show },
	},
];
