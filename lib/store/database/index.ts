/** The room of the database itself: what the other rooms need of it. */
export type { Having } from './columns';
export { checkConfig, targetOf } from './config';
export { openDataSource } from './dataSource';
export { POSTGRES, SQLITE } from './dialect';
export { translated } from './errors';
export { newId } from './ids';
export { forgetMeta, identify, type MetaKey, metaOf, setMeta } from './meta';
export { migrate } from './migrate';
export { type Database, openDatabase, type Session, type Transaction } from './session';
export { all, chosen, identifier, listed, NOTHING, sql, type Sql, word } from './sql';
export { isIn } from './statusSql';
export {
	column,
	type ConnectionRow,
	type ContentRow,
	type ImportFailureRow,
	type OrderRow,
	type RenamedStoreRow,
	type RuleSetRow,
	type SendingRow,
	type ShipmentRow,
	tableNames,
	type TableNames,
	type TimelineRow,
	type WmsEventRow,
} from './tables';
export { unknownWord } from './rowParser';
export { after, chunks, DAY_MS, jsonOf, paired, parse, resolved, sameJson, searchable, storableDate, stored, surely } from './values';
