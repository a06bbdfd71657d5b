/** What came of handing an order to a WMS, in the words of the use case. */
import { asError, type FieldProblem } from '../../order/errors';
import { PartnerError, unavailable } from '../../http/partner';
import type { SendOutcome } from '../Wms';

/**
 * Runs a call that creates an order. Only what surely was not carried out is `unavailable`; a time-out or a 5xx after the body went out
 * is `unknown` and looked up before anything is sent again.
 *
 * @param problemsOf reads the fields that the WMS refuses from its answer; default: one problem with its words
 */
export async function sendOutcome(
	call: () => Promise<SendOutcome>,
	problemsOf: (error: PartnerError) => FieldProblem[] = (error) => [{ field: 'order', problem: error.message, code: 'rejected_by_wms' }],
): Promise<SendOutcome> {
	try {
		return await call();
	} catch (error) {
		return failureOutcome(error, problemsOf);
	}
}

/** What a call that failed means for its order. Throws what is no failure of a partner. */
export function failureOutcome(error: unknown, problemsOf: (error: PartnerError) => FieldProblem[]): SendOutcome {
	if (!(error instanceof PartnerError)) throw asError(error);
	const { received } = error.details;
	if (received === 'refused') return { kind: 'rejected', problems: problemsOf(error) };
	if (received === 'maybe') return { kind: 'unknown', cause: error.message };
	return unavailable(error, error.message);
}

/** For questions that come before an order goes out: whatever became of one, nothing was sent yet. */
export async function nothingSent<T>(question: Promise<T>): Promise<T> {
	try {
		return await question;
	} catch (error) {
		throw error instanceof PartnerError ? asNotSent(error) : asError(error);
	}
}

const asNotSent = (error: PartnerError): PartnerError =>
	new PartnerError(error.code, error.message, error.remedy, { ...error.details, received: 'no' }, error);

/**
 * A refusal of an order that the WMS has already is none. The texts of refusals differ and change; whether it has the order is a fact.
 *
 * @param find looks for a live order with the reference
 */
export async function unlessThere(
	create: () => Promise<SendOutcome>,
	find: () => Promise<{ wmsOrderId: string } | null>,
): Promise<SendOutcome> {
	try {
		return await create();
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received !== 'refused') throw asError(error);
		const there = await find();
		if (there !== null) return { kind: 'duplicate', ...there };
		throw asError(error);
	}
}
