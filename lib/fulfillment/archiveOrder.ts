/** Orders that nobody works on any more: archived, or deleted. */
import { FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { decide, partsOf, permit, readBack, refuseInBundle, type OperationRequest } from './operation';

/** Puts an order away; it is not imported again. Its parts are put away with it. */
export const archiveOrder = async (request: OperationRequest & { reason?: string }): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseInBundle(request.orderStore, order, 'archive');
		const to = permit('archive', order);
		// The parts first: what a crash leaves here is put away by a repeat.
		for (const part of await partsOf(request.orderStore, order)) await archiveOrder({ ...request, orderId: part.id });
		if (order.status === to) return order;
		await request.orderStore.transition({
			orderId: order.id,
			from: order.status,
			to,
			version: order.version,
			actor: request.actor,
			reason: request.reason ?? 'Archived.',
			set: { statusReason: request.reason ?? null },
		});
		return await readBack(request);
	});

/** Purges an order; the cart may import it again. Gives the order as it was. */
export const deleteOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		permit('delete', order, request.force);
		if (order.parentId !== null) {
			throw new FulfillmentError(
				'operation_refused',
				`${order.reference} is a part of an order.`,
				'Delete the order; its parts go with it. Or archive the part.',
			);
		}
		for (const part of await partsOf(request.orderStore, order)) permit('delete', part, request.force);
		await request.orderStore.purge({
			orderId: order.id,
			from: order.status,
			version: order.version,
			actor: request.actor,
			force: request.force ?? false,
		});
		return order;
	});
