/** What happens to orders that nobody waits for any more: the abandon sweep and the purge. Both ask the table of statuses. */
import { FulfillmentError, IllegalTransitionError, StaleOrderError } from '../../order/errors';
import { hasTrait, mayMove, statusesBefore, statusesWith, type OrderStatus } from '../../order/status';
import type { OrderStore } from '../OrderStore';
import { all, type Database, isIn, type OrderRow, sql, type Sql, stored, type Transaction, word } from '../database';
import { partsRemovalError, lockedParts } from '../moves';
import { deleteRows, keyedHashes, reserveKeys } from '../orders';

/** Orders for one statement; more only hold the locks longer. */
const SWEEP = 2_000;

const TO: OrderStatus = 'abandoned';

/** From where the table allows the move. The same text as in the partial index, or SQLite cannot use it. */
const ABANDONABLE = isIn(sql`o.status`, statusesBefore(TO));

/** Likewise, of rows that were found already. With the "+" SQLite looks for them by their ids; it would walk through the index of statuses else. */
const MAY_MOVE = isIn(sql`+status`, statusesBefore(TO));

const ONLY_IF_ASKED = isIn(sql`o.status`, statusesWith('abandoned_if_asked'));

const UNDER_WAY = isIn(sql`p.status`, statusesWith('under_way'));

/** What the timeline says of a move from `status`. */
const moved = (status: Sql): Sql =>
	sql`'{"from":"' || ${status} || '","to":"' || ${word(TO)} || '","reason":"No shipment data arrived in time."}'`;

type AbandonRequest = Parameters<OrderStore['abandonOverdue']>[0];

export const abandonOverdue =
	(database: Database): OrderStore['abandonOverdue'] =>
	async (request) => {
		const abandoned: string[] = [];
		while (abandoned.length < request.limit) {
			const size = Math.min(SWEEP, request.limit - abandoned.length);
			const ids = await database.write(async (transaction) => await sweep(transaction, request, size));
			for (const id of ids) abandoned.push(id);
			if (ids.length < size) break;
			await new Promise(setImmediate);
		}
		return abandoned;
	};

/** One chunk, with SQL alone: nothing is read into the process but the ids. */
async function sweep({ query, execute, now, dialect, tables }: Transaction, request: AbandonRequest, size: number): Promise<string[]> {
	const at = await now();
	const parameters: unknown[] = [at];
	const add = (value: unknown): number => parameters.push(value);
	const conditions = [sql`o.abandon_at <= $1`, ABANDONABLE];
	if (!request.includePartiallyShipped) conditions.push(sql`NOT (${ONLY_IF_ASKED})`, sql`o.shipment_count = 0`);
	if (request.stores) conditions.push(sql`o.store ${dialect.anyOf(add(dialect.list(request.stores)))}`);
	// The parent of a split rests in Routed while its parts move: it goes with them.
	conditions.push(sql`(o.status <> 'routed' OR NOT EXISTS (SELECT 1 FROM ${tables.order} p WHERE p.parent_id = o.id AND ${UNDER_WAY}))`);
	const found = sql`SELECT o.id, o.status FROM ${tables.order} o WHERE ${all(conditions)} ORDER BY o.abandon_at, o.id LIMIT $${add(size)}`;
	const set = sql`status = ${word(TO)}, version = version + 1, claim_owner = NULL, due_at = NULL, bundle_key = NULL, updated_at = `;
	const { kind, name } = request.actor;

	if (dialect.kind === 'postgres') {
		const rows = await query<{ id: string }>(
			sql`WITH due AS (${found}${dialect.skipLockedOf(sql`o`)}),
				moved AS (UPDATE ${tables.order} o SET ${set}$1::timestamptz FROM due WHERE o.id = due.id AND o.status = due.status RETURNING o.id, due.status),
				logged AS (INSERT INTO ${tables.timeline} (order_id, at, kind, actor_kind, actor_name, data)
				SELECT id, $1::timestamptz, 'status_changed', $${add(kind)}, $${add(name)}, ${moved(sql`status`)} FROM moved ORDER BY id)
				SELECT id FROM moved ORDER BY id`,
			parameters,
		);
		return rows.map((row) => row.id);
	}
	const rows = await query<Pick<OrderRow, 'id' | 'status'>>(found, parameters);
	if (rows.length === 0) return [];
	const ids = rows.map((row) => row.id);
	const list = stored(ids);
	await execute(
		sql`INSERT INTO ${tables.timeline} (order_id, at, kind, actor_kind, actor_name, data)
			SELECT o.id, $1, 'status_changed', $2, $3, ${moved(sql`o.status`)} FROM json_each($4) j JOIN ${tables.order} o ON o.id = j.value`,
		[at, kind, name, list],
	);
	await execute(sql`UPDATE ${tables.order} SET ${set}$1 WHERE id IN (SELECT value FROM json_each($2)) AND ${MAY_MOVE}`, [at, list]);
	return ids;
}

const bundles = (reference: string): FulfillmentError =>
	new FulfillmentError(
		'operation_refused',
		`Orders are bundled into it, such as ${reference}.`,
		'Unbundle it, or archive and delete those first.',
	);

export const purge =
	(database: Database): OrderStore['purge'] =>
	async ({ orderId, from, version, actor, force = false }) => {
		if (!mayMove(from, 'deleted')) throw new IllegalTransitionError(orderId, from, 'deleted');
		await database.write(async (transaction) => {
			const { query, execute, now, tables } = transaction;
			const [source] = await query<Pick<OrderRow, 'reference'>>(
				sql`SELECT reference FROM ${tables.order} WHERE bundled_into IS NOT NULL AND bundled_into = $1`,
				[orderId],
			);
			if (source) throw bundles(source.reference);
			const parts = (await lockedParts(transaction, [orderId])).get(orderId) ?? [];
			const removalError = partsRemovalError(parts.filter(({ status }) => !hasTrait(status, 'settled')));
			if (removalError !== null && !force) throw removalError;
			await deleteRows(
				transaction,
				parts.map(({ id }) => id),
			);
			await reserveKeys(transaction, [orderId]);
			// Before the timeline: the database refuses to delete the timeline of an order that is there.
			const [row] = await query<Pick<OrderRow, 'store' | 'external_id'>>(
				sql`DELETE FROM ${tables.order} WHERE id = $1 AND status = $2 AND version = $3 RETURNING store, external_id`,
				[orderId, from, version],
			);
			if (!row) throw new StaleOrderError(orderId, `${from}, version ${version}`);
			await execute(sql`DELETE FROM ${tables.timeline} WHERE order_id = $1`, [orderId]);
			for (const table of [tables.order_content, tables.sending, tables.shipment, tables.wms_event]) {
				await execute(sql`DELETE FROM ${table} WHERE order_id = $1`, [orderId]);
			}
			// Its payload may lie there too.
			await execute(
				sql`DELETE FROM ${tables.timeline} WHERE order_id IN (SELECT id FROM ${tables.import_failure} WHERE subject = 'order' AND store = $1 AND key = $2)`,
				[row.store, row.external_id],
			);
			await execute(sql`DELETE FROM ${tables.import_failure} WHERE subject = 'order' AND store = $1 AND key = $2`, [
				row.store,
				row.external_id,
			]);
			await execute(
				sql`INSERT INTO ${tables.deleted_order} (hash, at, "by") VALUES ($1, $2, $3)
				ON CONFLICT (hash) DO UPDATE SET at = excluded.at, "by" = excluded."by"`,
				[(await keyedHashes(transaction)).order(row.store, row.external_id), await now(), actor.name],
			);
		});
	};
