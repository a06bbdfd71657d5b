/** A connection says since when its import has not come to the present. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const unfinishedImports1764800000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'UnfinishedImports1764800000000';

		async up(runner: QueryRunner): Promise<void> {
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`ALTER TABLE ${p}connection ADD COLUMN incomplete_since ${kind === 'postgres' ? 'timestamptz(3)' : 'text'}`);
		}

		async down(runner: QueryRunner): Promise<void> {
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`ALTER TABLE ${p}connection DROP COLUMN incomplete_since`);
		}
	};
