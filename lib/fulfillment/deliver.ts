/** The only place that hands orders to a WMS: look up, send, look up. What may be sent again, and when, follows from what is known of the order's sending. */
import { isOver } from '../order/cartWord';
import { asError, FulfillmentError, type FieldProblem } from '../order/errors';
import type { IsoDate, Order } from '../order/order';
import { isOfAddedLines } from '../order/reference';
import { provesAbsence } from '../order/sending';
import type { Claim } from '../store/OrderStore';
import type { SendOutcome, WmsSession } from '../wms/Wms';
import { unlessStale } from './staleOrders';

export type Delivery<Request> = {
	claim: Claim;
	/** The WMS may have it already. */
	lookFirst: boolean;
	/** When it went out at the latest, if it may have; null = it did not. */
	outSince: IsoDate | null;
	/** Of a bundle: the cart changed or canceled one of its orders since it went out. */
	ordersChanged?: boolean;
	/** An earlier sending of it turned out to be there: it is only looked for. */
	hasEarlier?: boolean;
	/** The order in the words of the WMS, or why it cannot be put into them. */
} & ({ request: Request } | { problems: FieldProblem[] });

interface DeliveryTerms {
	/** By our own clock; after it nothing more is sent, since the leases could run out meanwhile. */
	startBefore: number;
	/** False = the WMS cannot be asked for an order. */
	canBeAsked: boolean;
	/** The WMS refuses a second order with the same reference. */
	uniqueReference: boolean;
	/** How long after a request the WMS may still take it. */
	lateMs: number;
	/** The database's present. */
	now: IsoDate;
	/** Writes down that an order goes out once more, right before it does. @param absent the WMS is proven not to have it */
	sendAgain(claim: Claim, absent: boolean): Promise<void>;
}

/** Why an order that the WMS does not have is not sent as it was. */
export type Absence = 'canceled' | 'changed' | 'waiting' | 'there_earlier';

/** What became of an order; besides what the WMS said: it is not there, and it is not to be sent as it was. */
type Known = (SendOutcome | { kind: 'absent'; because: Absence }) & {
	/** Surely not there before this try; whatever the try came to, an earlier one cannot be there any more. */
	absentBefore: boolean;
};

export type DeliveryOutcome = Known & {
	/** The WMS had it already, though nothing of it had gone out that may have arrived. */
	unexpected: boolean;
};

/**
 * Gives an outcome for each, in their order. Those that the WMS does not have go out in one call where it takes several; when nobody knows
 * what came of the call, each of them is looked up. Look-ups go out at once: a warehouse that does not answer costs one time-out of the lease
 * then, not one for each order.
 */
export async function deliver<Request>(
	session: WmsSession<Request>,
	deliveries: ReadonlyArray<Delivery<Request>>,
	terms: DeliveryTerms,
): Promise<DeliveryOutcome[]> {
	const steps = await Promise.all(deliveries.map(async (delivery) => await nextStep(session, delivery, terms)));
	const missing = deliveries.flatMap((delivery, index) => (steps[index]!.kind === 'send' && 'request' in delivery ? [delivery] : []));
	const sent = await create(
		session,
		missing.map(({ request }) => request),
		terms.startBefore,
	);
	const outcomes = await Promise.all(
		sent.map(async (outcome, index) => {
			// It may have arrived although the answer did not.
			const found = outcome.kind === 'unknown' && terms.canBeAsked ? await lookUp(session, missing[index]!.claim.order.reference) : null;
			return found === null
				? { ...outcome, unexpected: outcome.kind === 'duplicate' && missing[index]!.outSince === null }
				: { ...found, unexpected: false };
		}),
	);
	return steps.map((step, index): DeliveryOutcome =>
		step.kind === 'send'
			? { ...outcomes.shift()!, absentBefore: step.absentBefore }
			: { ...step, unexpected: step.kind === 'duplicate' && deliveries[index]!.outSince === null },
	);
}

type Step = Known | { kind: 'send'; absentBefore: boolean };

async function nextStep<Request>(session: WmsSession<Request>, delivery: Delivery<Request>, terms: DeliveryTerms): Promise<Step> {
	const { claim, lookFirst, outSince } = delivery;
	const mayBeThere = outSince !== null;
	if ('problems' in delivery && !mayBeThere) return { kind: 'rejected', problems: delivery.problems, absentBefore: true };
	if (lookFirst) {
		const found = terms.canBeAsked
			? await lookUp(session, claim.order.reference)
			: claim.sending?.before === 'may_be_there'
				? LEFT_BEHIND
				: FORGOTTEN;
		// Nothing has gone out yet: whatever became of the question, the warehouse does not have it by us.
		if (found?.kind === 'unknown' && !mayBeThere) return { ...found, kind: 'unavailable', absentBefore: true };
		if (found !== null) return { ...found, absentBefore: false };
	}
	const later = mayBeThere ? provesAbsence({ requestedAt: outSince }, terms.now, terms.lateMs) : null;
	if (delivery.hasEarlier === true)
		return later === null ? { kind: 'absent', because: 'there_earlier', absentBefore: true } : notYet(later.notBefore, terms.now);
	// Cart or people want it canceled: it is only looked for.
	if (claim.order.canceledInCartAt !== null || claim.order.cancelDueAt !== null || isOver(claim.order.inCart.readiness))
		return later === null ? { kind: 'absent', because: 'canceled', absentBefore: true } : notYet(later.notBefore, terms.now);
	// Likewise what the cart does not want shipped yet.
	if (claim.order.inCart.readiness === 'waiting')
		return later === null ? { kind: 'absent', because: 'waiting', absentBefore: true } : notYet(later.notBefore, terms.now);
	if ('problems' in delivery) return { kind: 'rejected', problems: delivery.problems, absentBefore: later === null };
	if (!mayBeThere) return { kind: 'send', absentBefore: true };
	const { contentChanged, snapshotChanged } = claim.sending!;
	// The same again does no harm to a WMS that takes a reference once; anything else needs proof that the first one is not there.
	const changed = delivery.ordersChanged === true || snapshotChanged;
	const repeats = terms.uniqueReference && !contentChanged && !changed;
	if (later !== null && !repeats) return notYet(later.notBefore, terms.now);
	if (delivery.ordersChanged === true || (snapshotChanged && isItsOwn(claim.order)))
		return { kind: 'absent', because: 'changed', absentBefore: true };
	const sendAgain = async (): Promise<Step> => {
		await terms.sendAgain(claim, later === null);
		return { kind: 'send', absentBefore: later === null };
	};
	return await unlessStale(sendAgain, () => ({ kind: 'unknown', cause: 'Another run has taken the order over.', absentBefore: false }));
}

/** What the cart changes is its own content, not that of an order which it stands for. */
const isItsOwn = (order: Order): boolean => (order.parentId === null && order.bundleSize === 0) || isOfAddedLines(order);

/** It was not found, but the WMS may still take it: asked again once that is over. */
const notYet = (notBefore: IsoDate, now: IsoDate): Known => ({
	kind: 'unknown',
	cause: `The warehouse does not have the order yet, but may still take it until ${notBefore}.`,
	retryAfterMs: Math.max(0, Date.parse(notBefore) - Date.parse(now)),
	absentBefore: false,
});

/**
 * A WMS that cannot be asked gets an order once. Whether it took one whose answer did not come, or that a crash left behind, is for a
 * person to find out: it must never be sent again by itself.
 */
const LEFT_BEHIND: SendOutcome = {
	kind: 'unknown',
	cause: 'It went out before without an answer, and this warehouse cannot be asked for the order.',
};

/** The same after the order store was restored from a backup. */
const FORGOTTEN: SendOutcome = {
	kind: 'unknown',
	cause:
		'The order store is in recovery: the order may have gone out before without being known here, and this warehouse cannot be asked for the order.',
};

async function lookUp<Request>(session: WmsSession<Request>, reference: string): Promise<SendOutcome | null> {
	try {
		const found = await session.findOrder(reference);
		return found === null ? null : { kind: 'duplicate', ...found };
	} catch (error) {
		// As when the order itself meets a refused sign-in: a person can mend it while the order waits.
		const refused = error instanceof FulfillmentError && error.code === 'credentials_invalid';
		return {
			kind: 'unknown',
			cause: `The warehouse could not be asked for ${reference}: ${messageOf(error)}`,
			...(refused ? { alert: 'credentials_invalid' } : {}),
		};
	}
}

/** In one call; in more calls with fewer orders while the WMS refuses all of them because of one that it does not name. */
async function create<Request>(session: WmsSession<Request>, requests: readonly Request[], startBefore: number): Promise<SendOutcome[]> {
	const [first, ...others] = requests;
	if (first === undefined) return [];
	if (Date.now() >= startBefore)
		return requests.map(() => ({ kind: 'unavailable', cause: 'There was not enough of the lease left to send the order safely.' }));
	const outcomes = await attempt(requests.length, async () =>
		others.length === 0 ? [await session.createOrder(first)] : ((await session.createOrders?.(requests)) ?? null),
	);
	if (outcomes !== null) return outcomes;
	const half = Math.ceil(requests.length / 2);
	return [...(await create(session, requests.slice(0, half), startBefore)), ...(await create(session, requests.slice(half), startBefore))];
}

async function attempt(count: number, call: () => Promise<SendOutcome[] | null>): Promise<SendOutcome[] | null> {
	try {
		const outcomes = await call();
		if (outcomes === null || outcomes.length === count) return outcomes;
		throw new Error(`The warehouse told of ${outcomes.length} orders, ${count} were sent`);
	} catch (error) {
		if (error instanceof FulfillmentError && error.code === 'network_in_transaction') throw asError(error);
		return new Array<SendOutcome>(count).fill({ kind: 'unknown', cause: messageOf(error) });
	}
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
