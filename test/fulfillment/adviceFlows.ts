/** How alerts come about, and what people do, in pieces. */
import { canceled as canceledWord, waiting } from '../../lib/order/cartWord';
import type { FieldProblem } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import type { Action } from '../../lib/rules/actions/registry';
import type { SendOutcome } from '../../lib/wms/Wms';
import { imported } from '../store/fixtures';
import type { Operator } from './operator';

export interface Advice {
	/** Which of the ways that the text offers. */
	way: string;
	raise(operator: Operator): Promise<Order>;
	act(operator: Operator, order: Order): Promise<void>;
	/** shipped: at the warehouse once, told to the cart once, Closed. ended: nothing of it is at a warehouse, and its status says so. */
	end: 'shipped' | 'ended';
	/** How an order ends that is made of lines which were added to it. Absent = there is none. */
	besides?: 'shipped';
	/** Postgres too. */
	both?: true;
}

export const ROUTE: Action = { kind: 'route', warehouse: 'MAIN' };
const elsewhere = { ...imported('1').content.shippingAddress!, address1: '9 New St' };
const changed = imported('1', { shippingAddress: elsewhere });
export const canceled = imported('1', {}, { word: canceledWord() });

const refusal = (code: FieldProblem['code'] & string, field: string): SendOutcome => ({
	kind: 'rejected',
	problems: [{ field, problem: 'refused', code }],
});

/** Rules put it in Error. */
export const ruled =
	(actions: Action[]) =>
	async (operator: Operator): Promise<Order> => {
		const { id } = await operator.imports(imported('1', { shippingAddress: { ...elsewhere, country: 'Atlantis' } }));
		await operator.rules(id, [...actions, ROUTE]);
		operator.actions = [...actions, ROUTE];
		return await operator.get(id);
	};

/** The warehouse refuses it. */
export const refused =
	(code: FieldProblem['code'] & string, field: string) =>
	async (operator: Operator): Promise<Order> => {
		operator.main.creates.push(refusal(code, field));
		return await operator.sent();
	};

export const editAndReprocess =
	(path: string, value: string) =>
	async (operator: Operator, { id }: Order): Promise<void> => {
		await operator.edits(id, path, value);
		await operator.does('reprocess', id);
	};

export const reprocess = async (operator: Operator, { id }: Order): Promise<void> => await operator.does('reprocess', id);
export const resolve = async (operator: Operator, { id }: Order): Promise<void> =>
	await operator.does('resolveAlert', id, { reason: 'Told by phone.' });

const sentAnew = async (operator: Operator, { id }: Order): Promise<void> => {
	await operator.cancelsWithWmsSend(id);
	await operator.does('reprocess', id);
};

const stoppedAndSentAnew = async (operator: Operator, { id, reference }: Order): Promise<void> => {
	operator.wms = { ...operator.wms, capabilities: { ...operator.wms.capabilities, cancel: false } };
	operator.stopsByHand(reference);
	await operator.does('cancel', id, { force: true });
	await operator.does('reprocess', id);
};

/** The ways of an order that is not any more what was sent. */
export const differing = (raise: Advice['raise']): Advice[] => [
	{ way: 'the warehouse is told', raise, act: resolve, end: 'shipped' },
	{ way: 'canceled there and sent anew', raise, act: sentAnew, end: 'shipped', both: true },
	{ way: 'stopped by hand and sent anew', raise, act: stoppedAndSentAnew, end: 'shipped' },
];

export const changedInCart = async (operator: Operator): Promise<Order> => {
	const { id } = await operator.sent();
	await operator.importsAgain(changed);
	return await operator.get(id);
};

export const heldInCart = async (operator: Operator): Promise<Order> => {
	const { id } = await operator.sent();
	await operator.importsAgain(imported('1', {}, { word: waiting('on hold (High risk of fraud)') }));
	return await operator.get(id);
};

/** An exchange, after all was shipped and told. */
export const linesAdded = async (operator: Operator): Promise<Order> => {
	const { id } = await operator.sent();
	await operator.ships(id);
	await operator.uploads([id]);
	const { content } = imported('1');
	await operator.importsAgain(
		imported('1', {
			lines: [...content.lines, { ...content.lines[0]!, id: 'L9', externalId: 'x9', sku: 'TEE-XL', name: 'Tee XL', quantity: 1 }],
		}),
	);
	return await operator.get(id);
};

export const canceledInCart = async (operator: Operator): Promise<Order> => {
	const { id } = await operator.sent();
	operator.asksByItself = false;
	await operator.importsAgain(canceled);
	return await operator.get(id);
};

/** Canceled at the warehouse for the cart's sake. */
export const wantedAgain = async (operator: Operator): Promise<Order> => {
	const { id } = await canceledInCart(operator);
	await operator.cancelsWithWmsSend(id);
	operator.done.clear();
	await operator.importsAgain(imported('1'));
	return await operator.get(id);
};

export const edited = async (operator: Operator): Promise<Order> => {
	const order = await operator.sent();
	await operator.edits(order.id, 'shippingAddress.address1', '9 New St');
	operator.done.clear();
	return await operator.get(order.id);
};

/** Another order has the reference there, from before this package was used. */
export const duplicate = async (operator: Operator): Promise<Order> => {
	operator.main.creates.push({ kind: 'duplicate', wmsOrderId: 'W-OLD' });
	return await operator.sent();
};

/** A person was wrong: the order is at the other warehouse too. */
export const twice = async (operator: Operator): Promise<Order> => {
	const { id } = await operator.imports();
	await operator.rules(id, [{ kind: 'route', warehouse: 'OTHER' }]);
	const { reference } = await operator.get(id);
	operator.other.finds.push(() => Promise.reject(new Error('502')));
	operator.other.creates.push(() => {
		operator.other.has.set(reference, `W-${reference}`);
		return { kind: 'unknown', cause: 'time-out' };
	});
	await operator.sends(id, operator.other);
	await operator.does('markNotReceived', id);
	await operator.rules(id);
	await operator.sends(id, operator.main);
	await operator.otherReports({ kind: 'acknowledged', reference, wmsOrderId: `W-${reference}`, origin: 'late' });
	operator.done.clear();
	return await operator.get(id);
};

export const unknownOutcome =
	(arrives: boolean): Advice['raise'] =>
	async (operator) => {
		const { id } = await operator.imports();
		await operator.rules(id);
		return await operator.unknown(id, { arrives });
	};

/** It left, and the cart was told, when the warehouse corrected itself. */
export const shippedThen =
	(correct: (operator: Operator, order: Order, shipment: string) => Promise<void>): Advice['raise'] =>
	async (operator) => {
		const { id } = await operator.sent();
		const shipment = await operator.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 1 }] });
		await operator.uploads([id]);
		await correct(operator, await operator.get(id), shipment);
		return await operator.get(id);
	};

export const canceledThere = async (operator: Operator): Promise<Order> => {
	const { id, reference } = await operator.sent();
	operator.stopsByHand(reference);
	await operator.reports({
		kind: 'canceled',
		externalId: 'C1',
		reference,
		wmsOrderId: null,
		origin: 'c',
		reason: 'out of stock',
		lines: null,
	});
	return await operator.get(id);
};
