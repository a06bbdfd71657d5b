/** Reads new orders from a cart and records them, page by page, each page together with the cursor. */
import { createHash } from 'node:crypto';
import type { Cart, CartSession, ImportFilter } from '../carts/Cart';
import { asError, FulfillmentError, MappingError } from '../order/errors';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder, JsonValue, Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { ImportResult, OrderStore } from '../store/OrderStore';

export interface ImportRequest {
	store: OrderStore;
	cart: Pick<Cart<never>, 'code' | 'toOrder'>;
	session: CartSession;
	/** The name of the sales channel account, "acme-us". */
	storeName: string;
	filter: ImportFilter;
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
	counts: Record<ImportResult['kind'] | 'failed' | 'filtered', number>;
	/** False when time ran out, another poller was at work, or an error came after orders were recorded: the next run goes on. */
	complete: boolean;
}

/** Runs one import. Safe to interrupt anywhere, and to run twice at the same time. */
export async function importOrders(request: ImportRequest): Promise<ImportReport> {
	const { store, session, filter } = request;
	const started = Date.now();
	const counts: ImportReport['counts'] = { created: 0, updated: 0, canceled: 0, unchanged: 0, refused: 0, failed: 0, filtered: 0 };
	const fresh: string[] = [];
	let complete = true;
	let cursor = await store.cursor(session.source);
	try {
		for await (const page of session.listOrders(cursor, filter)) {
			const mapped = mapOrders(request.cart, page.orders);
			const wanted = mapped.orders.filter((order) => passes(order, filter));
			counts.filtered += mapped.orders.length - wanted.length;
			const failures = [...page.failures, ...mapped.failures];
			counts.failed += failures.length;
			let results: ImportResult[];
			try {
				results = await store.importPage({
					source: session.source,
					cursorFrom: cursor,
					cursorTo: page.next,
					store: request.storeName,
					cart: request.cart.code,
					orders: wanted,
					failures,
					abandonAfterDays: request.abandonAfterDays,
					onChange: request.onChange,
					actor: request.actor,
				});
			} catch (error) {
				// Another poller of the same account was faster. It records what we read; nothing is lost by leaving.
				if (error instanceof FulfillmentError && error.code === 'cursor_moved') {
					complete = false;
					break;
				}
				throw asError(error);
			}
			for (const result of results) {
				counts[result.kind] += 1;
				if ((result.kind === 'created' || result.kind === 'updated') && result.orderId !== null && fresh.length < request.handOutLimit) {
					fresh.push(result.orderId);
				}
			}
			await page.afterRecorded?.();
			if (page.next !== null) cursor = page.next;
			if (Date.now() - started > request.budgetMs) {
				complete = false;
				break;
			}
		}
	} catch (error) {
		// What is recorded goes on its way now: left behind, it would wait minutes to become due. The next run meets the trouble again.
		if (fresh.length === 0 || !(error instanceof FulfillmentError)) throw asError(error);
		complete = false;
	}
	const orders = (await store.getMany(fresh)).filter(({ status }) => status === 'new');
	return { orders, counts, complete };
}

/** Reads the newest raw orders without recording anything: what the editor shows when a person tries the trigger. */
export async function previewOrders(
	request: Pick<ImportRequest, 'cart' | 'session' | 'filter'>,
	limit: number,
): Promise<{ orders: ImportedOrder[]; failures: NewImportFailure[] }> {
	for await (const page of request.session.listOrders(null, request.filter)) {
		const { orders, failures } = mapOrders(request.cart, page.orders);
		return { orders: orders.filter((order) => passes(order, request.filter)).slice(0, limit), failures: [...page.failures, ...failures] };
	}
	return { orders: [], failures: [] };
}

/** Translates raw orders; what cannot be translated becomes a failure that keeps it. */
export function mapOrders(cart: ImportRequest['cart'], raws: readonly unknown[]): { orders: ImportedOrder[]; failures: NewImportFailure[] } {
	const orders: ImportedOrder[] = [];
	const failures: NewImportFailure[] = [];
	for (const raw of raws) {
		try {
			orders.push(cart.toOrder(raw));
		} catch (error) {
			if (!(error instanceof MappingError)) throw asError(error);
			failures.push({
				subject: 'order',
				// Of the order itself, not of the field: two orders may fail at the same one.
				key: createHash('sha256').update(JSON.stringify(raw) ?? '').digest('base64url'),
				origin: error.path,
				message: error.message,
				remedy: error.remedy,
				payload: (raw ?? null) as JsonValue,
			});
		}
	}
	return { orders, failures };
}

/** Whether an order is one of those that the trigger is to import. */
export function passes({ content }: ImportedOrder, { earliestOrderDate, skus, tags }: ImportFilter): boolean {
	if (earliestOrderDate !== null && content.orderedAt !== null && content.orderedAt < earliestOrderDate) return false;
	if (skus.length > 0 && !content.lines.some(({ sku }) => sku !== null && skus.includes(sku))) return false;
	return tags.length === 0 || content.tags.some((tag) => tags.includes(tag));
}
