/** The first tables. A migration that was released is never changed: write another one. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const init1764000000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'Init1764000000000';

		async up(runner: QueryRunner): Promise<void> {
			const postgres = kind === 'postgres';
			const time = postgres ? 'timestamptz(3)' : 'text';
			// Byte order, as in SQLite: keyset paging must see one order of texts on both.
			const text = postgres ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			const run = async (sql: string) => {
				await runner.query(sql);
			};
			const index = async (name: string, definition: string, unique = '') => {
				await run(`CREATE ${unique} INDEX ${prefix}${name} ON ${p}${definition}`);
			};

			await run(`CREATE TABLE ${p}order (
				id ${text} PRIMARY KEY, store ${text} NOT NULL, cart ${text} NOT NULL, external_id ${text} NOT NULL,
				order_number ${text} NOT NULL, reference ${text} NOT NULL, reference_base ${text} NOT NULL,
				merchant ${text}, warehouse ${text},
				status ${text} NOT NULL, status_reason ${text}, attempts integer NOT NULL,
				held_until ${time}, retry_at ${time}, alert_code ${text}, alert_message ${text}, alert_at ${time},
				wms ${text}, wms_order_id ${text}, parent_id ${text}, bundled_into ${text},
				ordered_at ${time} NOT NULL, imported_at ${time} NOT NULL, updated_at ${time} NOT NULL,
				sent_at ${time}, opened_at ${time}, acknowledged_at ${time}, closed_at ${time},
				abandon_at ${time}, abandon_days integer NOT NULL, due_at ${time},
				claim_owner ${text}, claim_epoch integer NOT NULL, version integer NOT NULL,
				shipment_count integer NOT NULL, snapshot_hash ${text} NOT NULL,
				search_text ${text} NOT NULL, tracking_text ${text} NOT NULL)`);
			await index('order_external', 'order (store, external_id)', 'UNIQUE');
			await index('order_reference', 'order (reference_base)', 'UNIQUE');
			await index('order_status', 'order (status, imported_at, id, store)');
			await index('order_imported', 'order (imported_at, id)');
			await index('order_ordered', 'order (ordered_at, id)');
			await index('order_number', 'order (order_number, id)');
			await index('order_due', 'order (status, due_at, id) WHERE due_at IS NOT NULL');
			await index(
				'order_abandon',
				`order (abandon_at, id) WHERE status IN ('new', 'routed', 'delayed', 'open', 'error', 'partially_shipped')`,
			);
			await index('order_wms', 'order (wms_order_id, wms) WHERE wms_order_id IS NOT NULL');
			await index('order_alert', 'order (store, alert_at) WHERE alert_code IS NOT NULL');
			await index('order_parent', 'order (parent_id) WHERE parent_id IS NOT NULL');
			await index('order_closed', 'order (closed_at) WHERE closed_at IS NOT NULL');

			await run(`CREATE TABLE ${p}order_content (
				order_id ${text} PRIMARY KEY REFERENCES ${p}order (id) ON DELETE CASCADE,
				snapshot ${text} NOT NULL, edits ${text} NOT NULL, result ${text}, served_holds ${text} NOT NULL,
				progress ${text} NOT NULL, payload ${text} NOT NULL)`);

			await run(`CREATE TABLE ${p}shipment (
				id ${text} PRIMARY KEY, order_id ${text} NOT NULL REFERENCES ${p}order (id) ON DELETE CASCADE,
				external_id ${text} NOT NULL, carrier ${text}, service_level ${text}, tracking_number ${text}, tracking_url ${text},
				shipped_at ${time}, lines ${text} NOT NULL, recorded_at ${time} NOT NULL,
				uploaded_at ${time}, upload_problem ${text}, upload_attempts integer NOT NULL, upload_held_back integer NOT NULL,
				upload_due_at ${time}, upload_leased_until ${time}, claim_owner ${text}, claim_epoch integer NOT NULL)`);
			await index('shipment_external', 'shipment (order_id, external_id)', 'UNIQUE');
			await index('shipment_due', 'shipment (upload_due_at, id) WHERE upload_due_at IS NOT NULL');

			await run(`CREATE TABLE ${p}wms_event (
				order_id ${text} NOT NULL REFERENCES ${p}order (id) ON DELETE CASCADE,
				kind ${text} NOT NULL, external_id ${text} NOT NULL, at ${time} NOT NULL,
				PRIMARY KEY (order_id, kind, external_id))`);
			await index('wms_event_external', 'wms_event (external_id, kind)');

			// AUTOINCREMENT: a number that was given is never given again, not even after a purge.
			const sequence = postgres
				? 'seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xact xid8 NOT NULL DEFAULT pg_current_xact_id()'
				: 'seq integer PRIMARY KEY AUTOINCREMENT';
			await run(`CREATE TABLE ${p}timeline (${sequence},
				order_id ${text} NOT NULL, at ${time} NOT NULL, kind ${text} NOT NULL,
				actor_kind ${text} NOT NULL, actor_name ${text} NOT NULL, data ${text} NOT NULL)`);
			await index('timeline_order', 'timeline (order_id, seq)');
			if (postgres) await index('timeline_position', 'timeline (xact, seq)');

			await run(`CREATE TABLE ${p}cursor (
				source ${text} PRIMARY KEY, store ${text}, value ${text} NOT NULL, version integer NOT NULL, updated_at ${time} NOT NULL)`);

			await run(`CREATE TABLE ${p}import_failure (
				id ${text} PRIMARY KEY, store ${text} NOT NULL, source ${text} NOT NULL, subject ${text} NOT NULL, key ${text} NOT NULL,
				origin ${text} NOT NULL, message ${text} NOT NULL, remedy ${text} NOT NULL, payload ${text} NOT NULL,
				first_seen_at ${time} NOT NULL, last_seen_at ${time} NOT NULL, times_seen integer NOT NULL, resolved_at ${time})`);
			await index('import_failure_key', 'import_failure (store, source, subject, key)', 'UNIQUE');
			await index('import_failure_seen', 'import_failure (last_seen_at, id)');

			await run(`CREATE TABLE ${p}deleted_order (hash ${text} PRIMARY KEY, at ${time} NOT NULL, "by" ${text} NOT NULL)`);

			for (const statement of appendOnly(kind, prefix, p)) await run(statement);
		}

		async down(): Promise<void> {
			throw new Error('The first migration cannot be undone: it would delete every order');
		}
	};

/** The database itself refuses to change the timeline, and to delete of it while its order is there. */
function appendOnly(kind: MigrationTarget['kind'], prefix: string, p: string): string[] {
	if (kind === 'sqlite') {
		return [
			`CREATE TRIGGER ${prefix}timeline_no_update BEFORE UPDATE ON ${prefix}timeline
				BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END`,
			`CREATE TRIGGER ${prefix}timeline_no_delete BEFORE DELETE ON ${prefix}timeline
				WHEN EXISTS (SELECT 1 FROM ${prefix}order WHERE id = OLD.order_id)
				BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END`,
		];
	}
	return [
		`CREATE FUNCTION ${p}timeline_append_only() RETURNS trigger LANGUAGE plpgsql AS $function$
			BEGIN
				IF TG_OP = 'DELETE' THEN
					IF NOT EXISTS (SELECT 1 FROM ${p}order WHERE id = OLD.order_id) THEN RETURN OLD; END IF;
				END IF;
				RAISE EXCEPTION 'the timeline is append-only';
			END $function$`,
		`CREATE TRIGGER ${prefix}timeline_append_only BEFORE UPDATE OR DELETE ON ${p}timeline
			FOR EACH ROW EXECUTE FUNCTION ${p}timeline_append_only()`,
		`CREATE TRIGGER ${prefix}timeline_no_truncate BEFORE TRUNCATE ON ${p}timeline
			FOR EACH STATEMENT EXECUTE FUNCTION ${p}timeline_append_only()`,
	];
}
