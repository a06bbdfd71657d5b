/** The statement of a store: compares every order that a cart has of a span with the order store. Writes nothing, neither here nor in the cart. */
import type { Cart, CartSession, ImportFilter, OrderPage } from '../carts/Cart';
import { FulfillmentError } from '../order/errors';
import type { ImportedOrder, IsoDate } from '../order/order';
import { isTwice, placeOf, placeOfUnknown, statementOf, type Standing, type StatedOrder, type Statement } from '../order/statement';
import type { Repairs } from '../order/repairs';
import { wholeText } from '../order/texts';
import type { OrderStore } from '../store/OrderStore';
import { chosenBy } from './importOrders';
import { assertSameShop } from './reconcile';

export interface StatementRequest {
	orderStore: Pick<OrderStore, 'standings' | 'connections' | 'now'>;
	cart: Pick<Cart<never>, 'code'>;
	session: CartSession;
	/** The name of the sales channel account. */
	storeName: string;
	/** Orders placed from then on … */
	from: IsoDate;
	/** … and before then; one in the future is the present. */
	to: IsoDate;
	/** What Reconcile did right before; null = it is not known. */
	reconciled: Repairs | null;
	/** That of the import trigger: what it leaves out is not missing. */
	filter: ImportFilter;
	/** Longer than this it may not take: half a statement is none. */
	budgetMs: number;
}

/**
 * Each order of the cart is counted once, however often the cart gives it: its last word counts. What cannot be read counts as one order, and in any span, unless the
 * order store knows the order. Throws FulfillmentError: `invalid_input`, `operation_refused` for another shop or when time runs out, and what the cart throws.
 *
 * @example await makeStatement({ …, from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' }) // { orders: 120, missing: 0, … }
 */
export async function makeStatement(request: StatementRequest): Promise<Statement> {
	const { orderStore, session, filter, from } = request;
	await assertSameShop(request, session);
	const now = await orderStore.now();
	const to = request.to < now ? request.to : now;
	if (from >= to)
		throw new FulfillmentError(
			'invalid_input',
			`The span of the statement is empty: it begins at ${from} and ends at ${to}.`,
			'Give a beginning that lies before the end, and in the past.',
		);
	const started = Date.now();
	// An order that was placed since then was changed since then: carts that list by changes give it, too.
	const read: ImportFilter = { ...filter, earliestOrderDate: from };
	const stated = new Map<string, StatedOrder>();
	for await (const page of session.ordersBetween?.(from, to, read) ?? session.listOrders(null, read)) {
		if (Date.now() - started > request.budgetMs) throw tooLong(request, to);
		for (const [key, one] of await statedOn(request, page, { from, to })) {
			if (one === null) stated.delete(key);
			else stated.set(key, one);
		}
	}
	return statementOf({ store: request.storeName, from, to, reconciled: request.reconciled }, stated.values());
}

const tooLong = ({ from, budgetMs }: StatementRequest, to: IsoDate): FulfillmentError =>
	new FulfillmentError(
		'operation_refused',
		`Not all orders from ${from} to ${to} could be read within ${Math.round(budgetMs / 60_000)} minutes, and half a statement is none.`,
		'Choose a shorter span.',
	);

interface Span {
	from: IsoDate;
	to: IsoDate;
}

/** What is said of the orders of a page, by key; null = the order was placed at another time. The order store is asked once for all of them. */
async function statedOn(request: StatementRequest, page: OrderPage, span: Span): Promise<Map<string, StatedOrder | null>> {
	const problems = new Map(
		[...page.failures, ...(page.unread ?? [])]
			.filter(({ subject }) => subject === 'order')
			.map((failure) => [wholeText(failure.key), failure]),
	);
	const orders = new Map(page.orders.map((order) => [wholeText(order.externalId), chosenBy(order, request.filter)]));
	const keys = [
		...problems.keys(),
		...[...orders].flatMap(([key, { asBefore }]) => (asBefore === undefined ? [key] : [key, asBefore.externalId])),
	];
	const found = await request.orderStore.standings(request.storeName, keys);
	const standings = new Map(found.orders.map((standing) => [standing.externalId, standing]));
	const failures = new Map(found.failures.map(({ key, message }) => [key, message]));

	const stated = new Map<string, StatedOrder | null>();
	for (const [key, { origin, message }] of problems) {
		const standing = standings.get(key);
		if (standing !== undefined) stated.set(key, isWithin(standing.orderedAt, span) ? statedOf(standing, standing.orderNumber) : null);
		else stated.set(key, { orderNumber: origin, bucket: 'failures', reason: message, twice: false });
	}
	for (const [key, order] of orders) {
		const standing = standings.get(key) ?? standingBefore(order, standings);
		const { orderNumber, orderedAt } = order.content;
		const number = orderNumber === '' ? order.externalId : orderNumber;
		if (!isWithin(orderedAt ?? standing?.orderedAt ?? null, span)) stated.set(key, null);
		else if (standing !== undefined) stated.set(key, statedOf(standing, number));
		else
			stated.set(key, {
				orderNumber: number,
				twice: false,
				...placeOfUnknown(order, { problem: problems.get(key)?.message ?? null, failure: failures.get(key) ?? null }),
			});
	}
	return stated;
}

/** Under the key that the order had before the cart split it, or an older version of ours read it. */
const standingBefore = ({ asBefore }: ImportedOrder, standings: ReadonlyMap<string, Standing>): Standing | undefined =>
	asBefore === undefined ? undefined : standings.get(wholeText(asBefore.externalId));

const statedOf = (standing: Standing, orderNumber: string): StatedOrder => ({
	orderNumber,
	twice: isTwice(standing),
	...placeOf(standing),
});

/** One without a date is there now, whenever it was placed. */
function isWithin(orderedAt: IsoDate | null, { from, to }: Span): boolean {
	const time = orderedAt === null ? Number.NaN : Date.parse(orderedAt);
	return Number.isNaN(time) || (time >= Date.parse(from) && time < Date.parse(to));
}
