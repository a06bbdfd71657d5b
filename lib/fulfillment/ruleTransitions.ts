/** What is written of an order after the rules decided. */
import { insteadOfSending } from '../order/cartWord';
import { alertsBy, type AlertChange } from '../order/alerts';
import { withHold, withoutPassed } from '../order/holds';
import type { OrderLayers } from '../order/layers';
import type { Order } from '../order/order';
import { partContents } from '../order/parts';
import { isLive } from '../order/sendingState';
import { entry, type Actor } from '../order/timeline';
import type { RuleOutcome } from '../rules/run';
import type { Transition } from '../store/OrderStore';
import { compactTrace, describeDecision, inParts } from './ruleWords';

/** Rules decided anew about what is to be sent. */
const DECIDED: AlertChange = { clear: alertsBy('content', 'place') };

/** The rules do not run on what the cart does not want shipped; null = it does. What a warehouse may have is not held up here. */
export function notWanted({ id, status, version, inCart, sending }: Order, actor: Actor): Transition | null {
	const instead = status === 'new' && !isLive(sending) ? insteadOfSending(inCart) : null;
	if (instead === null) return null;
	const { to, reason } = instead;
	return {
		orderId: id,
		from: 'new',
		to,
		version,
		actor,
		reason,
		set: {
			statusReason: reason,
			heldUntil: inCart.until,
			retryAt: null,
			dueAt: null,
			...(to === 'canceled' ? { canceledInCartAt: 'now' as const } : {}),
		},
	};
}

export function ruledTransition(
	order: Order,
	{ decision, content, trace }: RuleOutcome,
	before: Pick<OrderLayers, 'servedHolds' | 'begunHolds'>,
	request: { actor: Actor; now: Date; ruleSet(orderId: string): string | null },
): Transition {
	const holds = withoutPassed(before, request.now);
	const base = {
		orderId: order.id,
		from: 'new' as const,
		version: order.version,
		actor: request.actor,
		entries: [
			entry('rules_applied', request.actor, {
				decision: describeDecision(decision),
				ruleSet: request.ruleSet(order.id),
				trace: compactTrace(trace),
			}),
		],
	};
	switch (decision.kind) {
		case 'route':
			if (decision.parts === undefined) {
				return {
					...base,
					to: 'routed',
					reason: `Routed to ${decision.warehouse}.`,
					set: { result: content, alerts: DECIDED, statusReason: null },
				};
			}
			return {
				...base,
				to: 'routed',
				reason: `Split into ${decision.parts.length} parts.`,
				// Its parts are due, not the order itself; one that is a part itself keeps one of them.
				set: {
					result: content,
					alerts: DECIDED,
					statusReason: inParts(decision.parts),
					...(order.parentId === null ? { dueAt: null } : {}),
				},
				split: partContents(content, decision.parts).map((part) => ({ content: part })),
			};
		case 'skip':
			return {
				...base,
				to: 'skipped',
				reason: describeDecision(decision),
				set: { result: content, alerts: DECIDED, statusReason: describeDecision(decision) },
			};
		case 'hold':
			return {
				...base,
				to: 'delayed',
				reason: describeDecision(decision),
				set: {
					result: content,
					heldUntil: decision.until,
					retryAt: null,
					statusReason: describeDecision(decision),
					...holds,
					// Remembered by rule: it is served when its time has passed. A hold without an end is never served.
					...(decision.until === null
						? {}
						: { begunHolds: withHold(holds.begunHolds, { kind: 'hold', rule: decision.rule, until: decision.until }) }),
				},
			};
		case 'bundle':
			return {
				...base,
				to: 'delayed',
				reason: describeDecision(decision),
				// That it waited is noted when the window is over; an order that is changed meanwhile waits to the same moment.
				set: {
					result: content,
					servedHolds: holds.servedHolds,
					begunHolds: withHold(holds.begunHolds, { kind: 'window', rule: decision.rule, until: decision.until }),
					heldUntil: decision.until,
					retryAt: null,
					statusReason: describeDecision(decision),
					waitsForBundle: { key: decision.key, terms: decision.terms },
				},
			};
		case 'archive':
			return {
				...base,
				to: 'archived',
				reason: describeDecision(decision),
				set: { result: content, alerts: DECIDED, statusReason: describeDecision(decision) },
			};
		case 'error':
			return {
				...base,
				to: 'error',
				reason: decision.alert.message,
				set: { result: content, alerts: { raise: [decision.alert] }, statusReason: decision.alert.message },
			};
	}
}
