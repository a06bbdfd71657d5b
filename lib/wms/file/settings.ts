import { readingOf, type InboxPlaces } from '../../files/inbox';
import type { TextEncoding } from '../../files/text';
import { FulfillmentError } from '../../order/errors';
import type { FieldLimit } from '../Wms';

/** Directories are below the exchange folder; each is created when it is first needed. */
export interface FileWmsSettings {
	/** Where order files are put; the warehouse moves what it took to `processed` in it. Default "orders". */
	ordersDirectory?: string;
	/** Default "<orders>/processed". */
	processedDirectory?: string;
	/** Default "acknowledgements". */
	acknowledgementsDirectory?: string;
	/** Default "shipments". */
	shipmentsDirectory?: string;
	/** Default "cancellations". */
	cancellationsDirectory?: string;
	/** The longest address line that the warehouse accepts. Default 40. */
	maxAddressLine?: number;
	/** Other limits of this warehouse; one replaces the default limit of the same path. */
	limits?: readonly FieldLimit[];
	/** Of reports without a mark. Default UTF-8. */
	encoding?: TextEncoding;
	/** See `SettleSettings`. Default 2000. */
	settleMs?: number;
}

export const directoriesOf = (settings: FileWmsSettings) => {
	const orders = settings.ordersDirectory || 'orders';
	return {
		orders,
		processed: settings.processedDirectory || `${orders}/processed`,
		canceled: `${orders}/canceled`,
		acknowledgements: settings.acknowledgementsDirectory || 'acknowledgements',
		shipments: settings.shipmentsDirectory || 'shipments',
		cancellations: settings.cancellationsDirectory || 'cancellations',
	};
};

/** Where reports go from the directory in which the warehouse puts them. */
export const placesOf = (inbox: string): InboxPlaces => ({ inbox, archive: `${inbox}/archive`, failed: `${inbox}/failed` });

/** Checks the settings before any file is touched. Throws FulfillmentError `invalid_input`. */
export function assertDirectories(settings: FileWmsSettings): void {
	const { orders, processed, canceled, ...reports } = directoriesOf(settings);
	const inboxes = Object.values(reports);
	const others = [orders, processed, canceled, ...inboxes.flatMap((inbox) => [readingOf(inbox), `${inbox}/archive`, `${inbox}/failed`])];
	const twice = inboxes.find((inbox, index) => others.includes(inbox) || inboxes.indexOf(inbox) !== index);
	if (twice === undefined) return;
	throw new FulfillmentError(
		'invalid_input',
		`The folder ${twice} is for reports of the warehouse and for other files, too.`,
		'Choose a folder of its own for each kind of files.',
	);
}

const DEFAULT_MAX_ADDRESS_LINE = 40;

/** What most label printers and warehouse systems take; a warehouse that takes more says so in the settings. */
export function limitsOf({ maxAddressLine = DEFAULT_MAX_ADDRESS_LINE, limits = [] }: FileWmsSettings): readonly FieldLimit[] {
	const defaults: FieldLimit[] = [
		{ path: 'reference', maxLength: 64, required: true },
		{ path: 'shippingAddress.name', maxLength: 60, required: true },
		{ path: 'shippingAddress.company', maxLength: 60 },
		{ path: 'shippingAddress.address1', maxLength: maxAddressLine, required: true },
		{ path: 'shippingAddress.address2', maxLength: maxAddressLine },
		{ path: 'shippingAddress.address3', maxLength: maxAddressLine },
		{ path: 'shippingAddress.city', maxLength: 40, required: true },
		{ path: 'shippingAddress.region', maxLength: 40 },
		{ path: 'shippingAddress.postalCode', maxLength: 20 },
		{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
		{ path: 'shippingAddress.phone', maxLength: 40 },
		{ path: 'shippingAddress.email', maxLength: 254 },
		{ path: 'lines.sku', maxLength: 40, required: true },
	];
	const replaced = new Set(limits.map(({ path }) => path));
	return [...defaults.filter(({ path }) => !replaced.has(path)), ...limits];
}
