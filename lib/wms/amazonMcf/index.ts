/**
 * Amazon Multi-Channel Fulfillment (Selling Partner API, Fulfillment Outbound 2020-07-01). The seller's order id is our reference, of which
 * Amazon takes one. Its list tells only of orders whose status changed, and a first package changes none, so each order that the store waits
 * for is asked about in turn, those that changed first.
 */
import type { HttpAccount } from '../../http/Http';
import type { Wms } from '../Wms';
import { listShipments } from './polling';
import { LIMITS, toRequest, type AmazonMcfRequest } from './request';
import { cancelOrder, createOrder, findOrder, type AmazonMcfSettings } from './sending';

export { AMAZON_LIMIT, amazonFeedback, operationOf } from './api';
export { SPEEDS, type AmazonMcfRequest } from './request';
export type { AmazonMcfSettings } from './sending';

export const amazonMcfWms: Wms<HttpAccount, AmazonMcfRequest, AmazonMcfSettings> = {
	code: 'amazonMcf',
	label: 'Amazon MCF',
	limits: LIMITS,
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: ({ http, account }, settings) => ({
		source: `wms:amazonMcf:${account}`,
		findOrder: async (reference) => await findOrder(http, reference),
		createOrder: async (request) => await createOrder(http, settings, request),
		listShipments: (cursor, waiting) => listShipments(http, cursor, waiting),
		cancelOrder: async (order) => await cancelOrder(http, order),
	}),
};
