/** What the statuses of WooCommerce mean for us. */
import { canceled, gone, READY, waiting } from '../../order/cartWord';
import { ships } from '../../order/goods';
import { isObject } from '../../order/json';
import type { ImportedOrder } from '../../order/order';
import type { CartStates } from '../common/cartStates';
import { judged } from '../common/eligible';
import { textIn } from '../common/listing';
import { metasIn } from './metas';

/** Those of WooCommerce itself; plugins add more. */
export const states = {
	'auto-draft': { label: 'Draft', word: waiting('a draft'), means: 'It waits: the order is being made in the admin.' },
	'checkout-draft': { label: 'Checkout draft', word: waiting('checkout draft'), means: 'It waits: the customer has not placed it.' },
	pending: { label: 'Pending payment', word: waiting('pending payment'), means: 'It waits for its payment.' },
	'on-hold': { label: 'On hold', word: waiting('on hold'), held: true, means: 'It waits until the shop takes the hold off.' },
	processing: { label: 'Processing', word: READY, means: 'It may ship. Imported by default.' },
	completed: {
		label: 'Completed',
		word: READY,
		means: 'All of it counts as shipped: what we did not ship, others did. Not when the trigger imports completed orders.',
	},
	cancelled: { label: 'Canceled', word: canceled('cancelled'), means: 'Nothing of it ships.' },
	refunded: { label: 'Refunded', word: canceled('refunded'), means: 'Nothing of it ships.' },
	failed: { label: 'Failed', word: canceled('failed'), means: 'Nothing of it ships: the payment failed.' },
	trash: { label: 'Trash', word: gone('in the trash'), means: 'Nothing of it ships.' },
	deleted: {
		label: 'Deleted for good',
		word: gone('deleted'),
		means: 'Nothing of it ships. It is seen when the order is read anew before it is sent.',
	},
	plugin: {
		label: 'A status of a plugin',
		word: waiting('status fraud-check'),
		means: 'It waits, unless the trigger imports the status or Cart Update set it.',
	},
} as const satisfies CartStates;

/** Hidden at the order: the status that we gave it. As long as it is the order's, nobody said anything else. */
const STATUS_META = '_order_fulfillment_status';

/** The meta that goes with a status that we set. */
export const ownStatus = (status: string): { key: string; value: string } => ({ key: STATUS_META, value: status });

const isNamed = (status: string): status is keyof typeof states =>
	Object.hasOwn(states, status) && status !== 'plugin' && status !== 'deleted';

/** Some parts of WooCommerce write statuses with a prefix. @example plainStatus('wc-on-hold') // "on-hold" */
export const plainStatus = (status: string): string => status.trim().replace(/^wc-/, '');

/** What an order says by its status alone, whatever the settings of the trigger. @param isOurs we gave it this status */
export function wordOfStatus(status: string, isOurs: boolean): ImportedOrder['word'] {
	const word = isNamed(status) ? states[status].word : READY;
	return isOurs && word.readiness === 'waiting' ? READY : word;
}

const isHeld = (status: string): boolean => isNamed(status) && 'held' in states[status];

const DEFAULT_STATUSES: readonly string[] = ['processing'];

/** The statuses of orders that a trigger takes as new ones. @param statuses of its filter */
export const wantedStatuses = (statuses: readonly string[]): ReadonlySet<string> =>
	new Set((statuses.length > 0 ? statuses : DEFAULT_STATUSES).map(plainStatus));

/** The order as a trigger sees it that imports these statuses. */
export function asWanted(order: ImportedOrder, wanted: ReadonlySet<string>): ImportedOrder {
	const status = plainStatus(textIn(order.raw, 'status') ?? '');
	if (wanted.has('any') || wanted.has(status)) return judged(order, { isWanted: true, status });
	if (isOwnStatus(order.raw, status)) return { ...order, notEligible: `status ${status}` };
	if (status !== 'completed') return judged(order, { isWanted: false, isHeld: isHeld(status), status });
	return {
		...order,
		notEligible: `status ${status}`,
		shipped: Object.fromEntries(order.content.lines.filter(ships).map(({ id, quantity }) => [id, quantity])),
	};
}

/** Whether we gave the order the status that it has. */
export const isOwnStatus = (raw: unknown, status: string): boolean =>
	isObject(raw) && metasIn(raw.meta_data).some((meta) => textIn(meta, 'key') === STATUS_META && textIn(meta, 'value') === status);
