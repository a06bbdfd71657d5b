/** Reads what a warehouse reports and records it, page by page, each page together with the cursor. */
import { asError, FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { OrderStore, RecordedEvent } from '../store/OrderStore';
import type { WaitingOrders, WmsSession } from '../wms/Wms';

export interface PollRequest {
	store: OrderStore;
	/** Code of the WMS adapter. */
	wms: string;
	session: Pick<WmsSession<never>, 'source' | 'listShipments'>;
	/** Only orders of these stores; empty = all. */
	stores: string[];
	actor: Actor;
	/** Stop reading pages after this long; the next run goes on. */
	budgetMs: number;
}

export interface PollReport {
	/** What was new, in the order in which the warehouse reported it, with the order as it is now. */
	recorded: Array<RecordedEvent & { order: Order | null }>;
	repeated: number;
	unmatched: number;
	/** Reports that could not be read; they are kept as import failures. */
	failed: number;
	complete: boolean;
}

/** Runs one poll. Safe to interrupt anywhere, and to run twice at the same time: each report is recorded once. */
export async function pollShipments(request: PollRequest): Promise<PollReport> {
	const { store, session } = request;
	const started = Date.now();
	const recorded: RecordedEvent[] = [];
	const report = { repeated: 0, unmatched: 0, failed: 0, complete: true };
	let cursor = await store.cursor(session.source);
	for await (const page of session.listShipments(cursor, waitingOrders(request))) {
		let results: RecordedEvent[];
		try {
			results = await store.recordShipments({
				source: session.source,
				cursorFrom: cursor,
				cursorTo: page.next,
				wms: request.wms,
				...(request.stores.length > 0 ? { stores: request.stores } : {}),
				events: page.events,
				failures: page.failures,
				actor: request.actor,
			});
		} catch (error) {
			if (error instanceof FulfillmentError && error.code === 'cursor_moved') {
				report.complete = false;
				break;
			}
			throw asError(error);
		}
		await page.afterRecorded?.();
		if (page.next !== null) cursor = page.next;
		report.failed += page.failures.length;
		for (const result of results) {
			if (result.kind === 'repeated') report.repeated += 1;
			else if (result.kind === 'unmatched') report.unmatched += 1;
			else recorded.push(result);
		}
		if (Date.now() - started > request.budgetMs) {
			report.complete = false;
			break;
		}
	}
	const ids = [...new Set(recorded.flatMap(({ orderId }) => orderId ?? []))];
	const orders = new Map((await store.getMany(ids)).map((order) => [order.id, order]));
	return { ...report, recorded: recorded.map((event) => ({ ...event, order: orders.get(event.orderId ?? '') ?? null })) };
}

/** Orders for one page of `waitingOrders`. */
const WAITING_PAGE = 250;

/** The orders that the warehouse has (or may have) and has not shipped whole, oldest import first. */
export const waitingOrders = ({ store, wms, stores }: Pick<PollRequest, 'store' | 'wms' | 'stores'>): WaitingOrders =>
	async function* () {
		let after: string | null = null;
		do {
			const page: Awaited<ReturnType<OrderStore['search']>> = await store.search({
				statuses: ['queued', 'open', 'partially_shipped'],
				wms: [wms],
				...(stores.length > 0 ? { stores } : {}),
				sort: { by: 'importedAt', direction: 'asc' },
				limit: WAITING_PAGE,
				after,
			});
			yield page.items.map(({ reference, wmsOrderId }) => ({ reference, wmsOrderId }));
			after = page.next;
		} while (after !== null);
	};
