import { IANAZone } from 'luxon';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { extensivWms, type ExtensivSettings } from '../../../lib/wms/extensiv';
import { credentialData, type NodeContext } from '../context';
import { openAccount } from '../httpAccount';
import { opened, type OpenedWms } from './opened';

export async function openExtensiv(context: NodeContext): Promise<OpenedWms> {
	const data = await credentialData(context, 'extensivApi');
	const text = (name: string): string => String(data[name] ?? '').trim();
	const settings: ExtensivSettings = { customerId: numberIn(text('customerId'), 'Customer ID'), facilityId: numberIn(text('facilityId'), 'Facility ID'), timeZone: zoneIn(text('timeZone')) };
	const account = await openAccount(context, {
		credential: 'extensivApi',
		label: extensivWms.label,
		baseUrl: ({ url }) => String(url ?? ''),
		accountOf: ({ url }) => `${String(url ?? '').replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${settings.customerId}`,
	});
	return opened(extensivWms, extensivWms.open(account, settings));
}

function numberIn(value: string, name: string): string {
	if (/^\d{1,15}$/.test(value)) return value;
	throw new FulfillmentError('invalid_input', `${name} in the Extensiv credential is no number (value: ${shown(value)}).`, 'Ask the 3PL for the number; it stands in the address of the page in Extensiv.');
}

function zoneIn(value: string): string {
	if (value === '') return 'UTC';
	if (IANAZone.isValidZone(value)) return value;
	throw new FulfillmentError('invalid_input', `Time Zone in the Extensiv credential is none (value: ${shown(value)}).`, 'Enter a zone such as America/Los_Angeles.');
}
