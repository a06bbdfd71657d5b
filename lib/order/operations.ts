/** What people do with orders, and when each is refused: the table of the contract as code. What is at the warehouse is asked of `DECISIONS`. */
import type { Alert } from './alerts';
import type { Order } from './order';
import { verdictOn } from './sending';
import { isLive } from './sendingState';
import { hasTrait, mayMove, statusLabel, wayToOpen, type OrderStatus } from './status';

export const OPERATIONS = [
	'edit',
	'reprocess',
	'reset',
	'archive',
	'delete',
	'cancel',
	'markReceived',
	'markNotReceived',
	'sendAddedLines',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** As the Order Store node names them. */
export const OPERATION_LABELS: Readonly<Record<Operation, string>> = {
	edit: 'Edit',
	reprocess: 'Reprocess',
	reset: 'Reset',
	archive: 'Archive',
	delete: 'Delete',
	cancel: 'Cancel',
	markReceived: 'Mark as Received',
	markNotReceived: 'Mark as Not Received',
	sendAddedLines: 'Send Added Lines',
};

/** What the decision depends on. */
export type OperationSubject = Pick<Order, 'status' | 'sending' | 'sentAt'> & {
	shipments: readonly unknown[];
	alerts?: ReadonlyArray<Pick<Alert, 'code'>>;
};

export type Permission = { allowed: true; to: OrderStatus } | { allowed: false; why: string; remedy: string };

const refused = (why: string, remedy: string): Permission => ({ allowed: false, why, remedy });

const BEING_SENT = 'The order is being sent.';
const MAY_HAVE = 'The warehouse may have the order: what came of its sending is not known.';
const FIND_OUT = 'Look in the warehouse for the reference, then use Mark as Received or Mark as Not Received.';

/** In the middle of a sentence. */
const inWords = (status: OrderStatus): string => statusLabel(status).toLowerCase();

const comesToOpen = (status: OrderStatus): boolean => wayToOpen(status).length > 0 || mayMove(status, 'open');

/** Whether the WMS is known to have the order now; one that it canceled it does not have any more. */
export const isAtWms = ({ status, sending }: Pick<OperationSubject, 'status' | 'sending'>): boolean =>
	hasTrait(status, 'at_warehouse') || (sending === 'there' && status !== 'canceled');

/**
 * Whether an operation may be used on an order now, and where it leads.
 *
 * @example permission('archive', order, { force: false }) // { allowed: false, why: 'The order is being sent.', … }
 */
export function permission(operation: Operation, order: OperationSubject, options: { force: boolean }): Permission {
	const { status } = order;
	if (hasTrait(status, 'gone')) return refused('The order was deleted.', 'Import it again from the cart.');
	if (status === 'bundled' && operation !== 'archive' && operation !== 'delete') {
		return refused('The order is bundled into another one.', 'Do it with the bundle, or unbundle it first.');
	}
	return PERMISSIONS[operation](order, options.force);
}

const PERMISSIONS: Readonly<Record<Operation, (order: OperationSubject, force: boolean) => Permission>> = {
	edit: ({ status }) => {
		if (hasTrait(status, 'being_sent')) return refused(BEING_SENT, 'Wait until the warehouse has answered, then edit it.');
		if (!hasTrait(status, 'editable')) return refused(`The order is ${inWords(status)}.`, `A ${inWords(status)} order cannot be edited.`);
		return { allowed: true, to: status };
	},
	reprocess: (order) => {
		const { status } = order;
		if (status === 'new') return refused('The order is New already.', 'It will be processed by the next run.');
		if (hasTrait(status, 'being_sent')) return refused(BEING_SENT, 'Wait until the warehouse has answered.');
		if (!hasTrait(status, 'reprocessable'))
			return refused(`The order is ${inWords(status)}.`, `Nothing more is sent for a ${inWords(status)} order.`);
		if (isAtWms(order))
			return { allowed: true, to: status === 'partially_shipped' || order.shipments.length > 0 ? 'partially_shipped' : 'open' };
		return { allowed: true, to: 'new' };
	},
	reset: ({ status, sending, shipments }, force) => {
		if (shipments.length > 0) return refused('The order has a shipment.', 'Reprocess it instead; what was shipped cannot be reset.');
		if (status !== 'new' && !mayMove(status, 'new'))
			return refused(`The order is ${statusLabel(status)}.`, 'Archive or cancel it first, then reset it.');
		if (verdictOn('reset', sending) === 'force' && !force) {
			return sending === 'there'
				? refused(
						'The warehouse has the order.',
						'Cancel it at the warehouse first. Force resets it all the same: only if you have made sure that the warehouse does not ship it.',
					)
				: refused(MAY_HAVE, `${FIND_OUT} Force resets it all the same: if the warehouse has it, it may ship twice.`);
		}
		return { allowed: true, to: 'new' };
	},
	archive: ({ status }) =>
		hasTrait(status, 'being_sent')
			? refused(BEING_SENT, 'Wait until the warehouse has answered, then archive it.')
			: { allowed: true, to: 'archived' },
	delete: ({ status, sending, sentAt }, force) => {
		if (!mayMove(status, 'deleted')) return refused(`The order is ${statusLabel(status)}.`, 'Archive it first, then delete it.');
		if (force) return { allowed: true, to: 'deleted' };
		if (verdictOn('delete', sending) === 'force')
			return refused(MAY_HAVE, `${FIND_OUT} Force deletes it all the same: if the cart imports it again, it may ship twice.`);
		if (sentAt !== null && status !== 'archived')
			return refused('The warehouse had the order.', 'Archive it first, or use Force: importing it again could ship it twice.');
		return { allowed: true, to: 'deleted' };
	},
	cancel: ({ status, sending }) => {
		if (status === 'closed') return refused('The order is closed: it is too late.', 'Ask the customer to return the goods.');
		if (mayMove(status, 'canceled')) return { allowed: true, to: 'canceled' };
		if (status === 'canceled' || isLive(sending)) return { allowed: true, to: status };
		if (status === 'archived') return refused('The order is archived.', 'Reprocess it first, then cancel it.');
		return refused(`The order is ${statusLabel(status)}: nothing will be sent.`, 'Archive it to put it away.');
	},
	markReceived: ({ status, sending }) => {
		if (hasTrait(status, 'being_sent')) return refused(BEING_SENT, 'Wait until the warehouse has answered.');
		if (sending === 'none') return refused('The order was never sent.', 'Let WMS Send send it.');
		if (verdictOn('mark_received', sending) === 'refused')
			return refused('The warehouse is known to have the order.', 'There is nothing to mark.');
		return { allowed: true, to: comesToOpen(status) ? 'open' : status };
	},
	markNotReceived: ({ status, sending, shipments, alerts = [] }) => {
		if (hasTrait(status, 'being_sent')) return refused(BEING_SENT, 'Wait until the warehouse has answered.');
		if (verdictOn('mark_not_received', sending) === 'doubt') {
			if (!alerts.some(({ code }) => code === 'duplicate_differs')) {
				return refused(
					'The warehouse confirmed that it has the order.',
					'Cancel it there with WMS Send; or use Cancel with Force if it is not there any more. Then Reprocess it.',
				);
			}
			if (shipments.length > 0)
				return refused('The order has a shipment.', 'Ask the warehouse which order it shipped; use Resolve Alert once that is settled.');
			return { allowed: true, to: status === 'open' || mayStartOver(status) ? 'new' : status };
		}
		if (verdictOn('mark_not_received', sending) === 'refused')
			return refused('No sending of the order waits for an answer.', 'There is nothing to mark.');
		return { allowed: true, to: hasTrait(status, 'at_warehouse') || mayStartOver(status) ? 'new' : status };
	},
	sendAddedLines: ({ status, alerts = [] }) => {
		if (hasTrait(status, 'being_sent'))
			return refused(
				BEING_SENT,
				'Wait until the warehouse has answered; what the cart adds meanwhile is sent with the order, or an alert says that it is not.',
			);
		if (hasTrait(status, 'put_away'))
			return refused(
				`The order is ${inWords(status)}.`,
				'Reprocess it first. If that makes it New, it is sent with the added lines; if it is Closed, use Send Added Lines then.',
			);
		if (!hasTrait(status, 'over'))
			return refused(
				'The order is not closed yet.',
				'Lines that the cart adds before the order is sent are sent with it. Of lines that it adds later, the alert changed_in_cart says what to tell the warehouse; once the order is closed, those that were not sent are offered.',
			);
		if (!alerts.some(({ code }) => code === 'lines_added'))
			return refused(
				'Nothing was added to the order after it was closed.',
				'When the cart adds lines to it, the alert lines_added says so; then use Send Added Lines.',
			);
		return { allowed: true, to: status };
	},
};

/** What was put away stays so, whatever a person finds out. */
const mayStartOver = (status: OrderStatus): boolean => mayMove(status, 'new') && !hasTrait(status, 'put_away');

/** Whether quantities and SKUs may still be edited. */
export const mayEditLines = ({ sending }: Pick<OperationSubject, 'sending'>): boolean => verdictOn('edit_lines', sending) !== 'refused';
