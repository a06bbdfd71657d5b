/** Extensiv 3PL Warehouse Manager in n8n. */
import { IANAZone } from 'luxon';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { extensivWms, type ExtensivSettings } from '../../../lib/wms/extensiv';
import { credentialData } from '../../shared/context';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';

const text = (value: unknown): string => String(value ?? '').trim();

const ACCOUNT: AccountOptions = {
	credential: 'extensivApi',
	label: extensivWms.label,
	baseUrl: ({ url }) => String(url ?? ''),
	accountOf: ({ url, customerId }) => `${hostAndPath(url)}/${text(customerId)}`,
};

/** Throws FulfillmentError `invalid_input` that names the field. */
const settingsFrom = ({ customerId, facilityId, timeZone }: ICredentialDataDecryptedObject): ExtensivSettings => ({
	customerId: numberIn(text(customerId), 'Customer ID'),
	facilityId: numberIn(text(facilityId), 'Facility ID'),
	timeZone: zoneIn(text(timeZone)),
});

function numberIn(value: string, name: string): string {
	if (/^\d{1,15}$/.test(value)) return value;
	throw new FulfillmentError(
		'invalid_input',
		`${name} in the Extensiv credential is no number (value: ${shown(value)}).`,
		'Ask the 3PL for the number; it stands in the address of the page in Extensiv.',
	);
}

function zoneIn(value: string): string {
	if (value === '') return 'UTC';
	if (IANAZone.isValidZone(value)) return value;
	throw new FulfillmentError(
		'invalid_input',
		`Time Zone in the Extensiv credential is none (value: ${shown(value)}).`,
		'Enter a zone such as America/Los_Angeles.',
	);
}

export const extensiv: WmsPartner = {
	wms: extensivWms,
	signIns: [{ name: ACCOUNT.credential, displayName: 'Extensiv' }],
	open: async (context) => {
		const settings = settingsFrom(await credentialData(context, ACCOUNT.credential));
		return opened(extensivWms, extensivWms.open(await openAccount(context, ACCOUNT), settings));
	},
};
