/** The columns of every table as the code knows them now; what migrations make must be equal (a test compares). */
import { schemaOf, tablePrefixOf, type StoreConfig } from './config';

/** "?" = may be NULL. Times have milliseconds; JSON is kept as text, since jsonb refuses U+0000 and is slower to write. */
export type ColumnType = 'text' | 'text?' | 'integer' | 'integer?' | 'time' | 'time?';
export type Columns = Readonly<Record<string, ColumnType>>;

export const ORDER = {
	id: 'text',
	store: 'text',
	cart: 'text',
	external_id: 'text',
	order_number: 'text',
	reference: 'text',
	/** What all references of the order have in common; unique, so that none is ever given to another order. */
	reference_base: 'text',
	merchant: 'text?',
	warehouse: 'text?',
	status: 'text',
	status_reason: 'text?',
	attempts: 'integer',
	held_until: 'time?',
	retry_at: 'time?',
	alert_code: 'text?',
	alert_message: 'text?',
	alert_at: 'time?',
	wms: 'text?',
	wms_order_id: 'text?',
	parent_id: 'text?',
	bundled_into: 'text?',
	/** The import instant when the cart gave none, so that sorting and paging need no NULLs. */
	ordered_at: 'time',
	imported_at: 'time',
	updated_at: 'time',
	sent_at: 'time?',
	opened_at: 'time?',
	acknowledged_at: 'time?',
	closed_at: 'time?',
	abandon_at: 'time?',
	abandon_days: 'integer',
	due_at: 'time?',
	claim_owner: 'text?',
	claim_epoch: 'integer',
	version: 'integer',
	shipment_count: 'integer',
	snapshot_hash: 'text',
	/** What people search for, lower-cased; tracking numbers apart, since they come later. */
	search_text: 'text',
	tracking_text: 'text',
	/** How many parts and bundles were ever made of the order, so that no reference of one is given twice. */
	parts_made: 'integer',
	/** How many orders this one bundles, or the one that it is a part of; 0 = one of the cart, or a part of one. */
	bundle_size: 'integer',
	/** Set while the order waits for others to be bundled with. */
	bundle_key: 'text?',
	/** The rule that bundled it and its limits, as JSON. */
	bundle_terms: 'text?',
} as const satisfies Columns;

export const ORDER_CONTENT = {
	order_id: 'text',
	snapshot: 'text',
	edits: 'text',
	result: 'text?',
	served_holds: 'text',
	/** `{ "<line id>": { "shipped": 1, "canceled": 0 } }` */
	progress: 'text',
	payload: 'text',
} as const satisfies Columns;

export const SHIPMENT = {
	id: 'text',
	order_id: 'text',
	external_id: 'text',
	carrier: 'text?',
	service_level: 'text?',
	tracking_number: 'text?',
	tracking_url: 'text?',
	shipped_at: 'time?',
	lines: 'text',
	recorded_at: 'time',
	uploaded_at: 'time?',
	upload_problem: 'text?',
	upload_attempts: 'integer',
	upload_held_back: 'integer',
	upload_due_at: 'time?',
	upload_leased_until: 'time?',
	claim_owner: 'text?',
	claim_epoch: 'integer',
	voided_at: 'time?',
} as const satisfies Columns;

/** Reports of a WMS that are no shipments: each is carried out once. */
export const WMS_EVENT = {
	order_id: 'text',
	kind: 'text',
	external_id: 'text',
	at: 'time',
} as const satisfies Columns;

/** Besides these a row has `seq`, and on Postgres `xact`: both are given by the database. */
export const TIMELINE = {
	order_id: 'text',
	at: 'time',
	kind: 'text',
	actor_kind: 'text',
	actor_name: 'text',
	data: 'text',
} as const satisfies Columns;

export const CURSOR = {
	source: 'text',
	store: 'text?',
	value: 'text',
	version: 'integer',
	updated_at: 'time',
} as const satisfies Columns;

export const IMPORT_FAILURE = {
	id: 'text',
	store: 'text',
	source: 'text',
	subject: 'text',
	key: 'text',
	origin: 'text',
	message: 'text',
	remedy: 'text',
	payload: 'text',
	first_seen_at: 'time',
	last_seen_at: 'time',
	times_seen: 'integer',
	resolved_at: 'time?',
} as const satisfies Columns;

/** One row a saved version; the last one counts. */
export const RULE_SET = {
	name: 'text',
	version: 'integer',
	/** JSON; NULL = deleted with this version. */
	content: 'text?',
	saved_at: 'time',
	saved_by: 'text',
} as const satisfies Columns;

/** Each number is given once in a sequence, and stays with what it was given for. */
export const CONTROL_NUMBER = {
	sequence: 'text',
	key: 'text',
	number: 'integer',
	given_at: 'time',
} as const satisfies Columns;

/** All that remains of a purged order. */
export const DELETED_ORDER = {
	hash: 'text',
	at: 'time',
	by: 'text',
} as const satisfies Columns;

export const TABLES = {
	order: ORDER,
	order_content: ORDER_CONTENT,
	shipment: SHIPMENT,
	wms_event: WMS_EVENT,
	timeline: TIMELINE,
	cursor: CURSOR,
	import_failure: IMPORT_FAILURE,
	rule_set: RULE_SET,
	control_number: CONTROL_NUMBER,
	deleted_order: DELETED_ORDER,
} as const satisfies Record<string, Columns>;

export type TableName = keyof typeof TABLES;

/** A row as both databases give it: times as ISO text. */
export type RowOf<C extends Columns> = {
	-readonly [K in keyof C]: C[K] extends 'integer'
		? number
		: C[K] extends 'integer?'
			? number | null
			: C[K] extends 'text' | 'time'
				? string
				: string | null;
};

export type OrderRow = RowOf<typeof ORDER>;
export type ContentRow = RowOf<typeof ORDER_CONTENT>;
export type ShipmentRow = RowOf<typeof SHIPMENT>;
export type TimelineRow = RowOf<typeof TIMELINE>;
export type ImportFailureRow = RowOf<typeof IMPORT_FAILURE>;
export type RuleSetRow = RowOf<typeof RULE_SET>;

/** Full names for SQL. */
export type TableNames = Readonly<Record<TableName, string>>;

export function tableNames(config: StoreConfig): TableNames {
	const schema = schemaOf(config);
	const prefix = tablePrefixOf(config);
	const name = (table: TableName) => (schema === undefined ? `${prefix}${table}` : `"${schema}".${prefix}${table}`);
	return Object.fromEntries((Object.keys(TABLES) as TableName[]).map((table) => [table, name(table)])) as Record<TableName, string>;
}
