/** Control numbers of the interchanges that go to EDI partners. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationTarget } from './target';

export const controlNumbers1764400000000 = ({ kind, prefix, schema }: MigrationTarget) =>
	class implements MigrationInterface {
		readonly name = 'ControlNumbers1764400000000';

		async up(runner: QueryRunner): Promise<void> {
			const time = kind === 'postgres' ? 'timestamptz(3)' : 'text';
			const text = kind === 'postgres' ? 'text COLLATE "C"' : 'text';
			const p = schema === undefined ? prefix : `"${schema}".${prefix}`;
			await runner.query(`CREATE TABLE ${p}control_number (
				sequence ${text} NOT NULL, key ${text} NOT NULL, number integer NOT NULL, given_at ${time} NOT NULL,
				PRIMARY KEY (sequence, key))`);
			await runner.query(`CREATE UNIQUE INDEX ${prefix}control_number_once ON ${p}control_number (sequence, number)`);
		}

		async down(): Promise<void> {
			throw new Error('This migration cannot be undone: partners would get control numbers a second time');
		}
	};
