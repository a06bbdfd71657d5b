export { fileWms, fileWmsFor } from './fileWms';
export { ORDER_COLUMNS, type FileWmsRequest } from './request';
export type { FileWmsSettings } from './settings';
