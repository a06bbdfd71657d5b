/** What Prism checks against, and where the published descriptions are known to be wrong. */
import { HASH } from '../../testing/servers/bigCommerce';
import type { PrismDescription } from './prism';

const isNull = (value: unknown): boolean => value === null;

export const BIG_COMMERCE: PrismDescription = {
	file: 'bigcommerce/orders.v2.oas2.yml',
	prefix: `/stores/${HASH}/v2`,
	exceptions: [
		{ operation: 'GET /store', part: 'request', says: 'Selected route not found', reason: 'Part of another description, of the settings of a store.' },
		{ operation: 'GET /orders', part: 'request', place: 'query.sort', says: 'allowed values', reason: 'The list of fields leaves out the direction (date_modified:asc), which the text of the parameter describes; the peer checks both.' },
		{ operation: 'GET /orders', part: 'answer', status: 204, says: 'status code', reason: 'An empty list is answered by 204 without a body, which the description leaves out.' },
		{ operation: 'GET /orders/{id}/products', part: 'request', place: 'header', says: "'content-type'", reason: 'A GET has no body that could have a type; no other GET of the description asks for it.' },
		{ operation: 'GET /orders/{id}/products', part: 'answer', place: 'body.{index}.quantity', says: 'must be integer', of: (value) => value === 'many', inTest: 'makes failures of bad orders', reason: 'The test breaks it.' },
	],
};

export const MAGENTO: PrismDescription = {
	file: 'magento/admin-schema-2.4.9.yaml',
	prefix: '/rest/default',
	exceptions: ['weight', 'qty', 'description'].map((field) => ({
		operation: 'GET /V1/shipments', part: 'answer', place: `body.items.{index}.tracks.{track}.${field}`, says: 'must be', of: isNull,
		reason: 'Null until somebody gives it: the description is made from annotations of PHP, which leave out that these may be null, and a track of /ship has no such fields.',
	})),
};

export const SHIP_BOB: PrismDescription = {
	file: 'shipbob/shipbob-openapi-2026-01.json',
	exceptions: [
		{ operation: 'GET /2026-01/product', part: 'answer', place: 'body.items.{index}.variants.{variant}', says: 'exactly one schema in oneOf', reason: 'Neither of the two schemas requires a field, so every variant fits both.' },
	],
};

/** Entries of an answer to several shipments. */
const isRefused = (entry: unknown): boolean => typeof entry === 'object' && entry !== null && 'errors' in entry;

export const SHIP_STATION: PrismDescription = {
	file: 'shipstation/shipstation-v2-openapi.yaml',
	exceptions: [
		{ operation: 'GET /v2/fulfillments', part: 'request', says: 'Selected route not found', reason: 'Newer than this copy of the description; the guides list it, and the peer checks its parameters.' },
		{ operation: 'GET /v2/shipments', part: 'request', place: 'query', says: "'pickup_id'", reason: 'Marked as required, which would allow no list without a pickup; the guides list without it.' },
		...['shipment_number', 'requested_shipment_service', 'warehouse_id', 'ship_by_date', 'confirmation'].map((field) => ({
			operation: 'POST /v2/shipments', part: 'request' as const, place: 'body.shipments.{index}', says: `found '${field}'`, reason: 'A field of a shipment that is not read-only; the list of fields of the request forgets it.',
		})),
		{ operation: 'POST /v2/shipments', part: 'answer', status: 200, place: 'body.shipments.{index}', says: 'must have required property', of: isRefused, reason: 'A shipment that was refused has none of the fields of a shipment, only errors.' },
		{ operation: 'GET /v2/labels', part: 'answer', place: 'body.labels.{index}.voided_at', says: 'must be string', of: isNull, reason: 'The description marks it as x-nullable, which Prism does not know.' },
		{ operation: 'PUT /v2/shipments/{id}/cancel', part: 'answer', status: 204, says: 'media type', reason: 'An answer of 204 has no body that could have a type.' },
	],
};

export const AMAZON_MCF: PrismDescription = { file: 'amazon-sp-api/fulfillmentOutbound_2020-07-01.json', exceptions: [] };
