/** What the cart said last of each order is a fact; of orders from before it is known that it canceled some. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const cartWords1764820000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'CartWords1764820000000';

		async up(runner: QueryRunner): Promise<void> {
			const postgres = kind === 'postgres';
			const time = postgres ? 'timestamptz(3)' : 'text';
			const text = postgres ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN readiness ${text} NOT NULL DEFAULT 'ready'`);
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN cart_reason ${text}`);
			await runner.query(`ALTER TABLE ${p}order ADD COLUMN ready_at ${time}`);
			await runner.query(`UPDATE ${p}order SET readiness = 'canceled', canceled_in_cart_at = coalesce(canceled_in_cart_at, updated_at)
				WHERE canceled_in_cart_at IS NOT NULL OR (status = 'canceled' AND sending = 'none' AND status_reason = 'Canceled in the cart.')`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: what carts said would be forgotten');
		}
	};
