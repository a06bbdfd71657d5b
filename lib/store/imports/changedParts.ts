/** Split orders of which the cart changed something that a part holds which no warehouse has: rules have decided it already, so a person does. */
import type { OrderContent } from '../../order/order';
import { isOfAddedLines } from '../../order/reference';
import { inWords, shippedBy } from '../../order/sending';
import { hasTrait, mayMove } from '../../order/status';
import type { FieldChange } from '../../order/timeline';
import type { ImportPage } from '../OrderStore';
import { type ContentRow, type Having, type OrderRow, parse, sql, type Transaction } from '../database';
import { applyAll, isLiveRow, type Move } from '../moves';
import type { Changed } from './candidate';

/** Once all else that the page changes of the orders is written. */
export async function changeParts(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const told = changed.filter(({ row, tells, difference }) => tells === true && row.parts_made > 0 && difference !== undefined);
	const parts = await partsOf(
		transaction,
		told.map(({ row }) => row.id),
	);
	await applyAll(
		transaction,
		told.flatMap((one) => movesFor(page, one, parts.get(one.row.id) ?? [])),
	);
}

type Part = Having<Pick<OrderRow, 'id' | 'parent_id' | 'reference' | 'status' | 'sending' | 'version'>, 'parent_id'> &
	Pick<ContentRow, 'snapshot'>;

/** The parts as they are now. Their orders are locked. */
async function partsOf({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, Part[]>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Part>(
		sql`SELECT o.id, o.parent_id, o.reference, o.status, o.sending, o.version, c.snapshot FROM ${tables.order} o
			JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)} ORDER BY o.id`,
		[dialect.list(ids)],
	);
	return Map.groupBy(
		rows.filter(({ parent_id: parentId, reference }) => !isOfAddedLines({ parentId, reference })),
		(row) => row.parent_id,
	);
}

function movesFor({ actor }: ImportPage, { candidate, difference }: Changed, parts: readonly Part[]): Move[] {
	if (difference === undefined) return [];
	const before = difference.layers.snapshot;
	const now = candidate.order.content;
	const changes = shippedBy(difference.changes);
	const lines = new Map(parts.map(({ id, snapshot }) => [id, linesIn(parse<OrderContent>(snapshot))]));
	const held = new Set([...lines.values()].flatMap((ids) => [...ids]));
	const gone = before.lines.filter(({ id, quantity }) => quantity > 0 && !held.has(id)).map(({ id }) => id);
	return parts.flatMap((part): Move[] => {
		if (isLiveRow(part) || !hasTrait(part.status, 'starts_anew') || !hasTrait(part.status, 'under_way')) return [];
		// What rules made of a line under another name may be in any part.
		const own = new Set([...(lines.get(part.id) ?? []), ...gone]);
		const unclear = changes.filter(({ path }) => concerns(path, own));
		if (unclear.length === 0) return [];
		const message = `Changed in the cart after rules had split it: ${inWords(unclear, [...before.lines, ...now.lines])}. Change it likewise with Edit, then Reprocess; or cancel it.`;
		const set = { statusReason: message, alerts: { raise: [{ code: 'changed_in_cart', message }] } } as const;
		const base = { orderId: part.id, version: part.version, actor };
		if (mayMove(part.status, 'error')) return [{ ...base, from: part.status, to: 'error', reason: message, set }];
		return [{ ...base, reason: null, set }];
	});
}

/** Ids of lines as the cart sold them. */
const linesIn = ({ lines }: OrderContent): Set<string> =>
	new Set(lines.flatMap(({ id, kit }) => (kit === undefined ? [id] : [id, kit.lineId])));

/** Whether a change is of the whole order, or of one of these lines. */
const concerns = (path: FieldChange['path'], lines: ReadonlySet<string>): boolean =>
	!path.startsWith('lines.') || [...lines].some((id) => path === `lines.${id}` || path.startsWith(`lines.${id}.`));
