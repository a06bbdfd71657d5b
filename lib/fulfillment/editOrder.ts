import type { AlertChange } from '../order/alerts';
import { FulfillmentError, StaleOrderError } from '../order/errors';
import { changesOf, currentContent, withValue, type OrderEdits } from '../order/layers';
import { mayEditLines } from '../order/operations';
import type { Order, OrderContent } from '../order/order';
import { inWords, sentContent, sentDifferences, shippedBy, verdictOn } from '../order/sending';
import { entry, type FieldChange } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { decide, permit, readBack, refuseInBundle, refuseWithParts, type OperationRequest } from './operation';

/**
 * Changes fields of an order; each change is in the timeline with old and new value. Edits stay when the cart changes the
 * order and when it is reprocessed; only a reset drops them.
 *
 * @param edits path → value, `{ 'shippingAddress.address1': '5 Elm St', 'lines.L1.quantity': 2 }`
 */
export const editOrder = async (request: OperationRequest & { edits: OrderEdits }): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseInBundle(request.orderStore, order, 'edit');
		permit('edit', order);
		await refuseWithParts(
			request.orderStore,
			order,
			'Its parts are what is sent. Edit those; or reprocess the order, and edit it before the rules run.',
		);
		const touched = Object.keys(request.edits).filter((path) => path.startsWith('lines.'));
		if (touched.length > 0 && !mayEditLines(order)) {
			throw new FulfillmentError(
				'operation_refused',
				`Lines of order ${order.orderNumber} cannot be changed (${touched.join(', ')}): the warehouse has the order.`,
				'Cancel the order at the warehouse first, or change other fields.',
			);
		}
		const layers = (await request.orderStore.layers([order.id])).get(order.id);
		if (!layers) throw new StaleOrderError(order.id, order.status);
		const changes = changesOf(currentContent(layers), request.edits);
		if (changes.length === 0) return order;
		const edits = { ...layers.edits, ...Object.fromEntries(changes.map(({ path, after }) => [path, after])) };
		// What the rules made of the order is shown and sent until they run again, so the edit must be visible there too.
		const result = layers.result && changes.reduce((content, { path, after }) => withValue(content, path, after), layers.result);
		await request.orderStore.amend({
			orderId: order.id,
			version: order.version,
			actor: request.actor,
			set: {
				edits,
				result,
				...(await fulfillmentsOfShipment(request.orderStore, order, currentContent({ ...layers, edits, result }), changes)),
			},
			entries: [entry('edited', request.actor, { changes })],
		});
		return await readBack(request);
	});

/** What the warehouse has, or may have, is not changed by an edit: people have to know of the difference. It is over when the order is again what was sent. */
async function fulfillmentsOfShipment(
	orderStore: OrderStore,
	order: Order,
	after: OrderContent,
	changes: readonly FieldChange[],
): Promise<{ alerts?: AlertChange }> {
	if (verdictOn('edit', order.sending) !== 'tell') return {};
	const sent = (await orderStore.sendings([order.id])).at(-1)?.content ?? null;
	const progress = new Map(order.lines.map((line) => [line.id, line]));
	const lines = after.lines.map((line) => ({
		...line,
		quantityShipped: progress.get(line.id)?.quantityShipped ?? 0,
		quantityCanceled: progress.get(line.id)?.quantityCanceled ?? 0,
	}));
	// What was sent is not known of orders of older versions.
	const differences = sent === null || order.shipments.length > 0 ? changes : sentDifferences(sent, sentContent({ ...after, lines }));
	const alarming = shippedBy(differences);
	if (alarming.length === 0) return { alerts: { clear: ['edited_after_sending'] } };
	const verb = order.sending === 'there' ? 'has' : 'may have';
	return {
		alerts: {
			raise: [{ code: 'edited_after_sending', message: `The warehouse ${verb} the order as it was before: ${inWords(alarming)}.` }],
		},
	};
}
