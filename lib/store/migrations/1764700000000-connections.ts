/** A connection keeps what its import trigger is set to, which trigger that is, and how the last run ended; old names of stores are known. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const connections1764700000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'Connections1764700000000';

		async up(runner: QueryRunner): Promise<void> {
			const postgres = kind === 'postgres';
			const time = postgres ? 'timestamptz(3)' : 'text';
			const text = postgres ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			const added = [
				...['settings', 'workflow', 'workflow_name', 'node', 'node_name'].map((name) => `${name} ${text}`),
				`set_at ${time}`,
				'released integer NOT NULL DEFAULT 0',
				`last_at ${time}`,
				`last_success_at ${time}`,
				`last_problem ${text}`,
				`last_problem_at ${time}`,
			];
			for (const column of added) await runner.query(`ALTER TABLE ${p}connection ADD COLUMN ${column}`);
			await runner.query(
				`CREATE TABLE ${p}renamed_store (name ${text} PRIMARY KEY, renamed_to ${text} NOT NULL, at ${time} NOT NULL, "by" ${text} NOT NULL, finished_at ${time})`,
			);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: old names of stores would be imported anew');
		}
	};
