import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import type { CartSession } from '../../../lib/carts/Cart';
import { wooCommerceCart, type WooCommerceSettings } from '../../../lib/carts/wooCommerce';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export interface WooCommerceOptions extends CarrierOptions {
	wooTracking?: 'meta' | 'plugin';
	wooShippedStatus?: string;
	wooAcknowledgeBy?: 'meta' | 'status' | 'note';
	wooAcknowledgeStatus?: string;
}

/** WooCommerce itself has no limit; a burst would trip firewalls of hosts. */
const LIMIT = { kind: 'bucket', capacity: 10, perSecond: 10 } as const;

/** Without what people copy along. */
export const siteAddress = ({ url }: ICredentialDataDecryptedObject): string => String(url ?? '').trim().replace(/\/wp-json(\/.*)?$/, '');

export async function openWooCommerce(context: NodeContext, options: WooCommerceOptions, store = ''): Promise<CartSession> {
	const account = await openAccount(context, {
		credential: 'wooCommerceOrdersApi',
		label: 'WooCommerce',
		baseUrl: siteAddress,
		limit: LIMIT,
	});
	const settings: WooCommerceSettings = {
		store,
		carriers: carrierNamesFrom(options),
		...(options.wooTracking === undefined ? {} : { tracking: options.wooTracking }),
		...(options.wooShippedStatus === undefined ? {} : { shippedStatus: options.wooShippedStatus.trim().replace(/^wc-/, '') }),
		...(options.wooAcknowledgeBy === undefined ? {} : { acknowledgeBy: options.wooAcknowledgeBy }),
		...(options.wooAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.wooAcknowledgeStatus }),
	};
	return wooCommerceCart.open(account, settings);
}

const show = { '/cart': ['wooCommerce'] };

export const wooCommerceOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge By',
		name: 'wooAcknowledgeBy',
		type: 'options',
		options: [
			{ name: 'Hidden Value', value: 'meta', description: 'A hidden custom field of the order holds the warehouse’s reference' },
			{ name: 'Note', value: 'note', description: 'A private note of the order names the reference' },
			{ name: 'Status', value: 'status', description: 'The order gets a status of the shop' },
		],
		default: 'meta',
		description: 'How the order in WooCommerce shows that the warehouse has it',
		displayOptions: { show },
	},
	{
		displayName: 'Acknowledge Status',
		name: 'wooAcknowledgeStatus',
		type: 'string',
		default: '',
		placeholder: 'at-warehouse',
		description: 'The status that acknowledges, for Acknowledge By: Status. Leave it out of the statuses that are imported.',
		displayOptions: { show },
	},
	{
		displayName: 'Shipped Status',
		name: 'wooShippedStatus',
		type: 'string',
		default: 'completed',
		description: 'The status of an order once all of it is shipped and its tracking is there; WooCommerce mails the customer then. Empty leaves the status.',
		displayOptions: { show },
	},
	{
		displayName: 'Tracking In',
		name: 'wooTracking',
		type: 'options',
		options: [
			{ name: 'Order Meta', value: 'meta', description: 'Works on every shop; Shipment Tracking and Advanced Shipment Tracking show it' },
			{ name: 'Shipment Tracking Plugin', value: 'plugin', description: 'The endpoint of the plugin; the shop must have it' },
		],
		default: 'meta',
		description: 'Where tracking numbers are kept, since WooCommerce itself has no place for them',
		displayOptions: { show },
	},
];
