/** Parts of split orders, which share the cart's key of their order, and orders that bundle others. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const splitsAndBundles1764300000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'SplitsAndBundles1764300000000';

		async up(runner: QueryRunner): Promise<void> {
			const text = kind === 'postgres' ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN parts_made integer NOT NULL DEFAULT 0`);
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN bundle_size integer NOT NULL DEFAULT 0`);
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN bundle_key ${text}`);
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN bundle_terms ${text}`);
			await runner.query(`DROP INDEX ${schema === undefined ? '' : `"${schema}".`}${prefix}order_external`);
			await runner.query(
				`CREATE UNIQUE INDEX ${prefix}order_external ON ${p}order (store, external_id) WHERE parent_id IS NULL AND bundle_size = 0`,
			);
			await runner.query(`CREATE INDEX ${prefix}order_bundled ON ${p}order (bundled_into) WHERE bundled_into IS NOT NULL`);
			await runner.query(`CREATE INDEX ${prefix}order_bundle ON ${p}order (store, bundle_key, held_until) WHERE bundle_key IS NOT NULL`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: parts of split orders share the key of their order');
		}
	};
