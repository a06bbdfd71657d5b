/** Operations on what is made of orders: bundles, and orders of added lines. */
import { unbundleOrder } from '../../../lib/fulfillment/bundles';
import { sendAddedLines } from '../../../lib/fulfillment/sendAddedLines';
import { toItem } from '../../shared/context';
import { orderIdProperty } from '../../shared/orderIds';
import { requestAt, type OrderStoreOperation } from './operation';

export const addedLines: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Send Added Lines',
		value: 'sendAddedLines',
		action: 'Send lines that were added to a closed order',
		description:
			'Make an order of just the lines that the cart added after the order was closed. It is New, goes through the rules and is sent once; its tracking goes to the same order of the cart. Done again, it gives the same order.',
	},
	properties: [orderIdProperty],
	async each(context, orderStore, itemIndex) {
		return [toItem(await sendAddedLines(requestAt(context, orderStore, itemIndex)), itemIndex)];
	},
};

export const unbundle: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Unbundle',
		value: 'unbundle',
		action: 'Take a bundle of orders apart',
		description:
			'Take a bundle apart before it is sent: its orders are New again, as they were, and the same rule does not bundle them again',
	},
	properties: [{ ...orderIdProperty, description: 'The bundle, or one of the orders in it' }],
	async each(context, orderStore, itemIndex) {
		const orders = await unbundleOrder(requestAt(context, orderStore, itemIndex));
		return orders.map((order) => toItem(order, itemIndex));
	},
};
