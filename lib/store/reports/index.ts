/** What warehouses reported of orders, and telling the carts of it. */
export { recordShipments } from './reports';
export { claimUploads, recordUpload } from './uploads';
