/** Orders of a file that cannot be imported, as they are kept. */
import { shortHash } from '../../files/names';
import { isShortened, unwrapped } from '../../files/spreadsheet';
import { FulfillmentError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import { asJson } from '../../order/json';
import type { JsonValue } from '../../order/order';
import { Cells } from './cells';
import { presetOf } from './presets';
import { payloadOf, type RawFileOrder } from './raw';

export function failureOf(raw: RawFileOrder, error: Error): NewImportFailure {
	const place = `${raw.origin?.file ?? ''}, row ${raw.origin?.rows[0] ?? 0}`;
	const known = error instanceof FulfillmentError;
	return {
		subject: 'order',
		key: keyOf(raw),
		origin: place,
		message: known ? error.message : `${place}: the order cannot be read (${error.message}).`,
		remedy: known ? error.remedy : 'Correct the order in the file, or export it again. The other orders of the file are not touched.',
		payload: asJson(raw),
	};
}

/**
 * The order's own key when it has one: a corrected export is the same order, and resolves the failure. Otherwise where it stands and what it says:
 * another file may have the same name.
 */
function keyOf(raw: RawFileOrder): string {
	const { file, rows } = raw.origin ?? { file: '', rows: [] };
	return nameOf(raw) || `${file}:${rows[0] ?? 0}:${shortHash(JSON.stringify(payloadOf(raw)))}`;
}

/** The key or the number of an order that may be broken; "" = it has none. */
export function nameOf(raw: RawFileOrder): string {
	const text = (value: JsonValue | undefined): string =>
		typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	// Many orders share a key that a spreadsheet has shortened.
	const known = (key: string): string => (isShortened(key) ? '' : key);
	if (raw.format === 'json') {
		if (typeof raw.order !== 'object' || raw.order === null || Array.isArray(raw.order)) return '';
		const order = raw.order;
		const name = (path: string): string =>
			typeof order[path] === 'number' && !Number.isSafeInteger(order[path]) ? '' : known(unwrapped(text(order[path]), true));
		return name('externalId') || name('orderNumber');
	}
	const cells = new Cells(
		{ ...raw, rows: raw.rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, text(cell)]))) },
		presetOf(raw),
	);
	return known(cells.field('externalId')) || known(cells.field('orderNumber'));
}
