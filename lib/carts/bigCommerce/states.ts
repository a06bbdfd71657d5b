/** What the statuses of BigCommerce mean for us. A shop can call them otherwise; their numbers are fixed. */
import { canceled, gone, READY, waiting, type CartWord } from '../../order/cartWord';
import type { CartStates } from '../common/cartStates';

/** By `status_id`; "archived" counts whatever the status is. */
export const states = {
	0: { label: 'Incomplete', word: waiting('incomplete'), means: 'It waits: the checkout was not finished.' },
	1: { label: 'Pending', word: waiting('pending'), means: 'It waits: the checkout was not finished.' },
	2: { label: 'Shipped', word: READY, means: 'All of it counts as shipped: what we did not ship, others did.' },
	3: { label: 'Partially Shipped', word: READY, means: 'What is left ships, if we know the order or the trigger imports the status.' },
	4: {
		label: 'Refunded',
		word: canceled('refunded'),
		means: 'Nothing of it ships. If only some lines were refunded, as older stores say it, the others do.',
	},
	5: { label: 'Cancelled', word: canceled('cancelled'), means: 'Nothing of it ships.' },
	6: { label: 'Declined', word: canceled('declined'), means: 'Nothing of it ships.' },
	7: { label: 'Awaiting Payment', word: waiting('awaiting payment'), means: 'It waits for its payment.' },
	8: {
		label: 'Awaiting Pickup',
		word: waiting('awaiting pickup'),
		means: 'It waits, unless the trigger imports the status. Lines that are picked up are not ours in any status.',
	},
	9: {
		label: 'Awaiting Shipment',
		word: READY,
		means: 'It may ship, if we know the order or the trigger imports the status; also what Cart Update sets.',
	},
	10: { label: 'Completed', word: READY, means: 'All of it counts as shipped: what we did not ship, others did.' },
	11: { label: 'Awaiting Fulfillment', word: READY, means: 'It may ship. Imported by default.' },
	12: {
		label: 'Manual Verification Required',
		word: waiting('manual verification required'),
		held: true,
		means: 'It waits until somebody verified it.',
	},
	13: { label: 'Disputed', word: waiting('disputed'), held: true, means: 'It waits until the dispute is over.' },
	14: { label: 'Partially Refunded', word: READY, means: 'What was not refunded ships. Imported by default.' },
	archived: {
		label: 'Archived or deleted',
		word: gone('archived'),
		means: 'Nothing of it ships. BigCommerce does not list such orders; it is asked right before sending.',
	},
} as const satisfies CartStates;

/** Awaiting Fulfillment, Partially Refunded. */
export const DEFAULT_STATUSES: readonly string[] = ['11', '14'];

/** Refunded, Cancelled, Declined: they take an order back. */
export const CANCELED: readonly string[] = ['4', '5', '6'];
/** Shipped, Partially Shipped, Completed. */
export const SHIPPED: readonly string[] = ['2', '3', '10'];
/** Nothing is left to ship. */
export const ALL_SHIPPED: readonly string[] = ['2', '10'];

const REFUNDED = '4';

const isStatus = (id: string): id is `${Exclude<keyof typeof states, 'archived'>}` => id !== 'archived' && Object.hasOwn(states, id);

/**
 * What an order says by its status, whatever the settings of the trigger.
 *
 * @param isPartlyRefunded lines were refunded, and others were not
 */
export function wordOfStatus(id: string, { isArchived, isPartlyRefunded }: { isArchived: boolean; isPartlyRefunded: boolean }): CartWord {
	if (isArchived) return states.archived.word;
	if (id === REFUNDED && isPartlyRefunded) return READY;
	return isStatus(id) ? states[id].word : waiting(`status ${id || 'unknown'}`);
}

/** The status that counts for the settings of a trigger: older stores say Refunded of what is refunded in part. */
export const statusFor = (id: string, { readiness }: CartWord): string => (id === REFUNDED && readiness === 'ready' ? '14' : id);

/** One that is first seen so is recorded. */
export const isHeld = (id: string): boolean => isStatus(id) && 'held' in states[id];

/** For people. */
export const labelOf = (id: string): string => (isStatus(id) ? states[id].label : id || 'unknown');
