/** When a warehouse voids a label after it reported the shipment. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const voidedShipments1764090000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'VoidedShipments1764090000000';

		async up(runner: QueryRunner): Promise<void> {
			const table = `${schema === undefined ? '' : `"${schema}".`}${prefix}shipment`;
			await runner.query(`ALTER TABLE ${table} ADD COLUMN voided_at ${kind === 'postgres' ? 'timestamptz(3)' : 'text'}`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: it would forget which shipments were voided');
		}
	};
