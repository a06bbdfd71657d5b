/**
 * Tracking files: one file a shipment, one row a line and one for each further number, CSV in UTF-8 with a header and CRLF.
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
import { csvText, openCsv, type CsvCell } from '../../files/csv';
import type { Folder } from '../../files/Folder';
import { safeFileName, shortHash } from '../../files/names';
import { asError, FulfillmentError } from '../../order/errors';
import type { Order, Shipment } from '../../order/order';
import { sourceLines } from '../../order/sourceLines';
import { trackingsOf, type Tracking, wasTold } from '../../order/packages';
import type { CartOutcome } from '../Cart';
import { untold } from '../common/trackings';

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
const trackingFileName = ({ reference }: Pick<Order, 'reference'>, ...key: string[]): string =>
	`${safeFileName(reference)}-${shortHash([reference, ...key].join('\n'), 12)}.csv`;

function headOf(order: Order, shipment: Shipment, { number, carrier, serviceLevel, url }: Tracking | FirstPackage): CsvCell[] {
	return [order.orderNumber, order.externalId, shipment.externalId, carrier, serviceLevel, number, url, shipment.shippedAt];
}

type FirstPackage = Omit<Tracking, 'number'> & { number: null };

/** What the shipment completes stands beside its first number; each further number is a row without lines. */
function trackingText(order: Order, shipment: Shipment, trackings: readonly Tracking[]): string {
	const { carrier, serviceLevel, trackingUrl } = shipment;
	const [first = { number: null, carrier, serviceLevel, url: trackingUrl }, ...others] = trackings;
	const lines = sourceLines(order, shipment).map(({ externalId, sku, quantity }): CsvCell[] => [externalId, sku, quantity]);
	const none: CsvCell[] = [null, null, null];
	return csvText(TRACKING_COLUMNS, [
		...(lines.length > 0 ? lines : [none]).map((line) => [...headOf(order, shipment, first), ...line]),
		...others.map((tracking) => [...headOf(order, shipment, tracking), ...none]),
	]);
}

const numberText = (order: Order, shipment: Shipment, tracking: Tracking): string =>
	csvText(TRACKING_COLUMNS, [[...headOf(order, shipment, tracking), null, null, null]]);

/**
 * Writes the file unless it is there, or was there and the shop has taken it. A number that came later has a file of its own: nobody changes a file that
 * another one reads.
 */
export async function writeTracking(folder: Folder, directory: string, order: Order, shipment: Shipment): Promise<CartOutcome> {
	const name = trackingFileName(order, shipment.externalId);
	const trackings = untold(trackingsOf(shipment), shipment);
	try {
		// The goods were told.
		const before = wasTold(shipment) ? new Set<string>() : await numbersIn(folder, directory, name);
		if (before === null) {
			const written = await folder.create(directory, name, trackingText(order, shipment, trackings));
			if (written === 'created') return { kind: 'done', message: `Wrote ${directory}/${name}.` };
		}
		const present = before ?? (await numbersIn(folder, directory, name)) ?? new Set();
		const written: string[] = [];
		for (const tracking of trackings.filter(({ number }) => !present.has(number))) {
			const own = trackingFileName(order, shipment.externalId, tracking.number);
			if ((await placeOf(folder, directory, own)) !== null) continue;
			if ((await folder.create(directory, own, numberText(order, shipment, tracking))) === 'created') written.push(`${directory}/${own}`);
		}
		return written.length > 0
			? { kind: 'done', message: `Wrote ${written.join(', ')}.` }
			: { kind: 'already_done', message: await whereIs(folder, directory, name) };
	} catch (error) {
		if (!(error instanceof FulfillmentError) || error.code !== 'file_access') throw asError(error);
		// Repeating is safe whatever became of the file, since its name decides. A folder that n8n does not allow may be allowed later.
		return { kind: 'unavailable', cause: `${error.message} ${error.remedy}` };
	}
}

/** Where a file is; null = it is not there (any more). In the order in which the shop moves it: one that is moved in between is seen in the second place. */
async function placeOf(folder: Folder, directory: string, name: string): Promise<string | null> {
	for (const place of [directory, `${directory}/processed`]) if ((await folder.stat(place, name)) !== null) return place;
	return null;
}

/** The numbers in a file of ours; null = it is not there. */
async function numbersIn(folder: Folder, directory: string, name: string): Promise<Set<string> | null> {
	const place = await placeOf(folder, directory, name);
	if (place === null) return null;
	const numbers = new Set<string>();
	const table = await openCsv(folder.read(place, name), { origin: `${place}/${name}`, unescapeFormulas: true });
	try {
		for await (const row of table.rows) numbers.add(row.cell('tracking_number'));
	} finally {
		await table.close();
	}
	return numbers;
}

async function whereIs(folder: Folder, directory: string, name: string): Promise<string> {
	const place = await placeOf(folder, directory, name);
	return place === `${directory}/processed` ? `The shop has taken ${directory}/${name} already.` : `${directory}/${name} is there already.`;
}
