/**
 * Tracking files: one file a shipment, one row a line, CSV in UTF-8 with a header and CRLF.
 *
 * | column | |
 * |---|---|
 * | order_number | as people read it, "#1001" |
 * | order_id | the shop's key of the order |
 * | shipment_id | the warehouse's key of the shipment |
 * | carrier, service_level, tracking_number, tracking_url | |
 * | shipped_at | ISO-8601, UTC |
 * | line_id | the shop's key of the line, if it gave one |
 * | sku, quantity | what the shipment completes: a kit that rules took apart stands here as the kit, with its last component |
 *
 * A text that a spreadsheet would take for a formula has an apostrophe in front. The file's name is made of the order's reference and the shipment's
 * key, so a repeat finds it. The shop reads the file and removes it or, better, moves it to `processed` beside it.
 */
import { csvText, type CsvCell } from '../../files/csv';
import type { Folder } from '../../files/Folder';
import { safeFileName, shortHash } from '../../files/names';
import { asError, FulfillmentError } from '../../order/errors';
import type { Order, Shipment } from '../../order/order';
import { sourceLines } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';

export const TRACKING_COLUMNS = [
	'order_number',
	'order_id',
	'shipment_id',
	'carrier',
	'service_level',
	'tracking_number',
	'tracking_url',
	'shipped_at',
	'line_id',
	'sku',
	'quantity',
] as const;

/** The name of a shipment's file. @example trackingFileName(order, shipment) // "acme-us.1001-3f2a91c07b44.csv" */
const trackingFileName = (order: Pick<Order, 'reference'>, shipment: Pick<Shipment, 'externalId'>): string =>
	`${safeFileName(order.reference)}-${shortHash(`${order.reference}\n${shipment.externalId}`, 12)}.csv`;

function trackingText(order: Order, shipment: Shipment): string {
	const head: CsvCell[] = [
		order.orderNumber,
		order.externalId,
		shipment.externalId,
		shipment.carrier,
		shipment.serviceLevel,
		shipment.trackingNumber,
		shipment.trackingUrl,
		shipment.shippedAt,
	];
	const rows = sourceLines(order, shipment).map(({ externalId, sku, quantity }): CsvCell[] => [...head, externalId, sku, quantity]);
	return csvText(TRACKING_COLUMNS, rows.length > 0 ? rows : [[...head, null, null, null]]);
}

/** Writes the file unless it is there, or was there and the shop has taken it. */
export async function writeTracking(folder: Folder, directory: string, order: Order, shipment: Shipment): Promise<CartOutcome> {
	const name = trackingFileName(order, shipment);
	const path = `${directory}/${name}`;
	try {
		// In the order in which the shop moves it: a file that is moved in between is seen in the second place.
		if ((await folder.stat(directory, name)) !== null) return { kind: 'already_done', message: `${path} is there already.` };
		if ((await folder.stat(`${directory}/processed`, name)) !== null) {
			return { kind: 'already_done', message: `The shop has taken ${path} already.` };
		}
		return (await folder.create(directory, name, trackingText(order, shipment))) === 'created'
			? { kind: 'done', message: `Wrote ${path}.` }
			: { kind: 'already_done', message: `${path} is there already.` };
	} catch (error) {
		if (!(error instanceof FulfillmentError) || error.code !== 'file_access') throw asError(error);
		// Repeating is safe whatever became of the file, since its name decides. A folder that n8n does not allow may be allowed later.
		return { kind: 'unavailable', cause: `${error.message} ${error.remedy}` };
	}
}
