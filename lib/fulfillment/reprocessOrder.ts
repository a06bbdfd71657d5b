/** An order begins again: with its edits, or as the cart sent it. */
import { ALERT_CODES, SETTLED_BY_PERSON, type AlertCode } from '../order/alerts';
import { deriveStatus, pendingUploads } from '../order/derive';
import { FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { isLive } from '../order/sendingState';
import { ENTRIES, hasTrait, mayMove, wayToOpen, type OrderStatus } from '../order/status';
import type { OrderFields, OrderStore, SendingFact, Transition } from '../store/OrderStore';
import { refusedAsBundle } from './bundles';
import {
	ANEW,
	decide,
	freshReference,
	moveOrAmend,
	partsOf,
	permit,
	readBack,
	refuseInBundle,
	refuseWithParts,
	type OperationRequest,
} from './operation';
import { movesToOpen } from './movesToOpen';

/** Likewise, and a person decided otherwise than the cart. */
const FORGOTTEN: OrderFields = { ...ANEW, canceledInCartAt: null, cancelDueAt: null };

/** What the warehouse canceled is to be shipped after all; what it shipped stays shipped. */
const nothingCanceled = ({ lines }: Order): NonNullable<OrderFields['progress']> =>
	Object.fromEntries(lines.map(({ id, quantityShipped }) => [id, { shipped: quantityShipped, canceled: 0 }]));

/** What a person has to settle stays visible, but for what reprocessing settles: a shipment that left after all is uploaded by it, and what was canceled is under way again. */
const endedByReprocess = ({ status }: Order): AlertCode[] =>
	ALERT_CODES.filter(
		(code) =>
			!SETTLED_BY_PERSON.includes(code) || code === 'shipment_voided' || (code === 'canceled_at_wms' && !hasTrait(status, 'at_warehouse')),
	);

/**
 * Where reprocessing leads. A shipment that arrived late proves that the warehouse had the order, whatever it said: the cart is
 * told, and nothing is sent again. The table allows no way from Canceled but to New, so such an order stays.
 */
function reprocessed(order: Order): OrderStatus {
	const late = order.shipments.some(({ uploadHeldBack }) => uploadHeldBack);
	if (late && order.status === 'canceled') return 'canceled';
	if (late && mayMove(order.status, 'partially_shipped')) return 'partially_shipped';
	return permit('reprocess', order);
}

/** An order that was closed before it was put away has nothing left to ship or to upload that would close it again. */
async function closeIfDone({ orderStore, actor }: OperationRequest, order: Order): Promise<Order> {
	const pending = pendingUploads(order.shipments).length;
	if (order.status === 'closed' || deriveStatus(order.status, order.lines, { pending }) !== 'closed') return order;
	const reason = 'All is shipped, and the cart was told.';
	await orderStore.transition({ orderId: order.id, from: order.status, to: 'closed', version: order.version, actor, reason });
	return (await orderStore.get(order.id))!;
}

/**
 * As if the order had just been imported; edits are kept. An order that the WMS has goes back to Open or Partially shipped
 * instead, and shipments that were held back are uploaded. The abandon clock starts again either way.
 */
export const reprocessOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseDecided(request.orderStore, order);
		await refuseInBundle(request.orderStore, order, 'reprocess');
		if (order.status === 'partially_shipped')
			await refuseWithParts(request.orderStore, order, 'Reprocess those of its parts that need it.');
		const to = reprocessed(order);
		const fields: OrderFields =
			to === 'new'
				? {
						...FORGOTTEN,
						...(isLive(order.sending) ? { alerts: { clear: ALERT_CODES.filter((code) => code !== 'sent_twice') } } : {}),
						...freshReference(order),
						progress: nothingCanceled(order),
						abandonAt: 'restart',
					}
				: { alerts: { clear: endedByReprocess(order) }, statusReason: null, abandonAt: 'restart', releaseUploads: true };
		const leaps = to !== order.status && !mayMove(order.status, to);
		if (leaps || (to === 'new' && order.sending === 'there')) await reopen(request, order, fields);
		else await moveOrAmend(request, order, to, 'Reprocessed.', fields, await unsplit(request.orderStore, order));
		return await closeIfDone(request, await readBack(request));
	});

/** A warehouse has the order, so it is not sent: it comes to where it belongs by the way that the table of statuses knows. */
async function reopen({ orderStore, actor }: OperationRequest, order: Order, fields: OrderFields): Promise<void> {
	const reason = 'Reprocessed: the warehouse has the order.';
	const restart: Transition[] =
		wayToOpen(order.status).length > 0
			? []
			: [{ orderId: order.id, from: order.status, to: 'new', version: order.version, actor, reason, set: fields }];
	const from: Order = restart.length > 0 ? { ...order, status: ENTRIES.import, version: order.version + 1 } : order;
	const set: OrderFields = restart.length > 0 ? { dueAt: 'now' } : fields;
	const moves = movesToOpen(from, { actor, reason, wmsOrderId: null, set });
	// Which of its sendings is there is known; it need not be the latest.
	for (const move of moves) delete move.sending;
	const lines = order.lines.map((line) => ({ ...line, quantityCanceled: restart.length > 0 ? 0 : line.quantityCanceled }));
	const to = deriveStatus('open', lines, { pending: 1 });
	if (to === 'partially_shipped') moves.push({ orderId: order.id, from: 'open', to, version: from.version + moves.length, actor, reason });
	for (const result of await orderStore.transitionMany([...restart, ...moves])) if (!result.ok) throw result.error;
}

/** Back to the imported snapshot: edits, results of rules, attempts and alert are dropped. */
export const resetOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseDecided(request.orderStore, order);
		await refuseInBundle(request.orderStore, order, 'reset');
		const to = permit('reset', order, request.force);
		const sending = forced(order);
		// Of several that are there each is gone by that word.
		const others =
			sending === undefined ? [] : (await request.orderStore.sendings([order.id])).slice(0, -1).filter(({ state }) => isLive(state));
		for (const [index, { number }] of others.entries()) {
			await request.orderStore.amend({
				orderId: order.id,
				version: order.version + index,
				actor: request.actor,
				sending: { state: 'canceled_there', number, answer: 'Reset with Force.' },
			});
		}
		if (others.length > 0) return await resetOrder(request);
		await moveOrAmend(
			request,
			order,
			to,
			'Reset to what the cart sent.',
			{
				...FORGOTTEN,
				...freshReference(order, sending?.state),
				progress: nothingCanceled(order),
				edits: {},
				abandonAt: 'restart',
			},
			{ ...(await unsplit(request.orderStore, order)), ...(sending === undefined ? {} : { sending }) },
		);
		return await readBack(request);
	});

/**
 * With Force a person has made sure that the warehouse does not ship it. What it had is gone there; what it may have had was not there, and keeps its
 * reference, so that a warehouse that takes each once refuses it should the person be wrong.
 */
function forced({ sending }: Order): SendingFact | undefined {
	if (!isLive(sending)) return undefined;
	return { state: sending === 'there' ? 'canceled_there' : 'not_there', answer: 'Reset with Force.' };
}

/** What is New starts over, and so the parts that the order was split into go; the order store refuses when the warehouse has one of them. */
async function unsplit(orderStore: OrderStore, order: Order): Promise<Pick<Transition, 'unsplit'>> {
	return (await partsOf(orderStore, order)).length > 0 ? { unsplit: true } : {};
}

/** A part lives only as long as its order does, and a bundle as long as its orders. */
async function refuseDecided(orderStore: OrderStore, order: Order): Promise<void> {
	const ended = refusedAsBundle(order);
	if (ended !== null) throw new FulfillmentError('operation_refused', ended.why, ended.remedy);
	const { parentId, reference } = order;
	if (parentId === null) return;
	const parent = await orderStore.get(parentId);
	if (parent === null || parent.status !== 'canceled') return;
	throw new FulfillmentError(
		'operation_refused',
		`${reference} is a part of order ${parent.orderNumber}, which is Canceled.`,
		'Reprocess that order; it is then split anew.',
	);
}
