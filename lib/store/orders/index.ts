/** Orders as they lie in the tables: rows, reading, search, the timeline, and the keys that stay reserved. */
export { deleteRows } from './deletion';
export { eventsOf } from './events';
export { asImported, fullRows, getMany, getManyWithLayers, layers, ordersOf, payload, readOrders, shipmentRows } from './reading';
export { insertUnderFreeKeys, keyedHashes, ofDeleted, REFERENCE_TRIES, reserved, reserveKeys } from './reservedKeys';
export {
	alertColumns,
	contentColumns,
	FULL_ROW,
	type FullRow,
	layersOf,
	orderOf,
	type Progress,
	READ_ROW,
	type ReadRow,
	snapshotHash,
	storedAlerts,
	UNTOUCHED,
} from './rows';
export { search } from './search';
export { rowOf, shipmentOf } from './shipmentRows';
export { standings } from './standings';
export { append, type EntryOf, timelineOf, timelineRow } from './timeline';
