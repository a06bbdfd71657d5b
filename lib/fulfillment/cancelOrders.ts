/**
 * Cancels orders: at the warehouse where it has them, else here alone. What the warehouse says decides; when its answer does not come, the
 * order stays as it is and is asked about again, for a second cancellation does no harm.
 */
import { ALERTS, alertsBy } from '../order/alerts';
import { outstanding } from '../order/derive';
import { asError, FulfillmentError } from '../order/errors';
import { permission } from '../order/operations';
import type { Order } from '../order/order';
import { provesAbsence, verdictOn, type Sending } from '../order/sending';
import { isLive } from '../order/sendingState';
import { hasTrait, mayMove, statusLabel } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { OrderFields, OrderStore } from '../store/OrderStore';
import { type CancelOutcome, LATE_MS, type Wms, type WmsSession } from '../wms/Wms';
import { refusedInBundle } from './bundles';
import { unknownOrder, type OrderResult } from './orderResult';
import { movesToOpen } from './movesToOpen';
import { unlessStale } from './staleOrders';
import { accountOf } from './warehouseAccount';

export interface CancelRequest {
	orderStore: OrderStore;
	/** Null = no warehouse can be asked here; an order that one has is refused. */
	warehouse: {
		wms: Pick<Wms<never>, 'code' | 'label' | 'capabilities'>;
		session: Pick<WmsSession<never>, 'cancelOrder'> & Partial<Pick<WmsSession<never>, 'account' | 'source'>>;
	} | null;
	orderIds: string[];
	reason: string | null;
	worker: string;
	actor: Actor;
	/** Must be longer than the slowest answer of the WMS. */
	leaseMs: number;
	/** How long after a request the warehouse may still take it. Default: what its adapter says. */
	lateMs?: number;
	/** A person has stopped it at the warehouse by other means: nobody is asked. */
	force?: boolean;
}

export type CancelResult = OrderResult<'canceled'>;

/** Results come in the order of `orderIds`. One order's failure never stops the others. */
export async function cancelOrders(request: CancelRequest): Promise<CancelResult[]> {
	const results: CancelResult[] = [];
	for (const orderId of request.orderIds) {
		const order = await request.orderStore.get(orderId);
		if (order === null) results.push(unknownOrder(orderId));
		else results.push({ orderId, ...(await cancelOne(request, order)) });
	}
	return results;
}

type One = Omit<CancelResult, 'orderId'>;

async function cancelOne(request: CancelRequest, order: Order): Promise<One> {
	if (order.status === 'canceled' && !isLive(order.sending)) return { order, output: 'canceled', message: null };
	const inBundle = await refusedInBundle(request.orderStore, order, 'cancel');
	if (inBundle !== null) return { order, output: 'error', message: `${inBundle.why} ${inBundle.remedy}` };
	const parts = order.parentId === null ? await request.orderStore.parts([order.id]) : [];
	if (parts.length > 0) return await cancelParts(request, order, parts);
	const allowed = permission('cancel', order, { force: false });
	if (!allowed.allowed) return { order, output: 'error', message: `${allowed.why} ${allowed.remedy}` };
	// It may be on its way to the warehouse at this moment; what comes of it is known soon.
	if (hasTrait(order.status, 'being_sent'))
		return { order, output: 'delayed', message: 'The order is being sent; cancel it again once the warehouse has answered.' };
	const cancel = async (): Promise<One> => {
		if (verdictOn('cancel', order.sending) === 'ask') return await cancelAtWms(request, order);
		await move(request, order, request.reason ?? 'Canceled before it was sent.');
		return { order: await request.orderStore.get(order.id), output: 'canceled', message: null };
	};
	// Not decided again here: the warehouse may have been asked already.
	return await unlessStale(cancel, async () => ({
		order: await request.orderStore.get(order.id),
		output: 'delayed',
		message: 'The order changed meanwhile; try again.',
	}));
}

/** Part by part; the order is Canceled with the last of them. After a crash a repeat goes on where this ended. */
async function cancelParts(request: CancelRequest, order: Order, parts: readonly Order[]): Promise<One> {
	const allowed = permission('cancel', order, { force: false });
	if (!allowed.allowed) return { order, output: 'error', message: `${allowed.why} ${allowed.remedy}` };
	const answers: One[] = [];
	for (const part of parts) {
		if (!hasTrait(part.status, 'settled')) answers.push(await cancelOne(request, part));
	}
	const now = await request.orderStore.get(order.id);
	const failed = answers.filter(({ output }) => output !== 'canceled');
	if (failed.length === 0 && now?.status === 'canceled') return { order: now, output: 'canceled', message: null };
	const message =
		failed.map((answer) => `${answer.order?.reference ?? 'part'}: ${answer.message ?? 'not canceled'}`).join(' ') ||
		'Parts of the order were shipped or put away before.';
	return { order: now, output: failed.some(({ output }) => output === 'error') || failed.length === 0 ? 'error' : 'delayed', message };
}

async function cancelAtWms(request: CancelRequest, order: Order): Promise<One> {
	const { orderStore, warehouse, worker, actor, leaseMs } = request;
	// Whoever is asked, the other one ships it, and nobody would see it any more.
	if (order.alerts.some(({ code }) => code === 'sent_twice'))
		return await cannot(request, order, `Two warehouses may have the order. ${ALERTS.sent_twice.recommendation}`);
	// Which of its sendings it goes by: the latest may be over while an earlier one turned out to be there.
	const target = (await orderStore.sendings([order.id])).findLast(({ state }) => isLive(state)) ?? null;
	if (request.force === true) {
		await move(
			request,
			order,
			[request.reason, `${request.actor.name} said with Force that the warehouse does not ship it.`]
				.filter((words) => words !== null)
				.join(' '),
			'canceled_there',
			target?.number,
		);
		return { order: await orderStore.get(order.id), output: 'canceled', message: null };
	}
	const account = target?.account ?? order.wmsAccount ?? '';
	const reference = target?.reference ?? order.reference;
	// It may be somebody else's.
	if (order.alerts.some(({ code }) => code === 'duplicate_differs'))
		return await cannot(
			request,
			order,
			`What ${account || (order.wms ?? 'the warehouse')} has under ${reference} may be another order. ${ALERTS.duplicate_differs.recommendation}`,
		);
	if (warehouse === null || (target?.wms || order.wms) !== warehouse.wms.code || isOther(account, accountOf(warehouse.session))) {
		const verb = order.sending === 'there' ? 'has' : 'may have';
		return await cannot(
			request,
			order,
			`The warehouse (${account || (order.wms ?? 'unknown')}) ${verb} the order. Cancel it with WMS Send, set to that warehouse; or stop it there by hand, then use Cancel with Force.`,
		);
	}
	const { wms, session } = warehouse;
	if (!wms.capabilities.cancel || session.cancelOrder === undefined) {
		return await cannot(
			request,
			order,
			`${wms.label} cannot be asked to cancel. Stop the order there by hand; its report cancels it here, or Cancel with Force (Order Store) does.`,
		);
	}
	// One worker asks; whoever else wants to finds the order changed.
	const [claim] = await orderStore.claim({ ids: [order.id], statuses: [order.status], limit: 1, leaseMs, worker, actor });
	if (claim === undefined) return { order, output: 'delayed', message: 'Another run works on the order; try again.' };
	const isLatest = target === null || target.reference === order.reference;
	const answer = await asked(
		async () => await session.cancelOrder!({ reference, wmsOrderId: isLatest ? order.wmsOrderId : target.wmsOrderId }),
	);
	if ('problem' in answer) return { order: await orderStore.get(order.id), output: 'delayed', message: answer.problem };
	if (answer.said === 'too_late')
		return await tooLate(request, claim.order, `${wms.label} said that it is too late to cancel the order.`, target?.number);
	if (answer.said === 'not_found' && order.sending === 'may_be_there') {
		const later =
			target === null ? null : provesAbsence(target, await orderStore.now(), request.lateMs ?? wms.capabilities.lateMs ?? LATE_MS);
		if (later !== null) return await askAgain(request, claim.order, claim.epoch, target!, later.notBefore);
	}
	const why = answer.said === 'canceled' ? `${wms.label} canceled the order.` : `${wms.label} does not have the order (any more).`;
	// A shipment that was reported meanwhile counts more than the answer: then nothing is written, and the warehouse is asked again.
	await move(
		request,
		claim.order,
		request.reason === null ? why : `${request.reason} ${why}`,
		answer.said === 'not_found' && order.sending === 'may_be_there' ? 'not_there' : 'canceled_there',
		target?.number,
	);
	return { order: await orderStore.get(order.id), output: 'canceled', message: null };
}

/** What cannot be carried out here is said once, and waits for a person. */
async function cannot({ orderStore, actor }: CancelRequest, order: Order, message: string): Promise<One> {
	if (order.canceledInCartAt === null && order.cancelDueAt === null) return { order, output: 'error', message };
	const what =
		order.canceledInCartAt === null
			? `The order is ${statusLabel(order.status)}.`
			: 'The order was canceled in the cart after it was sent.';
	const alert = { code: 'canceled_in_cart', message: `${what} ${message}` } as const;
	await orderStore.amend({ orderId: order.id, version: order.version, actor, set: { cancelDueAt: null, alerts: { raise: [alert] } } });
	return { order: await orderStore.get(order.id), output: 'error', message };
}

/** It leaves: the warehouse has it, which may be news. */
async function tooLate({ orderStore, actor }: CancelRequest, order: Order, message: string, number?: number): Promise<One> {
	const alerts = { raise: [{ code: 'cancel_too_late', message }], clear: [...alertsBy('sending'), 'canceled_in_cart'] } as const;
	const set: OrderFields = { cancelDueAt: null, alerts };
	const entries = [entry('note', actor, { text: message })];
	const moves =
		order.sending === 'there'
			? []
			: movesToOpen(order, {
					actor,
					reason: message,
					wmsOrderId: null,
					set: { alerts: { ...alerts, clear: [...alerts.clear, ...alertsBy('content')] }, cancelDueAt: null },
					entries,
				});
	if (moves.length === 0)
		await orderStore.amend({
			orderId: order.id,
			version: order.version,
			actor,
			set,
			entries,
			sending: { state: 'there', answer: message, ...(number === undefined ? {} : { number }) },
		});
	else for (const result of await orderStore.transitionMany(moves)) if (!result.ok) throw result.error;
	return { order: await orderStore.get(order.id), output: 'error', message };
}

/** The warehouse may still take what it does not know yet. */
async function askAgain(
	{ orderStore, actor }: CancelRequest,
	order: Order,
	epoch: number,
	{ reference }: Sending,
	notBefore: string,
): Promise<One> {
	const message = `The warehouse does not have ${reference} yet, but may still take it; it is asked again at ${notBefore}.`;
	await orderStore.amend({
		orderId: order.id,
		epoch,
		actor,
		set: { cancelDueAt: notBefore },
		entries: [entry('note', actor, { text: message })],
	});
	return { order: await orderStore.get(order.id), output: 'delayed', message };
}

/** Nothing of it will be shipped any more; what was shipped stays shipped. */
async function move(
	{ orderStore, actor }: CancelRequest,
	order: Order,
	reason: string,
	state?: 'not_there' | 'canceled_there',
	number?: number,
): Promise<void> {
	const progress: OrderFields['progress'] = Object.fromEntries(
		order.lines.map((line) => [line.id, { shipped: line.quantityShipped, canceled: line.quantityCanceled + outstanding(line) }]),
	);
	const set: OrderFields = {
		alerts: { clear: alertsBy('content', 'sending', 'cart', 'warehouse', 'place') },
		cancelDueAt: null,
		statusReason: reason,
		heldUntil: null,
		retryAt: null,
		progress,
	};
	const base = {
		orderId: order.id,
		version: order.version,
		actor,
		set,
		...(state === undefined ? {} : { sending: { state, answer: reason, ...(number === undefined ? {} : { number }) } }),
	};
	// One that was put away, or canceled here, before it was known to be there stays so.
	if (!mayMove(order.status, 'canceled')) await orderStore.amend({ ...base, entries: [entry('note', actor, { text: reason })] });
	else await orderStore.transition({ ...base, from: order.status, to: 'canceled', reason });
}

async function asked(call: () => Promise<CancelOutcome>): Promise<{ said: CancelOutcome } | { problem: string }> {
	try {
		return { said: await call() };
	} catch (error) {
		if (error instanceof FulfillmentError && error.code === 'network_in_transaction') throw asError(error);
		return { problem: `It is not known whether the warehouse canceled: ${error instanceof Error ? error.message : String(error)}` };
	}
}

/** An account that is not known may be this one. */
const isOther = (sentTo: string, asked: string): boolean => sentTo !== '' && asked !== '' && sentTo !== asked;
