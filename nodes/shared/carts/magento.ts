import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import type { CartSession } from '../../../lib/carts/Cart';
import { magentoCart, type MagentoSettings } from '../../../lib/carts/magento';
import type { NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export interface MagentoOptions extends CarrierOptions {
	magentoAcknowledgeStatus?: string;
	magentoSourceCode?: string;
}

/** Magento itself has no limit; a burst would load the shop. */
const LIMIT = { kind: 'bucket', capacity: 10, perSecond: 10 } as const;

export const restAddress = ({ url, restPath }: ICredentialDataDecryptedObject): string =>
	`${String(url ?? '').trim().replace(/\/+$/, '')}/${String(restPath ?? '').trim().replace(/^\/+|\/+$/g, '')}/V1`;

export async function openMagento(context: NodeContext, options: MagentoOptions, store = ''): Promise<CartSession> {
	const account = await openAccount(context, {
		credential: 'magentoOrdersApi',
		label: 'Magento',
		baseUrl: restAddress,
		limit: LIMIT,
	});
	const settings: MagentoSettings = {
		store,
		carriers: carrierNamesFrom(options),
		...(options.magentoSourceCode === undefined ? {} : { sourceCode: options.magentoSourceCode.trim() }),
		...(options.magentoAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.magentoAcknowledgeStatus }),
	};
	return magentoCart.open(account, settings);
}

const show = { '/cart': ['magento'] };

export const magentoOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge Status',
		name: 'magentoAcknowledgeStatus',
		type: 'string',
		default: '',
		placeholder: 'at_warehouse',
		description: 'A status of the shop that an order gets when the warehouse has it. Empty adds a comment only.',
		displayOptions: { show },
	},
	{
		displayName: 'Inventory Source',
		name: 'magentoSourceCode',
		type: 'string',
		default: '',
		placeholder: 'default',
		description: 'Code of the source that shipments are taken from, for shops with several',
		displayOptions: { show },
	},
];
