/** What the states of Medusa mean for us: an order has a status, and its payment another one. */
import { canceled, gone, READY, waiting, type CartWord } from '../../order/cartWord';
import type { CartStates } from '../common/cartStates';

/** By `status` of the order, and by `payment_status` behind "payment:". */
export const states = {
	pending: { label: 'Pending', word: READY, means: 'Its payment decides.' },
	completed: { label: 'Completed', word: READY, means: 'One that we know goes on; it is not imported as a new one.' },
	draft: { label: 'Draft', word: waiting('a draft'), means: 'It waits.' },
	requires_action: { label: 'Requires action', word: waiting('requires action'), means: 'It waits until somebody acted.' },
	archived: { label: 'Archived', word: gone('archived'), means: 'Nothing of it ships.' },
	canceled: { label: 'Canceled', word: canceled('canceled'), means: 'Nothing of it ships.' },
	'payment:not_paid': {
		label: 'Payment: not paid',
		word: waiting('payment not paid'),
		means: 'It waits for its payment. One of which nothing is to be paid may ship.',
	},
	'payment:awaiting': {
		label: 'Payment: awaiting',
		word: waiting('payment awaiting'),
		means: 'It waits for its payment, unless the trigger imports it.',
	},
	'payment:requires_action': {
		label: 'Payment: requires action',
		word: waiting('payment requires action'),
		means: 'It waits for its payment, unless the trigger imports it.',
	},
	'payment:partially_authorized': {
		label: 'Payment: partially authorized',
		word: waiting('payment partially authorized'),
		means: 'It waits for its payment, unless the trigger imports it.',
	},
	'payment:authorized': {
		label: 'Payment: authorized',
		word: waiting('payment authorized'),
		means: 'It waits for its payment, unless the trigger imports it.',
	},
	'payment:partially_captured': {
		label: 'Payment: partially captured',
		word: waiting('payment partially captured'),
		held: true,
		means: 'It waits for the rest, as after an edit, unless the trigger imports it.',
	},
	'payment:captured': { label: 'Payment: captured', word: READY, means: 'It may ship. Imported by default.' },
	'payment:partially_refunded': {
		label: 'Payment: partially refunded',
		word: READY,
		means: 'It may ship: Medusa does not say what was refunded.',
	},
	'payment:refunded': { label: 'Payment: refunded', word: canceled('refunded'), means: 'What is not fulfilled yet does not ship.' },
	'payment:canceled': { label: 'Payment: canceled', word: waiting('payment canceled'), means: 'It waits for another payment.' },
} as const satisfies CartStates;

const isState = (name: string): name is keyof typeof states => Object.hasOwn(states, name);

/** What an order says by its own status, without its payment. */
export const wordOfStatus = (status: string): CartWord =>
	isState(status) && !status.startsWith('payment:') ? states[status].word : waiting(`status ${status}`);

/** One that is first seen so is recorded. */
export const isHeldPayment = (status: string): boolean => {
	const name = `payment:${status}`;
	return isState(name) && 'held' in states[name];
};

/** For people. @example paymentWords('not_paid') // "payment not paid" */
export const paymentWords = (status: string): string => `payment ${status.replaceAll('_', ' ')}`;
