/** Compares a cart with the order store, imports what is missing and asks for what the cart does not list any more; also brings single orders, and failures that can be read after all. */
import type { Cart, CartSession, ImportFilter } from '../carts/Cart';
import { accountRefused } from '../order/connection';
import { asError, FulfillmentError, MappingError } from '../order/errors';
import type { ImportedOrder, JsonValue, Order } from '../order/order';
import type { Actor } from '../order/timeline';
import { isLive } from '../order/sendingState';
import { statusesWith } from '../order/status';
import { wholeText } from '../order/texts';
import type { ImportFailure, ImportPage, ImportResult, OrderStore, Page } from '../store/OrderStore';
import { recordOneByOne, unrecordedOrder } from './oneByOne';
import { recordByKey } from './recordByKey';
import { chosenBy, isEligible } from './importOrders';

interface Common {
	orderStore: OrderStore;
	cart: Pick<Cart<never>, 'code' | 'toOrder'>;
	/** The name of the sales channel account. */
	storeName: string;
	abandonAfterDays: number;
	/** As its import trigger has it. */
	onChange: 'replace' | 'ignore';
	actor: Actor;
}

interface ReconcileRequest extends Common {
	session: CartSession;
	/** How far back. */
	hours: number;
	/** That of the import trigger: what it leaves out is not missing. */
	filter: ImportFilter;
	/** Stop after this long; the report then says that it is not complete. */
	budgetMs: number;
}

interface ReconcileReport {
	from: string;
	to: string;
	/** Orders of the cart that were looked at. */
	checked: number;
	/** Orders that the order store did not have; they are New now. */
	missing: Array<{ orderId: string; orderNumber: string; orderedAt: string | null }>;
	/** Orders that the cart had changed or canceled, unnoticed so far. */
	changed: Array<{ orderId: string; orderNumber: string; result: 'updated' | 'waiting' | 'canceled' | 'refused' }>;
	/** Orders that cannot be read: see the import failures. */
	failed: number;
	complete: boolean;
}

/** Does not touch the position of the import: safe to run beside it, and to repeat. Throws FulfillmentError `operation_refused` for another shop. */
export async function reconcile(request: ReconcileRequest): Promise<ReconcileReport> {
	const { orderStore, session, hours, filter } = request;
	await assertSameShop(request, session);
	const started = Date.now();
	const to = await orderStore.now();
	const from = new Date(Date.parse(to) - hours * 3_600_000).toISOString();
	const report: ReconcileReport = { from, to, checked: 0, missing: [], changed: [], failed: 0, complete: true };
	const wanted: ImportFilter = { ...filter, earliestOrderDate: laterOf(from, filter.earliestOrderDate) };
	const pages = session.ordersBetween ? session.ordersBetween(from, to, wanted) : session.listOrders(null, wanted);
	const seen = new Set<string>();
	for await (const page of pages) {
		const { failures } = page;
		const orders = page.orders.map((order) => chosenBy(order, wanted));
		for (const key of [...orders.map(({ externalId }) => externalId), ...failures.map(({ key: failed }) => failed)])
			seen.add(wholeText(key));
		report.checked += orders.filter(isEligible).length;
		const { results, failed } = await recordOneByOne(
			orders,
			async (some, unrecorded, last) => await importPage(request, session.source, some, last ? [...failures, ...unrecorded] : []),
			unrecordedOrder,
		);
		report.failed += failures.length + failed;
		const byKey = new Map(orders.map((order) => [order.externalId, order]));
		results.forEach(({ kind, orderId, reason, externalId }) => {
			const { orderNumber, orderedAt } = byKey.get(externalId)!.content;
			if (reason === 'key_too_long') report.failed += 1;
			if (orderId === null) return;
			if (kind === 'created') report.missing.push({ orderId, orderNumber, orderedAt });
			else if (kind === 'updated' || kind === 'waiting' || kind === 'canceled') report.changed.push({ orderId, orderNumber, result: kind });
			else if (kind === 'refused' && reason === 'already_sent') report.changed.push({ orderId, orderNumber, result: kind });
		});
		if (Date.now() - started > request.budgetMs) {
			report.complete = false;
			return report;
		}
	}
	await askForUnseen(request, report, seen, started);
	return report;
}

/** As many as are asked for at once. */
const BY_KEY = 50;

/** Orders that are under way here, and that the cart did not give: it may have deleted them without a word. Files say nothing of what is not in them. */
async function askForUnseen(request: ReconcileRequest, report: ReconcileReport, seen: ReadonlySet<string>, started: number): Promise<void> {
	const {
		orderStore,
		session: { source, ordersByKey },
		storeName,
	} = request;
	if (ordersByKey === undefined) return;
	let after: string | null = null;
	do {
		const page: Page<Order> = await orderStore.search({
			stores: [storeName],
			statuses: [...statusesWith('under_way'), 'bundled'],
			orderedFrom: report.from,
			orderedTo: report.to,
			sort: { by: 'orderedAt', direction: 'asc' },
			limit: 200,
			after,
		});
		const unseen = page.items.filter(
			({ parentId, bundleSize, externalId }) => parentId === null && bundleSize === 0 && !seen.has(externalId),
		);
		for (let start = 0; start < unseen.length; start += BY_KEY) {
			if (Date.now() - started > request.budgetMs) {
				report.complete = false;
				return;
			}
			const some = unseen.slice(start, start + BY_KEY);
			const failures = await recordByKey(
				{ ...request, session: { source, ordersByKey } },
				storeName,
				some.map(({ externalId }) => externalId),
			);
			report.failed += failures.length;
			const now = new Map((await orderStore.getMany(some.map(({ id }) => id))).map((order) => [order.id, order]));
			for (const { id, orderNumber, version } of some) {
				const order = now.get(id);
				if (order !== undefined && order.version !== version) report.changed.push({ orderId: id, orderNumber, result: resultShown(order) });
			}
		}
		after = page.next;
	} while (after !== null);
}

const resultShown = ({ status, sending }: Order): ReconcileReport['changed'][number]['result'] =>
	status === 'canceled' ? 'canceled' : isLive(sending) ? 'refused' : status === 'delayed' ? 'waiting' : 'updated';

const laterOf = (from: string, earliest: string | null): string => (earliest !== null && earliest > from ? earliest : from);

/** Under the name of a store no orders of another shop are brought in, and under a mistyped one not those of a shop that has a name already. Throws FulfillmentError `operation_refused`. */
export async function assertSameShop(
	{ orderStore, storeName, cart }: { orderStore: Pick<OrderStore, 'connections'>; storeName: string; cart: Pick<Cart<never>, 'code'> },
	{ account, scope = '' }: CartSession,
): Promise<void> {
	if (account === undefined) return;
	const imports = (await orderStore.connections({})).filter(({ role }) => role === 'import');
	const known = imports.find(({ store }) => store === storeName);
	if (known === undefined) {
		const refusal = accountRefused({ store: storeName, role: 'import', place: '', partner: cart.code, account, scope }, null, imports);
		if (refusal !== null) throw new FulfillmentError('operation_refused', refusal.why, refusal.remedy);
		return;
	}
	if (known.partner === cart.code && known.account === account) return;
	throw new FulfillmentError(
		'operation_refused',
		`The store ${storeName} is imported from ${known.account}, not from ${account}.`,
		`Choose the credential of the store ${storeName}, or the name of the other shop's store. If it is the same shop at another address, say so with Order Store → Connection → Change Account.`,
	);
}

const importPage = async (
	request: Common,
	source: string,
	orders: readonly ImportedOrder[],
	failures: ImportPage['failures'],
): Promise<ImportResult[]> =>
	await request.orderStore.importPage({
		source,
		cursorFrom: null,
		cursorTo: null,
		store: request.storeName,
		cart: request.cart.code,
		orders: [...orders],
		translate: (raw) => request.cart.toOrder(raw),
		failures,
		abandonAfterDays: request.abandonAfterDays,
		onChange: request.onChange,
		actor: request.actor,
	});

interface BroughtOrder {
	/** Null when the cart says that it is canceled, and the order store did not have it. */
	order: Order | null;
	result: ImportResult['kind'];
	reason: ImportResult['reason'];
}

/**
 * Imports one order by its number, whatever its status in the cart and whenever it was placed: a person asked for it.
 * Throws FulfillmentError `order_not_found`, MappingError.
 */
export async function importByNumber(request: Common & { session: CartSession; orderNumber: string }): Promise<BroughtOrder> {
	await assertSameShop(request, request.session);
	return await bring(request, request.session.source, await orderByNumber(request));
}

/** One order as the cart has it; nothing is recorded. Throws FulfillmentError `order_not_found`, MappingError. */
export async function orderByNumber({
	session,
	orderNumber,
	cart,
}: {
	session: CartSession;
	orderNumber: string;
	cart: Pick<Cart<never>, 'code' | 'toOrder'>;
}): Promise<ImportedOrder> {
	if (!session.getOrder)
		throw new FulfillmentError('operation_refused', `The cart ${cart.code} gives no single orders.`, 'Let its trigger import the order.');
	const raw = await session.getOrder(orderNumber);
	if (raw === null) {
		throw new FulfillmentError(
			'order_not_found',
			`The cart has no order ${orderNumber}.`,
			'Check the number as the cart shows it, and that the credential is that of the right shop.',
		);
	}
	return cart.toOrder(raw);
}

async function bring(request: Common, source: string, imported: ImportedOrder): Promise<BroughtOrder> {
	const [result] = await importPage(request, source, [imported], []);
	const { kind, reason, orderId } = result!;
	return { order: orderId === null ? null : await request.orderStore.get(orderId), result: kind, reason };
}

/**
 * Tries to read an import failure again: after an update of the package, or with a payload that a person corrected.
 * Throws MappingError when it still cannot be read; the failure then stays open.
 *
 * @param carts the adapters by code; the failure knows by its source which one it came from
 */
export async function retryImportFailure(request: {
	orderStore: OrderStore;
	failure: ImportFailure;
	payload: JsonValue | null;
	carts: Readonly<Record<string, Pick<Cart<never>, 'code' | 'toOrder'>>>;
	abandonAfterDays: number;
	/** Default: a correction by a person is taken. */
	onChange?: 'replace' | 'ignore';
	actor: Actor;
}): Promise<BroughtOrder> {
	const { orderStore, failure, carts } = request;
	const code = failure.source.split(':')[0] ?? '';
	const cart = Object.hasOwn(carts, code) ? carts[code] : undefined;
	if (failure.subject !== 'order' || cart === undefined) {
		throw new FulfillmentError('operation_refused', `The failure ${failure.id} is no order that could be imported again.`, failure.remedy);
	}
	let imported: ImportedOrder;
	try {
		imported = cart.toOrder(request.payload ?? failure.payload);
	} catch (error) {
		if (!(error instanceof MappingError)) throw asError(error);
		throw stillUnreadable(error, failure);
	}
	const brought = await bring(
		{
			orderStore,
			cart,
			storeName: failure.store,
			abandonAfterDays: request.abandonAfterDays,
			onChange: request.onChange ?? 'replace',
			actor: request.actor,
		},
		failure.source,
		imported,
	);
	if (brought.reason !== 'key_too_long') await orderStore.resolveImportFailure(failure.id);
	return brought;
}

const stillUnreadable = (error: MappingError, { origin }: ImportFailure): MappingError =>
	new MappingError(
		error.path,
		error.value,
		`still cannot be read (${origin}): ${error.message}`,
		`${error.remedy} Or give a corrected payload.`,
	);
