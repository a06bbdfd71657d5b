/** What the states of Magento mean for us. A state is Magento's own and fixed; a shop gives it any number of statuses. */
import { canceled, READY, waiting } from '../../order/cartWord';
import { ships } from '../../order/goods';
import { isObject, objectsIn } from '../../order/json';
import type { ImportedOrder } from '../../order/order';
import type { CartStates } from '../common/cartStates';
import { judged } from '../common/eligible';
import { textIn } from '../common/listing';

/** By state; those under "status" count whatever the state is. */
export const states = {
	new: { label: 'New (pending)', word: READY, means: 'It waits, unless the trigger imports its status, as *Pending*.' },
	pending_payment: { label: 'Pending payment', word: waiting('pending payment'), means: 'It waits for its payment.' },
	payment_review: {
		label: 'Payment review',
		word: waiting('payment review'),
		held: true,
		means: 'It waits until the payment is accepted.',
	},
	fraud: { label: 'Suspected fraud (status)', word: waiting('suspected fraud'), held: true, means: 'It waits until somebody accepts it.' },
	processing: { label: 'Processing', word: READY, means: 'It may ship. Imported by default.' },
	holded: { label: 'On hold', word: waiting('on hold'), held: true, means: 'It waits until somebody takes the hold off.' },
	complete: {
		label: 'Complete',
		word: READY,
		means: 'All of it counts as shipped: what we did not ship, others did. Not when the trigger imports complete orders.',
	},
	closed: { label: 'Closed', word: canceled('closed'), means: 'Nothing of it ships: it was refunded.' },
	canceled: { label: 'Canceled', word: canceled('canceled'), means: 'Nothing of it ships.' },
	own: {
		label: 'A status of the shop',
		word: waiting('status own_check'),
		means: 'It waits, unless the trigger imports the status or Cart Update set it.',
	},
} as const satisfies CartStates;

/** Begins the comment that acknowledges: an order that has one has the status that goes with it from us. */
export const ACKNOWLEDGED = 'The warehouse has the order as ';

/** What an order says by its state and status, whatever the settings of the trigger. */
export function wordOfState(state: string, status: string | null): ImportedOrder['word'] {
	if (state === 'canceled' || state === 'closed') return canceled(status ?? state);
	if (status === 'fraud') return states.fraud.word;
	return state === 'holded' || state === 'payment_review' || state === 'pending_payment' ? states[state].word : READY;
}

/** A status of the shop's own says more than the state that it belongs to. */
const isHeld = (state: string, status: string): boolean => status === 'fraud' || state === 'holded' || state === 'payment_review';

const DEFAULT_STATUSES: readonly string[] = ['processing'];

/** The statuses of orders that a trigger takes as new ones. @param statuses of its filter */
export const wantedStatuses = (statuses: readonly string[]): ReadonlySet<string> =>
	new Set(statuses.length > 0 ? statuses : DEFAULT_STATUSES);

/** The order as a trigger sees it that imports these statuses. */
export function asWanted(order: ImportedOrder, wanted: ReadonlySet<string>): ImportedOrder {
	const state = stateOf(order.raw);
	const status = textIn(order.raw, 'status') ?? state;
	if (wanted.has(status)) return judged(order, { isWanted: true, status });
	if (state === 'complete')
		return {
			...order,
			notEligible: `status ${status}`,
			shipped: Object.fromEntries(order.content.lines.filter(ships).map(({ id, quantity }) => [id, quantity])),
		};
	return isOwnStatus(order.raw, status)
		? { ...order, notEligible: `status ${status}` }
		: judged(order, { isWanted: false, isHeld: isHeld(state, status), status });
}

/** Old versions of Magento do not give every order a state. */
export const stateOf = (raw: unknown): string => textIn(raw, 'state') ?? textIn(raw, 'status') ?? '';

/** Whether we gave the order the status that it has: with the comment that acknowledges it. */
const isOwnStatus = (raw: unknown, status: string): boolean =>
	isObject(raw) &&
	objectsIn(raw.status_histories).some(
		(one) => one.status === status && typeof one.comment === 'string' && one.comment.startsWith(ACKNOWLEDGED),
	);
