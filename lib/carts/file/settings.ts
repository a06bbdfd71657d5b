import { directoryParts } from '../../files/names';
import type { TextEncoding } from '../../files/text';
import { FulfillmentError } from '../../order/errors';
import { columnsOf, type ColumnMapping } from './mapping';

/** `auto` looks at the file's ending and at its header. */
export type FileFormat = 'auto' | 'shopify' | 'woocommerce' | 'json' | 'csv';

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
}

/** What the translation of one order needs of the settings; it is kept beside the order, so that a retry translates it alike. */
export interface OrderDefaults {
	currency?: string;
	timeZone?: string;
	dateFormat?: string;
}

export const directoriesOf = (settings: FileCartSettings) => {
	const inbox = settings.inboxDirectory || 'orders';
	return {
		inbox,
		archive: settings.archiveDirectory || `${inbox}/archive`,
		failed: settings.failedDirectory || `${inbox}/failed`,
		tracking: settings.trackingDirectory || 'tracking',
	};
};

export const defaultsOf = ({ currency, timeZone, dateFormat }: FileCartSettings): OrderDefaults => ({
	...(currency ? { currency } : {}),
	...(timeZone ? { timeZone } : {}),
	...(dateFormat ? { dateFormat } : {}),
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
	if (settings.mapping && Object.keys(settings.mapping).length > 0) columnsOf(settings.mapping);
}
