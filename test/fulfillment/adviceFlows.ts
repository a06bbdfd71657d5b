/** How alerts come about, and what people do, in pieces. */
import { canceled as canceledWord, waiting } from '../../lib/order/cartWord';
import type { FieldProblem } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import type { Action } from '../../lib/rules/actions/registry';
import type { SendOutcome } from '../../lib/wms/Wms';
import { imported } from '../store/fixtures';
import type { Desk } from './adviceDesk';

export interface Advice {
	/** Which of the ways that the text offers. */
	way: string;
	raise(desk: Desk): Promise<Order>;
	act(desk: Desk, order: Order): Promise<void>;
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
	async (desk: Desk): Promise<Order> => {
		const { id } = await desk.imports(imported('1', { shippingAddress: { ...elsewhere, country: 'Atlantis' } }));
		await desk.rules(id, [...actions, ROUTE]);
		desk.actions = [...actions, ROUTE];
		return await desk.get(id);
	};

/** The warehouse refuses it. */
export const refused =
	(code: FieldProblem['code'] & string, field: string) =>
	async (desk: Desk): Promise<Order> => {
		desk.main.creates.push(refusal(code, field));
		return await desk.sent();
	};

export const editAndReprocess =
	(path: string, value: string) =>
	async (desk: Desk, { id }: Order): Promise<void> => {
		await desk.edits(id, path, value);
		await desk.does('reprocess', id);
	};

export const reprocess = async (desk: Desk, { id }: Order): Promise<void> => await desk.does('reprocess', id);
export const resolve = async (desk: Desk, { id }: Order): Promise<void> =>
	await desk.does('resolveAlert', id, { reason: 'Told by phone.' });

const sentAnew = async (desk: Desk, { id }: Order): Promise<void> => {
	await desk.cancelsWithWmsSend(id);
	await desk.does('reprocess', id);
};

const stoppedAndSentAnew = async (desk: Desk, { id, reference }: Order): Promise<void> => {
	desk.wms = { ...desk.wms, capabilities: { ...desk.wms.capabilities, cancel: false } };
	desk.stopsByHand(reference);
	await desk.does('cancel', id, { force: true });
	await desk.does('reprocess', id);
};

/** The ways of an order that is not any more what was sent. */
export const differing = (raise: Advice['raise']): Advice[] => [
	{ way: 'the warehouse is told', raise, act: resolve, end: 'shipped' },
	{ way: 'canceled there and sent anew', raise, act: sentAnew, end: 'shipped', both: true },
	{ way: 'stopped by hand and sent anew', raise, act: stoppedAndSentAnew, end: 'shipped' },
];

export const changedInCart = async (desk: Desk): Promise<Order> => {
	const { id } = await desk.sent();
	await desk.importsAgain(changed);
	return await desk.get(id);
};

export const heldInCart = async (desk: Desk): Promise<Order> => {
	const { id } = await desk.sent();
	await desk.importsAgain(imported('1', {}, { word: waiting('on hold (High risk of fraud)') }));
	return await desk.get(id);
};

/** An exchange, after all was shipped and told. */
export const linesAdded = async (desk: Desk): Promise<Order> => {
	const { id } = await desk.sent();
	await desk.ships(id);
	await desk.uploads([id]);
	const { content } = imported('1');
	await desk.importsAgain(
		imported('1', {
			lines: [...content.lines, { ...content.lines[0]!, id: 'L9', externalId: 'x9', sku: 'TEE-XL', name: 'Tee XL', quantity: 1 }],
		}),
	);
	return await desk.get(id);
};

export const canceledInCart = async (desk: Desk): Promise<Order> => {
	const { id } = await desk.sent();
	desk.asksByItself = false;
	await desk.importsAgain(canceled);
	return await desk.get(id);
};

/** Canceled at the warehouse for the cart's sake. */
export const wantedAgain = async (desk: Desk): Promise<Order> => {
	const { id } = await canceledInCart(desk);
	await desk.cancelsWithWmsSend(id);
	desk.done.clear();
	await desk.importsAgain(imported('1'));
	return await desk.get(id);
};

export const edited = async (desk: Desk): Promise<Order> => {
	const order = await desk.sent();
	await desk.edits(order.id, 'shippingAddress.address1', '9 New St');
	desk.done.clear();
	return await desk.get(order.id);
};

/** Another order has the reference there, from before this package was used. */
export const duplicate = async (desk: Desk): Promise<Order> => {
	desk.main.creates.push({ kind: 'duplicate', wmsOrderId: 'W-OLD' });
	return await desk.sent();
};

/** A person was wrong: the order is at the other warehouse too. */
export const twice = async (desk: Desk): Promise<Order> => {
	const { id } = await desk.imports();
	await desk.rules(id, [{ kind: 'route', warehouse: 'OTHER' }]);
	const { reference } = await desk.get(id);
	desk.other.finds.push(() => Promise.reject(new Error('502')));
	desk.other.creates.push(() => {
		desk.other.has.set(reference, `W-${reference}`);
		return { kind: 'unknown', cause: 'time-out' };
	});
	await desk.sends(id, desk.other);
	await desk.does('markNotReceived', id);
	await desk.rules(id);
	await desk.sends(id, desk.main);
	await desk.otherReports({ kind: 'acknowledged', reference, wmsOrderId: `W-${reference}`, origin: 'late' });
	desk.done.clear();
	return await desk.get(id);
};

export const unknownOutcome =
	(arrives: boolean): Advice['raise'] =>
	async (desk) => {
		const { id } = await desk.imports();
		await desk.rules(id);
		return await desk.unknown(id, { arrives });
	};

/** It left, and the cart was told, when the warehouse corrected itself. */
export const shippedThen =
	(correct: (desk: Desk, order: Order, shipment: string) => Promise<void>): Advice['raise'] =>
	async (desk) => {
		const { id } = await desk.sent();
		const shipment = await desk.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 1 }] });
		await desk.uploads([id]);
		await correct(desk, await desk.get(id), shipment);
		return await desk.get(id);
	};

export const canceledThere = async (desk: Desk): Promise<Order> => {
	const { id, reference } = await desk.sent();
	desk.stopsByHand(reference);
	await desk.reports({ kind: 'canceled', externalId: 'C1', reference, wmsOrderId: null, origin: 'c', reason: 'out of stock', lines: null });
	return await desk.get(id);
};
