/** Rule sets that many workflows use: every saved version stays. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const ruleSets1764200000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'RuleSets1764200000000';

		async up(runner: QueryRunner): Promise<void> {
			const time = kind === 'postgres' ? 'timestamptz(3)' : 'text';
			const text = kind === 'postgres' ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`CREATE TABLE ${p}rule_set (
				name ${text} NOT NULL, version integer NOT NULL, content ${text}, saved_at ${time} NOT NULL, saved_by ${text} NOT NULL,
				PRIMARY KEY (name, version))`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: it would delete every rule set');
		}
	};
