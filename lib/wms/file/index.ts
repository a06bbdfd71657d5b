export { fileWms, fileWmsFor } from './fileWms';
export { ORDER_COLUMNS, orderFileName, type FileWmsRequest } from './request';
export type { FileWmsSettings } from './settings';
