import type { ICredentialDataDecryptedObject, INodeProperties, IPollFunctions } from 'n8n-workflow';
import type { CartSession } from '../../../lib/carts/Cart';
import { medusaCart, type MedusaSettings } from '../../../lib/carts/medusa';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { list } from '../importOptions';
import { carrierNamesFrom, type CarrierOptions } from './carriers';

export interface MedusaOptions extends CarrierOptions {
	medusaLocation?: string;
	/** Of the trigger. */
	regions?: string;
}

const CREDENTIAL = 'medusaOrdersApi';

/** Medusa itself has no limit; a burst would load the shop. */
const LIMIT = { kind: 'bucket', capacity: 10, perSecond: 10 } as const;

/** Of the server, also when somebody entered that of its admin or of its API. */
export const medusaAddress = ({ url }: ICredentialDataDecryptedObject): string => String(url ?? '').trim().replace(/\/+$/, '').replace(/\/(?:app|admin|store)$/, '');

export const channelsOf = ({ salesChannels }: ICredentialDataDecryptedObject): string[] => list(salesChannels);

export async function openMedusa(context: NodeContext, options: MedusaOptions, store = ''): Promise<CartSession> {
	const data = await credentialData(context, CREDENTIAL);
	const account = await openAccount(context, { credential: CREDENTIAL, label: 'Medusa', baseUrl: medusaAddress, limit: LIMIT });
	const settings: MedusaSettings = {
		store,
		channels: channelsOf(data),
		regions: list(options.regions),
		carriers: carrierNamesFrom(options),
		...(options.medusaLocation === undefined ? {} : { location: options.medusaLocation }),
	};
	return medusaCart.open(account, settings);
}

/** The trigger's own options. */
export const readMedusaSettings = (context: IPollFunctions): MedusaOptions => context.getNodeParameter('options', {}) as MedusaOptions;

const show = { '/cart': ['medusa'] };

export const medusaOptions: INodeProperties[] = [
	{
		displayName: 'Stock Location',
		name: 'medusaLocation',
		type: 'string',
		default: '',
		placeholder: 'sloc_01J…',
		description: 'ID of the stock location that the goods leave from, for shops with several. Empty = that of the shipping option.',
		displayOptions: { show },
	},
];
