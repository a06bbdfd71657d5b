/** What an order file that lies there already holds, and how it differs from the order that was to be written. */
import { openCsv } from '../../files/csv';
import { shown } from '../../order/errors';
import { present } from '../../order/present';
import { ORDER_COLUMNS, orderText, type FileWmsRequest } from './request';

export type OrderFileRow = Readonly<Record<string, string>>;

/** Lines beyond these are not compared; a file of somebody else may have any number. */
const MOST_ROWS = 5_000;

/** Throws FulfillmentError for a file that is no order file. */
export async function readOrderFile(bytes: AsyncIterable<Uint8Array>, name: string): Promise<OrderFileRow[]> {
	const table = await openCsv(bytes, { origin: name, unescapeFormulas: true });
	const rows: OrderFileRow[] = [];
	try {
		for await (const row of table.rows) {
			rows.push(Object.fromEntries(ORDER_COLUMNS.map((column) => [column, row.cell(column)])));
			if (rows.length > MOST_ROWS) break;
		}
	} finally {
		await table.close();
	}
	return rows;
}

/** The rows that the order has. */
export const ownRows = async (request: FileWmsRequest): Promise<OrderFileRow[]> =>
	await readOrderFile(bytesOf(orderText(request)), request.reference);

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(Buffer.from(text, 'utf8'));
}

/** Nothing is shipped otherwise for these. */
const NOT_SHIPPED_BY: ReadonlySet<string> = new Set(['currency', 'total', 'unit_price', 'weight_grams']);

const MOST_NAMED = 4;

/** In words; null = they are the same. @example differenceOf(there, own) // 'ship_address1: "5 Elm St" → "7 Oak St"' */
export function differenceOf(there: readonly OrderFileRow[], own: readonly OrderFileRow[]): string | null {
	if (there.length !== own.length) return `it has ${there.length - 1} lines, not ${own.length - 1}`;
	const changes = there.flatMap((before, index) => {
		const after = present(own[index], 'A row of the order file');
		return ORDER_COLUMNS.filter((column) => !NOT_SHIPPED_BY.has(column) && after[column] !== before[column]).map(
			(column) => `${column}: ${shown(before[column], 60)} → ${shown(after[column], 60)}`,
		);
	});
	if (changes.length === 0) return null;
	return changes.slice(0, MOST_NAMED).join('; ') + (changes.length > MOST_NAMED ? `; and ${changes.length - MOST_NAMED} more` : '');
}
