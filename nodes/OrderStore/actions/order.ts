/** Operations that people use on orders: edit, reprocess, reset, archive, delete. */
import { NodeOperationError, type INodeProperties } from 'n8n-workflow';
import { archiveOrder, deleteOrder } from '../../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../../lib/fulfillment/reprocessOrder';
import { cancelOrders } from '../../../lib/fulfillment/cancelOrders';
import { markNotReceived, markReceived, resolveAlert } from '../../../lib/fulfillment/settleAlerts';
import { SETTLED_BY_PERSON, type AlertCode } from '../../../lib/order/alerts';
import { FulfillmentError } from '../../../lib/order/errors';
import { SETTABLE_PATHS } from '../../../lib/order/layers';
import type { JsonValue } from '../../../lib/order/order';
import { takesAnything } from '../../shared/checkParameters';
import { nodeActor, toItem, workerName } from '../../shared/context';
import { orderIdAt, orderIdProperty } from '../../shared/orderIds';
import { addedLines, unbundle } from './madeOrders';
import { titleOf } from './orderFilters';
import { requestAt, type OrderStoreOperation } from './operation';

const forceProperty = (description: string): INodeProperties => ({
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: false,
	description,
});

const edit: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Edit',
		value: 'edit',
		action: 'Edit an order',
		description: 'Change fields of an order. Edits are kept when the order is reprocessed; the timeline shows old and new values.',
	},
	properties: [
		orderIdProperty,
		{
			displayName: 'Fields',
			name: 'fields',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Field',
			default: {},
			options: [
				{
					displayName: 'Field',
					name: 'list',
					values: [
						{
							displayName: 'Field',
							name: 'field',
							type: 'options',
							options: [...SETTABLE_PATHS.map((path) => ({ name: path, value: path })), { name: 'Another Field', value: 'other' }].sort(
								(a, b) => a.name.localeCompare(b.name),
							),
							default: 'shippingAddress.address1',
						},
						{
							displayName: 'Path',
							name: 'path',
							type: 'string',
							default: '',
							placeholder: 'lines.<line ID>.quantity',
							description: 'Such as custom.costCenter, lines.&lt;line ID&gt;.quantity or lines.&lt;line ID&gt;.sku',
							displayOptions: { show: { field: ['other'] } },
						},
						takesAnything({ displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Empty clears the field' }),
					],
				},
			],
		},
	],
	async each(context, orderStore, itemIndex) {
		const fields = context.getNodeParameter('fields', itemIndex, {}) as { list?: unknown };
		// An expression can give anything.
		const list = (Array.isArray(fields.list) ? fields.list : []).filter(
			(each): each is { field: string; path?: string; value: JsonValue } => typeof each === 'object' && each !== null,
		);
		if (list.length === 0) {
			throw new NodeOperationError(context.getNode(), 'No field to change was given.', {
				itemIndex,
				description: 'Add a field under "Fields".',
			});
		}
		const edits = Object.fromEntries(
			list.map(({ field, path, value }) => {
				const target = field === 'other' ? String(path ?? '').trim() : field;
				return [target, typed(target, value)];
			}),
		);
		return [toItem(await editOrder({ ...requestAt(context, orderStore, itemIndex), edits }), itemIndex)];
	},
};

/** The editor gives text; quantities and yes/no fields are meant as what they are. */
function typed(path: string, value: JsonValue): JsonValue {
	if (typeof value !== 'string') return value;
	if (path.endsWith('.quantity') && /^\d+$/.test(value.trim())) return Number(value);
	if (path === 'signatureRequired' && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === 'true';
	return value;
}

const reprocess: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Reprocess',
		value: 'reprocess',
		action: 'Reprocess an order',
		description:
			'Process the order as if it had just been imported, with its edits. An order that the warehouse has goes back to Open. One that the cart does not want shipped becomes Delayed or Canceled again when the rules run.',
	},
	properties: [orderIdProperty],
	async each(context, orderStore, itemIndex) {
		return [toItem(await reprocessOrder(requestAt(context, orderStore, itemIndex)), itemIndex)];
	},
};

const reset: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Reset',
		value: 'reset',
		action: 'Reset an order to what the cart sent',
		description: 'Go back to what the cart sent: edits, results of rules, attempts and alert are dropped',
	},
	properties: [
		orderIdProperty,
		forceProperty(
			'Whether to reset an order that the warehouse has or may have; make sure that it does not ship it, or it may be shipped twice',
		),
	],
	async each(context, orderStore, itemIndex) {
		return [toItem(await resetOrder(requestAt(context, orderStore, itemIndex)), itemIndex)];
	},
};

const archive: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Archive',
		value: 'archive',
		action: 'Archive an order',
		description: 'Put an order away. It is not processed and not imported again, until it is reset or reprocessed.',
	},
	properties: [
		orderIdProperty,
		{ displayName: 'Reason', name: 'reason', type: 'string', default: '', description: 'Stands in the timeline' },
	],
	async each(context, orderStore, itemIndex) {
		const reason = (context.getNodeParameter('reason', itemIndex, '') as string).trim();
		const request = requestAt(context, orderStore, itemIndex);
		return [toItem(await archiveOrder(reason === '' ? request : { ...request, reason }), itemIndex)];
	},
};

const cancel: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel an order that was not sent',
		description:
			'Cancel an order before it is sent. One that the warehouse has is canceled with WMS Send, which asks the warehouse; or with Force, once you have stopped it there by hand.',
	},
	properties: [
		orderIdProperty,
		{ displayName: 'Reason', name: 'reason', type: 'string', default: '', description: 'Stands in the timeline' },
		forceProperty(
			'Whether to cancel without asking the warehouse, which has or may have the order. Make sure first that it does not ship; if it ships all the same, an alert says so.',
		),
	],
	async each(context, orderStore, itemIndex) {
		const orderId = orderIdAt(context, itemIndex);
		const reason = (context.getNodeParameter('reason', itemIndex, '') as string).trim();
		const [result] = await cancelOrders({
			orderStore,
			warehouse: null,
			orderIds: [orderId],
			reason: reason === '' ? null : reason,
			worker: workerName(context),
			actor: nodeActor(context),
			leaseMs: 60_000,
			force: context.getNodeParameter('force', itemIndex, false) as boolean,
		});
		if (result?.output === 'canceled' && result.order !== null) return [toItem(result.order, itemIndex)];
		throw new FulfillmentError(
			'operation_refused',
			`Order ${result?.order?.orderNumber ?? orderId} was not canceled.`,
			result?.message ?? 'Try again.',
		);
	},
};

const remove: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete an order and all its data',
		description: 'Purge an order with its lines, shipments, timeline and payload. The cart may import it again.',
	},
	properties: [
		orderIdProperty,
		forceProperty(
			'Whether to delete an order that the warehouse had without archiving it first, or that it may have; if the cart imports it again, it may ship twice',
		),
	],
	async each(context, orderStore, itemIndex) {
		const { id, store: storeName, orderNumber } = await deleteOrder(requestAt(context, orderStore, itemIndex));
		return [toItem({ deleted: true, id, store: storeName, orderNumber }, itemIndex)];
	},
};

const received: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Mark as Received',
		value: 'markReceived',
		action: 'Mark an order as received by the warehouse',
		description: 'Say that the warehouse has the order although its answer never came. The order becomes Open, and its shipments count.',
	},
	properties: [
		orderIdProperty,
		{
			displayName: 'Warehouse Order ID',
			name: 'wmsOrderId',
			type: 'string',
			default: '',
			description: 'The key by which the warehouse knows the order, if it has one of its own; its reports may name only that',
		},
	],
	async each(context, orderStore, itemIndex) {
		const wmsOrderId = String(context.getNodeParameter('wmsOrderId', itemIndex, '') ?? '').trim();
		return [
			toItem(
				await markReceived({ ...requestAt(context, orderStore, itemIndex), wmsOrderId: wmsOrderId === '' ? null : wmsOrderId }),
				itemIndex,
			),
		];
	},
};

const notReceived: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Mark as Not Received',
		value: 'markNotReceived',
		action: 'Mark an order as not received by the warehouse',
		description:
			'Say that the warehouse does not have the order. It becomes New, goes through the rules and is sent again under the same reference, or under a new one if the warehouse has another order under that reference.',
	},
	properties: [orderIdProperty],
	async each(context, orderStore, itemIndex) {
		return [toItem(await markNotReceived(requestAt(context, orderStore, itemIndex)), itemIndex)];
	},
};

const resolve: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Resolve Alert',
		value: 'resolveAlert',
		action: 'Resolve an alert of an order',
		description: 'Confirm that you did what the alert says, where the nodes cannot see it. Other alerts end when their cause is settled.',
	},
	properties: [
		orderIdProperty,
		{
			displayName: 'Alert',
			name: 'alertCode',
			type: 'options',
			options: [
				{ name: 'All of These', value: 'all' },
				...SETTLED_BY_PERSON.map((code) => ({ name: titleOf(code), value: code })).sort((a, b) => a.name.localeCompare(b.name)),
			],
			default: 'all',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			placeholder: 'Told the warehouse by phone',
			description: 'Stands in the timeline',
		},
	],
	async each(context, orderStore, itemIndex) {
		const code = context.getNodeParameter('alertCode', itemIndex, 'all') as AlertCode | 'all';
		const reason = String(context.getNodeParameter('reason', itemIndex, '') ?? '').trim();
		const request = {
			...requestAt(context, orderStore, itemIndex),
			codes: code === 'all' ? code : [code],
			reason: reason === '' ? null : reason,
		};
		return [toItem(await resolveAlert(request), itemIndex)];
	},
};

export const orderActions: OrderStoreOperation[] = [
	archive,
	cancel,
	remove,
	edit,
	notReceived,
	received,
	reprocess,
	reset,
	resolve,
	addedLines,
	unbundle,
];
