import { readingOf } from '../../files/inbox';
import { directoryParts } from '../../files/names';
import type { TextEncoding } from '../../files/text';
import { FulfillmentError } from '../../order/errors';
import { columnsOf, type ColumnMapping } from './mapping';
import { isDecimalSeparator, type DecimalSeparator } from './numbers';

/** `auto` looks at the file's ending and at its header. */
type FileFormat = 'auto' | 'shopify' | 'woocommerce' | 'json' | 'csv';

export interface FileCartSettings {
	/** The name of the sales channel account, "acme-us". */
	store: string;
	format: FileFormat;
	/** For `csv` (and for `auto`, when the file is no known export): which column holds which field. */
	mapping?: ColumnMapping;
	/** Where the shop puts its files. Default "orders". */
	inboxDirectory?: string;
	/** Where a file goes once all its orders are recorded. Default "<inbox>/archive". */
	archiveDirectory?: string;
	/** Where a file goes that cannot be read at all. Default "<inbox>/failed". */
	failedDirectory?: string;
	/** Where tracking files are written. The shop may move what it has read to "<tracking>/processed". Default "tracking". */
	trackingDirectory?: string;
	/** See `SettleSettings`. Default 2000. */
	settleMs?: number;
	/** Of files without a mark. Default UTF-8. */
	encoding?: TextEncoding;
	/** ISO 4217, for files that do not name a currency. */
	currency?: string;
	/** IANA name, for dates without an offset: "America/New_York". Default UTC. */
	timeZone?: string;
	/** For dates that no ISO form fits, in Luxon's letters: "dd.MM.yyyy HH:mm". */
	dateFormat?: string;
	/** What stands before the decimals of amounts and quantities. Absent = what can be read in two ways is a failure. */
	decimalSeparator?: DecimalSeparator;
}

/** What the translation of one order needs of the settings; it is kept beside the order, so that a retry translates it alike. */
export interface OrderDefaults {
	currency?: string;
	timeZone?: string;
	dateFormat?: string;
	/** "point" or "comma". */
	decimalSeparator?: string;
}

export const DEFAULT_INBOX = 'orders';

export interface Directories {
	inbox: string;
	archive: string;
	failed: string;
	tracking: string;
}

export const directoriesOf = (settings: FileCartSettings): Directories => {
	const inbox = settings.inboxDirectory || DEFAULT_INBOX;
	return {
		inbox,
		archive: settings.archiveDirectory || `${inbox}/archive`,
		failed: settings.failedDirectory || `${inbox}/failed`,
		tracking: settings.trackingDirectory || 'tracking',
	};
};

export const defaultsOf = ({ currency, timeZone, dateFormat, decimalSeparator }: FileCartSettings): OrderDefaults => ({
	...(currency ? { currency } : {}),
	...(timeZone ? { timeZone } : {}),
	...(dateFormat ? { dateFormat } : {}),
	...(decimalSeparator ? { decimalSeparator } : {}),
});

/** Checks the settings before any file is touched. Throws FulfillmentError `invalid_input` or `file_access`. */
export function assertSettings(settings: FileCartSettings): void {
	const { inbox, archive, failed, tracking } = directoriesOf(settings);
	for (const directory of [inbox, archive, failed, tracking]) directoryParts(directory);
	if ([archive, failed].includes(inbox)) {
		throw new FulfillmentError(
			'invalid_input',
			`The folder ${inbox} is both the inbox and where files go after it: they would be read for ever.`,
			`Choose another folder for the files that were read, such as ${inbox}/archive.`,
		);
	}
	const reading = readingOf(inbox);
	if ([archive, failed, tracking].includes(reading)) {
		throw new FulfillmentError(
			'invalid_input',
			`In the folder ${reading} are files while they are read.`,
			`Choose another folder for other files, such as ${inbox}/archive.`,
		);
	}
	if (settings.mapping && Object.keys(settings.mapping).length > 0) columnsOf(settings.mapping);
}

/** Of the settings that stand beside an order; what a person wrote there wrongly is none. */
export const separatorIn = ({ decimalSeparator }: OrderDefaults): DecimalSeparator | undefined =>
	isDecimalSeparator(decimalSeparator) ? decimalSeparator : undefined;
