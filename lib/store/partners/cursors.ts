/** Positions in the lists of carts and warehouses; each moves in the transaction that records what was read. */
import { asError, FulfillmentError } from '../../order/errors';
import { boundedKey } from '../../order/texts';
import type { Cursor } from '../../order/wmsEvent';
import type { OrderStore } from '../OrderStore';
import { type Database, jsonOf, NOTHING, sameJson, type Session, sql, stored, type Transaction } from '../database';

async function read(session: Session, source: string, lock: boolean): Promise<{ value: Cursor; version: number } | null> {
	const [row] = await session.query<{ value: string; version: number }>(
		sql`SELECT value, version FROM ${session.tables.cursor} WHERE source = $1${lock ? session.dialect.forUpdate : NOTHING}`,
		[boundedKey(source)],
	);
	return row ? { value: jsonOf(row.value), version: row.version } : null;
}

export const cursorOf =
	(database: Database) =>
	async (source: string): Promise<Cursor | null> =>
		await database.read(async (session) => (await read(session, source, false))?.value ?? null);

export const moveCursorAlone =
	(database: Database): OrderStore['moveCursor'] =>
	async (source, from, to) => {
		try {
			await database.write(async (transaction) => await moveCursor(transaction, { source, cursorFrom: from, cursorTo: to }, null));
			return true;
		} catch (error) {
			if (error instanceof FulfillmentError && error.code === 'cursor_moved') return false;
			throw asError(error);
		}
	};

/**
 * Compares and sets. `to` null = the position stays: it is only checked, and when `from` is null too not even that.
 * Throws FulfillmentError `cursor_moved`.
 */
export async function moveCursor(
	transaction: Transaction,
	{ source, cursorFrom, cursorTo }: { source: string; cursorFrom: Cursor | null; cursorTo: Cursor | null },
	store: string | null,
): Promise<void> {
	if (cursorFrom === null && cursorTo === null) return;
	const current = await read(transaction, source, true);
	if (!sameJson(current?.value ?? null, cursorFrom)) throw moved(source);
	if (cursorTo === null) return;
	const now = await transaction.now();
	const { tables } = transaction;
	const written =
		current === null
			? await transaction.execute(
					sql`INSERT INTO ${tables.cursor} (source, store, value, version, updated_at) VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING`,
					[boundedKey(source), store, stored(cursorTo), now],
				)
			: await transaction.execute(
					sql`UPDATE ${tables.cursor} SET value = $1, version = version + 1, updated_at = $2 WHERE source = $3 AND version = $4`,
					[stored(cursorTo), now, boundedKey(source), current.version],
				);
	if (written !== 1) throw moved(source);
}

const moved = (source: string): FulfillmentError =>
	new FulfillmentError(
		'cursor_moved',
		`Another run read "${source}" at the same time and finished first.`,
		'Nothing was written. The next run continues where the other one stopped.',
		{ retryable: true },
	);
