/** The columns of every table. schemas.ts makes TypeORM's EntitySchemas of them; what migrations make must be equal (a test compares). */
import { ALERT_CODES } from '../../order/alerts';
import { READINESS_NAMES } from '../../order/cartWord';
import { CONNECTION_ROLES } from '../../order/connection';
import { FAILURE_SUBJECTS } from '../../order/importFailure';
import { SENDING_STATE_NAMES } from '../../order/sendingState';
import { ORDER_STATUSES } from '../../order/status';
import { foreign, integer, key, oneOf, orNull, since, text, time, type Columns, type RowOf } from './columns';
import { schemaOf, tablePrefixOf, type StoreConfig } from './config';
import { identifier, sql, type Sql } from './sql';

const ORDER = {
	id: key(text),
	store: foreign,
	cart: foreign,
	external_id: foreign,
	order_number: foreign,
	reference: foreign,
	/** What all references of the order have in common; unique, so that none is ever foreign to another order. */
	reference_base: text,
	merchant: orNull(foreign),
	warehouse: orNull(foreign),
	status: oneOf(ORDER_STATUSES),
	status_reason: orNull(foreign),
	attempts: integer,
	held_until: orNull(time),
	retry_at: orNull(time),
	/** The most urgent of its alerts, and all of them as JSON: `[{ "code", "message", "at" }]`. */
	alert_code: orNull(oneOf(ALERT_CODES)),
	alert_message: orNull(foreign),
	alert_at: orNull(time),
	alerts: orNull(text),
	wms: orNull(foreign),
	wms_order_id: orNull(foreign),
	/** The account that it was sent to last. */
	wms_account: orNull(foreign),
	/** What is known of its latest sending, and how many it had. */
	sending: since(oneOf(SENDING_STATE_NAMES), 'none'),
	sendings: since(integer, 0),
	/** What the cart said last, in whose words, and when it will be ready. */
	readiness: since(oneOf(READINESS_NAMES), 'ready'),
	cart_reason: orNull(foreign),
	ready_at: orNull(time),
	/** When the cart said that it is canceled; NULL = it wants it. */
	canceled_in_cart_at: orNull(time),
	/** When the warehouse is to be asked to cancel it. */
	cancel_due_at: orNull(time),
	parent_id: orNull(text),
	bundled_into: orNull(text),
	/** The import instant when the cart gave none, so that sorting and paging need no NULLs. */
	ordered_at: time,
	imported_at: time,
	updated_at: time,
	sent_at: orNull(time),
	opened_at: orNull(time),
	acknowledged_at: orNull(time),
	closed_at: orNull(time),
	abandon_at: orNull(time),
	abandon_days: integer,
	due_at: orNull(time),
	claim_owner: orNull(foreign),
	claim_epoch: integer,
	version: integer,
	shipment_count: integer,
	snapshot_hash: text,
	/** What people search for, lower-cased; tracking numbers apart, since they come later. */
	search_text: foreign,
	tracking_text: foreign,
	/** How many parts and bundles were ever made of the order, so that no reference of one is foreign twice. */
	parts_made: since(integer, 0),
	/** How many orders this one bundles, or the one that it is a part of; 0 = one of the cart, or a part of one. */
	bundle_size: since(integer, 0),
	/** Set while the order waits for others to be bundled with. */
	bundle_key: orNull(text),
	/** The rule that bundled it and its limits, as JSON. */
	bundle_terms: orNull(text),
} satisfies Columns;

const ORDER_CONTENT = {
	order_id: key(text),
	snapshot: text,
	edits: text,
	result: orNull(text),
	served_holds: text,
	begun_holds: since(text, '[]'),
	/** `{ "<line id>": { "shipped": 1, "canceled": 0 } }` */
	progress: text,
	payload: text,
	/** Of an order that the cart changed after it was closed: how many of each line, by its id, it stands for itself. The rest is offered, or was sent besides. */
	settled_lines: orNull(text),
} satisfies Columns;

const SHIPMENT = {
	id: key(text),
	order_id: text,
	external_id: foreign,
	carrier: orNull(foreign),
	service_level: orNull(foreign),
	tracking_number: orNull(foreign),
	tracking_url: orNull(foreign),
	shipped_at: orNull(time),
	lines: text,
	recorded_at: time,
	uploaded_at: orNull(time),
	upload_problem: orNull(foreign),
	upload_attempts: integer,
	upload_held_back: integer,
	upload_due_at: orNull(time),
	upload_leased_until: orNull(time),
	claim_owner: orNull(foreign),
	claim_epoch: integer,
	voided_at: orNull(time),
	packages: since(text, '[]'),
	settled_numbers: since(text, '[]'),
} satisfies Columns;

/** What went to a warehouse, one row for each order, account and reference. */
const SENDING = {
	order_id: key(text),
	number: key(integer),
	wms: foreign,
	account: foreign,
	reference: foreign,
	wms_order_id: orNull(foreign),
	state: oneOf(SENDING_STATE_NAMES.filter((state) => state !== 'none')),
	attempts: integer,
	requested_at: time,
	received_at: orNull(time),
	answer: orNull(foreign),
	answered_at: orNull(time),
	content_hash: text,
	content: orNull(text),
	snapshot_hash: text,
	/** What the cart had said when it went out; only once the cart has changed it. */
	snapshot: orNull(text),
} satisfies Columns;

/** Reports of a WMS that are no shipments: each is carried out once. */
const WMS_EVENT = {
	order_id: key(text),
	kind: key(text),
	external_id: key(foreign),
	at: time,
} satisfies Columns;

const TIMELINE = {
	seq: { ...key(integer), generated: true },
	order_id: text,
	at: time,
	kind: text,
	actor_kind: text,
	actor_name: foreign,
	data: text,
} satisfies Columns;

const CURSOR = {
	source: key(text),
	store: orNull(foreign),
	value: text,
	version: integer,
	updated_at: time,
} satisfies Columns;

const IMPORT_FAILURE = {
	id: key(text),
	store: foreign,
	source: text,
	subject: oneOf(FAILURE_SUBJECTS),
	key: text,
	origin: text,
	message: text,
	remedy: text,
	payload: text,
	first_seen_at: time,
	last_seen_at: time,
	times_seen: integer,
	resolved_at: orNull(time),
} satisfies Columns;

/** One row a saved version; the last one counts. */
const RULE_SET = {
	name: key(text),
	version: key(integer),
	/** JSON; NULL = deleted with this version. */
	content: orNull(text),
	saved_at: time,
	saved_by: text,
} satisfies Columns;

/** Each number is foreign once in a sequence, and stays with what it was foreign for. */
const CONTROL_NUMBER = {
	sequence: key(text),
	key: key(text),
	number: integer,
	given_at: time,
} satisfies Columns;

/** Which account serves a store: where its orders come from, where its tracking goes, where its orders for a warehouse go. */
const CONNECTION = {
	store: key(foreign),
	role: key(oneOf(CONNECTION_ROLES)),
	/** The code of the warehouse, whose reports, or "". */
	place: key(foreign),
	partner: text,
	account: foreign,
	scope: foreign,
	since: time,
	set_by: orNull(text),
	credential: orNull(text),
	shared: integer,
	/** What the import trigger is set to, as JSON, which one it is, and since when. */
	settings: orNull(text),
	workflow: orNull(foreign),
	workflow_name: orNull(foreign),
	node: orNull(foreign),
	node_name: orNull(foreign),
	set_at: orNull(time),
	/** Another trigger may set it. */
	released: since(integer, 0),
	last_at: orNull(time),
	last_success_at: orNull(time),
	last_problem: orNull(foreign),
	last_problem_at: orNull(time),
	/** Of an import: since when no run has come to the present. */
	incomplete_since: orNull(time),
} satisfies Columns;

/** Old names of stores; `finished_at` NULL = not all of it has the new name yet. */
const RENAMED_STORE = {
	name: key(foreign),
	renamed_to: foreign,
	at: time,
	by: text,
	finished_at: orNull(time),
} satisfies Columns;

/** Which stores the nodes of a workflow work for. */
const WORKFLOW_STORE = {
	workflow: key(foreign),
	node: key(foreign),
	store: key(foreign),
} satisfies Columns;

/** What the store knows of itself; see meta.ts. */
const META = {
	key: key(text),
	value: text,
} satisfies Columns;

/** All that remains of a purged order. */
const DELETED_ORDER = {
	hash: key(text),
	at: time,
	by: text,
} satisfies Columns;

/** Hashes of references and warehouse keys of deleted orders; see reservedKeys.ts. */
const RESERVED_KEY = {
	hash: key(text),
	at: time,
} satisfies Columns;

export const TABLES = {
	order: ORDER,
	order_content: ORDER_CONTENT,
	sending: SENDING,
	shipment: SHIPMENT,
	wms_event: WMS_EVENT,
	timeline: TIMELINE,
	cursor: CURSOR,
	import_failure: IMPORT_FAILURE,
	rule_set: RULE_SET,
	control_number: CONTROL_NUMBER,
	connection: CONNECTION,
	renamed_store: RENAMED_STORE,
	workflow_store: WORKFLOW_STORE,
	deleted_order: DELETED_ORDER,
	reserved_key: RESERVED_KEY,
	meta: META,
} satisfies Record<string, Columns>;

export type TableName = keyof typeof TABLES;

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

export type OrderRow = RowOf<typeof ORDER>;
export type ContentRow = RowOf<typeof ORDER_CONTENT>;
export type SendingRow = RowOf<typeof SENDING>;
export type ShipmentRow = RowOf<typeof SHIPMENT>;
/** As it is written; the database gives `seq`. */
export type TimelineRow = Omit<EntryRow, 'seq'>;
type EntryRow = RowOf<typeof TIMELINE>;
export type WmsEventRow = RowOf<typeof WMS_EVENT>;
export type ImportFailureRow = RowOf<typeof IMPORT_FAILURE>;
export type ConnectionRow = RowOf<typeof CONNECTION>;
export type RenamedStoreRow = RowOf<typeof RENAMED_STORE>;
export type RuleSetRow = RowOf<typeof RULE_SET>;

/** Full names for SQL. */
export type TableNames = Readonly<Record<TableName, Sql>>;

export function tableNames(config: StoreConfig): TableNames {
	const schema = schemaOf(config);
	const prefix = tablePrefixOf(config);
	const name = (table: TableName) => {
		const own = identifier(`${prefix}${table}`);
		return schema === undefined ? own : sql`${identifier(schema)}.${own}`;
	};
	return Object.fromEntries(TABLE_NAMES.map((table) => [table, name(table)])) as Record<TableName, Sql>;
}

/** A column of a table. Throws when the table has none of that name. */
export function column(table: TableName, name: string): Sql {
	if (!Object.hasOwn(TABLES[table], name)) throw new TypeError(`The table ${table} has no such column`);
	return identifier(name);
}
