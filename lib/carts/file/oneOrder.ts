/** Whether rows that have one key are one order. Of those that are not, nobody can say what goes to whom. */
import { isShortened } from '../../files/spreadsheet';
import { MappingError } from '../../order/errors';
import { placeOf, type Cells } from './cells';
import { countryOf } from './values';

/** What one order has once. */
const ONCE = [
	...['name', 'company', 'address1', 'address2', 'address3', 'city', 'region', 'postalCode', 'country'].map(
		(part) => `shippingAddress.${part}`,
	),
	'customer.email',
	'orderedAt',
];

const APART = 'Export the two shops into two files, each with a store of its own, or a file with a column that tells the orders apart.';

/** The cart's key of the order; "" = the file has none. Throws MappingError. */
export function keyOf(cells: Cells): string {
	for (const [path, name] of [
		['externalId', 'the key of the order'],
		['orderNumber', 'the order number'],
	] as const) {
		const text = cells.field(path);
		if (!isShortened(text) && !(path === 'externalId' && /^\d+E\d+$/i.test(text))) continue;
		throw new MappingError(
			cells.place(path),
			text,
			`a spreadsheet has shortened ${name}`,
			'Export the file again and leave it as it is; do not open and save it with a spreadsheet.',
		);
	}
	for (const path of ['externalId', ...ONCE]) assertOne(cells, path);
	return cells.field('externalId');
}

function assertOne(cells: Cells, path: string): void {
	const [first, ...others] = cells.all(path);
	const other = others.find(({ text }) => plain(path, text) !== plain(path, first?.text ?? ''));
	if (first === undefined || other === undefined) return;
	const place = placeOf(cells.raw, other.rowIndex, cells.preset.columns.get(path) ?? [path]);
	throw new MappingError(
		place,
		`${first.text}, ${other.text}`,
		'two orders share one order number',
		path === 'externalId' ? 'Export the two shops into two files, each with a store of its own.' : APART,
	);
}

/** Without what differs in the same order. */
function plain(path: string, text: string): string {
	if (path.endsWith('.country')) return countryOf(text) ?? '';
	return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

/**
 * Rows of one shortened key are many orders: those that differ in who gets them are failures of their own.
 *
 * @param sayings what each row says of the order, in its order; "" = nothing, it goes on with the one before
 * @returns for each row, which order it is of
 */
export function apart(sayings: readonly string[]): number[] {
	const numbers = new Map<string, number>();
	let last = 0;
	return sayings.map((saying) => {
		if (saying === '') return last;
		const number = numbers.get(saying) ?? numbers.size;
		numbers.set(saying, number);
		last = number;
		return number;
	});
}

/** The fields of which rows of one order say the same. */
export const ONCE_PER_ORDER: readonly string[] = ONCE;
