/** What the states of an order in Vendure mean for us: looked up by the translation, printed in the documentation, walked by the tests. */
import { canceled, READY, waiting, type CartWord, type Readiness } from '../../order/cartWord';

interface State {
	label: string;
	word: Readiness;
	/** Something was shipped: of an order that we have that is no reason to wait, and nobody else's order is imported. */
	shipped?: true;
	/** As in `CartState`. */
	held?: true;
	/** Whether it is ready is for the settings of the trigger to say. */
	bySettings?: true;
	means: string;
}

export const STATES = {
	Created: { label: 'created', word: 'waiting', means: 'Waits: it is not placed yet.' },
	Draft: { label: 'a draft', word: 'waiting', means: 'Waits: it is not placed yet.' },
	AddingItems: { label: 'adding items', word: 'waiting', means: 'Waits: it is not placed yet.' },
	ArrangingPayment: { label: 'arranging payment', word: 'waiting', means: 'Waits for the payment.' },
	PaymentAuthorized: {
		label: 'payment authorized',
		word: 'waiting',
		bySettings: true,
		means: 'Waits for the payment, unless *States* takes it.',
	},
	PaymentSettled: { label: 'payment settled', word: 'ready', bySettings: true, means: 'Shipped. (Waits if *States* leaves it out.)' },
	PartiallyShipped: {
		label: 'partially shipped',
		word: 'ready',
		shipped: true,
		means: 'What is in fulfillments of others is not shipped again. Not imported as a new order.',
	},
	Shipped: {
		label: 'shipped',
		word: 'ready',
		shipped: true,
		means: 'What is in fulfillments of others is not shipped again. Not imported as a new order.',
	},
	PartiallyDelivered: {
		label: 'partially delivered',
		word: 'ready',
		shipped: true,
		means: 'What is in fulfillments of others is not shipped again. Not imported as a new order.',
	},
	Delivered: {
		label: 'delivered',
		word: 'ready',
		shipped: true,
		means: 'What is in fulfillments of others is not shipped again. Not imported as a new order.',
	},
	Modifying: { label: 'being modified', word: 'waiting', held: true, means: 'Waits until the modification is finished or dropped.' },
	ArrangingAdditionalPayment: {
		label: 'arranging additional payment',
		word: 'waiting',
		held: true,
		means: 'Waits for the payment of what a modification added.',
	},
	Cancelled: { label: 'canceled', word: 'canceled', means: 'Canceled.' },
} as const satisfies Record<string, State>;

const stateOf = (state: string): State | null => (Object.hasOwn(STATES, state) ? STATES[state as keyof typeof STATES] : null);

/** As people read it; a state of the shop's own keeps its name. */
export const labelOf = (state: string): string => stateOf(state)?.label ?? state;

/** Of an order by itself; whether a state of the shop's own, or a payment that is only authorized, is ready is for the settings of the trigger to say. */
export function saidOfState(state: string): CartWord {
	const known = stateOf(state);
	if (known?.word === 'canceled') return canceled();
	return known === null || known.bySettings === true || known.word === 'ready' ? READY : waiting(known.label);
}

/** One that is first seen so is recorded. */
export const isHeldState = (state: string): boolean => stateOf(state)?.held === true;

/** Whether something of it was shipped, by us or by others. */
export const isShippedState = (state: string): boolean => stateOf(state)?.shipped === true;
