/** Figures about the orders of each store, for Order Store → Statistics. The database counts them. */
import { ORDER_STATUSES, type OrderStatus } from '../../order/status';
import type { OrderStore, StoreStatistics } from '../OrderStore';
import { after, type Database, DAY_MS, type Having, type OrderRow, type Session, sql, type Sql } from '../database';

export const statistics =
	(database: Database): OrderStore['statistics'] =>
	async ({ stores, days }) =>
		await database.read(async (session): Promise<StoreStatistics> => {
			const now = await session.now();
			const scope: Scope = { stores: stores ?? null, from: after(now, -days * DAY_MS) };
			const perStore = await storesOf(session, scope);
			const totals = Object.fromEntries(ORDER_STATUSES.map((status) => [status, 0])) as Record<OrderStatus, number>;
			for (const { counts } of perStore) for (const status of ORDER_STATUSES) totals[status] += counts[status] ?? 0;
			return { stores: perStore, totals, perDay: await perDay(session, scope), hoursToClose: await hoursToClose(session, scope) };
		});

interface Scope {
	stores: string[] | null;
	from: string;
}

type StoreFigures = StoreStatistics['stores'][number];

/** Orders of the cart: a part belongs to its order, and a bundle to those in it. */
const OF_CART = sql`parent_id IS NULL AND bundle_size = 0`;

/** `store = ANY …`, as the last parameter. */
const inStores = (session: Session, { stores }: Scope, parameters: unknown[]): Sql =>
	stores === null ? sql`1 = 1` : sql`store ${session.dialect.anyOf(parameters.push(session.dialect.list(stores)))}`;

async function storesOf(session: Session, scope: Scope): Promise<StoreFigures[]> {
	const { tables } = session;
	const found = new Map<string, StoreFigures>();
	const figures = (store: string): StoreFigures => {
		const known = found.get(store);
		if (known) return known;
		const fresh: StoreFigures = { store, cart: '', counts: {}, lastImportAt: null, openImportFailures: 0, inError: 0, lastProblem: null };
		found.set(store, fresh);
		return fresh;
	};
	const select = async <R extends object>(statement: (where: Sql) => Sql): Promise<R[]> => {
		const parameters: unknown[] = [];
		const where = inStores(session, scope, parameters);
		return await session.query<R>(statement(where), parameters);
	};

	type Count = { store: string; status: OrderStatus; count: number; last: string };
	for (const row of await select<Count>(
		(where) =>
			sql`SELECT store, status, count(*) AS count, max(imported_at) AS last FROM ${tables.order} WHERE ${OF_CART} AND ${where} GROUP BY store, status`,
	)) {
		const of = figures(row.store);
		of.counts[row.status] = row.count;
		of.lastImportAt = latest(of.lastImportAt, row.last);
	}
	// A store has one cart; if it was changed, the newest order tells.
	for (const of of found.values()) {
		const [row] = await session.query<{ cart: string }>(
			sql`SELECT cart FROM ${tables.order} WHERE store = $1 ORDER BY imported_at DESC, id DESC LIMIT 1`,
			[of.store],
		);
		of.cart = row?.cart ?? '';
	}
	// A run that found nothing new is an import too; it moves the cursor at most.
	for (const row of await select<{ store: string; last: string }>(
		(where) => sql`SELECT store, max(updated_at) AS last FROM ${tables.cursor} WHERE store IS NOT NULL AND ${where} GROUP BY store`,
	)) {
		const of = figures(row.store);
		of.lastImportAt = latest(of.lastImportAt, row.last);
	}
	for (const row of await select<{ store: string; count: number }>(
		(where) =>
			sql`SELECT store, count(*) AS count FROM ${tables.import_failure} WHERE resolved_at IS NULL AND store <> '' AND ${where} GROUP BY store`,
	)) {
		figures(row.store).openImportFailures = row.count;
	}
	for (const row of await select<{ store: string; count: number }>(
		(where) => sql`SELECT store, count(*) AS count FROM ${tables.order} WHERE status = 'error' AND ${where} GROUP BY store`,
	)) {
		figures(row.store).inError = row.count;
	}
	type Problem = Having<
		Pick<OrderRow, 'id' | 'store' | 'order_number' | 'alert_code' | 'alert_message' | 'alert_at'>,
		'alert_code' | 'alert_at'
	>;
	for (const row of await select<Problem>(
		(where) =>
			sql`SELECT id, store, order_number, alert_code, alert_message, alert_at FROM (SELECT id, store, order_number, alert_code, alert_message,
			alert_at, row_number() OVER (PARTITION BY store ORDER BY alert_at DESC, id DESC) AS place FROM ${tables.order}
			WHERE alert_code IS NOT NULL AND ${where}) latest WHERE place = 1`,
	)) {
		figures(row.store).lastProblem = {
			orderId: row.id,
			orderNumber: row.order_number,
			code: row.alert_code,
			message: row.alert_message ?? '',
			at: row.alert_at,
		};
	}
	return [...found.values()].sort((left, right) => (left.store < right.store ? -1 : 1));
}

const latest = (left: string | null, right: string | null): string | null =>
	left === null || (right !== null && right > left) ? right : left;

async function perDay(session: Session, scope: Scope): Promise<StoreStatistics['perDay']> {
	const days = new Map<string, { imported: number; closed: number }>();
	for (const [column, field] of [
		[sql`imported_at`, 'imported'],
		[sql`closed_at`, 'closed'],
	] as const) {
		const parameters: unknown[] = [scope.from];
		const rows = await session.query<{ day: string; count: number }>(
			sql`SELECT ${session.dialect.day(column)} AS day, count(*) AS count FROM ${session.tables.order}
				WHERE ${column} >= $1 AND ${OF_CART} AND ${inStores(session, scope, parameters)} GROUP BY 1`,
			parameters,
		);
		for (const { day, count } of rows) days.set(day, { imported: 0, closed: 0, ...days.get(day), [field]: count });
	}
	return [...days].map(([day, counts]) => ({ day, ...counts })).sort((left, right) => (left.day < right.day ? -1 : 1));
}

/** Nearest rank, so that both databases give the same figure. */
async function hoursToClose(session: Session, scope: Scope): Promise<StoreStatistics['hoursToClose']> {
	const parameters: unknown[] = [scope.from];
	const from = sql`FROM ${session.tables.order} WHERE closed_at >= $1 AND ${OF_CART} AND ${inStores(session, scope, parameters)}`;
	const [row] = await session.query<{ count: number }>(sql`SELECT count(*) AS count ${from}`, parameters);
	const count = row?.count ?? 0;
	const at = async (share: number): Promise<number | null> => {
		if (count === 0) return null;
		const { hours } = await session.one<{ hours: number }>(
			sql`SELECT ${session.dialect.hoursBetween(sql`imported_at`, sql`closed_at`)} AS hours ${from} ORDER BY 1 LIMIT 1 OFFSET ${Math.ceil(count * share) - 1}`,
			parameters,
		);
		return Math.round(hours * 100) / 100;
	};
	return { count, median: await at(0.5), p90: await at(0.9) };
}
