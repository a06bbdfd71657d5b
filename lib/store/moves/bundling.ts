/** Makes bundles of orders whose window is over, and takes them apart; each in one transaction. */
import { bundledContent, BUNDLE_LIMIT, nextBundle, type BundleTerms } from '../../order/bundles';
import { dueAfterMove } from '../../order/due';
import { FulfillmentError, StaleOrderError } from '../../order/errors';
import { withEdits } from '../../order/layers';
import { ENTRIES, statusLabel, wayToOpen } from '../../order/status';
import { entry, type Actor } from '../../order/timeline';
import type { OrderStore } from '../OrderStore';
import {
	type ContentRow,
	type Database,
	type Having,
	newId,
	NOTHING,
	type OrderRow,
	parse,
	resolved,
	sql,
	stored,
	surely,
	type Transaction,
} from '../database';
import {
	append,
	contentColumns,
	deleteRows,
	FULL_ROW,
	type FullRow,
	insertUnderFreeKeys,
	layersOf,
	REFERENCE_TRIES,
	snapshotHash,
	UNTOUCHED,
} from '../orders';
import { bundleReference, nextReference } from '../../order/reference';
import { lockedBundles, oldestFirst, sourceRows, type BundleState } from './bundles';
import { applyAll } from './moves';
import { isLiveRow } from './parts';
import type { Move } from './move';

type Waiting = Having<FullRow, 'bundle_terms'> & Pick<ContentRow, 'served_holds'>;
type Group = Pick<OrderRow, 'store'> & { bundle_key: string };

export const releaseBundles =
	(database: Database): OrderStore['releaseBundles'] =>
	async ({ stores, limit, actor }) => {
		if (limit <= 0) return [];
		const groups = await database.read(async ({ query, dialect, tables, now }) => {
			const parameters: unknown[] = [await now(), limit];
			const ofStores = stores ? sql` AND store ${dialect.anyOf(parameters.push(dialect.list(stores)))}` : NOTHING;
			return await query<Group>(
				sql`SELECT store, bundle_key FROM ${tables.order} WHERE bundle_key IS NOT NULL AND status = 'delayed' AND held_until <= $1${ofStores}
				GROUP BY store, bundle_key ORDER BY min(held_until), store, bundle_key LIMIT $2`,
				parameters,
			);
		});
		const released: string[] = [];
		for (const group of groups) {
			if (released.length >= limit) break;
			released.push(...(await database.write(async (transaction) => await releaseGroup(transaction, group, actor))));
		}
		return released;
	};

/** The most that are looked at for one key; what waits besides has its turn with the next run. */
const GROUP_LIMIT = 5 * BUNDLE_LIMIT;

/** What waits with this key is locked first: another worker finds it done, and an order that comes now waits for the next bundle. */
async function releaseGroup(transaction: Transaction, { store, bundle_key: key }: Group, actor: Actor): Promise<string[]> {
	const { query, dialect, tables } = transaction;
	let waiting = await query<Waiting>(
		sql`SELECT ${FULL_ROW}, c.served_holds FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
			WHERE o.bundle_key IS NOT NULL AND o.bundle_key = $2 AND o.status = 'delayed' AND o.id IN (SELECT id FROM ${tables.order}
			WHERE store = $1 AND bundle_key IS NOT NULL AND bundle_key = $2 AND status = 'delayed' ORDER BY held_until, id LIMIT $3)
			ORDER BY o.id${dialect.forUpdateOf(sql`o`)}`,
		[store, key, GROUP_LIMIT],
	);
	const now = await transaction.now();
	const released: string[] = [];
	for (;;) {
		waiting = waiting.sort((left, right) =>
			(left.held_until ?? '') < (right.held_until ?? '') ? -1 : left.held_until === right.held_until && left.id < right.id ? -1 : 1,
		);
		const [first] = waiting;
		if (first === undefined || (first.held_until ?? '') > now) return released;
		const terms = parse<BundleTerms>(first.bundle_terms);
		const chosen = nextBundle(
			waiting.map((row) => ({ row, content: unruled(row) })),
			terms,
		)
			.map(({ row }) => row)
			.sort(oldestFirst);
		const [oldest, ...others] = chosen;
		released.push(
			others.length === 0
				? await releaseAlone(transaction, surely(oldest), terms, actor)
				: await merge(transaction, chosen, terms, actor, now),
		);
		waiting = waiting.filter((row) => !chosen.includes(row));
	}
}

/** Rules run on the bundle, so nothing of what they did to its orders goes in. */
function unruled(row: Pick<FullRow, 'snapshot' | 'edits' | 'result'>) {
	const { snapshot, edits } = layersOf(row);
	return withEdits(snapshot, edits);
}

/** No other order arrived: this one is sent alone, and the same rule does not make it wait again. */
async function releaseAlone(transaction: Transaction, row: Waiting, { rule }: BundleTerms, actor: Actor): Promise<string> {
	const servedHolds = [...new Set([...parse<string[]>(row.served_holds), rule])];
	const reason = 'No other order came to be bundled with it.';
	await applyAll(transaction, [
		{ orderId: row.id, version: row.version, from: 'delayed', to: 'new', actor, reason, set: { servedHolds, statusReason: null } },
	]);
	return row.id;
}

async function merge(transaction: Transaction, rows: readonly Waiting[], terms: BundleTerms, actor: Actor, now: string): Promise<string> {
	const content = bundledContent(rows.map((row) => ({ id: row.id, content: unruled(row) })));
	const first = surely(rows[0]);
	const min = (column: 'imported_at' | 'abandon_at'): string | null =>
		rows.map((row) => row[column]).reduce((left, right) => (left === null || (right !== null && right < left) ? right : left));
	const importedAt = min('imported_at') ?? now;
	const rowWith = (collidesFor: string | null): OrderRow => {
		const reference = bundleReference(first.reference_base, first.parts_made + 1, collidesFor);
		return {
			...UNTOUCHED,
			id: newId(),
			store: first.store,
			cart: first.cart,
			// The cart has no key for it.
			external_id: reference,
			reference,
			reference_base: reference,
			...contentColumns(content, { imported_at: importedAt, external_id: reference, reference }),
			status: ENTRIES.bundle,
			imported_at: importedAt,
			updated_at: now,
			abandon_at: min('abandon_at'),
			abandon_days: first.abandon_days,
			due_at: resolved(dueAfterMove(ENTRIES.bundle, {}), now),
			snapshot_hash: snapshotHash(stored(content)),
			bundle_size: rows.length,
			bundle_terms: stored(terms),
		};
	};
	let row = rowWith(null);
	for (let tries = 1; (await insertUnderFreeKeys(transaction, [row])).size === 0; tries += 1) {
		if (tries > REFERENCE_TRIES) throw new Error(`Order ${first.id} could not be bundled: its references are taken`);
		// Another order has the reference that the bundle would have got, or had it.
		row = rowWith(tries === 1 ? first.id : newId());
	}
	const served = [...new Set([...rows.flatMap((each) => parse<string[]>(each.served_holds)), terms.rule])];
	await transaction.insertMany(
		'order_content',
		[
			{
				order_id: row.id,
				snapshot: stored(content),
				edits: '{}',
				result: null,
				served_holds: stored(served),
				begun_holds: '[]',
				progress: '{}',
				payload: 'null',
				settled_lines: null,
			},
		],
		[],
	);
	const orders = rows.map(({ id, reference, order_number: orderNumber }) => ({ orderId: id, reference, orderNumber }));
	await append(transaction, [{ ...entry('bundle_made', actor, { rule: terms.rule, orders }), orderId: row.id }], now);
	await transaction.execute(sql`UPDATE ${transaction.tables.order} SET parts_made = parts_made + 1 WHERE id = $1`, [first.id]);
	const reason = `Bundled into ${row.reference}.`;
	await applyAll(
		transaction,
		rows.map((each): Move => ({
			orderId: each.id,
			version: each.version,
			from: 'delayed',
			to: 'bundled',
			actor,
			reason,
			set: { bundledInto: row.id, result: null, alerts: { clear: 'all' }, heldUntil: null, retryAt: null, statusReason: reason },
			entries: [entry('bundled', actor, { orderId: row.id, reference: row.reference })],
		})),
	);
	return row.id;
}

export const unbundle =
	(database: Database): OrderStore['unbundle'] =>
	async ({ orderId, version, actor, reason, again }) =>
		await database.write(async (transaction) => {
			const bundle = (await lockedBundles(transaction, [orderId])).get(orderId);
			if (bundle === undefined || bundle.row.version !== version) throw new StaleOrderError(orderId, `version ${version}`);
			if (bundle.sent) {
				throw new FulfillmentError(
					'operation_refused',
					`The bundle ${bundle.row.reference} is ${statusLabel(bundle.row.status)}: the warehouse has it, or may have it.`,
					'Cancel it at the warehouse first; its orders are Canceled with it and can be reprocessed.',
				);
			}
			const { rule } = parse<BundleTerms>(bundle.row.bundle_terms);
			return await takeApart(transaction, [bundle], { actor, reason, ...(again ? {} : { served: rule }) });
		});

/**
 * Makes the orders of these bundles New again, and takes the bundles away for good. Gives the ids of the orders. Not for bundles that the
 * warehouse may have.
 *
 * @param served the rule that is not to make them wait again; absent = they are bundled anew
 */
export async function takeApart(
	transaction: Transaction,
	bundles: readonly BundleState[],
	{ actor, reason, served }: { actor: Actor; reason: string; served?: string },
): Promise<string[]> {
	if (bundles.length === 0) return [];
	const ids = bundles.map(({ row }) => row.id);
	const references = new Map(bundles.map(({ row }) => [row.id, row.reference]));
	const rows = (await sourceRows(transaction, ids, true)).sort(oldestFirst);
	const holds = await servedHolds(
		transaction,
		rows.map(({ id }) => id),
	);
	// What turned out to be at a warehouse by itself is not sent again.
	const there = rows.filter((row) => row.status === 'bundled' && isLiveRow(row));
	const toOpen = ({ id, version, reference, canceled_in_cart_at: canceledAt }: FullRow): Move[] =>
		wayToOpen(ENTRIES.import).map((to, index, way): Move => {
			const alert = {
				code: 'canceled_in_cart',
				message: `The order was canceled in the cart, but a warehouse has it under ${reference}.`,
			} as const;
			const set = to === 'open' && canceledAt !== null ? { set: { cancelDueAt: 'now', alerts: { raise: [alert] } } as const } : {};
			return {
				orderId: id,
				from: way[index - 1] ?? ENTRIES.import,
				to,
				version: version + 1 + index,
				actor,
				reason: 'The warehouse has the order.',
				...set,
			};
		});
	const isOver = (row: FullRow): boolean => row.canceled_in_cart_at !== null && !isLiveRow(row);
	const apart = rows.map((row): Move => ({
		orderId: row.id,
		version: row.version,
		actor,
		reason,
		...(row.status === 'bundled' ? { from: 'bundled', to: isOver(row) ? 'canceled' : 'new' } : {}),
		set: {
			bundledInto: null,
			// A warehouse had it under the old one, and let go of it.
			...(row.sent_at !== null && !isLiveRow(row) ? { reference: nextReference(row.reference), wmsOrderId: null, wms: null } : {}),
			statusReason: row.canceled_in_cart_at === null ? null : 'Canceled in the cart.',
			...(isOver(row) ? { alerts: { clear: 'all' } } : there.includes(row) ? { alerts: { clear: ['sent_twice'] } } : {}),
			...(served === undefined ? {} : { servedHolds: [...new Set([...(holds.get(row.id) ?? []), served])], dueAt: 'now' }),
		},
		entries: [entry('unbundled', actor, { reference: references.get(row.bundled_into) ?? '', reason })],
	}));
	await applyAll(transaction, [...apart, ...there.flatMap(toOpen)]);
	await deleteRows(transaction, [...ids, ...bundles.flatMap(({ parts }) => parts.map(({ id }) => id))]);
	return rows.map(({ id }) => id);
}

async function servedHolds({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, string[]>> {
	const rows = await query<Pick<ContentRow, 'order_id' | 'served_holds'>>(
		sql`SELECT order_id, served_holds FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map((row) => [row.order_id, parse<string[]>(row.served_holds)]));
}
