/** What came of telling a cart, in the words of the use case. */
import { asError, FulfillmentError } from '../../order/errors';
import { PartnerError, unavailable } from '../../http/partner';
import type { CartOutcome } from '../Cart';

/**
 * Runs a call that writes to a cart. What the cart refuses is `rejected`, what may pass by itself is `unavailable`: the next try looks at
 * what the cart has before it writes, so an unknown outcome needs no case of its own.
 */
export async function cartOutcome(call: () => Promise<CartOutcome>): Promise<CartOutcome> {
	try {
		return await call();
	} catch (error) {
		if (!(error instanceof PartnerError)) throw asError(error);
		if (error.code === 'partner_refused') return { kind: 'rejected', problem: inWords(error) };
		return unavailable(error, inWords(error));
	}
}

const inWords = ({ message, remedy }: FulfillmentError): string => `${message} ${remedy}`;
