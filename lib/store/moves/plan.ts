/** What one move or amendment does to a row: pure, so that it can be read and tested apart from SQL. */
import { FulfillmentError, IllegalTransitionError, StaleOrderError, shown } from '../../order/errors';
import { changedAlerts } from '../../order/alerts';
import { dueAfterMove } from '../../order/due';
import { verdictOn, type Decision } from '../../order/sending';
import { isLive, SENDING_STATES, stateOf, type SendingState } from '../../order/sendingState';
import { mayMove } from '../../order/status';
import { boundedKey, wholeText } from '../../order/texts';
import { entry, type Actor, type NewTimelineEntry } from '../../order/timeline';
import { referenceBase, REFERENCE_LIMIT } from '../../order/reference';
import { after as later, type ContentRow, DAY_MS, type OrderRow, resolved, type SendingRow, stored } from '../database';
import { alertColumns, storedAlerts } from '../orders';
import { factColumns } from './sendings';
import { asTheCartWants, canceledInstead, wordColumns } from './instead';
import type { InnerFields, LockedRow, Move } from './move';

export interface Plan {
	/** What it was made from, and what the write expects. */
	row: LockedRow;
	columns: Partial<OrderRow>;
	content: Partial<ContentRow>;
	/** True when columns follow from content that has to be read first. */
	contentChanges: boolean;
	/** What is written of a sending. */
	sending: { number: number; columns: Partial<SendingRow> } | null;
	entries: NewTimelineEntry[];
}

/** What people read in a StaleOrderError. */
const expected = ({ from, version, epoch }: Move): string =>
	[from, version === undefined ? null : `version ${version}`, epoch === undefined ? null : `claim ${epoch}`]
		.filter((part) => part !== null && part !== undefined)
		.join(', ');

export const stale = (move: Move): StaleOrderError => new StaleOrderError(move.orderId, expected(move));

/** Whether what is known of all of its sendings is to be read for a move: what one came to does not say what is known of the order then. */
export const needsStates = ({ sending, to }: Move, row: Pick<LockedRow, 'sendings'> | undefined): boolean =>
	(row?.sendings ?? 0) > 1 && (sending !== undefined || to === 'open');

/**
 * Null = nothing to do. Throws IllegalTransitionError, StaleOrderError, FulfillmentError `invalid_input`, `operation_refused`.
 *
 * @param states of the order's sendings, oldest first, where the move needs them
 */
export function planOf(
	given: Move,
	row: LockedRow | undefined,
	now: string,
	isSplitParent: boolean,
	states: readonly SendingState[] = [],
): Plan | null {
	const proven = openIsThere(given, row);
	const after = statesAfter(proven, row, states);
	const known = stateOf(after);
	const move = asTheCartWants(canceledInstead(proven, row, known), row, known);
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
		move.to === 'new' ? { heldUntil: null, retryAt: null, alerts: { clear: 'all' }, ...defined(move.set) } : defined(move.set);
	checkFacts(move, set, row, known);
	const columns: Partial<OrderRow> = { version: row.version + 1, updated_at: now };
	const entries = [...(move.entries ?? [])];
	if (move.to !== undefined) {
		columns.status = move.to;
		columns.claim_owner = null;
		if (move.to === 'closed') columns.closed_at = now;
		if (move.to === 'open' && row.opened_at === null) columns.opened_at = now;
		entries.push(entry('status_changed', move.actor, { from: row.status, to: move.to, reason: move.reason }));
	}
	plainFields(columns, set, row, now);
	alertFields(columns, entries, stillTwice(set, after), row, now, move.actor);
	const sending = sendingFields(columns, move, set, row, now, known);
	dueField(columns, move, set, row, now);
	bundleFields(columns, move, set, row, now);
	const content = contentFields(set);
	if (set.snapshot) columns.snapshot_hash = set.snapshot.hash;
	return {
		row,
		columns,
		content,
		contentChanges: 'snapshot' in content || 'edits' in content || 'result' in content || 'reference' in columns,
		sending,
		entries,
	};
}

/** Whatever brings an order to Open, the warehouse has it. */
const openIsThere = (move: Move, row: LockedRow | undefined): Move =>
	move.to === 'open' && move.sending === undefined && row !== undefined && row.sendings > 0 && row.sending !== 'there'
		? { ...move, sending: { state: 'there' } }
		: move;

/** What is known of the order's sendings once the move is done; of one that says nothing of them, what is known of the order. */
function statesAfter({ sending }: Move, row: LockedRow | undefined, states: readonly SendingState[]): readonly SendingState[] {
	if (sending === undefined) return states.length > 0 ? states : [(row?.sending ?? 'none') as SendingState];
	const number = sending.number ?? row?.sendings;
	return states.length === 0 ? [sending.state] : states.map((state, index) => (index + 1 === number ? sending.state : state));
}

/** That two warehouses have an order is not over because one of them answers. */
function stillTwice(set: InnerFields, states: readonly SendingState[]): InnerFields {
	const { clear } = set.alerts ?? {};
	if (clear === undefined || clear === 'all' || states.filter(isLive).length < 2) return set;
	return { ...set, alerts: { ...set.alerts, clear: clear.filter((code) => code !== 'sent_twice') } };
}

/** Orders that are to go where split parents alone may go: only then the parts have to be looked for. */
export const mayBeSplitParent = ({ from, to }: Move): boolean =>
	from !== undefined && to !== undefined && mayMove(from, to, true) && !mayMove(from, to);

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
const defined = (set: InnerFields | undefined): InnerFields =>
	set === undefined ? {} : Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));

const TIMES = [
	['heldUntil', 'held_until'],
	['retryAt', 'retry_at'],
	['sentAt', 'sent_at'],
	['openedAt', 'opened_at'],
	['acknowledgedAt', 'acknowledged_at'],
	['closedAt', 'closed_at'],
	['canceledInCartAt', 'canceled_in_cart_at'],
	['cancelDueAt', 'cancel_due_at'],
] as const;

function plainFields(columns: Partial<OrderRow>, set: InnerFields, row: LockedRow, now: string): void {
	for (const [field, column] of TIMES) {
		const instant = set[field];
		if (instant !== undefined) columns[column] = resolved(instant, now);
	}
	if (set.statusReason !== undefined) columns.status_reason = set.statusReason;
	if (set.inCart !== undefined) Object.assign(columns, wordColumns(set.inCart));
	if (set.attempts !== undefined) columns.attempts = set.attempts;
	if (set.wms !== undefined) columns.wms = set.wms;
	if (set.wmsOrderId !== undefined) columns.wms_order_id = set.wmsOrderId === null ? null : boundedKey(set.wmsOrderId);
	if (set.reference !== undefined && set.reference !== row.reference) columns.reference = checkedReference(set.reference, row);
	if (set.abandonAt === 'restart') columns.abandon_at = later(now, row.abandon_days * DAY_MS);
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
	{ alerts: change }: InnerFields,
	row: LockedRow,
	now: string,
	actor: Actor,
): void {
	if (change === undefined) return;
	const before = storedAlerts(row);
	const raise = change.raise?.map(({ code, message }) => ({ code, message: wholeText(message) }));
	const changed = changedAlerts(before, { ...change, ...(raise === undefined ? {} : { raise }) }).map((alert) =>
		'at' in alert ? alert : { ...alert, at: now },
	);
	const raised = changed.filter((alert) => !before.includes(alert));
	const cleared = before.filter(({ code }) => !changed.some((alert) => alert.code === code));
	if (raised.length + cleared.length === 0) return;
	Object.assign(columns, alertColumns(changed));
	for (const { code } of cleared) entries.push(entry('alert_cleared', actor, { code }));
	for (const { code, message } of raised) entries.push(entry('alert_raised', actor, { code, message }));
}

/** The order shows what is known of its sendings: that one is live, else what the latest came to. */
function sendingFields(
	columns: Partial<OrderRow>,
	{ sending: fact, orderId }: Move,
	set: InnerFields,
	row: LockedRow,
	now: string,
	known: SendingState,
): Plan['sending'] {
	if (fact === undefined) return null;
	const number = fact.number ?? row.sendings;
	if (number < 1 || number > row.sendings) {
		throw new FulfillmentError(
			'invalid_input',
			`Order ${orderId} has no sending ${number}.`,
			'Only an order that was sent can be at a warehouse.',
		);
	}
	if (known !== row.sending) columns.sending = known;
	return { number, columns: factColumns(fact, set.wmsOrderId, now) };
}

/** What may not be decided while the warehouse has the order, or may have it; the use cases ask before, this is the last word. */
function checkFacts(move: Move, set: InnerFields, row: LockedRow, state: SendingState): void {
	if (move.split) refuse('split', row, state);
	if (move.to === 'bundled') refuse('bundle', row, state);
	if (move.to === 'skipped') refuse('choose_otherwise', row, state);
	if (set.reference !== undefined && set.reference !== row.reference && isLive(state)) refuse('send_elsewhere', row, state);
}

function refuse(decision: Decision, row: LockedRow, state: SendingState): void {
	if (verdictOn(decision, state) !== 'refused') return;
	throw new FulfillmentError(
		'operation_refused',
		`Order ${row.id} cannot be changed like this: at the warehouse it is "${SENDING_STATES[state].label}".`,
		'Find out whether the warehouse has it: Mark as Received or Mark as Not Received. Or cancel it there.',
	);
}

function dueField(columns: Partial<OrderRow>, move: Move, set: InnerFields, row: LockedRow, now: string): void {
	const touched = move.to !== undefined || set.heldUntil !== undefined || set.retryAt !== undefined || set.acknowledgedAt !== undefined;
	if (set.dueAt !== undefined) columns.due_at = resolved(set.dueAt, now);
	else if (touched) {
		const instant = dueAfterMove(move.to ?? row.status, {
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
	} else if (
		row.bundle_key !== null &&
		(to !== undefined || set.edits !== undefined || set.snapshot !== undefined || set.result !== undefined)
	) {
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
	if (set.begunHolds !== undefined) content.begun_holds = stored(set.begunHolds);
	if (set.progress !== undefined) content.progress = stored(set.progress);
	if (set.settledLines !== undefined) content.settled_lines = stored(set.settledLines);
	return content;
}
