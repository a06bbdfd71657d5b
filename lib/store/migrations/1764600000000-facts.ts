/**
 * Facts that were inferred before: what was sent to which account and what became known of it, what the cart has canceled, all alerts of an order, the
 * accounts of stores and warehouses, and references of deleted orders. Of orders from before it is written down what is known; where it is not, the
 * warehouse may have the order.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

/** Alerts after which the warehouse surely does not have the order. */
const REFUSED = "('rejected_by_wms', 'invalid_address', 'field_too_long', 'missing_field', 'unknown_sku', 'unmapped_shipping_method')";

const STATE = `CASE
	WHEN o.status IN ('open', 'partially_shipped', 'closed') OR o.shipment_count > 0 THEN 'there'
	WHEN o.status = 'canceled' AND (o.sent_at IS NOT NULL OR o.wms_order_id IS NOT NULL) THEN 'canceled_there'
	WHEN o.wms_order_id IS NOT NULL THEN 'there'
	WHEN o.status = 'error' AND o.alert_code IN ${REFUSED} THEN 'not_there'
	ELSE 'may_be_there' END`;

export const facts1764600000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'Facts1764600000000';

		async up(runner: QueryRunner): Promise<void> {
			const postgres = kind === 'postgres';
			const time = postgres ? 'timestamptz(3)' : 'text';
			const text = postgres ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			const dropIndex = `DROP INDEX ${schema === undefined ? '' : `"${schema}".`}${prefix}`;
			const run = async (sql: string) => {
				await runner.query(sql);
			};

			await run(`ALTER TABLE ${p}order ADD COLUMN alerts ${text}`);
			await run(`ALTER TABLE ${p}order ADD COLUMN wms_account ${text}`);
			await run(`ALTER TABLE ${p}order ADD COLUMN sending ${text} NOT NULL DEFAULT 'none'`);
			await run(`ALTER TABLE ${p}order ADD COLUMN sendings integer NOT NULL DEFAULT 0`);
			await run(`ALTER TABLE ${p}order ADD COLUMN canceled_in_cart_at ${time}`);
			await run(`ALTER TABLE ${p}order ADD COLUMN cancel_due_at ${time}`);
			await run(`CREATE TABLE ${p}sending (
				order_id ${text} NOT NULL REFERENCES ${p}order (id) ON DELETE CASCADE, number integer NOT NULL,
				wms ${text} NOT NULL, account ${text} NOT NULL, reference ${text} NOT NULL, wms_order_id ${text},
				state ${text} NOT NULL, attempts integer NOT NULL, requested_at ${time} NOT NULL, received_at ${time},
				answer ${text}, answered_at ${time}, content_hash ${text} NOT NULL, content ${text}, snapshot_hash ${text} NOT NULL, snapshot ${text},
				PRIMARY KEY (order_id, number))`);

			const columns =
				'order_id, number, wms, account, reference, wms_order_id, state, attempts, requested_at, received_at, answer, answered_at, content_hash, content, snapshot_hash, snapshot';
			// Keys that the warehouse had for an order and let go of.
			await run(`INSERT INTO ${p}sending (${columns})
				SELECT e.order_id, row_number() OVER (PARTITION BY e.order_id ORDER BY e.at, e.external_id), coalesce(o.wms, ''), '', o.reference_base, e.external_id,
					'canceled_there', 1, e.at, e.at, NULL, e.at, '', NULL, '', NULL
				FROM ${p}wms_event e JOIN ${p}order o ON o.id = e.order_id WHERE e.kind = 'released'`);
			await run(`INSERT INTO ${p}sending (${columns})
				SELECT o.id, 1 + (SELECT count(*) FROM ${p}sending s WHERE s.order_id = o.id), o.wms, '', o.reference, o.wms_order_id, ${STATE},
					CASE WHEN o.attempts > 0 THEN o.attempts ELSE 1 END, o.updated_at, o.sent_at, NULL, NULL, '', NULL, '', NULL
				FROM ${p}order o WHERE o.wms IS NOT NULL`);
			await run(`UPDATE ${p}order SET wms_account = '', sendings = (SELECT max(s.number) FROM ${p}sending s WHERE s.order_id = ${p}order.id),
				sending = (SELECT s.state FROM ${p}sending s WHERE s.order_id = ${p}order.id ORDER BY s.number DESC LIMIT 1)
				WHERE id IN (SELECT order_id FROM ${p}sending)`);
			await run(`DELETE FROM ${p}wms_event WHERE kind = 'released'`);

			const alert = postgres
				? `json_build_array(json_build_object('code', alert_code, 'message', coalesce(alert_message, ''), 'at', to_char(alert_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text`
				: `json_array(json_object('code', alert_code, 'message', coalesce(alert_message, ''), 'at', alert_at))`;
			await run(`UPDATE ${p}order SET alerts = ${alert} WHERE alert_code IS NOT NULL`);
			await run(`UPDATE ${p}order SET canceled_in_cart_at = alert_at, cancel_due_at = CASE WHEN alert_code = 'canceled_in_cart' AND sending IN ('may_be_there', 'there') THEN alert_at END
				WHERE alert_code IN ('canceled_in_cart', 'cancel_too_late')`);

			await run(`CREATE TABLE ${p}connection (
				store ${text} NOT NULL, role ${text} NOT NULL, place ${text} NOT NULL, partner ${text} NOT NULL, account ${text} NOT NULL, scope ${text} NOT NULL,
				since ${time} NOT NULL, set_by ${text}, credential ${text}, shared integer NOT NULL, PRIMARY KEY (store, role, place))`);
			await run(`CREATE INDEX ${prefix}connection_account ON ${p}connection (account)`);
			await run(
				`CREATE TABLE ${p}workflow_store (workflow ${text} NOT NULL, node ${text} NOT NULL, store ${text} NOT NULL, PRIMARY KEY (workflow, node, store))`,
			);

			await run(`CREATE TABLE ${p}reserved_key (hash ${text} PRIMARY KEY, at ${time} NOT NULL)`);
			await keyHashes(runner, p, postgres);

			await run(`CREATE INDEX ${prefix}sending_key ON ${p}sending (wms_order_id) WHERE wms_order_id IS NOT NULL`);
			await run(`CREATE INDEX ${prefix}order_cancel ON ${p}order (cancel_due_at, id) WHERE cancel_due_at IS NOT NULL`);
			// Nothing looks for these any more.
			await run(`${dropIndex}order_wms`);
			await run(`${dropIndex}wms_event_external`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: what warehouses may have would be forgotten');
		}
	};

/** Hashes of deleted orders get the key of this store: an order number alone can be guessed. */
async function keyHashes(runner: QueryRunner, p: string, postgres: boolean): Promise<void> {
	const query = async <R>(sql: string, parameters: readonly string[] = []): Promise<R[]> =>
		(await runner.query(postgres ? sql : sql.replace(/\$\d/g, '?'), [...parameters])) as R[];
	await query(`INSERT INTO ${p}meta (key, value) VALUES ('secret', $1) ON CONFLICT (key) DO NOTHING`, [randomBytes(32).toString('hex')]);
	const [secret] = await query<{ value: string }>(`SELECT value FROM ${p}meta WHERE key = 'secret'`);
	for (const { hash } of await query<{ hash: string }>(`SELECT hash FROM ${p}deleted_order`)) {
		await query(`UPDATE ${p}deleted_order SET hash = $1 WHERE hash = $2`, [keyedAgain(secret!.value, hash), hash]);
	}
}

/** The hash of the version before, keyed. */
const keyedAgain = (secret: string, hash: string): string => createHmac('sha256', secret).update(hash).digest('hex');
