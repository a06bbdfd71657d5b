/** Acknowledge, cancel, note: each reads what is there first. */
import { SYSTEM_CLOCK, type Clock } from '../../http/clock';
import type { Http } from '../../http/Http';
import type { Order } from '../../order/order';
import type { CartOutcome } from '../Cart';
import { ADD_TAG, CANCEL_ORDER, JOB, ORDER_MARKS, SET_NOTE } from './documents';
import { assertAccepted, graphql, type UserError } from './graphql';
import { gid } from './ids';
import { hasOurNote, withOurNote } from './notes';
import { tagOf, type ShopifySettings } from './settings';

interface Marks {
	id: string;
	cancelledAt: string | null;
	note: string | null;
	tags: string[];
}

const marksOf = async (http: Http, { externalId }: Order): Promise<Marks | null> =>
	(await graphql<{ order: Marks | null }>(http, ORDER_MARKS, { id: gid('Order', externalId) })).order;

const unknownOrder = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `Shopify does not know order ${orderNumber} (any more).`,
});

export async function acknowledge(http: Http, settings: ShopifySettings, order: Order): Promise<CartOutcome> {
	const tag = tagOf(settings);
	if (tag === '') return { kind: 'already_done', message: 'No tag is set, so the order is not marked in Shopify.' };
	const marks = await marksOf(http, order);
	if (marks === null) return unknownOrder(order);
	if (marks.tags.includes(tag)) return { kind: 'already_done', message: null };
	// Adds to the tags; orderUpdate would replace them all.
	const { tagsAdd } = await graphql<{ tagsAdd: { userErrors: UserError[] } | null }>(http, ADD_TAG, { id: marks.id, tags: [tag] });
	assertAccepted(`the tag ${tag}`, tagsAdd?.userErrors);
	return { kind: 'done', message: null };
}

export async function addNote(http: Http, order: Order, text: string): Promise<CartOutcome> {
	const marks = await marksOf(http, order);
	if (marks === null) return unknownOrder(order);
	if (hasOurNote(marks.note, text)) return { kind: 'already_done', message: null };
	const { orderUpdate } = await graphql<{ orderUpdate: { userErrors: UserError[] } | null }>(http, SET_NOTE, {
		input: { id: marks.id, note: withOurNote(marks.note, text) },
	});
	assertAccepted('the note', orderUpdate?.userErrors);
	return { kind: 'done', message: null };
}

/** Shopify's own limit of a staff note. */
const STAFF_NOTE_LENGTH = 255;

/** Shopify cancels in the background, mostly within a second or two; a run does not wait longer than these pauses. */
const JOB_PAUSES_MS = [0, 500, 1_500, 3_000];

export async function cancel(
	http: Http,
	settings: ShopifySettings,
	order: Order,
	reason: string,
	clock: Clock = SYSTEM_CLOCK,
): Promise<CartOutcome> {
	const marks = await marksOf(http, order);
	if (marks === null) return unknownOrder(order);
	if (marks.cancelledAt !== null) return { kind: 'already_done', message: null };
	const { refund = false, restock = true, notifyCustomer = false } = settings.cancel ?? {};
	const { orderCancel } = await graphql<{
		orderCancel: { job: { id: string; done: boolean } | null; orderCancelUserErrors: UserError[] } | null;
	}>(http, CANCEL_ORDER, {
		orderId: marks.id,
		reason: 'OTHER',
		restock,
		refund: { originalPaymentMethodsRefund: refund },
		notifyCustomer,
		staffNote: reason.slice(0, STAFF_NOTE_LENGTH),
	});
	assertAccepted(`to cancel order ${order.orderNumber}`, orderCancel?.orderCancelUserErrors);
	let job = orderCancel?.job ?? null;
	for (const pause of JOB_PAUSES_MS) {
		if (job === null || job.done) break;
		if (pause > 0) await clock.sleep(pause);
		job = (await graphql<{ job: { id: string; done: boolean } | null }>(http, JOB, { id: job.id })).job;
	}
	// The job is done, whatever came of it: only the order itself tells.
	if ((await marksOf(http, order))?.cancelledAt) return { kind: 'done', message: null };
	if (job !== null && !job.done)
		return { kind: 'unavailable', cause: `Shopify is still canceling order ${order.orderNumber}.`, retryAfterMs: 30_000 };
	return {
		kind: 'rejected',
		problem: `Shopify did not cancel order ${order.orderNumber}: it may have open payments, returns or fulfillments. Cancel it there by hand.`,
	};
}
