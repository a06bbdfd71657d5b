/**
 * A hold is served when its time has passed. Versions before noted it when it began: what is waiting has begun and is not served. So an order that is Delayed by a rule is held to the
 * moment that it was told, whatever the cart changes meanwhile.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { BegunHold } from '../../order/holds';
import type { MigrationTarget } from './target';

interface Row {
	id: string;
	held_until: string | Date;
	bundle_terms: string | null;
	served_holds: string;
}

const AT_ONCE = 1_000;

export const begunHolds1764810000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'BegunHolds1764810000000';

		async up(runner: QueryRunner): Promise<void> {
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			const mark = (place: number): string => (kind === 'postgres' ? `$${place}` : '?');
			await runner.query(
				`ALTER TABLE ${p}order_content ADD COLUMN begun_holds ${kind === 'postgres' ? 'text COLLATE "C"' : 'text'} NOT NULL DEFAULT '[]'`,
			);
			for (let last = ''; ;) {
				const rows = (await runner.query(
					`SELECT o.id, o.held_until, o.bundle_terms, c.served_holds FROM ${p}order o JOIN ${p}order_content c ON c.order_id = o.id
						WHERE o.id > ${mark(1)} AND o.status = 'delayed' AND o.held_until IS NOT NULL AND o.retry_at IS NULL ORDER BY o.id LIMIT ${AT_ONCE}`,
					[last],
				)) as Row[];
				for (const { id, ...row } of rows) {
					const { served, begun } = holdsOf(row);
					await runner.query(
						`UPDATE ${p}order_content SET served_holds = ${mark(1)}, begun_holds = ${mark(2)} WHERE order_id = ${mark(3)}`,
						[JSON.stringify(served), JSON.stringify(begun), id],
					);
				}
				if (rows.length < AT_ONCE) return;
				last = rows.at(-1)!.id;
			}
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: holds would be served before their time');
		}
	};

/** The last name is that of the rule that holds it. */
function holdsOf({ held_until: heldUntil, bundle_terms: terms, served_holds: text }: Omit<Row, 'id'>): {
	served: string[];
	begun: BegunHold[];
} {
	const until = new Date(heldUntil).toISOString();
	const served = JSON.parse(text) as string[];
	if (terms !== null) return { served, begun: [{ kind: 'window', rule: (JSON.parse(terms) as { rule: string }).rule, until }] };
	const rule = served.at(-1);
	return rule === undefined
		? { served, begun: [] }
		: { served: served.slice(0, -1).filter((name) => name !== rule), begun: [{ kind: 'hold', rule, until }] };
}
