/** Whether a credential may do what the nodes need. */
import type { HttpAccount } from '../../http/Http';
import { FulfillmentError } from '../../order/errors';
import { MedusaApi } from './api';

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names what is wrong. @param channels keys of sales channels */
export async function checkAccess(account: HttpAccount, channels: readonly string[]): Promise<string> {
	const names = await new MedusaApi(account, {}).channelNames();
	const unknown = channels.find((id) => !names.has(id));
	if (unknown !== undefined) {
		throw new FulfillmentError(
			'invalid_input',
			`Medusa has no sales channel ${unknown}.`,
			'Enter the ID as it stands in the address of the channel in Medusa (Settings → Sales Channels): sc_….',
		);
	}
	return channels.length === 0 ? 'Connected to all sales channels.' : `Connected to ${channels.map((id) => names.get(id)).join(', ')}.`;
}
