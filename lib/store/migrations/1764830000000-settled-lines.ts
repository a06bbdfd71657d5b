/** Of an order that the cart changed after it was closed, what of its lines is settled: the rest is offered, or was sent besides. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const settledLines1764830000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'SettledLines1764830000000';

		async up(runner: QueryRunner): Promise<void> {
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`ALTER TABLE ${p}order_content ADD COLUMN settled_lines ${kind === 'postgres' ? 'text COLLATE "C"' : 'text'}`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: lines that were shipped would be offered again');
		}
	};
