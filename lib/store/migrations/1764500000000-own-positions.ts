/**
 * Events are read by the numbers of the entries; on Postgres they were read in the order of the server's transactions, which a move to another server broke, and which
 * waited for transactions of others. And a place for what the store knows of itself.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ID } from './applicationId';
import type { MigrationTarget } from './target';

interface SavedPosition {
	source: string;
	value: string;
}

export const ownPositions1764500000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'OwnPositions1764500000000';

		async up(runner: QueryRunner): Promise<void> {
			const text = kind === 'postgres' ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`CREATE TABLE ${p}meta (key ${text} PRIMARY KEY, value ${text} NOT NULL)`);
			if (kind === 'sqlite') await runner.query(`PRAGMA application_id = ${APPLICATION_ID}`);
			// Until the end nobody else writes entries, so what is there now is all.
			else await runner.query(`LOCK TABLE ${p}timeline IN ACCESS EXCLUSIVE MODE`);
			const saved = (await runner.query(`SELECT source, value FROM ${p}cursor WHERE source LIKE 'events:%'`)) as SavedPosition[];
			for (const { source, value } of saved) {
				const position = kind === 'sqlite' ? sqlitePosition(value) : await postgresPosition(runner, p, source, value);
				const parameters = [JSON.stringify(String(position)), source];
				await runner.query(
					kind === 'sqlite' ? `UPDATE ${p}cursor SET value = ? WHERE source = ?` : `UPDATE ${p}cursor SET value = $1 WHERE source = $2`,
					parameters,
				);
			}
			if (kind === 'sqlite') return;
			await runner.query(`DROP INDEX ${schema === undefined ? '' : `"${schema}".`}${prefix}timeline_position`);
			await runner.query(`ALTER TABLE ${p}timeline DROP COLUMN xact`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: it would repeat events');
		}
	};

/** "<transaction>.<number>", as JSON. Null when it is none: then everything is told again. */
function parts(value: string): { xact: string; seq: string } | null {
	const [, xact, seq] = /^"(\d{1,20})\.(\d{1,19})"$/.exec(value) ?? [];
	return xact === undefined || seq === undefined ? null : { xact, seq };
}

const sqlitePosition = (value: string): number => Number(parts(value)?.seq ?? 0);

/**
 * The number below the first entry that was not told. Not told is what comes behind the position in the old order, and what is younger than the position: on another
 * server than the first one, entries got lower transaction numbers and would never have been told.
 */
async function postgresPosition(runner: QueryRunner, p: string, source: string, value: string): Promise<number> {
	const position = parts(value);
	if (position === null) return 0;
	const [row] = (await runner.query(
		`SELECT coalesce(min(t.seq) - 1, (SELECT coalesce(max(seq), 0) FROM ${p}timeline))::text AS position FROM ${p}timeline t ` +
			`WHERE (t.xact, t.seq) > ($1::text::xid8, $2::bigint) OR t.at >= (SELECT updated_at FROM ${p}cursor WHERE source = $3)`,
		[position.xact, position.seq, source],
	)) as Array<{ position: string }>;
	return Number(row!.position);
}
