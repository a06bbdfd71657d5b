/** Reads what a warehouse reports and records it, page by page, each page together with the cursor. */
import { asError, FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { statusesWith } from '../order/status';
import type { Actor } from '../order/timeline';
import type { OrderStore, RecordedEvent } from '../store/OrderStore';
import type { WaitingOrders, WmsSession } from '../wms/Wms';
import { recordOneByOne, unrecordedReport } from './oneByOne';
import { accountOf } from './warehouseAccount';

export interface PollRequest {
	orderStore: OrderStore;
	/** Code of the WMS adapter. */
	wms: string;
	session: Pick<WmsSession<never>, 'source' | 'account' | 'credential' | 'listShipments'>;
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
	/** Columns of files that were found by other words than ours, each told once: theirs → ours. */
	columns: Record<string, string>;
}

/**
 * Runs one poll. Safe to interrupt anywhere, and to run twice at the same time: each report is recorded once. Throws FulfillmentError
 * `operation_refused` when the credential became another account than the one that orders were sent to.
 */
export async function pollShipments(request: PollRequest): Promise<PollReport> {
	const { orderStore, wms, session } = request;
	// How it ended is for people; what was recorded is handed on in any case.
	const ended = async (problem: string | null) =>
		await orderStore
			.recordShipmentPoll({ partner: wms, account: accountOf(session), source: session.source, problem })
			.catch(() => undefined);
	try {
		const { report, problem } = await polled(request);
		await ended(problem?.message ?? null);
		return report;
	} catch (error) {
		await ended(asError(error).message);
		throw asError(error);
	}
}

/** @returns the problem that ended it after something was recorded, which goes on its way all the same: the next run meets the trouble again */
async function polled(request: PollRequest): Promise<{ report: PollReport; problem: Error | null }> {
	const { orderStore, session } = request;
	const started = Date.now();
	const recorded: RecordedEvent[] = [];
	const report = { repeated: 0, unmatched: 0, failed: 0, complete: true, columns: {} };
	let problem: Error | null = null;
	await assertSameAccount(request);
	let cursor = await orderStore.cursor(session.source);
	try {
		for await (const page of session.listShipments(cursor, waitingOrders(request))) {
			let results: RecordedEvent[];
			const cursorFrom = cursor;
			try {
				const recordedNow = await recordOneByOne(
					page.events,
					async (events, unrecorded, last) =>
						await orderStore.recordShipments({
							source: session.source,
							cursorFrom,
							cursorTo: last ? page.next : null,
							wms: request.wms,
							account: accountOf(session),
							...(request.stores.length > 0 ? { stores: request.stores } : {}),
							events: [...events],
							failures: last ? [...page.failures, ...unrecorded] : [],
							actor: request.actor,
						}),
					unrecordedReport,
				);
				({ results } = recordedNow);
				report.failed += recordedNow.failed;
			} catch (error) {
				if (error instanceof FulfillmentError && error.code === 'cursor_moved') {
					report.complete = false;
					break;
				}
				throw asError(error);
			}
			report.failed += page.failures.length;
			for (const result of results) {
				if (result.kind === 'repeated') report.repeated += 1;
				else if (result.kind === 'unmatched') report.unmatched += 1;
				else recorded.push(result);
			}
			Object.assign(report.columns, page.columns);
			await page.afterRecorded?.();
			if (page.next !== null) cursor = page.next;
			if (Date.now() - started > request.budgetMs) {
				report.complete = false;
				break;
			}
		}
	} catch (error) {
		problem = asError(error);
		if (recorded.length === 0 || !(error instanceof FulfillmentError)) throw problem;
		report.complete = false;
	}
	const ids = [...new Set(recorded.flatMap(({ orderId }) => orderId ?? []))];
	const orders = new Map((await orderStore.getMany(ids)).map((order) => [order.id, order]));
	return {
		report: { ...report, recorded: recorded.map((event) => ({ ...event, order: orders.get(event.orderId ?? '') ?? null })) },
		problem,
	};
}

/** A new key makes an account without a name look like another one: what it reports would be taken for a stranger's. */
async function assertSameAccount({ orderStore, wms, session }: PollRequest): Promise<void> {
	const { credential } = session;
	if (credential === undefined) return;
	const account = accountOf(session);
	const places = (await orderStore.connections({})).filter((each) => each.role === 'send' && each.partner === wms);
	const other = places.find((each) => each.credential === credential && each.account !== account);
	if (other === undefined || places.some((each) => each.account === account)) return;
	throw new FulfillmentError(
		'operation_refused',
		`Orders of the store ${other.store} were sent to ${other.account} with this credential, which is signed in as ${account} now.`,
		'If it is the same account with a new key, say so with Order Store → Connection → Change Account, with "Same Account Under Another Name" on; if it is another one, give it a credential of its own. Until then no report is read, so none is lost.',
	);
}

/** Orders for one page of `waitingOrders`. */
const WAITING_PAGE = 250;

/** The orders that the warehouse has (or may have) and has not shipped whole, oldest import first. */
export const waitingOrders = ({ orderStore, wms, stores }: Pick<PollRequest, 'orderStore' | 'wms' | 'stores'>): WaitingOrders =>
	async function* () {
		let after: string | null = null;
		do {
			const page: Awaited<ReturnType<OrderStore['search']>> = await orderStore.search({
				statuses: statusesWith('awaits_reports'),
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
