/** What one move or amendment does to a row: pure, so that it can be read and tested apart from SQL. */
import { FulfillmentError, IllegalTransitionError, StaleOrderError, shown } from '../../order/errors';
import { dueAfterMove } from '../../order/due';
import type { OrderContent } from '../../order/order';
import { mayMove, type OrderStatus } from '../../order/status';
import { entry, type Actor, type NewTimelineEntry } from '../../order/timeline';
import type { NewPart, OrderFields } from '../OrderStore';
import { referenceBase, REFERENCE_LIMIT } from '../reference';
import { after, alertOf, DAY_MS, resolved, stored, type Progress } from './rows';
import type { ContentRow, OrderRow } from './tables';

/** Fields that only the store itself sets. */
export interface InnerFields extends OrderFields {
	snapshot?: { content: OrderContent; hash: string; payload: string };
	progress?: Progress;
	shipmentCount?: number;
	trackingText?: string;
	bundledInto?: string | null;
}

/** A move (`to` given) or an amendment. */
export interface Move {
	orderId: string;
	from?: OrderStatus;
	to?: OrderStatus;
	version?: number;
	epoch?: number;
	actor: Actor;
	reason: string | null;
	set?: InnerFields;
	entries?: NewTimelineEntry[];
	split?: NewPart[];
	unsplit?: true;
}

export type LockedRow = Pick<
	OrderRow,
	| 'id' | 'external_id' | 'status' | 'version' | 'claim_epoch' | 'alert_code' | 'alert_message' | 'held_until' | 'retry_at'
	| 'acknowledged_at' | 'opened_at' | 'abandon_days' | 'reference' | 'reference_base' | 'imported_at'
	| 'parent_id' | 'bundled_into' | 'bundle_size' | 'bundle_key'
>;

export const LOCKED_ROW =
	'o.id, o.external_id, o.status, o.version, o.claim_epoch, o.alert_code, o.alert_message, o.held_until, o.retry_at, ' +
	'o.acknowledged_at, o.opened_at, o.abandon_days, o.reference, o.reference_base, o.imported_at, o.parent_id, o.bundled_into, o.bundle_size, o.bundle_key';

export interface Plan {
	columns: Partial<OrderRow>;
	content: Partial<ContentRow>;
	/** True when columns follow from content that has to be read first. */
	contentChanges: boolean;
	entries: NewTimelineEntry[];
}

/** What people read in a StaleOrderError. */
const expected = ({ from, version, epoch }: Move): string =>
	[from, version === undefined ? null : `version ${version}`, epoch === undefined ? null : `claim ${epoch}`]
		.filter((part) => part !== null && part !== undefined)
		.join(', ');

export const stale = (move: Move): StaleOrderError => new StaleOrderError(move.orderId, expected(move));

/** Null = nothing to do. Throws IllegalTransitionError, StaleOrderError, FulfillmentError `invalid_input`. */
export function planOf(move: Move, row: LockedRow | undefined, now: string, isSplitParent: boolean): Plan | null {
	checkMove(move, isSplitParent);
	if (move.to !== undefined && move.from === move.to) return null;
	if (
		row === undefined ||
		(move.from !== undefined && row.status !== move.from) ||
		(move.version !== undefined && row.version !== move.version) ||
		(move.epoch !== undefined && row.claim_epoch !== move.epoch)
	) {
		throw stale(move);
	}
	const set: InnerFields =
		move.to === 'new' ? { heldUntil: null, retryAt: null, alert: null, ...defined(move.set) } : defined(move.set);
	const columns: Partial<OrderRow> = { version: row.version + 1, updated_at: now };
	const entries = [...(move.entries ?? [])];
	if (move.to !== undefined) {
		columns.status = move.to;
		columns.claim_owner = null;
		if (move.to === 'closed') columns.closed_at = now;
		if (move.to === 'open' && row.opened_at === null) columns.opened_at = now;
		entries.push(entry('status_changed', move.actor, { from: row.status as OrderStatus, to: move.to, reason: move.reason }));
	}
	plainFields(columns, set, row, now);
	alertFields(columns, entries, set, row, now, move.actor);
	dueField(columns, move, set, row, now);
	bundleFields(columns, move, set, row, now);
	const content = contentFields(set);
	if (set.snapshot) columns.snapshot_hash = set.snapshot.hash;
	return { columns, content, contentChanges: 'snapshot' in content || 'edits' in content || 'result' in content || 'reference' in columns, entries };
}

/** Routed orders that are to go where split parents alone may go: only then the parts have to be looked for. */
export const mayBeSplitParent = ({ from, to }: Move): boolean => from === 'routed' && (to === 'partially_shipped' || to === 'closed');

/** What can be said of a move without the row. */
function checkMove({ orderId, from, to, version, epoch }: Move, isSplitParent: boolean): void {
	if (version === undefined && epoch === undefined) {
		throw new FulfillmentError(
			'invalid_input',
			`Order ${orderId} was to be written without saying what the decision is based on.`,
			'Give the version that was read, or the epoch of the claim.',
		);
	}
	if (from !== undefined && to !== undefined && from !== to && !mayMove(from, to, isSplitParent)) {
		throw new IllegalTransitionError(orderId, from, to);
	}
}

/** Without fields that are there but undefined, so that they do not undo a default. */
const defined = (set: InnerFields = {}): InnerFields =>
	Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));

const TIMES = [
	['heldUntil', 'held_until'], ['retryAt', 'retry_at'], ['sentAt', 'sent_at'], ['openedAt', 'opened_at'],
	['acknowledgedAt', 'acknowledged_at'], ['closedAt', 'closed_at'],
] as const;

function plainFields(columns: Partial<OrderRow>, set: InnerFields, row: LockedRow, now: string): void {
	for (const [field, column] of TIMES) {
		const instant = set[field];
		if (instant !== undefined) columns[column] = resolved(instant, now);
	}
	if (set.statusReason !== undefined) columns.status_reason = set.statusReason;
	if (set.attempts !== undefined) columns.attempts = set.attempts;
	if (set.wms !== undefined) columns.wms = set.wms;
	if (set.wmsOrderId !== undefined) columns.wms_order_id = set.wmsOrderId;
	if (set.reference !== undefined && set.reference !== row.reference) columns.reference = checkedReference(set.reference, row);
	if (set.abandonAt === 'restart') columns.abandon_at = after(now, row.abandon_days * DAY_MS);
	if (set.shipmentCount !== undefined) columns.shipment_count = set.shipmentCount;
	if (set.trackingText !== undefined) columns.tracking_text = set.trackingText;
}

/** An order keeps its base for life: that is what makes a reference its own for ever. */
function checkedReference(reference: string, row: LockedRow): string {
	if (referenceBase(reference) === row.reference_base && reference.length <= REFERENCE_LIMIT) return reference;
	throw new FulfillmentError(
		'invalid_input',
		`The reference ${shown(reference)} is none of order ${row.id}, whose references begin with ${row.reference_base}.`,
		'Use the next reference of the order.',
	);
}

function alertFields(
	columns: Partial<OrderRow>,
	entries: NewTimelineEntry[],
	{ alert }: InnerFields,
	row: LockedRow,
	now: string,
	actor: Actor,
): void {
	if (alert === undefined) return;
	const before = alertOf(row);
	if (alert === null) {
		if (before === null) return;
		Object.assign(columns, { alert_code: null, alert_message: null, alert_at: null });
		entries.push(entry('alert_cleared', actor, { code: before.code }));
		return;
	}
	if (before?.code === alert.code && before.message === alert.message) return;
	Object.assign(columns, { alert_code: alert.code, alert_message: alert.message, alert_at: now });
	entries.push(entry('alert_raised', actor, { code: alert.code, message: alert.message }));
}

function dueField(columns: Partial<OrderRow>, move: Move, set: InnerFields, row: LockedRow, now: string): void {
	const touched = move.to !== undefined || set.heldUntil !== undefined || set.retryAt !== undefined || set.acknowledgedAt !== undefined;
	if (set.dueAt !== undefined) columns.due_at = resolved(set.dueAt, now);
	else if (touched) {
		const instant = dueAfterMove(move.to ?? (row.status as OrderStatus), {
			heldUntil: 'held_until' in columns ? columns.held_until : row.held_until,
			retryAt: 'retry_at' in columns ? columns.retry_at : row.retry_at,
			acknowledged: ('acknowledged_at' in columns ? columns.acknowledged_at : row.acknowledged_at) !== null,
		});
		columns.due_at = resolved(instant, now);
	}
}

/** Whatever happens to an order that waits to be bundled, it does not wait for the same others any more: its key may be another one now. */
function bundleFields(columns: Partial<OrderRow>, { to }: Move, set: InnerFields, row: LockedRow, now: string): void {
	if (set.bundledInto !== undefined) columns.bundled_into = set.bundledInto;
	// Whatever is New is sent by itself.
	else if (to === 'new' && row.bundled_into !== null) columns.bundled_into = null;
	if (set.waitsForBundle) {
		Object.assign(columns, { bundle_key: set.waitsForBundle.key, bundle_terms: stored(set.waitsForBundle.terms) });
	} else if (row.bundle_key !== null && (to !== undefined || set.edits !== undefined || set.snapshot !== undefined || set.result !== undefined)) {
		Object.assign(columns, { bundle_key: null, bundle_terms: null });
		// Rules find the key anew.
		if (to === undefined) Object.assign(columns, { held_until: now, due_at: now });
	}
}

function contentFields(set: InnerFields): Partial<ContentRow> {
	const content: Partial<ContentRow> = {};
	if (set.snapshot) Object.assign(content, { snapshot: stored(set.snapshot.content), payload: set.snapshot.payload });
	if (set.edits !== undefined) content.edits = stored(set.edits);
	if (set.result !== undefined) content.result = set.result === null ? null : stored(set.result);
	if (set.servedHolds !== undefined) content.served_holds = stored(set.servedHolds);
	if (set.progress !== undefined) content.progress = stored(set.progress);
	return content;
}
