/**
 * What TypeORM knows of the tables. Schemas, not decorators: decorators register in a global that n8n's own fork of TypeORM
 * shares, and either of the two then crashes.
 */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { schemaOf, tablePrefixOf, type StoreConfig } from './config';
import {
	CONTROL_NUMBER, CURSOR, DELETED_ORDER, IMPORT_FAILURE, ORDER, ORDER_CONTENT, RULE_SET, SHIPMENT, TIMELINE, WMS_EVENT,
	type Columns, type ImportFailureRow, type RowOf, type RuleSetRow, type TableName, type TimelineRow,
} from './tables';

const PRIMARY: Record<TableName, readonly string[]> = {
	order: ['id'],
	order_content: ['order_id'],
	shipment: ['id'],
	wms_event: ['order_id', 'kind', 'external_id'],
	timeline: ['seq'],
	cursor: ['source'],
	import_failure: ['id'],
	rule_set: ['name', 'version'],
	control_number: ['sequence', 'key'],
	deleted_order: ['hash'],
};

export interface Entities {
	order: EntitySchema<RowOf<typeof ORDER>>;
	order_content: EntitySchema<RowOf<typeof ORDER_CONTENT>>;
	shipment: EntitySchema<RowOf<typeof SHIPMENT>>;
	wms_event: EntitySchema<RowOf<typeof WMS_EVENT>>;
	timeline: EntitySchema<TimelineRow & { seq: number }>;
	cursor: EntitySchema<RowOf<typeof CURSOR>>;
	import_failure: EntitySchema<ImportFailureRow>;
	rule_set: EntitySchema<RuleSetRow>;
	control_number: EntitySchema<RowOf<typeof CONTROL_NUMBER>>;
	deleted_order: EntitySchema<RowOf<typeof DELETED_ORDER>>;
}

export function buildEntities(config: StoreConfig): Entities {
	const postgres = config.kind === 'postgres';
	const schema = schemaOf(config);
	const prefix = tablePrefixOf(config);

	const column = (table: TableName, name: string, type: string): EntitySchemaColumnOptions => {
		const plain = type.replace('?', '');
		return {
			// On SQLite a time is ISO text: it sorts as it should and keeps its milliseconds.
			type: plain === 'time' ? (postgres ? 'timestamptz' : 'text') : plain === 'integer' ? 'integer' : 'text',
			...(plain === 'time' && postgres ? { precision: 3 } : {}),
			nullable: type.endsWith('?'),
			primary: PRIMARY[table].includes(name),
		};
	};
	const entity = <Row extends object>(table: TableName, columns: Columns): EntitySchema<Row> =>
		new EntitySchema<Row>({
			name: `${prefix}${table}`,
			tableName: `${prefix}${table}`,
			...(schema === undefined ? {} : { schema }),
			columns: {
				...Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, column(table, name, type)])),
				...(table === 'timeline' ? { seq: { type: postgres ? 'bigint' : 'integer', primary: true, generated: 'increment' } } : {}),
			} as never,
		});

	return {
		order: entity('order', ORDER),
		order_content: entity('order_content', ORDER_CONTENT),
		shipment: entity('shipment', SHIPMENT),
		wms_event: entity('wms_event', WMS_EVENT),
		timeline: entity('timeline', TIMELINE),
		cursor: entity('cursor', CURSOR),
		import_failure: entity('import_failure', IMPORT_FAILURE),
		rule_set: entity('rule_set', RULE_SET),
		control_number: entity('control_number', CONTROL_NUMBER),
		deleted_order: entity('deleted_order', DELETED_ORDER),
	};
}
