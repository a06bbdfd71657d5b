/**
 * Which orders of a shop are imported, and how they are found. Vendure sets `updatedAt` back when the state of an order changes, and leaves it
 * alone when a person modifies one. So new orders are found by when they were placed, and what was seen is asked for its version at each run
 * until it is over.
 */
import { createHash } from 'node:crypto';
import type { ReadingClock } from '../../http/readingClock';
import type { ImportedOrder, JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { CartSession, ImportFilter, OrderPage } from '../Cart';
import { changesSince, fromTheEnd, type ChangedOrder } from '../common/changes';
import { judged } from '../common/eligible';
import { chosen, keyIn, listedAs, toPage, toPreview } from '../common/listing';
import { Payload } from '../common/payload';
import { MAX_PER_PAGE, type VendureApi } from './api';
import { LABEL } from './graphql';
import { DEFAULT_STATUSES } from './settings';
import { isHeldState, isShippedState, labelOf } from './states';
import { toOrder } from './toOrder';

/** So many orders are asked for their version at each run; the first ones are left out beyond it. */
const MAX_WATCHED = 2_000;

const FIELDS = { id: 'id', time: 'orderPlacedAt' } as const;

/** Of those that are shipped, so many of the newest: they may be modified or canceled yet, but in most shops they stay as they are for ever. */
const MAX_WATCHED_SHIPPED = 500;

/** Nothing that concerns the warehouse comes after these. */
const OVER = new Set(['Delivered', 'Cancelled']);

/** By the key of an order: how it was when it was last read. */
type Watched = Map<string, { isShipped: boolean; version: string }>;

/** @param clock of this run: the api asks through it */
export async function* listOrders(
	api: VendureApi,
	clock: ReadingClock,
	cursor: Cursor | null,
	filter: ImportFilter,
): AsyncGenerator<OrderPage> {
	const pageSize = Math.max(1, Math.min(MAX_PER_PAGE, filter.pageSize));
	let position = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor) ? cursor : {};
	const watched = watchedOf(position);
	const known = [...watched.keys()];
	const taken = (orders: readonly ChangedOrder[]): ChangedOrder[] => chosen(orders, (raw) => isOurs(choiceOf(raw), watched));
	const changes = changesSince({
		label: LABEL,
		cursor,
		clock,
		first: async () => filter.earliestOrderDate ?? (await api.now()),
		changed: async (since) => {
			const { orders, total } = await api.placedSince(since, pageSize);
			return { orders: listedAs(orders, FIELDS, since), more: total > pageSize };
		},
		between: async (from, to, within) =>
			await fromTheEnd(within, pageSize, async (part) => {
				const { orders, total } = await api.placedBetween(from, to, part);
				return { orders: listedAs(orders, FIELDS, from), total };
			}),
		pageSize,
		tickMs: 1,
	});
	for await (const { orders, next } of changes) {
		position = next;
		yield pageOf(taken(orders), position, watched, filter);
	}
	// After the new ones, or a long list of these would keep a run that has little time from ever coming to them.
	for (let start = 0; start < known.length; start += pageSize) {
		const ids = known.slice(start, start + pageSize).filter((id) => watched.has(id));
		if (ids.length === 0) continue;
		const now = new Map((await api.versions(ids)).map((order) => [keyIn(order, 'id'), versionIn(order)]));
		// One that was deleted is not asked for again.
		for (const id of ids) if (!now.has(id)) watched.delete(id);
		const changed = ids.filter((id) => now.has(id) && now.get(id) !== watched.get(id)?.version);
		if (changed.length === 0) continue;
		const orders = taken(listedAs(await api.byIds(changed), FIELDS, ''));
		yield pageOf(orders, position, watched, filter);
	}
}

/** The newest orders. */
export async function* newestOrders(api: VendureApi, filter: ImportFilter): AsyncGenerator<OrderPage> {
	yield toPreview(
		chosen(listedAs(await api.newest(Math.min(MAX_PER_PAGE, filter.pageSize)), FIELDS, ''), (raw) => isOurs(choiceOf(raw), new Map())),
		judgedBy(filter),
	);
}

/** Keeps what is to be asked for at the next run. Of every order the store hears, whatever its state; the orders of its sellers are imported in the place of one that sums them up. */
function isOurs({ id, state, type, version }: Choice, watched: Watched): boolean {
	if (type === 'Aggregate') return false;
	if (OVER.has(state)) watched.delete(id);
	else watched.set(id, { isShipped: state === 'Shipped', version });
	return true;
}

const judgedBy =
	(filter: ImportFilter) =>
	(raw: unknown): ImportedOrder => {
		const order = toOrder(raw);
		const state = Payload.of(raw, 'order', LABEL).key('state');
		const isWanted = (filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES).includes(state);
		// Our own shipment is no reason to wait.
		if (isShippedState(state)) return isWanted ? order : { ...order, notEligible: `state ${labelOf(state)}` };
		return judged(order, { isWanted, isHeld: isHeldState(state), status: labelOf(state) });
	};

/** Orders by their keys, as they are now. */
export async function ordersByKey(
	api: VendureApi,
	keys: readonly string[],
	filter: ImportFilter,
): ReturnType<NonNullable<CartSession['ordersByKey']>> {
	const found: ChangedOrder[] = [];
	for (let start = 0; start < keys.length; start += MAX_PER_PAGE)
		found.push(...listedAs(await api.byIds(keys.slice(start, start + MAX_PER_PAGE)), FIELDS, ''));
	const known = new Set(found.map(({ id }) => id));
	const { orders, failures } = toPage({ orders: found, next: { since: '', from: '' } }, judgedBy(filter));
	return { orders, failures, gone: keys.filter((key) => !known.has(key)) };
}

/** What decides whether an order is asked for again. */
interface Choice {
	id: string;
	state: string;
	type: string | null;
	version: string;
}

/** Throws MappingError. */
function choiceOf(raw: unknown): Choice {
	const order = Payload.of(raw, 'order', LABEL);
	return { id: order.key('id'), state: order.key('state'), type: order.text('type'), version: versionOf(order) };
}

/** One that cannot be read is read anew, and is seen then. */
function versionIn(raw: unknown): string {
	try {
		return versionOf(Payload.of(raw, 'order', LABEL));
	} catch {
		return '';
	}
}

/** Of what `VERSION_FIELDS` asks for. Throws MappingError. */
function versionOf(order: Payload): string {
	const fields = ['state', 'updatedAt', 'total', 'totalWithTax', 'couponCodes', 'shippingAddress', 'billingAddress'].map(
		(name) => order.value(name) ?? undefined,
	);
	const quantities = order
		.parts('lines')
		.map((line) => `${line.key('id')} ${line.quantity('quantity')}`)
		.sort();
	const fulfillments = order
		.parts('fulfillments')
		.map((one) => `${one.key('id')} ${one.text('state') === 'Cancelled'}`)
		.sort();
	return createHash('sha256')
		.update(JSON.stringify([fields, quantities, ...(fulfillments.length > 0 ? [fulfillments] : [])]))
		.digest('base64url')
		.slice(0, 8);
}

const pageOf = (orders: ChangedOrder[], position: { [key: string]: JsonValue }, watched: Watched, filter: ImportFilter): OrderPage => ({
	...toPage({ orders, next: { since: '', from: '' } }, judgedBy(filter)),
	next: { ...position, watched: kept(watched).map(([id, { isShipped, version }]) => `${isShipped ? '=' : '-'}${version} ${id}`) },
});

function kept(watched: Watched): Array<[string, { isShipped: boolean; version: string }]> {
	const shipped = new Set(
		[...watched]
			.filter(([, { isShipped }]) => isShipped)
			.slice(0, -MAX_WATCHED_SHIPPED)
			.map(([id]) => id),
	);
	return [...watched].filter(([id]) => !shipped.has(id)).slice(-MAX_WATCHED);
}

function watchedOf({ watched }: { [key: string]: JsonValue }): Watched {
	const entries = (Array.isArray(watched) ? watched : []).map((one) => /^([+=-])(\S+) (.+)$/.exec(String(one)));
	return new Map(
		entries.flatMap((match) => {
			const [, sign, version, id] = match ?? [];
			return version === undefined || id === undefined ? [] : [[id, { isShipped: sign === '=', version }] as const];
		}),
	);
}
