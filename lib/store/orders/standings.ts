/** Where orders of the cart stand, for the statement: a fixed number of statements for many orders, whatever they are split into or bundled with. */
import { outstanding } from '../../order/derive';
import { isOfAddedLines } from '../../order/reference';
import type { Standing, StandingOrder } from '../../order/statement';
import { hasTrait } from '../../order/status';
import { boundedKey, wholeText } from '../../order/texts';
import type { OrderStore, Standings } from '../OrderStore';
import {
	chunks,
	type Database,
	type ImportFailureRow,
	identifier,
	listed,
	type OrderRow,
	parse,
	type Session,
	sql,
	type TimelineRow,
} from '../database';
import { readOrders } from './reading';

/** Keys for one statement. */
const BATCH = 500;

const READ = [
	'id',
	'reference',
	'external_id',
	'order_number',
	'ordered_at',
	'status',
	'status_reason',
	'alert_code',
	'readiness',
	'cart_reason',
	'parent_id',
	'bundled_into',
	'parts_made',
	'sendings',
	'shipment_count',
] as const satisfies ReadonlyArray<keyof OrderRow>;

type Row = Pick<OrderRow, (typeof READ)[number]>;

const COLUMNS = listed(READ.map((name) => identifier(name)));

export const standings =
	(database: Database): OrderStore['standings'] =>
	async (store, keys) => {
		const found: Standings = { orders: [], failures: [] };
		for (const batch of chunks([...new Set(keys.map(wholeText))], BATCH)) {
			await database.read(async (session) => {
				const orders = await ordersOfCart(session, store, batch);
				found.orders.push(...orders);
				const known = new Set(orders.map(({ externalId }) => externalId));
				found.failures.push(
					...(await openFailures(
						session,
						store,
						batch.filter((key) => !known.has(key)),
					)),
				);
			});
		}
		return found;
	};

async function ordersOfCart(session: Session, store: string, keys: readonly string[]): Promise<Standing[]> {
	const { query, dialect, tables } = session;
	const rows = await query<Row>(
		sql`SELECT ${COLUMNS} FROM ${tables.order} WHERE store = $1 AND external_id ${dialect.anyOf(2)} AND parent_id IS NULL AND bundle_size = 0`,
		[store, dialect.list(keys)],
	);
	const around = await partsAndBundles(session, rows);
	const facts = await factsOf(session, [...rows, ...around]);
	const skipping = await skippingRules(
		session,
		rows.filter(({ status }) => status === 'skipped').map(({ id }) => id),
	);
	const byId = new Map(around.map((row) => [row.id, row]));
	const under = Map.groupBy(around, ({ parent_id: parentId }) => parentId);
	const standing = (row: Row): StandingOrder => {
		const children = under.get(row.id) ?? [];
		return {
			status: row.status,
			statusReason: row.status_reason,
			alertCode: row.alert_code,
			allShipped: facts.allShipped.has(row.id),
			taken: facts.taken.get(row.id) ?? 0,
			uploadedTwice: facts.uploadedTwice.has(row.id),
			parts: children.filter((child) => !isAdded(child)).map((child) => standing(child)),
			added: children.filter(isAdded).map((child) => standing(child)),
		};
	};
	return rows.map((row): Standing => {
		const bundle = row.bundled_into === null ? undefined : byId.get(row.bundled_into);
		return {
			...standing(row),
			externalId: row.external_id,
			orderNumber: row.order_number,
			orderedAt: row.ordered_at,
			readiness: row.readiness,
			cartReason: row.cart_reason,
			skippedBy: skipping.get(row.id) ?? null,
			bundle: bundle === undefined ? null : standing(bundle),
		};
	});
}

const isAdded = ({ parent_id: parentId, reference }: Row): boolean => isOfAddedLines({ parentId, reference });

/** The bundles that these are in, and the parts of all of them. */
async function partsAndBundles({ query, dialect, tables }: Session, rows: readonly Row[]): Promise<Row[]> {
	const bundles = [...new Set(rows.flatMap((row) => row.bundled_into ?? []))];
	const split = rows.filter((row) => row.parts_made > 0).map(({ id }) => id);
	if (bundles.length === 0 && split.length === 0) return [];
	return await query<Row>(
		sql`SELECT ${COLUMNS} FROM ${tables.order} WHERE id ${dialect.anyOf(1)}
			UNION ALL SELECT ${COLUMNS} FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id ${dialect.anyOf(2)}`,
		[dialect.list(bundles), dialect.list([...split, ...bundles])],
	);
}

interface Facts {
	allShipped: Set<string>;
	taken: Map<string, number>;
	uploadedTwice: Set<string>;
}

async function factsOf(session: Session, rows: readonly Row[]): Promise<Facts> {
	const shipped = rows.filter((row) => row.shipment_count > 0);
	// Of what is over its status says it.
	const doubtful = shipped.filter(({ status }) => !hasTrait(status, 'over')).map(({ id }) => id);
	const read = doubtful.length === 0 ? [] : await readOrders(session, doubtful);
	const allShipped = new Set(
		read
			.filter(({ lines }) => lines.some(({ quantityShipped }) => quantityShipped > 0) && lines.every((line) => outstanding(line) === 0))
			.map(({ id }) => id),
	);
	return {
		allShipped,
		taken: await takenSendings(
			session,
			rows.filter(({ sendings }) => sendings > 0).map(({ id }) => id),
		),
		uploadedTwice: await twiceUploaded(
			session,
			shipped.map(({ id }) => id),
		),
	};
}

/** How many sendings of each a warehouse took and did not cancel. */
async function takenSendings({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, number>> {
	if (ids.length === 0) return new Map();
	const rows = await query<{ order_id: string; count: number }>(
		sql`SELECT order_id, count(*) AS count FROM ${tables.sending} WHERE order_id ${dialect.anyOf(1)} AND state = 'there' GROUP BY order_id`,
		[dialect.list(ids)],
	);
	return new Map(rows.map(({ order_id: id, count }) => [id, count]));
}

/** Orders of which the cart was told of one shipment more than once. */
async function twiceUploaded({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Set<string>> {
	const twice = new Set<string>();
	if (ids.length === 0) return twice;
	const rows = await query<Pick<TimelineRow, 'order_id' | 'data'>>(
		sql`SELECT order_id, data FROM ${tables.timeline} WHERE order_id ${dialect.anyOf(1)} AND kind = 'tracking_uploaded'`,
		[dialect.list(ids)],
	);
	const seen = new Set<string>();
	for (const { order_id: id, data } of rows) {
		const { shipmentId } = parse<{ shipmentId: string }>(data);
		const upload = `${id} ${shipmentId}`;
		if (seen.has(upload)) twice.add(id);
		seen.add(upload);
	}
	return twice;
}

/** The names of the rules that skipped these. */
async function skippingRules({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, string>> {
	const rules = new Map<string, string>();
	if (ids.length === 0) return rules;
	const rows = await query<Pick<TimelineRow, 'order_id' | 'data'>>(
		sql`SELECT order_id, data FROM ${tables.timeline} WHERE order_id ${dialect.anyOf(1)} AND kind = 'rules_applied' ORDER BY seq`,
		[dialect.list(ids)],
	);
	for (const { order_id: id, data } of rows) {
		const { decision, trace } = parse<{ decision: string; trace: Array<{ rule: string; decided: string | null }> }>(data);
		// Rules note other things as well; the decision names the one that skipped it.
		const deciding = trace.findLast(({ rule, decided }) => decided !== null && decision.includes(`"${rule}"`));
		// Of several runs the last one counts.
		if (deciding === undefined) rules.delete(id);
		else rules.set(id, deciding.rule);
	}
	return rules;
}

/** What could not be imported, and is not settled. */
async function openFailures({ query, dialect, tables }: Session, store: string, keys: readonly string[]): Promise<Standings['failures']> {
	if (keys.length === 0) return [];
	const byKept = new Map(keys.map((key) => [boundedKey(key), key]));
	const rows = await query<Pick<ImportFailureRow, 'key' | 'message'>>(
		sql`SELECT key, message FROM ${tables.import_failure} WHERE store = $1 AND subject = 'order' AND resolved_at IS NULL AND key ${dialect.anyOf(2)} ORDER BY last_seen_at`,
		[store, dialect.list([...byKept.keys()])],
	);
	return rows.map(({ key, message }) => ({ key: byKept.get(key) ?? key, message }));
}
