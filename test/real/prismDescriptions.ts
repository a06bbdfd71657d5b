/** What Prism checks against, and where the published descriptions are known to be wrong. */
import { HASH } from '../servers/bigCommerce';
import type { PrismDescription } from './prism';

export const BIG_COMMERCE: PrismDescription = {
	file: 'bigcommerce/orders.v2.oas2.yml',
	prefix: `/stores/${HASH}/v2`,
	exceptions: [
		{ operation: 'GET /store', part: 'request', says: 'Selected route not found', reason: 'Part of another description, of the settings of a store.' },
		{ operation: 'GET /orders', part: 'request', place: 'query.sort', says: 'allowed values', reason: 'The list of fields leaves out the direction (date_modified:asc), which the text of the parameter describes; the peer checks both.' },
		{ operation: 'GET /orders', part: 'answer', status: 204, says: 'status code', reason: 'An empty list is answered by 204 without a body, which the description leaves out.' },
		{ operation: 'GET /orders/{id}/products', part: 'request', place: 'header', says: "'content-type'", reason: 'A GET has no body that could have a type; no other GET of the description asks for it.' },
		{ operation: 'GET /orders/{id}/products', part: 'answer', place: 'body.{index}.quantity', says: 'must be integer', inTest: 'makes failures of bad orders', reason: 'The test breaks it.' },
	],
};

export const MAGENTO: PrismDescription = {
	file: 'magento/admin-schema-2.4.9.yaml',
	prefix: '/rest/default',
	exceptions: ['weight', 'qty', 'description'].map((field) => ({
		operation: 'GET /V1/shipments', part: 'answer', place: `body.items.{index}.tracks.{track}.${field}`, says: 'must be',
		reason: 'Null until somebody gives it: the description is made from annotations of PHP, which leave out that these may be null, and a track of /ship has no such fields.',
	})),
};
