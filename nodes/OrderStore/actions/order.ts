/** Operations that people use on orders: edit, reprocess, reset, archive, delete. */
import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import {
	archiveOrder,
	deleteOrder,
	editOrder,
	reprocessOrder,
	resetOrder,
	type OperationRequest,
} from '../../../lib/fulfillment/orderOperations';
import { unbundleOrder } from '../../../lib/fulfillment/bundles';
import { cancelOrders } from '../../../lib/fulfillment/cancelOrders';
import { FulfillmentError } from '../../../lib/order/errors';
import { SETTABLE_PATHS } from '../../../lib/order/layers';
import type { JsonValue } from '../../../lib/order/order';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { nodeActor, toItem, workerName } from '../../shared/context';
import { orderIdAt, orderIdProperty } from '../../shared/orderIds';
import type { StoreOperation } from './operation';

const requestAt = (context: IExecuteFunctions, store: OrderStore, itemIndex: number): OperationRequest => ({
	store,
	orderId: orderIdAt(context, itemIndex),
	actor: nodeActor(context),
	force: context.getNodeParameter('force', itemIndex, false) as boolean,
});

const forceProperty = (description: string): INodeProperties => ({
	displayName: 'Force',
	name: 'force',
	type: 'boolean',
	default: false,
	description,
});

const edit: StoreOperation = {
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
						{ displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Empty clears the field' },
					],
				},
			],
		},
	],
	async each(context, store, itemIndex) {
		const { list = [] } = context.getNodeParameter('fields', itemIndex, {}) as {
			list?: Array<{ field: string; path?: string; value: JsonValue }>;
		};
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
		return [toItem(await editOrder({ ...requestAt(context, store, itemIndex), edits }), itemIndex)];
	},
};

/** The editor gives text; quantities and yes/no fields are meant as what they are. */
function typed(path: string, value: JsonValue): JsonValue {
	if (typeof value !== 'string') return value;
	if (path.endsWith('.quantity') && /^\d+$/.test(value.trim())) return Number(value);
	if (path === 'signatureRequired' && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === 'true';
	return value;
}

const reprocess: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Reprocess',
		value: 'reprocess',
		action: 'Reprocess an order',
		description: 'As if it had just been imported, with its edits. An order that the warehouse has goes back to Open.',
	},
	properties: [orderIdProperty],
	async each(context, store, itemIndex) {
		return [toItem(await reprocessOrder(requestAt(context, store, itemIndex)), itemIndex)];
	},
};

const reset: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Reset',
		value: 'reset',
		action: 'Reset an order to what the cart sent',
		description: 'Back to what the cart sent: edits, results of rules, attempts and alert are dropped',
	},
	properties: [orderIdProperty, forceProperty('Whether to reset an order that the warehouse has; make sure that it is not there any more')],
	async each(context, store, itemIndex) {
		return [toItem(await resetOrder(requestAt(context, store, itemIndex)), itemIndex)];
	},
};

const archive: StoreOperation = {
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
	async each(context, store, itemIndex) {
		const reason = (context.getNodeParameter('reason', itemIndex, '') as string).trim();
		const request = requestAt(context, store, itemIndex);
		return [toItem(await archiveOrder(reason === '' ? request : { ...request, reason }), itemIndex)];
	},
};

const cancel: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel an order that was not sent',
		description: 'Cancel an order before it is sent. One that the warehouse has is canceled with WMS Send, which asks the warehouse.',
	},
	properties: [
		orderIdProperty,
		{ displayName: 'Reason', name: 'reason', type: 'string', default: '', description: 'Stands in the timeline' },
	],
	async each(context, store, itemIndex) {
		const orderId = orderIdAt(context, itemIndex);
		const reason = (context.getNodeParameter('reason', itemIndex, '') as string).trim();
		const [result] = await cancelOrders({
			store,
			warehouse: null,
			orderIds: [orderId],
			reason: reason === '' ? null : reason,
			worker: workerName(context),
			actor: nodeActor(context),
			leaseMs: 60_000,
		});
		if (result?.output === 'canceled' && result.order !== null) return [toItem(result.order, itemIndex)];
		throw new FulfillmentError('operation_refused', `Order ${result?.order?.orderNumber ?? orderId} was not canceled.`, result?.message ?? 'Try again.');
	},
};

const remove: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete an order and all its data',
		description: 'Purge an order with its lines, shipments, timeline and payload. The cart may import it again.',
	},
	properties: [
		orderIdProperty,
		forceProperty('Whether to delete an order that the warehouse had without archiving it first; if the cart imports it again, it may ship twice'),
	],
	async each(context, store, itemIndex) {
		const { id, store: storeName, orderNumber } = await deleteOrder(requestAt(context, store, itemIndex));
		return [toItem({ deleted: true, id, store: storeName, orderNumber }, itemIndex)];
	},
};

const unbundle: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Unbundle',
		value: 'unbundle',
		action: 'Take a bundle of orders apart',
		description: 'Before it is sent: the orders in it are New again, as they were, and the same rule does not bundle them again',
	},
	properties: [{ ...orderIdProperty, description: 'The bundle, or one of the orders in it' }],
	async each(context, store, itemIndex) {
		const orders = await unbundleOrder(requestAt(context, store, itemIndex));
		return orders.map((order) => toItem(order, itemIndex));
	},
};

export const orderActions: StoreOperation[] = [archive, cancel, remove, edit, reprocess, reset, unbundle];
