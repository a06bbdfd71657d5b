/**
 * The tables as TypeORM knows them: what tables.ts says of their columns, and here indexes and references. Schemas, not decorators: decorators register in a global that
 * n8n's own fork of TypeORM shares, and either of the two then crashes. TypeORM never changes a table by them; a test asks it what it would change after our migrations.
 */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { statusesBefore } from '../../order/status';
import type { Column } from './columns';
import { schemaOf, tablePrefixOf, type StoreConfig } from './config';
import { sql } from './sql';
import { isIn } from './statusSql';
import { TABLE_NAMES, TABLES, type TableName } from './tables';

interface Index<C> {
	columns: ReadonlyArray<C>;
	unique?: true;
	/** Of a partial index. SQLite uses it only for the very same text. */
	where?: string;
}

type Indexes = { readonly [T in TableName]?: Readonly<Record<string, Index<keyof (typeof TABLES)[T] & string>>> };

const there = (column: string): string => `${column} IS NOT NULL`;

/** By the rest of their names: `order_due`. */
const INDEXES: Indexes = {
	order: {
		external: { columns: ['store', 'external_id'], unique: true, where: 'parent_id IS NULL AND bundle_size = 0' },
		reference: { columns: ['reference_base'], unique: true },
		status: { columns: ['status', 'imported_at', 'id', 'store'] },
		imported: { columns: ['imported_at', 'id'] },
		ordered: { columns: ['ordered_at', 'id'] },
		number: { columns: ['order_number', 'id'] },
		due: { columns: ['status', 'due_at', 'id'], where: there('due_at') },
		abandon: { columns: ['abandon_at', 'id'], where: isIn(sql`status`, statusesBefore('abandoned')).text },
		alert: { columns: ['store', 'alert_at'], where: there('alert_code') },
		parent: { columns: ['parent_id'], where: there('parent_id') },
		bundled: { columns: ['bundled_into'], where: there('bundled_into') },
		bundle: { columns: ['store', 'bundle_key', 'held_until'], where: there('bundle_key') },
		cancel: { columns: ['cancel_due_at', 'id'], where: there('cancel_due_at') },
		closed: { columns: ['closed_at'], where: there('closed_at') },
	},
	sending: { key: { columns: ['wms_order_id'], where: there('wms_order_id') } },
	shipment: {
		external: { columns: ['order_id', 'external_id'], unique: true },
		due: { columns: ['upload_due_at', 'id'], where: there('upload_due_at') },
	},
	timeline: { order: { columns: ['order_id', 'seq'] } },
	import_failure: {
		key: { columns: ['store', 'source', 'subject', 'key'], unique: true },
		seen: { columns: ['last_seen_at', 'id'] },
	},
	control_number: { once: { columns: ['sequence', 'number'], unique: true } },
	connection: { account: { columns: ['account'] } },
};

/** Their rows go with the order. The timeline stays until its order is gone. */
const OF_ORDER: readonly TableName[] = ['order_content', 'sending', 'shipment', 'wms_event'];

/** One EntitySchema a table, for a database. Must not be called when a module is loaded: n8n loads every node at start. */
export function entitySchemas(config: StoreConfig): Record<TableName, EntitySchema> {
	const schema = schemaOf(config);
	const prefix = tablePrefixOf(config);
	const columnOf = config.kind === 'postgres' ? columnOnPostgres : columnOnSqlite;
	const entity = (table: TableName): EntitySchema => {
		const columns: Record<string, EntitySchemaColumnOptions> = {};
		for (const [name, column] of Object.entries(TABLES[table])) columns[name] = { ...common(column), ...columnOf(column) };
		const order = `${prefix}order`;
		return new EntitySchema({
			name: `${prefix}${table}`,
			tableName: `${prefix}${table}`,
			...(schema === undefined ? {} : { schema }),
			columns,
			indices: Object.entries<Index<string>>(INDEXES[table] ?? {}).map(([name, index]) => ({
				name: `${prefix}${table}_${name}`,
				...index,
				columns: [...index.columns],
			})),
			foreignKeys: OF_ORDER.includes(table)
				? [
						{
							name: `${prefix}${table}_order_id_fkey`,
							target: order,
							columnNames: ['order_id'],
							referencedColumnNames: ['id'],
							onDelete: 'CASCADE',
						},
					]
				: [],
		});
	};
	return Object.fromEntries(TABLE_NAMES.map((table) => [table, entity(table)])) as Record<TableName, EntitySchema>;
}

const common = ({ nullable, primary, generated, default: value }: Column): Omit<EntitySchemaColumnOptions, 'type'> => ({
	nullable,
	primary: primary ?? false,
	...(generated ? { generated: 'increment' } : {}),
	...(value === undefined ? {} : { default: value }),
});

/** A time is ISO text: it sorts as it should and keeps its milliseconds. */
const columnOnSqlite = ({ type }: Column): EntitySchemaColumnOptions => ({ type: type === 'integer' ? 'integer' : 'text' });

function columnOnPostgres({ type, generated }: Column): EntitySchemaColumnOptions {
	if (type === 'time') return { type: 'timestamptz', precision: 3 };
	if (type === 'integer') return { type: generated ? 'bigint' : 'integer', ...(generated ? { generatedIdentity: 'ALWAYS' } : {}) };
	// Sorted as SQLite sorts it, by bytes.
	return { type: 'text', collation: 'C' };
}
