/** Lines that the cart added to an order which is done are sent as an order of their own. */
import { isOver, READINESS } from '../order/cartWord';
import { FulfillmentError } from '../order/errors';
import { permission } from '../order/operations';
import type { Order } from '../order/order';
import { decide, permit, type OperationRequest } from './operation';

/**
 * Makes an order of just the lines that the cart added after this one was closed, and gives it: New, or Delayed while the cart does not want it shipped
 * yet. What was made already is given again, so that a repeat makes no second one.
 *
 * @throws FulfillmentError `operation_refused` when nothing was added, or the cart does not want the order any more
 */
export const sendAddedLines = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		const { orderStore, actor } = request;
		const made = permission('sendAddedLines', order, { force: false }).allowed ? null : await madeBefore(request, order);
		if (made !== null) return made;
		permit('sendAddedLines', order);
		if (isOver(order.inCart.readiness)) {
			const { readiness, reason } = order.inCart;
			throw new FulfillmentError(
				'operation_refused',
				`Order ${order.orderNumber} cannot be changed by "Send Added Lines": the cart does not want it any more (${reason ?? READINESS[readiness].label}).`,
				'When the cart wants it again, its added lines can be sent. If they are not to be shipped, use Resolve Alert.',
			);
		}
		const id = await orderStore.sendAddedLines({ orderId: order.id, version: order.version, actor });
		return (await orderStore.get(id))!;
	});

/** The latest one, unless it is gone. */
async function madeBefore({ orderStore }: OperationRequest, { id, closedAt }: Order): Promise<Order | null> {
	if (closedAt === null) return null;
	const made = (await orderStore.timeline(id)).findLast(({ kind }) => kind === 'added_lines_sent');
	return made?.kind === 'added_lines_sent' ? await orderStore.get(made.data.orderId) : null;
}
