/** A person settles an alert: the warehouse has the order or does not have it, or the problem is solved. */
import { ALERTS, alertsBy, SETTLED_BY_PERSON, type AlertCode } from '../order/alerts';
import { outstanding } from '../order/derive';
import { FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { isOfAddedLines } from '../order/reference';
import { verdictOn, type Sending } from '../order/sending';
import { isLive } from '../order/sendingState';
import { hasTrait, statusLabel, type OrderStatus } from '../order/status';
import { entry } from '../order/timeline';
import type { OrderFields, OrderStore, SendingFact, Transition } from '../store/OrderStore';
import {
	ANEW,
	decide,
	freshReference,
	moveOrAmend,
	permit,
	readBack,
	refuseInBundle,
	refuseWithParts,
	type OperationRequest,
} from './operation';
import { movesToOpen } from './movesToOpen';

/** Longest key of a warehouse that a person may type. */
const KEY_LIMIT = 200;

/**
 * A person found the order at the warehouse: it is Open, and what the warehouse reports counts. One that is put away stays where it is; one that was
 * canceled is to be canceled there.
 *
 * @param wmsOrderId the warehouse's own key; null = not known, its reports then name our reference
 */
export const markReceived = async (request: OperationRequest & { wmsOrderId: string | null }): Promise<Order> =>
	await decide(request, async (order) => {
		const { orderStore, actor } = request;
		await refuseOthers(orderStore, order, 'markReceived');
		const to = permit('markReceived', order);
		const wmsOrderId = request.wmsOrderId?.trim() || null;
		if (wmsOrderId !== null && wmsOrderId.length > KEY_LIMIT) {
			throw new FulfillmentError(
				'invalid_input',
				`The warehouse's key has ${wmsOrderId.length} characters, at most ${KEY_LIMIT} are allowed.`,
				'Give the key as the warehouse shows it, or leave it empty.',
			);
		}
		const reason = `Marked as received by ${actor.name}.`;
		const entries = [entry('wms_acknowledged', actor, { wmsOrderId: wmsOrderId ?? order.wmsOrderId ?? '' })];
		const wanted: OrderFields = order.canceledInCartAt === null ? {} : { cancelDueAt: 'now' };
		const moves = to === 'open' ? movesToOpen(order, { actor, reason, wmsOrderId, entries, set: wanted }) : [];
		if (moves.length > 0) for (const result of await orderStore.transitionMany(moves)) if (!result.ok) throw result.error;
		if (moves.length === 0 && hasTrait(order.status, 'at_warehouse')) {
			// An earlier sending brought it there; now it is known of the latest too.
			await orderStore.amend({
				orderId: order.id,
				version: order.version,
				actor,
				entries,
				sending: { state: 'there', answer: reason },
				set: {
					...(wmsOrderId === null ? {} : { wmsOrderId }),
					...wanted,
					alerts: { clear: alertsBy('sending').filter((code) => code !== 'sent_twice') },
				},
			});
		} else if (moves.length === 0) {
			const raise = [
				{
					code: 'canceled_in_cart',
					message: `The order is ${statusLabel(order.status)}, but the warehouse has it under ${order.reference}.`,
				},
			] as const;
			await orderStore.amend({
				orderId: order.id,
				version: order.version,
				actor,
				entries,
				sending: { state: 'there', answer: reason },
				set: {
					sentAt: order.sentAt ?? 'now',
					...(wmsOrderId === null ? {} : { wmsOrderId }),
					cancelDueAt: 'now',
					alerts: { raise, clear: alertsBy('sending') },
				},
			});
		}
		return await readBack(request);
	});

/**
 * A person looked, and the warehouse does not have the order: it is New, and is sent again under the same reference. Where the order that the
 * warehouse has is another one (`duplicate_differs`), under a new one: what is reported about the old one is not this order's.
 */
export const markNotReceived = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		const { orderStore, actor } = request;
		await refuseOthers(orderStore, order, 'markNotReceived');
		const to = permit('markNotReceived', order);
		const answer = `Marked as not received by ${actor.name}.`;
		const other = (await orderStore.sendings([order.id])).slice(0, -1).findLast(({ state }) => isLive(state));
		if (other !== undefined) {
			await restsOn(request, order, other, answer);
			return await readBack(request);
		}
		const strangers = verdictOn('mark_not_received', order.sending) === 'doubt';
		const sending: SendingFact = {
			state: 'not_there',
			answer,
			...(strangers ? { account: `another order at ${order.wmsAccount ?? order.wms ?? ''}` } : {}),
		};
		const fields: OrderFields = to === 'new' ? { ...ANEW, abandonAt: 'restart' } : { alerts: { clear: alertsBy('sending') } };
		await notReceived(request, order, to, strangers ? { ...fields, ...freshReference(order, 'not_there') } : fields, sending);
		return await readBack(request);
	});

const NOT_RECEIVED = 'Marked as not received.';

/** An earlier sending turned out to be there meanwhile: nothing is sent again. */
async function restsOn(
	{ orderStore, actor }: OperationRequest,
	order: Order,
	{ reference, account, wms }: Sending,
	answer: string,
): Promise<void> {
	const reason = `${NOT_RECEIVED} ${account || wms} has it under ${reference}.`;
	const sending: SendingFact = { state: 'not_there', answer };
	const set: OrderFields = { alerts: { clear: alertsBy('sending') } };
	const moves = order.status === 'open' ? [] : movesToOpen(order, { actor, reason, wmsOrderId: null, set });
	if (moves.length === 0)
		return await orderStore.amend({
			orderId: order.id,
			version: order.version,
			actor,
			set,
			sending,
			entries: [entry('note', actor, { text: reason })],
		});
	for (const result of await orderStore.transitionMany(moves.map((move) => (move.sending === undefined ? move : { ...move, sending }))))
		if (!result.ok) throw result.error;
}

/** The table of statuses knows no way from Open to New: what was taken for the order was none, which is an error. */
async function notReceived(
	request: OperationRequest,
	order: Order,
	to: OrderStatus,
	set: OrderFields,
	sending: SendingFact,
): Promise<void> {
	if (!hasTrait(order.status, 'at_warehouse') || to !== 'new') return await moveOrAmend(request, order, to, NOT_RECEIVED, set, { sending });
	const base = { orderId: order.id, actor: request.actor, reason: NOT_RECEIVED };
	const error: Transition = { ...base, from: order.status, to: 'error', version: order.version, sending };
	// What is to be canceled is Canceled by the first move, since no warehouse has it.
	const isOver = order.canceledInCartAt !== null || order.cancelDueAt !== null;
	const moves: Transition[] = isOver ? [error] : [error, { ...base, from: 'error', to: 'new', version: order.version + 1, set }];
	for (const result of await request.orderStore.transitionMany(moves)) if (!result.ok) throw result.error;
}

/** Of an order that is split its parts are at a warehouse, and of one that is bundled the bundle is. */
async function refuseOthers(orderStore: OrderStore, order: Order, operation: 'markReceived' | 'markNotReceived'): Promise<void> {
	await refuseInBundle(orderStore, order, operation);
	await refuseWithParts(orderStore, order, 'Do it with the part whose outcome is unknown; only parts are sent.');
}

/**
 * A person saw to what alerts say and no machine can see. What a machine can find out is refused: the next step of such an alert ends it.
 *
 * @param codes those that are settled; "all" = all of the order that a person settles
 * @param reason for the timeline
 */
export const resolveAlert = async (
	request: OperationRequest & { codes: readonly AlertCode[] | 'all'; reason: string | null },
): Promise<Order> =>
	await decide(request, async (order) => {
		const { orderStore, actor, codes: asked, reason } = request;
		const present = order.alerts.filter(({ code }) => asked === 'all' || asked.includes(code));
		const codes = present.map(({ code }) => code).filter((code) => SETTLED_BY_PERSON.includes(code));
		if (codes.length === 0) {
			const first = present[0] ?? order.alert;
			throw new FulfillmentError(
				'operation_refused',
				first === null
					? `Order ${order.orderNumber} has no alert.`
					: present.length === 0
						? `Order ${order.orderNumber} has no such alert.`
						: `The alert ${first.code} of order ${order.orderNumber} ends by what is done about it, not by a word.`,
				first === null ? 'Nothing is to be resolved.' : ALERTS[first.code].recommendation,
			);
		}
		const text = `Resolved by ${actor.name}: ${codes.join(', ')}.${reason === null ? '' : ` ${reason}`}`;
		const stopped = codes.includes('sent_twice')
			? stoppedByHand(
					order,
					await orderStore.sendings([order.id]),
					order.status === 'bundled' || (await orderStore.parts([order.id])).some((part) => !isOfAddedLines(part)),
				)
			: [];
		for (const [index, { number }] of stopped.entries()) {
			await orderStore.amend({
				orderId: order.id,
				version: order.version + index,
				actor,
				sending: { state: 'canceled_there', number, answer: text },
			});
		}
		await orderStore.amend({
			orderId: order.id,
			version: order.version + stopped.length,
			actor,
			// Whoever settled a cancellation does not want the warehouse to be asked besides.
			set: { alerts: { clear: codes }, ...(codes.includes('canceled_in_cart') ? { cancelDueAt: null } : {}) },
			entries: [entry('note', actor, { text })],
		});
		return await readBack(request);
	});

/**
 * What was sent first is stopped by hand, as the alert says; unless all has left, and it was the other one that was stopped.
 *
 * @param inPlace what goes out now are the parts of the order, or the bundle that it is in
 */
const stoppedByHand = ({ lines }: Order, sendings: readonly Sending[], inPlace: boolean): Sending[] =>
	lines.some((line) => outstanding(line) > 0) ? sendings.slice(0, inPlace ? undefined : -1).filter(({ state }) => isLive(state)) : [];
