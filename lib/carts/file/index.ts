export { fileCart } from './fileCart';
export type { FileCartSettings } from './settings';
export { TRACKING_COLUMNS } from './tracking';
export { isDecimalSeparator } from './numbers';
