/** Reads what changed in ShipBob, which remembers what it was told was read. */
import { pageNumbers } from '../../http/pages';
import type { ReadingClock } from '../../http/readingClock';
import type { Cursor } from '../../order/wmsEvent';
import { reportsOf, type Reporter } from '../common/entries';
import { isObject, momentOf } from '../common/json';
import type { WmsEventPage } from '../Wms';
import { LABEL, type Channel } from './orders';
import { reportOf } from './reports';

const PAGE_SIZE = 250;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;
const FROM: Reporter = { code: 'shipBob', label: LABEL, what: 'order' };

/** @param clocked asks through the clock */
export async function* changes(
	channel: Channel,
	clocked: Channel,
	clock: ReadingClock,
	cursor: Cursor | null,
): AsyncGenerator<WmsEventPage> {
	const since = isObject(cursor) ? momentOf(cursor.since) : null;
	const from: Record<string, string> =
		since === null ? {} : { LastUpdateStartDate: new Date(Date.parse(since) - OVERLAP_MS).toISOString() };
	// An order that changes meanwhile only enters the list, never leaves it: pages shift backwards, which repeats and does not miss.
	for (const page of pageNumbers(LABEL)) {
		const orders = await clocked.list({
			method: 'GET',
			url: '/order',
			query: { ...from, SortOrder: 'Oldest', Page: page, Limit: PAGE_SIZE },
		});
		const { events, failures, read } = await reportsOf(
			orders.filter((order) => !isObject(order) || channel.owns(order)),
			FROM,
			reportOf,
		);
		const shipmentIds = read.flatMap(({ toAcknowledge }) => toAcknowledge);
		yield {
			events,
			failures,
			next: null,
			...(shipmentIds.length === 0 ? {} : { afterRecorded: async () => await acknowledge(channel, shipmentIds) }),
		};
		if (orders.length < PAGE_SIZE) break;
	}
	// Kept only once every page is acknowledged: up to the start of the run.
	yield { events: [], failures: [], next: { since: clock.position(since, null), ...clock.mark() } };
}

async function acknowledge({ call }: Channel, shipmentIds: number[]): Promise<void> {
	await call({
		method: 'POST',
		url: '/shipment:batchUpdateTrackingUpload',
		body: { shipment_ids: shipmentIds, is_tracking_uploaded: true },
		repeatable: true,
	});
}
