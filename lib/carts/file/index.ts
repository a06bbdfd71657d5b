export { fileCart } from './fileCart';
export type { ColumnMapping } from './mapping';
export type { FileCartSettings, FileFormat } from './settings';
export { TRACKING_COLUMNS } from './tracking';
