/** What people do with orders, and when each is refused: the table of the contract as code. */
import type { Order } from './order';
import { mayMove, statusLabel, type OrderStatus } from './status';

export const OPERATIONS = ['edit', 'reprocess', 'reset', 'archive', 'delete', 'cancel'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What the decision depends on. */
export type OperationSubject = Pick<Order, 'status' | 'wmsOrderId' | 'sentAt'> & { shipments: readonly unknown[] };

export type Permission = { allowed: true; to: OrderStatus } | { allowed: false; why: string; remedy: string };

const refused = (why: string, remedy: string): Permission => ({ allowed: false, why, remedy });

/** Whether the WMS has the order now; one that it canceled it does not have any more. */
export const isAtWms = ({ status, wmsOrderId }: OperationSubject): boolean =>
	status === 'open' || status === 'partially_shipped' || (wmsOrderId !== null && status !== 'canceled');

/**
 * Whether an operation may be used on an order now, and where it leads.
 *
 * @example permission('archive', order, { force: false }) // { allowed: false, why: 'The order is being sent.', … }
 */
export function permission(operation: Operation, order: OperationSubject, options: { force: boolean }): Permission {
	const { status } = order;
	if (status === 'deleted') return refused('The order was deleted.', 'Import it again from the cart.');
	if (status === 'bundled' && operation !== 'archive' && operation !== 'delete') {
		return refused('The order is bundled into another one.', 'Do it with the order that it was bundled into, or unbundle that one first.');
	}
	switch (operation) {
		case 'edit':
			if (status === 'queued') return refused('The order is being sent.', 'Wait until the warehouse has answered, then edit it.');
			if (status === 'closed') return refused('The order is closed.', 'A closed order cannot be edited.');
			return { allowed: true, to: status };
		case 'reprocess':
			if (status === 'new') return refused('The order is New already.', 'It will be processed by the next run.');
			if (status === 'queued') return refused('The order is being sent.', 'Wait until the warehouse has answered.');
			if (status === 'closed') return refused('The order is closed.', 'Nothing more is sent for a closed order.');
			if (isAtWms(order)) {
				const partly = status === 'partially_shipped' || order.shipments.length > 0;
				return { allowed: true, to: partly ? 'partially_shipped' : 'open' };
			}
			return { allowed: true, to: 'new' };
		case 'reset':
			if (order.shipments.length > 0) return refused('The order has a shipment.', 'Reprocess it instead; what was shipped cannot be reset.');
			if (status !== 'new' && !mayMove(status, 'new')) {
				return refused(`The order is ${statusLabel(status)}.`, 'Archive or cancel it first, then reset it.');
			}
			if (isAtWms(order) && !options.force) {
				return refused('The warehouse has the order.', 'Cancel it at the warehouse first, or use Force if it is not there any more.');
			}
			return { allowed: true, to: 'new' };
		case 'archive':
			if (status === 'queued') return refused('The order is being sent.', 'Wait until the warehouse has answered, then archive it.');
			return { allowed: true, to: 'archived' };
		case 'delete':
			if (!mayMove(status, 'deleted')) return refused(`The order is ${statusLabel(status)}.`, 'Archive it first, then delete it.');
			if (order.sentAt !== null && status !== 'archived' && !options.force) {
				return refused('The warehouse had the order.', 'Archive it first, or use Force: importing it again could ship it twice.');
			}
			return { allowed: true, to: 'deleted' };
		case 'cancel':
			if (status === 'closed') return refused('The order is closed: it is too late.', 'Ask the customer to return the goods.');
			if (status === 'archived') return refused('The order is archived.', 'Reprocess it first, then cancel it.');
			if (status === 'canceled') return { allowed: true, to: 'canceled' };
			if (!mayMove(status, 'canceled')) return refused(`The order is ${statusLabel(status)}: nothing will be sent.`, 'Archive it to put it away.');
			return { allowed: true, to: 'canceled' };
	}
}

/** Whether quantities and SKUs may still be edited. */
export const mayEditLines = (order: OperationSubject): boolean => !isAtWms(order);
