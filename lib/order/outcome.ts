/**
 * What came of asking a partner, in the same words for carts and warehouses: `rejected` = it will never take it like this, `unavailable` = surely not
 * done, try again later. What only one of them can say is in `Cart.ts` and `Wms.ts`.
 */
import type { AlertCode } from './alerts';

/** No answer, or none that decides. */
export interface Unanswered {
	/** In words, for people. */
	cause: string;
	/** As the partner asked. */
	retryAfterMs?: number;
	/** A person can do something about it meanwhile. */
	alert?: AlertCode;
}

export type Unavailable = Unanswered & { kind: 'unavailable' };
