/** What carts gave: pages of orders. */
export { importPage } from './imports';
