/** What people tell about a warehouse's API, and what is assumed until they do: the API in the documentation. */
import { FulfillmentError } from '../../order/errors';
import type { FieldLimit } from '../Wms';
import { readyRequest, type ReadyRequest, type RequestSettings } from './template';

interface CreateSettings extends RequestSettings {
	/** Where the answer has the warehouse's key of the order; '' = our reference is the key. */
	idPath: string;
	/** Where an answer has the words of an error; also one of status 200 that has them is a refusal. '' = common places, of errors only. */
	errorPath: string;
}

export interface LookUpSettings extends RequestSettings {
	/** Where the answer has the order, or a list of orders; '' = the answer itself. */
	listPath: string;
	/** Where an order has our reference: filters of APIs often give more than was asked for. */
	referencePath: string;
	idPath: string;
	/** Where an order has its status; '' = it is not looked at. */
	statusPath: string;
	canceledStatuses: readonly string[];
}

export type Paging = 'none' | 'page' | 'offset' | 'cursor' | 'link' | 'feed' | 'waiting';

/** Paths within an entry; "^" in front: within what the package stands in. */
interface ReportPaths {
	reference: string;
	wmsOrderId: string;
	shipmentId: string;
	status: string;
	carrier: string;
	serviceLevel: string;
	trackingNumber: string;
	trackingUrl: string;
	shippedAt: string;
	lines: string;
	lineId: string;
	lineSku: string;
	lineQuantity: string;
}

export interface ShipmentSettings extends RequestSettings {
	/**
	 * page, offset: numbers that count up. cursor: the answer says how to go on. link: the answer has the address of the next page. feed: the
	 * answer says how to go on, also at the next poll. waiting: each order that is waited for is asked about.
	 */
	paging: Paging;
	pageSize: number;
	/** Where an answer has the next cursor or address. */
	nextPath: string;
	listPath: string;
	/** Where an entry has its packages; '' = an entry is a package. */
	parcelsPath: string;
	paths: ReportPaths;
	/** Statuses that mean so, in any letter case; any other is an import failure that names it. Without a status path all are shipped. */
	statuses: Readonly<Record<'shipped' | 'canceled' | 'voided' | 'waits', readonly string[]>>;
}

export interface HttpWmsSettings {
	create: CreateSettings;
	lookUp: LookUpSettings | null;
	cancel: RequestSettings | null;
	shipments: ShipmentSettings;
	/** The warehouse refuses a second order with the same reference. */
	uniqueReference: boolean;
	limits: readonly FieldLimit[];
}

const DEFAULT_BODY = `{
  "reference": "{reference}",
  "orderNumber": "{orderNumber}",
  "shippingMethod": "{serviceLevel ?? shippingMethod ?}",
  "shipTo": {
    "name": "{shippingAddress.name}",
    "company": "{shippingAddress.company ?}",
    "address1": "{shippingAddress.address1}",
    "address2": "{shippingAddress.address2 ?}",
    "city": "{shippingAddress.city}",
    "region": "{shippingAddress.region ?}",
    "postalCode": "{shippingAddress.postalCode ?}",
    "country": "{shippingAddress.country}",
    "phone": "{shippingAddress.phone ?? customer.phone ?}",
    "email": "{shippingAddress.email ?? customer.email ?}"
  },
  "items": {
    "$each": "lines",
    "$as": { "lineId": "{line.id}", "sku": "{line.sku}", "name": "{line.name}", "quantity": "{line.quantity}" }
  }
}`;

export const DEFAULTS: HttpWmsSettings = {
	create: { method: 'POST', path: '/orders', body: DEFAULT_BODY, idPath: 'id', errorPath: '' },
	lookUp: {
		method: 'GET',
		path: '/orders?reference={reference}',
		listPath: 'orders',
		referencePath: 'reference',
		idPath: 'id',
		statusPath: 'status',
		canceledStatuses: ['canceled'],
	},
	cancel: { method: 'POST', path: '/orders/{wmsOrderId}/cancel' },
	shipments: {
		method: 'GET',
		path: '/shipments?updatedSince={since}&page={page}&limit={limit}',
		paging: 'page',
		pageSize: 100,
		nextPath: '',
		listPath: 'shipments',
		parcelsPath: '',
		paths: {
			reference: 'reference',
			wmsOrderId: 'orderId',
			shipmentId: 'id',
			status: 'status',
			carrier: 'carrier',
			serviceLevel: 'service',
			trackingNumber: 'trackingNumber',
			trackingUrl: 'trackingUrl',
			shippedAt: 'shippedAt',
			lines: 'items',
			lineId: 'lineId',
			lineSku: 'sku',
			lineQuantity: 'quantity',
		},
		statuses: { shipped: ['shipped'], canceled: ['canceled'], voided: ['voided'], waits: ['open', 'picking', 'packed'] },
	},
	uniqueReference: false,
	limits: [],
};

const ORDER_ROOTS = new Set([
	'id',
	'store',
	'cart',
	'externalId',
	'orderNumber',
	'reference',
	'merchant',
	'orderedAt',
	'customer',
	'billingAddress',
	'shippingAddress',
	'lines',
	'shippingMethod',
	'carrier',
	'serviceLevel',
	'warehouse',
	'requestedShipDate',
	'signatureRequired',
	'insuredAmount',
	'thirdPartyAccount',
	'giftMessage',
	'shippingNotes',
	'currency',
	'subtotal',
	'shippingAmount',
	'taxAmount',
	'discountAmount',
	'total',
	'discountCodes',
	'tags',
	'notes',
	'custom',
	'description',
	'parentId',
]);
const NAMED = new Set(['reference', 'wmsOrderId']);
const PAGED = new Set(['since', 'page', 'offset', 'limit', 'cursor']);

interface ReadyRequests {
	create: ReadyRequest;
	lookUp: ReadyRequest | null;
	cancel: ReadyRequest | null;
	shipments: ReadyRequest;
}

/** Throws FulfillmentError `invalid_input` that names the request and what is wrong with it. */
export function readyRequests({ create, lookUp, cancel, shipments }: HttpWmsSettings): ReadyRequests {
	if (lookUp !== null && lookUp.referencePath.trim() === '') {
		throw new FulfillmentError(
			'invalid_input',
			'Look-Up Request: it does not say where an order has the reference.',
			'Fill Reference Path: an answer only counts when it holds the reference that was asked for.',
		);
	}
	return {
		create: readyRequest(create, ORDER_ROOTS, 'Create Request'),
		lookUp: lookUp === null ? null : readyRequest(lookUp, NAMED, 'Look-Up Request'),
		cancel: cancel === null ? null : readyRequest(cancel, NAMED, 'Cancel Request'),
		shipments: readyRequest(shipments, shipments.paging === 'waiting' ? NAMED : PAGED, 'Shipments Request'),
	};
}
