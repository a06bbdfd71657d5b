/** The only place that hands orders to a WMS: look up, send, look up. */
import { asError, FulfillmentError, type FieldProblem } from '../order/errors';
import type { SendOutcome, WmsSession } from '../wms/Wms';

export type Delivery<Request> = {
	reference: string;
	/** The WMS may have it already. */
	lookFirst: boolean;
	/** The order in the words of the WMS, or why it cannot be put into them. */
} & ({ request: Request } | { problems: FieldProblem[] });

export interface DeliveryTerms {
	/** By our own clock; after it nothing more is sent, since the leases could run out meanwhile. */
	startBefore: number;
	/** False = the WMS cannot be asked for an order. */
	canBeAsked: boolean;
}

/**
 * Gives an outcome for each, in their order. Those that the WMS does not have go out in one call where it takes several; when nobody knows
 * what came of the call, each of them is looked up. Look-ups go out at once: a warehouse that does not answer costs one time-out of the lease
 * then, not one for each order.
 */
export async function deliver<Request>(session: WmsSession<Request>, deliveries: ReadonlyArray<Delivery<Request>>, { startBefore, canBeAsked }: DeliveryTerms): Promise<SendOutcome[]> {
	const known = await Promise.all(
		deliveries.map(async (delivery): Promise<SendOutcome | null> => {
			if ('problems' in delivery) return { kind: 'rejected', problems: delivery.problems };
			if (!delivery.lookFirst) return null;
			return canBeAsked ? await lookUp(session, delivery.reference) : LEFT_BEHIND;
		}),
	);
	const missing = deliveries.flatMap((delivery, index) => (known[index] === null && 'request' in delivery ? [delivery] : []));
	const sent = await create(session, missing.map(({ request }) => request), startBefore);
	const outcomes = await Promise.all(
		sent.map(async (outcome, index) => {
			// It may have arrived although the answer did not.
			return outcome.kind === 'unknown' && canBeAsked ? ((await lookUp(session, missing[index]!.reference)) ?? outcome) : outcome;
		}),
	);
	return known.map((outcome) => outcome ?? outcomes.shift()!);
}

/**
 * A WMS that cannot be asked gets an order once. Whether it took one whose answer did not come, or that a crash left behind, is for a
 * person to find out: it must never be sent again by itself.
 */
const LEFT_BEHIND: SendOutcome = { kind: 'unknown', cause: 'The run that sent it never came back, and this warehouse cannot be asked for the order.' };

async function lookUp<Request>(session: WmsSession<Request>, reference: string): Promise<SendOutcome | null> {
	try {
		const found = await session.findOrder(reference);
		return found === null ? null : { kind: 'duplicate', wmsOrderId: found.wmsOrderId };
	} catch (error) {
		return { kind: 'unknown', cause: `The warehouse could not be asked for ${reference}: ${messageOf(error)}` };
	}
}

/** In one call; in more calls with fewer orders while the WMS refuses all of them because of one that it does not name. */
async function create<Request>(session: WmsSession<Request>, requests: readonly Request[], startBefore: number): Promise<SendOutcome[]> {
	const [first, ...others] = requests;
	if (first === undefined) return [];
	if (Date.now() >= startBefore) return requests.map(() => ({ kind: 'unavailable', cause: 'There was not enough of the lease left to send the order safely.' }));
	const outcomes = await attempt(requests.length, async () => (others.length === 0 ? [await session.createOrder(first)] : ((await session.createOrders?.(requests)) ?? null)));
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
