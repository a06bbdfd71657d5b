/**
 * How orders of a shop are found. A payment does not move the time of an order's last change; so orders that wait for theirs are remembered, and
 * looked at on each run.
 */
import type { ReadingClock } from '../../http/readingClock';
import { waiting } from '../../order/cartWord';
import type { NewImportFailure } from '../../order/importFailure';
import type { ImportedOrder, JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { ImportFilter, OrderPage } from '../Cart';
import { changesSince, type ChangedOrder } from '../common/changes';
import { listedAs, textIn, toPage, toPreview } from '../common/listing';
import { Payload } from '../common/payload';
import { MAX_PER_PAGE, type MedusaApi } from './api';
import { DEFAULT_STATUSES, LABEL } from './settings';
import { isHeldPayment, paymentWords } from './states';
import { toOrder } from './toOrder';

/** So many are looked at on each run; beyond it the oldest are left out. */
const MAX_WAITING = 1_000;

/** @param clock of this run: the api asks through it */
export async function* listOrders(
	api: MedusaApi,
	clock: ReadingClock,
	cursor: Cursor | null,
	filter: ImportFilter,
): AsyncGenerator<OrderPage> {
	const pageSize = Math.max(1, Math.min(MAX_PER_PAGE, filter.pageSize));
	const statuses = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
	let position = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor) ? cursor : {};
	const unpaid = idsIn(position.waiting);
	const asWanted = (raw: unknown): ImportedOrder => seenBy(raw, statuses);
	/** Keeps what is to be looked at again. */
	const isDecided = ({ id, raw }: ChangedOrder): boolean => {
		const waits = waitsForPayment(raw, statuses);
		if (waits) unpaid.add(id);
		else unpaid.delete(id);
		return !waits;
	};
	const remembered = [...unpaid];
	const changes = changesSince({
		label: LABEL,
		cursor,
		clock,
		first: async () => filter.earliestOrderDate ?? (await api.now()),
		changed: async (since) => await api.changedSince(since, pageSize),
		between: async (from, to, within) => await api.changedBetween(from, to, within, pageSize),
		pageSize,
		tickMs: 1,
	});
	for await (const { orders, next } of changes) {
		orders.forEach(isDecided);
		position = next;
		yield pageOf(orders, position, unpaid, asWanted);
	}
	// After the changes, or a long list of these would keep a run that has little time from ever coming to them.
	for (let start = 0; start < remembered.length; start += pageSize) {
		const ids = remembered.slice(start, start + pageSize).filter((id) => unpaid.has(id));
		const orders = listedAs(await api.byIds(ids), { id: 'id', time: 'updated_at' }, '');
		const there = new Set(orders.map(({ id }) => id));
		// One that was deleted is not asked for again.
		for (const id of ids) if (!there.has(id)) unpaid.delete(id);
		const decided = orders.filter(isDecided);
		if (decided.length > 0) yield pageOf(decided, position, unpaid, asWanted);
	}
}

/** The newest orders. */
export async function* newestOrders(api: MedusaApi, filter: ImportFilter): AsyncGenerator<OrderPage> {
	const statuses = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
	yield toPreview(await api.newest(Math.min(MAX_PER_PAGE, filter.pageSize)), (raw) => seenBy(raw, statuses));
}

/** These orders as they are now. */
export async function ordersByKey(
	api: MedusaApi,
	keys: readonly string[],
	{ statuses }: ImportFilter,
): Promise<{ orders: ImportedOrder[]; failures: NewImportFailure[]; gone: string[] }> {
	const found: ChangedOrder[] = [];
	for (let start = 0; start < keys.length; start += MAX_PER_PAGE)
		found.push(...listedAs(await api.byIds(keys.slice(start, start + MAX_PER_PAGE)), { id: 'id', time: 'updated_at' }, ''));
	const { orders, failures } = toPage({ orders: found, next: { since: '', from: '' } }, (raw) =>
		seenBy(raw, statuses.length > 0 ? statuses : DEFAULT_STATUSES),
	);
	const there = new Set(found.map(({ id }) => id));
	return { orders, failures, gone: keys.filter((key) => !there.has(key)) };
}

/** The order as a trigger sees it that takes payments in these statuses. Throws MappingError. */
function seenBy(raw: unknown, statuses: readonly string[]): ImportedOrder {
	const order = toOrder(raw);
	const { status, payment_status: payment } = choiceOf(raw);
	const { word } = order;
	if (word.readiness !== 'ready') return { ...order, notEligible: word.reason ?? status };
	if (!isReady(choiceOf(raw), statuses))
		return { ...order, ...(isHeldPayment(payment) ? {} : { notEligible: paymentWords(payment) }), word: waiting(paymentWords(payment)) };
	return status === 'completed' ? { ...order, notEligible: status } : order;
}

/** What decides whether an order is imported. */
interface Choice {
	status: string;
	payment_status: string;
	total: number | null;
}

/** Throws MappingError. */
function choiceOf(raw: unknown): Choice {
	const order = Payload.of(raw, 'order', LABEL);
	return { status: order.key('status'), payment_status: order.key('payment_status'), total: order.number('total') };
}

/** People are done with these. */
const OVER = new Set(['archived', 'completed', 'canceled']);

/** Whether it is to be looked at again, since nothing else tells when it is paid. One that cannot be read is told once. */
function waitsForPayment(raw: unknown, statuses: readonly string[]): boolean {
	const [status, payment] = [textIn(raw, 'status') ?? '', textIn(raw, 'payment_status') ?? ''];
	if (OVER.has(status) || payment === 'refunded' || payment === '') return false;
	return !isReady({ status, payment_status: payment, total: Number(textIn(raw, 'total') ?? NaN) }, statuses);
}

/** How far a payment is. One that is further than what is asked for will do: it may be so when we see it first. */
const PROGRESS: readonly string[] = [
	'not_paid',
	'awaiting',
	'requires_action',
	'partially_authorized',
	'authorized',
	'partially_captured',
	'captured',
	'partially_refunded',
];

function isReady({ payment_status: status, total }: Choice, statuses: readonly string[]): boolean {
	const enough = Math.min(...statuses.map((one) => PROGRESS.indexOf(one)).filter((place) => place >= 0));
	// Nothing to pay is paid.
	return PROGRESS.indexOf(status) >= enough || (status === 'not_paid' && total === 0);
}

const pageOf = (
	orders: ChangedOrder[],
	position: { [key: string]: JsonValue },
	waits: ReadonlySet<string>,
	asWanted: (raw: unknown) => ImportedOrder,
): OrderPage => ({
	...toPage({ orders, next: { since: '', from: '' } }, asWanted),
	next: { ...position, waiting: [...waits].slice(-MAX_WAITING) },
});

const idsIn = (ids: JsonValue | undefined): Set<string> =>
	new Set(Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : []);
