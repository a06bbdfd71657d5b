/** The packages of a shipment, and which of their numbers are settled. A shipment from before is one package of its number, which was told with it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const packages1764840000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'Packages1764840000000';

		async up(runner: QueryRunner): Promise<void> {
			const table = `${schema === undefined ? '' : `"${schema}".`}${prefix}shipment`;
			const text = kind === 'postgres' ? 'text COLLATE "C"' : 'text';
			await runner.query(`ALTER TABLE ${table} ADD COLUMN packages ${text} NOT NULL DEFAULT '[]'`);
			await runner.query(`ALTER TABLE ${table} ADD COLUMN settled_numbers ${text} NOT NULL DEFAULT '[]'`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: it would forget tracking numbers');
		}
	};
