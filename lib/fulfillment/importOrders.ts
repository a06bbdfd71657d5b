/** Reads new orders from a cart and records them, page by page, each page together with the cursor. */
import type { Cart, CartSession, ImportFilter } from '../carts/Cart';
import { asError, FulfillmentError } from '../order/errors';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportTrigger } from '../order/importSettings';
import { isOver, wordOf } from '../order/cartWord';
import type { ImportedOrder, Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { ImportPoll } from '../store/connecting';
import type { ImportResult, OrderStore } from '../store/OrderStore';
import { recordOneByOne, unrecordedOrder } from './oneByOne';

export interface ImportRequest {
	orderStore: OrderStore;
	cart: Pick<Cart<never>, 'code' | 'toOrder'>;
	session: CartSession;
	/** The name of the sales channel account, "acme-us". */
	storeName: string;
	filter: ImportFilter;
	/** The trigger that reads, and what it is set to; the order store keeps it. Absent = no trigger. */
	trigger?: ImportTrigger;
	/** Called once it is sure that the trigger may poll the store, before anything is read. */
	whenAllowed?(): Promise<void>;
	abandonAfterDays: number;
	onChange: 'replace' | 'ignore';
	actor: Actor;
	/** How many new orders to hand on at the most; what is imported beyond it is handed out as due work. */
	handOutLimit: number;
	/** Stop reading pages after this long; the next run goes on. */
	budgetMs: number;
}

export interface ImportReport {
	/** Newly imported or changed orders, ready for the rules. */
	orders: Order[];
	/** filtered: not taken by the settings of the trigger; notOurs: nothing of it is ours to ship. */
	counts: Record<ImportResult['kind'] | 'failed' | 'filtered' | 'notOurs', number>;
	/** False when time ran out, another poller was at work, or an error came after orders were recorded: the next run goes on. */
	complete: boolean;
}

/**
 * Runs one import. Safe to interrupt anywhere, and to run twice at the same time. Throws FulfillmentError `operation_refused` when the store has another account or
 * name, or another trigger with other settings.
 */
export async function importOrders(request: ImportRequest): Promise<ImportReport> {
	const poll = pollOf(request);
	if (poll !== null) await request.orderStore.checkImport(poll);
	await request.whenAllowed?.();
	const { report, problem, reached } = await imported(request);
	// How it ended is for people; what was imported goes on its way in any case.
	if (poll !== null)
		await request.orderStore
			.recordImport({ ...poll, problem: problem === null ? null : problem.message, ...reached })
			.catch(() => undefined);
	if (report === null) throw problem;
	return report;
}

function pollOf({ cart, session, storeName, trigger, actor }: ImportRequest): ImportPoll | null {
	const { account, scope = '' } = session;
	return trigger === undefined || account === undefined ? null : { store: storeName, partner: cart.code, account, scope, trigger, actor };
}

/** `reached` = whether it came to the present, if that is known. */
type Imported = { reached: { complete?: boolean } } & ({ report: ImportReport; problem: Error | null } | { report: null; problem: Error });

async function imported(request: ImportRequest): Promise<Imported> {
	const { orderStore, session, filter } = request;
	const started = Date.now();
	const counts: ImportReport['counts'] = {
		created: 0,
		updated: 0,
		waiting: 0,
		canceled: 0,
		unchanged: 0,
		refused: 0,
		failed: 0,
		filtered: 0,
		notOurs: 0,
	};
	const fresh: string[] = [];
	let complete = true;
	let reached: Imported['reached'] = { complete: true };
	let problem: Error | null = null;
	let cursor = await orderStore.cursor(session.source);
	try {
		for await (const page of session.listOrders(cursor, filter)) {
			const { failures } = page;
			// The settings decide about orders that the store does not know; of the others it hears everything.
			const orders = page.orders.map((order) => chosenBy(order, filter));
			counts.failed += failures.length;
			let results: ImportResult[];
			const cursorFrom = cursor;
			try {
				const recorded = await recordOneByOne(
					orders,
					async (some, unrecorded, last) =>
						await orderStore.importPage({
							source: session.source,
							cursorFrom,
							cursorTo: last ? page.next : null,
							store: request.storeName,
							cart: request.cart.code,
							...(request.trigger === undefined ? {} : { trigger: request.trigger }),
							...(session.account === undefined ? {} : { account: { account: session.account, scope: session.scope ?? '' } }),
							orders: [...some],
							translate: (raw) => request.cart.toOrder(raw),
							failures: last ? [...failures, ...unrecorded] : [],
							abandonAfterDays: request.abandonAfterDays,
							onChange: request.onChange,
							actor: request.actor,
						}),
					unrecordedOrder,
				);
				({ results } = recorded);
				counts.failed += recorded.failed;
			} catch (error) {
				// Another poller of the same account was faster. It records what we read; nothing is lost by leaving.
				if (error instanceof FulfillmentError && error.code === 'cursor_moved') {
					complete = false;
					reached = {};
					break;
				}
				throw asError(error);
			}
			for (const result of results) {
				counts[COUNTED[result.reason ?? ''] ?? result.kind] += 1;
				if ((result.kind === 'created' || result.kind === 'updated') && result.orderId !== null && fresh.length < request.handOutLimit) {
					fresh.push(result.orderId);
				}
			}
			await page.afterRecorded?.();
			if (page.next !== null) cursor = page.next;
			if (Date.now() - started > request.budgetMs && page.isLast !== true) {
				complete = false;
				reached = { complete };
				break;
			}
		}
	} catch (error) {
		// What is recorded goes on its way now: left behind, it would wait minutes to become due. The next run meets the trouble again.
		problem = asError(error);
		reached = {};
		if (fresh.length === 0 || !(error instanceof FulfillmentError)) return { report: null, problem, reached };
		complete = false;
	}
	const orders = (await orderStore.getMany(fresh)).filter(({ status }) => status === 'new');
	return { report: { orders, counts, complete }, problem, reached };
}

/** Reads the newest orders without recording anything: what the editor shows when a person tries the trigger. */
export async function previewOrders(
	request: Pick<ImportRequest, 'session' | 'filter'>,
	limit: number,
): Promise<{ orders: ImportedOrder[]; failures: NewImportFailure[] }> {
	const { session, filter } = request;
	for await (const page of session.previewOrders?.(filter) ?? session.listOrders(null, filter)) {
		return { orders: page.orders.filter((order) => isEligible(chosenBy(order, filter))).slice(0, limit), failures: page.failures };
	}
	return { orders: [], failures: [] };
}

/** Refusals that are counted by their reason. */
const COUNTED: Readonly<Record<string, keyof ImportReport['counts']>> = {
	key_too_long: 'failed',
	not_eligible: 'filtered',
	not_ours: 'notOurs',
};

/** Whether an order would be recorded if the store did not know it. */
export const isEligible = ({ notEligible, word, content }: ImportedOrder): boolean =>
	notEligible === undefined && !isOver(wordOf(word, content.lines).readiness);

/** The order, with the reason why a trigger with this filter does not take it as a new one. */
export function chosenBy(
	order: ImportedOrder,
	{ earliestOrderDate, skus, tags }: Pick<ImportFilter, 'earliestOrderDate' | 'skus' | 'tags'>,
): ImportedOrder {
	const {
		content: { orderedAt, lines, tags: own },
		notEligible,
	} = order;
	if (notEligible !== undefined) return order;
	if (earliestOrderDate !== null && orderedAt !== null && Date.parse(orderedAt) < Date.parse(earliestOrderDate))
		return { ...order, notEligible: 'ordered before the earliest order date' };
	if (skus.length > 0 && !lines.some(({ sku }) => sku !== null && skus.includes(sku))) return { ...order, notEligible: 'none of the SKUs' };
	return tags.length === 0 || own.some((tag) => tags.includes(tag)) ? order : { ...order, notEligible: 'none of the tags' };
}
