/** What is written when it is proven that a warehouse has an order after all: by a person who looked, or by its answer to another question. */
import { alertsBy } from '../order/alerts';
import { stepsBetween } from '../order/derive';
import type { Order } from '../order/order';
import { mayMove } from '../order/status';
import type { NewTimelineEntry, Actor } from '../order/timeline';
import type { OrderFields, Transition } from '../store/OrderStore';

interface Proof {
	actor: Actor;
	/** For the timeline. */
	reason: string;
	/** The warehouse's key; null = not known, our reference stands in for it. */
	wmsOrderId: string | null;
	entries?: NewTimelineEntry[];
	set?: OrderFields;
}

/**
 * The moves by which an order comes to Open, for one `transitionMany`; [] = its status stays, for it was put away. The last of them writes the fact.
 */
export function movesToOpen(order: Order, { actor, reason, wmsOrderId, entries = [], set = {} }: Proof): Transition[] {
	const steps = stepsBetween(order.status, 'open');
	if (order.status !== 'open' && steps.length === 0 && !mayMove(order.status, 'open')) return [];
	const path = [...steps.filter((step) => step !== 'open'), 'open' as const];
	return path.map((to, index): Transition => {
		const base = { orderId: order.id, from: path[index - 1] ?? order.status, to, version: order.version + index, actor };
		if (to !== 'open') return { ...base, reason: 'The warehouse has the order.' };
		return {
			...base,
			reason,
			sending: { state: 'there', answer: reason },
			set: {
				wmsOrderId: wmsOrderId ?? order.wmsOrderId ?? order.reference,
				sentAt: order.sentAt ?? 'now',
				alerts: { clear: alertsBy('content', 'sending') },
				statusReason: null,
				heldUntil: null,
				retryAt: null,
				...set,
			},
			entries,
		};
	});
}
