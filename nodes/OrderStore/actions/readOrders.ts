/** Operations that read orders, their shipments, timelines and import failures. */
import { NodeOperationError } from 'n8n-workflow';
import { addNote as noteOn } from '../../../lib/fulfillment/addNote';
import { nodeActor, toItem } from '../../shared/context';
import { orderIdAt, orderIdProperty, unknownOrder } from '../../shared/orderIds';
import { filterProperty, queryAt } from './orderFilters';
import { readAll, returnAllProperties, storesAt, storesProperty, type OrderStoreOperation } from './operation';

const get: OrderStoreOperation = {
	resource: 'order',
	option: { name: 'Get', value: 'get', action: 'Get an order', description: 'Read one order with its lines and shipments' },
	properties: [
		orderIdProperty,
		{
			displayName: 'Include Source Payload',
			name: 'includePayload',
			type: 'boolean',
			default: false,
			description: 'Whether to add the order as the cart gave it, in the field "payload"',
		},
	],
	async each(context, orderStore, itemIndex) {
		const id = orderIdAt(context, itemIndex);
		const order = await orderStore.get(id);
		if (order === null) throw unknownOrder(context, id, itemIndex);
		const payload = context.getNodeParameter('includePayload', itemIndex, false) === true ? { payload: await orderStore.payload(id) } : {};
		return [toItem({ ...order, ...payload }, itemIndex)];
	},
};

const getMany: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many orders',
		description: 'Search orders by status, store, date, text and more',
	},
	properties: [...returnAllProperties, filterProperty],
	async each(context, orderStore, itemIndex) {
		const query = queryAt(context, itemIndex);
		const orders = await readAll(context, itemIndex, async (limit, after) => await orderStore.search({ ...query, limit, after }));
		return orders.map((order) => toItem(order, itemIndex));
	},
};

const statistics: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Get Statistics',
		value: 'statistics',
		action: 'Get statistics of orders',
		description: 'Orders per status, store and day, and the time to ship',
	},
	properties: [
		storesProperty,
		{
			displayName: 'Days',
			name: 'days',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 366 },
			default: 30,
			description: 'How many days back the daily figures go',
		},
	],
	async each(context, orderStore, itemIndex) {
		const days = context.getNodeParameter('days', itemIndex, 30) as number;
		return [toItem(await orderStore.statistics({ ...storesAt(context, itemIndex), days }), itemIndex)];
	},
};

const shipments: OrderStoreOperation = {
	resource: 'shipment',
	option: { name: 'Get Many', value: 'getAll', action: 'Get many shipments', description: 'Read the shipments of an order' },
	properties: [orderIdProperty],
	async each(context, orderStore, itemIndex) {
		const id = orderIdAt(context, itemIndex);
		const order = await orderStore.get(id);
		if (order === null) throw unknownOrder(context, id, itemIndex);
		return order.shipments.map((shipment) => toItem(shipment, itemIndex));
	},
};

const timeline: OrderStoreOperation = {
	resource: 'timeline',
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the timeline of an order',
		description: 'Read everything that happened to an order, oldest first',
	},
	properties: [orderIdProperty],
	async each(context, orderStore, itemIndex) {
		const id = orderIdAt(context, itemIndex);
		const entries = await orderStore.timeline(id);
		// Every order has at least the entry of its import.
		if (entries.length === 0) throw unknownOrder(context, id, itemIndex);
		return entries.map((item) => toItem(item, itemIndex));
	},
};

const addNote: OrderStoreOperation = {
	resource: 'timeline',
	option: {
		name: 'Add Note',
		value: 'addNote',
		action: 'Add a note to the timeline',
		description: 'Write a note into the timeline of an order',
	},
	properties: [
		orderIdProperty,
		{ displayName: 'Note', name: 'note', type: 'string', typeOptions: { rows: 3 }, default: '', required: true },
	],
	async each(context, orderStore, itemIndex) {
		const text = String(context.getNodeParameter('note', itemIndex) ?? '').trim();
		if (text === '') {
			throw new NodeOperationError(context.getNode(), 'The note is empty.', { itemIndex, description: 'Write something under "Note".' });
		}
		const id = orderIdAt(context, itemIndex);
		if (!(await noteOn({ orderStore, orderId: id, text, actor: nodeActor(context) }))) throw unknownOrder(context, id, itemIndex);
		return [toItem({ orderId: id, note: text }, itemIndex)];
	},
};

const importFailures: OrderStoreOperation = {
	resource: 'importFailure',
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many import failures',
		description: 'Read the orders and reports that could not be imported, with the reason and the remedy',
	},
	properties: [
		...returnAllProperties,
		storesProperty,
		{
			displayName: 'Only Open Ones',
			name: 'openOnly',
			type: 'boolean',
			default: true,
			description: 'Whether to leave out failures that were imported after all',
		},
	],
	async each(context, orderStore, itemIndex) {
		const query = { ...storesAt(context, itemIndex), openOnly: context.getNodeParameter('openOnly', itemIndex, true) as boolean };
		const failures = await readAll(context, itemIndex, async (limit, after) => await orderStore.importFailures({ ...query, limit, after }));
		return failures.map((failure) => toItem(failure, itemIndex));
	},
};

export const readingActions: OrderStoreOperation[] = [get, getMany, statistics, shipments, addNote, timeline, importFailures];
