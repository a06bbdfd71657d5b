/** What becomes of an order after the warehouse answered, or did not. */
import { alertsBy, type Alert, type AlertChange } from '../order/alerts';
import { cartSays, isOver } from '../order/cartWord';
import { describeProblem, type FieldProblem } from '../order/errors';
import { isPart } from '../order/reference';
import { inWords, sentContent, sentDifferences, type Sending } from '../order/sending';
import { entry } from '../order/timeline';
import type { Claim, OrderStore, Transition } from '../store/OrderStore';
import type { Wms } from '../wms/Wms';
import type { Absence, DeliveryOutcome } from './deliver';
import { nextTryInMs } from './retryPolicy';
import type { SendRequest } from './sendRequest';

type Capable = Pick<Wms<never>, 'capabilities'>;

export const canBeAsked = ({ capabilities }: Capable): boolean => capabilities.lookUp !== false;

/** The warehouse does not have it, and it is not sent as it was: it is to be canceled, or the cart changed it, so that the rules decide anew. */
export function decidedAnew<Request>({ actor, wms }: SendRequest<Request>, { order, epoch }: Claim, because: Absence): Transition[] {
	if (because === 'there_earlier') {
		const set = { alerts: { clear: alertsBy('sending') }, statusReason: null, retryAt: null, openedAt: 'now' } as const;
		return [
			{
				orderId: order.id,
				epoch,
				actor,
				from: 'queued',
				to: 'open',
				reason: `${wms.label} does not have it, and an earlier sending of it turned out to be there.`,
				sending: { state: 'not_there', answer: null },
				set,
			},
		];
	}
	if (because === 'waiting') {
		const reason = cartSays(order.inCart);
		const set = { statusReason: reason, alerts: { clear: alertsBy('sending') }, heldUntil: order.inCart.until, retryAt: null, dueAt: null };
		return [{ orderId: order.id, epoch, actor, from: 'queued', to: 'delayed', reason, sending: { state: 'not_there', answer: null }, set }];
	}
	const reason =
		because === 'canceled'
			? `${order.canceledInCartAt === null && !isOver(order.inCart.readiness) ? 'Canceled' : 'Canceled in the cart'}; ${wms.label} does not have it.`
			: `Changed in the cart; ${wms.label} does not have it.`;
	const sending = { state: 'not_there', answer: null } as const;
	const base = { orderId: order.id, epoch, actor, reason };
	if (because === 'canceled')
		return [
			{ ...base, from: 'queued', to: 'canceled', sending, set: { statusReason: reason, alerts: { clear: 'all' }, cancelDueAt: null } },
		];
	// The rules have decided the whole already, so a person decides about a part.
	if (isPart(order)) {
		const message = `${reason} The alert of the whole order says what changed. Change this part likewise with Edit, then Reprocess; or cancel it.`;
		const set = { statusReason: message, alerts: { clear: alertsBy('sending'), raise: [{ code: 'changed_in_cart', message }] } } as const;
		return [{ ...base, from: 'queued', to: 'error', sending, set }];
	}
	return [
		{ ...base, from: 'queued', to: 'routed', sending },
		{ ...base, from: 'routed', to: 'new', set: { result: null, statusReason: null, attempts: 0, dueAt: 'now' } },
	];
}

/** What the warehouse has otherwise than the order is now; null = nothing, as far as it is known. */
export async function differing(orderStore: OrderStore, { order, sending }: Claim, outcome: DeliveryOutcome): Promise<Alert | null> {
	if (outcome.kind !== 'duplicate' || sending === null) return null;
	const now = sentContent(order);
	const differencesFrom = ({ content }: Sending): string | null => {
		const changes = content === null ? [] : sentDifferences(content, now);
		return changes.length === 0 ? null : inWords(changes);
	};
	// It has what was sent before the order was changed.
	if (sending.contentChanged) {
		const changes = differencesFrom(sending.record);
		return changes === null
			? null
			: { code: 'edited_after_sending', message: `The warehouse has the order as it was sent, before it was changed here: ${changes}.` };
	}
	if (outcome.differs === null) return null;
	if (outcome.differs !== undefined)
		return {
			code: 'duplicate_differs',
			message: `The warehouse has an order ${order.reference} that is not this one as it is here: ${outcome.differs}.`,
		};
	if (outcome.unexpected && sending.before === 'none') {
		return {
			code: 'duplicate_differs',
			message: `The warehouse had an order ${order.reference} before this one was sent: it may be another one.`,
		};
	}
	if (sending.record.number === 1) return null;
	// An earlier one with other contents was thought not to be there: nobody knows which of them it is.
	const earlier = (await orderStore.sendings([order.id])).filter(
		({ number, reference, account }) =>
			number < sending.record.number && reference === sending.record.reference && account === sending.record.account,
	);
	const changes = earlier.map(differencesFrom).find((words) => words !== null) ?? null;
	return changes === null
		? null
		: { code: 'duplicate_differs', message: `The warehouse had ${order.reference} already, maybe as it was sent first: ${changes}.` };
}

export function transitionFor<Request>(
	{ wms, actor, retry }: SendRequest<Request>,
	claim: Claim,
	outcome: Exclude<DeliveryOutcome, { kind: 'absent' }>,
	differs: Alert | null,
): Transition {
	const { order, epoch } = claim;
	const base = { orderId: order.id, from: 'queued' as const, epoch, actor };
	const said = (message: string | null, wmsOrderId: string | null = null) => [
		entry('send_outcome', actor, { outcome: outcome.kind, wmsOrderId, message }),
	];
	/** Not received now, and not before either. */
	const notThere = (answer: string) => ({ state: outcome.absentBefore ? ('not_there' as const) : ('may_be_there' as const), answer });
	switch (outcome.kind) {
		case 'accepted':
		case 'duplicate':
			return {
				...base,
				to: 'open',
				reason: outcome.kind === 'accepted' ? `${wms.label} confirmed receipt.` : `${wms.label} had the order already.`,
				set: {
					wms: wms.code,
					wmsOrderId: outcome.wmsOrderId,
					sentAt: 'now',
					openedAt: 'now',
					alerts: { clear: alertsBy('content', 'sending', 'place'), ...(differs === null ? {} : { raise: [differs] }) },
					statusReason: null,
					retryAt: null,
				},
				sending: { state: 'there', answer: outcome.kind },
				entries: said(null, outcome.wmsOrderId),
			};
		case 'rejected': {
			const alert = alertOf(outcome.problems);
			return {
				...base,
				to: 'error',
				reason: alert.message,
				set: { alerts: { raise: [alert] }, statusReason: alert.message },
				sending: notThere(alert.message),
				entries: said(alert.message),
			};
		}
		case 'unavailable':
		case 'unknown': {
			const blind = outcome.kind === 'unknown' && !canBeAsked(wms);
			const waitMs = blind ? null : nextTryInMs(retry, order.attempts, outcome.retryAfterMs);
			const sending = outcome.kind === 'unknown' ? { state: 'may_be_there' as const, answer: outcome.cause } : notThere(outcome.cause);
			if (waitMs === null) {
				const code = sending.state === 'may_be_there' ? 'outcome_unknown' : 'retries_used_up';
				const message = order.attempts === 1 ? outcome.cause : `After ${order.attempts} tries: ${outcome.cause}`;
				return {
					...base,
					to: 'error',
					reason: message,
					set: { alerts: { raise: [{ code, message }] }, statusReason: message },
					sending,
					entries: said(outcome.cause),
				};
			}
			const message = `Try ${order.attempts} failed: ${outcome.cause}`;
			return {
				...base,
				to: 'delayed',
				reason: message,
				set: { retryAt: { inMs: waitMs }, heldUntil: null, statusReason: message, alerts: meanwhile(outcome) },
				sending,
				entries: said(outcome.cause),
			};
		}
	}
}

/** What a person can do while the order waits; an earlier alert of this kind is over once the cause is another one. */
const meanwhile = (outcome: Extract<DeliveryOutcome, { kind: 'unavailable' | 'unknown' }>): AlertChange =>
	outcome.alert !== undefined ? { raise: [{ code: outcome.alert, message: outcome.cause }] } : { clear: ['credentials_invalid'] };

const alertOf = (problems: readonly FieldProblem[]): Alert => ({
	code: problems[0]?.code ?? 'rejected_by_wms',
	message: problems.map((problem) => describeProblem(problem)).join('; ') || 'The warehouse refused the order without a reason.',
});
