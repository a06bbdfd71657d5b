/**
 * The parameters of a warehouse with an API of its own. No expressions: n8n resolves them once, for the first order; placeholders are filled for each.
 */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULTS } from '../../../lib/wms/genericHttp';

const { create, cancel, shipments } = DEFAULTS;
export const LOOK_UP = DEFAULTS.lookUp ?? { ...create, listPath: '', referencePath: '', statusPath: '', canceledStatuses: [] };

const METHODS = (['GET', 'PATCH', 'POST', 'PUT', 'DELETE'] as const)
	.map((method) => ({ name: method, value: method }))
	.sort((a, b) => a.name.localeCompare(b.name));

const method = (value: string): INodeProperties => ({
	displayName: 'Method',
	name: 'method',
	type: 'options',
	noDataExpression: true,
	options: METHODS,
	default: value,
	description: 'The HTTP method of the request',
});

const text = (displayName: string, name: string, value: string, description: string, placeholder?: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	noDataExpression: true,
	default: value,
	description,
	...(placeholder === undefined ? {} : { placeholder }),
});

const body = (value: string, names: string): INodeProperties => ({
	displayName: 'Body',
	name: 'body',
	type: 'json',
	noDataExpression: true,
	typeOptions: { rows: value === '' ? 4 : 14 },
	default: value,
	description: `JSON; blank = none. Placeholders in quotes: ${names}. {total|number} gives a number, {a ?? b} the first that is filled, {a ?} leaves the field out when it is blank.`,
});

/** A group of fields, all in sight once it is added; until then they are as they stand there. (n8n fails on a group that is there by default.) */
const group = (
	displayName: string,
	name: string,
	description: string,
	show: Record<string, Array<string | boolean>>,
	values: INodeProperties[],
): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: { multipleValues: false },
	placeholder: `Add ${displayName}`,
	description,
	default: {},
	displayOptions: { show: { wms: ['genericHttp'], ...show } },
	options: [{ displayName: 'Request', name: 'request', values }],
});

const ANSWER = 'dots between the names, such as data.orders.0.id';

export const sendProperties: INodeProperties[] = [
	group('Create Request', 'httpCreate', 'How an order is handed over', { operation: ['send'] }, [
		method(create.method),
		text(
			'Path',
			'path',
			create.path,
			'Below the address of the credential, with {reference} and other fields of the order where they are needed',
			'/orders',
		),
		body(
			create.body ?? '',
			'{reference}, {shippingAddress.city}, any field of the order; {"$each": "lines", "$as": {"sku": "{line.sku}"}} for a list',
		),
		text(
			'ID Path',
			'idPath',
			create.idPath,
			`Where the answer has the warehouse's key of the order: ${ANSWER}. Blank = our reference is the key.`,
		),
		text(
			'Error Path',
			'errorPath',
			create.errorPath,
			'Where an answer has the words of an error. An answer of status 200 that has any is a refusal, too.',
			'error.message',
		),
	]),
	{
		displayName: 'Orders Can Be Looked Up',
		name: 'httpCanLookUp',
		type: 'boolean',
		noDataExpression: true,
		default: true,
		description:
			'Whether the API can be asked for an order by our reference. If not, an order whose sending had no answer is an error that a person must look into, for it must not be sent twice.',
		displayOptions: { show: { wms: ['genericHttp'] } },
	},
	group(
		'Look-Up Request',
		'httpLookUp',
		'How the API is asked for an order: before sending, after a time-out, and before canceling',
		{ httpCanLookUp: [true] },
		[
			method(LOOK_UP.method),
			text('Path', 'path', LOOK_UP.path, 'With {reference}', '/orders?reference={reference}'),
			body('', '{reference}'),
			text(
				'List Path',
				'listPath',
				LOOK_UP.listPath,
				`Where the answer has the order, or the list of orders: ${ANSWER}. Blank = the answer itself.`,
			),
			text(
				'Reference Path',
				'referencePath',
				LOOK_UP.referencePath,
				'Where an order has our reference. Only an order with exactly this one counts.',
			),
			text('ID Path', 'idPath', LOOK_UP.idPath, "Where an order has the warehouse's key; blank = our reference is the key"),
			text('Status Path', 'statusPath', LOOK_UP.statusPath, 'Where an order has its status, to verify cancellations; blank = not at all'),
			text(
				'Canceled Statuses',
				'canceledStatuses',
				LOOK_UP.canceledStatuses.join(', '),
				'Statuses of a canceled order, separated by commas',
			),
		],
	),
	group('Cancel Request', 'httpCancel', 'How an order is canceled', { operation: ['cancel'] }, [
		method(cancel?.method ?? 'POST'),
		text(
			'Path',
			'path',
			cancel?.path ?? '',
			'With {wmsOrderId} or {reference}; blank = the API cannot be asked to cancel',
			'/orders/{wmsOrderId}/cancel',
		),
		body('', '{wmsOrderId}, {reference}'),
	]),
];

const { paths, statuses } = shipments;

export const pollProperties: INodeProperties[] = [
	group('Shipments Request', 'httpShipments', 'How the API is asked for shipments, and where its answer has what', {}, [
		method(shipments.method),
		text(
			'Path',
			'path',
			shipments.path,
			'With {since} (or {since|unix}, {since|date}), {page}, {offset}, {limit}, {cursor ?}; with {reference} or {wmsOrderId} when each order is asked about',
			'/shipments?updatedSince={since}&page={page}',
		),
		body('', '{since}, {page}, {limit}, {cursor ?}'),
		{
			displayName: 'Paging',
			name: 'paging',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Address of the Next Page', value: 'link', description: 'The answer has it at Next Path' },
				{ name: 'Cursor of the Next Page', value: 'cursor', description: 'The answer has it at Next Path; {cursor ?} takes it' },
				{
					name: 'Each Order That Is Waited For',
					value: 'waiting',
					description: 'For an API without a list of changes; {reference} or {wmsOrderId} in the path',
				},
				{ name: 'Feed', value: 'feed', description: 'The cursor at Next Path stays valid: the next poll goes on from it' },
				{ name: 'None', value: 'none', description: 'One answer has everything' },
				{ name: 'Number of Entries to Skip', value: 'offset', description: '{offset} counts up; ask for the oldest entries first' },
				{ name: 'Number of the Page', value: 'page', description: '{page} counts up from 1; ask for the oldest entries first' },
			],
			default: 'page',
			description: 'How the API gives long lists',
		},
		{
			displayName: 'Page Size',
			name: 'pageSize',
			type: 'number',
			noDataExpression: true,
			typeOptions: { minValue: 1, maxValue: 1000 },
			default: 100,
			description: 'What {limit} is. A shorter page is the last one, so it must not be more than the API gives.',
		},
		text('Next Path', 'nextPath', shipments.nextPath, 'Where an answer has the cursor or the address of the next page', 'meta.next'),
		text('List Path', 'listPath', shipments.listPath, `Where an answer has its list: ${ANSWER}. Blank = the answer itself.`),
		text(
			'Parcels Path',
			'parcelsPath',
			shipments.parcelsPath,
			'Where an entry of the list has its shipments; blank = each entry is a shipment. The paths below are inside of a shipment, those with ^ in front inside of the entry.',
			'shipments',
		),
		text('Reference Path', 'reference', paths.reference, 'Where our reference stands', '^reference'),
		text('Order ID Path', 'wmsOrderId', paths.wmsOrderId, "Where the warehouse's key of the order stands"),
		text(
			'Shipment ID Path',
			'shipmentId',
			paths.shipmentId,
			'Where the key of the shipment stands; without one, its tracking number is the key',
		),
		text(
			'Status Path',
			'status',
			paths.status,
			'Where the status stands; blank = every shipment was shipped. A status that is not listed below becomes an import failure that names it.',
		),
		text('Shipped Statuses', 'shipped', statuses.shipped.join(', '), 'Separated by commas; upper and lower case are the same'),
		text('Canceled Statuses', 'canceled', statuses.canceled.join(', '), 'What will not be shipped any more'),
		text(
			'Voided Statuses',
			'voided',
			statuses.voided.join(', '),
			'Parcels that are taken back: they were reported as shipped and did not leave',
		),
		text('Waiting Statuses', 'waits', statuses.waits.join(', '), 'What the warehouse still works on'),
		text('Carrier Path', 'carrier', paths.carrier, 'Where the carrier stands'),
		text('Service Path', 'serviceLevel', paths.serviceLevel, 'Where the service of the carrier stands'),
		text('Tracking Number Path', 'trackingNumber', paths.trackingNumber, 'Where the tracking number stands, or a list of several'),
		text('Tracking URL Path', 'trackingUrl', paths.trackingUrl, 'Where the address for tracking stands'),
		text(
			'Shipped At Path',
			'shippedAt',
			paths.shippedAt,
			'Where the time stands at which it left: 2026-11-23T18:00:00Z (without an offset it is UTC), or seconds since 1970',
		),
		text(
			'Lines Path',
			'lines',
			paths.lines,
			'Where the list of what is in the shipment stands; blank, or null there = everything that is outstanding',
		),
		text('Line ID Path', 'lineId', paths.lineId, 'Inside of a line: where our line ID stands, if the warehouse repeats it'),
		text('Line SKU Path', 'lineSku', paths.lineSku, 'Inside of a line: where the SKU stands'),
		text('Line Quantity Path', 'lineQuantity', paths.lineQuantity, 'Inside of a line: where the number of pieces stands'),
	]),
];

const onlyHttp = { show: { '/wms': ['genericHttp'] } };
const onlyHttpSend = { show: { '/wms': ['genericHttp'], '/operation': ['send'] } };

/** For both nodes. */
export const sharedOptions: INodeProperties[] = [
	{
		displayName: 'Headers',
		name: 'httpHeaders',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Header',
		default: {},
		description: 'Sent with every request; secrets belong into the credential',
		displayOptions: onlyHttp,
		options: [
			{
				displayName: 'Header',
				name: 'list',
				values: [text('Name', 'name', '', 'Name of the header', 'X-Tenant'), text('Value', 'value', '', 'Value of the header')],
			},
		],
	},
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'What the API allows; 0 = it does not say',
		displayOptions: onlyHttp,
	},
];

export const sendOptions: INodeProperties[] = [
	{
		displayName: 'Field Limits',
		name: 'fieldLimits',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Limit',
		default: {},
		description: 'What the warehouse accepts; an order that does not fit is an error that names the field',
		displayOptions: onlyHttpSend,
		options: [
			{
				displayName: 'Limit',
				name: 'list',
				values: [
					text('Field', 'path', '', 'A field of the order, or of its lines', 'shippingAddress.address1'),
					{
						displayName: 'Longest',
						name: 'maxLength',
						type: 'number',
						noDataExpression: true,
						typeOptions: { minValue: 0 },
						default: 0,
						description: 'How many characters it may have; 0 = any number',
					},
					{
						displayName: 'Required',
						name: 'required',
						type: 'boolean',
						noDataExpression: true,
						default: false,
						description: 'Whether it must be filled',
					},
				],
			},
		],
	},
	{
		displayName: 'Idempotency Header',
		name: 'idempotencyHeader',
		type: 'string',
		default: '',
		placeholder: 'Idempotency-Key',
		description: 'A header in which the API takes a key that makes a repeated request harmless; it gets our reference',
		displayOptions: onlyHttpSend,
	},
	{
		displayName: 'Reference Is Unique',
		name: 'uniqueReference',
		type: 'boolean',
		default: false,
		description:
			'Whether the API refuses a second order with the same reference; then an order is not looked up before it is sent for the first time',
		displayOptions: onlyHttpSend,
	},
];
