/**
 * Which orders of a shop are imported, and how they are found. Vendure sets `updatedAt` back when the state of an order changes, and leaves it
 * alone when a person modifies one. So new orders are found by when they were placed, and what was seen is asked for its version at each run
 * until it is over.
 */
import { createHash } from 'node:crypto';
import type { JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { ImportFilter, RawOrderPage } from '../Cart';
import { changesSince } from '../changes';
import { toPage } from '../listing';
import { MAX_PER_PAGE, type RawVendureOrder, type VendureApi } from './api';
import { DEFAULT_STATUSES } from './settings';
import { toOrder } from './toOrder';

/** So many orders are asked for their version at each run; the first ones are left out beyond it. */
export const MAX_WATCHED = 2_000;

/** Nothing that concerns the warehouse comes after these. */
const OVER = new Set(['Shipped', 'Delivered', 'Cancelled']);

/** Of an order that we have: lines may be canceled after the first parcel. */
const UNDER_WAY = new Set(['PartiallyShipped', 'PartiallyDelivered']);

/** By the key of an order: how it was when it was last read, and whether it was imported. */
type Watched = Map<string, { imported: boolean; version: string }>;

export async function* listOrders(api: VendureApi, cursor: Cursor | null, filter: ImportFilter): AsyncGenerator<RawOrderPage> {
	const pageSize = Math.max(1, Math.min(MAX_PER_PAGE, filter.pageSize));
	const statuses = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
	const position = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor) ? cursor : {};
	const watched = watchedOf(position);
	const known = [...watched.keys()];
	const taken = (orders: readonly RawVendureOrder[]): RawVendureOrder[] => orders.filter((order) => isTaken(order, statuses, watched));
	for (let start = 0; start < known.length; start += pageSize) {
		const ids = known.slice(start, start + pageSize);
		const now = new Map((await api.versions(ids)).map((order) => [order.id, versionOf(order)]));
		// One that was deleted is not asked for again.
		for (const id of ids) if (!now.has(id)) watched.delete(id);
		const changed = ids.filter((id) => now.has(id) && now.get(id) !== watched.get(id)?.version);
		if (changed.length === 0) continue;
		const orders = taken(await api.byIds(changed));
		yield pageOf(orders, position, watched);
	}
	const changes = changesSince({
		cursor,
		first: async () => filter.earliestOrderDate ?? (await api.now()),
		fetch: async (since, page) => {
			const { orders, more } = await api.placedSince(since, page, pageSize);
			return { orders: orders.map((raw) => ({ id: raw.id, changedAt: new Date(raw.orderPlacedAt ?? since).toISOString(), raw })), more };
		},
		pageSize,
	});
	for await (const { orders, next } of changes) {
		yield pageOf(taken(orders.map(({ raw }) => raw as RawVendureOrder)), next, watched);
	}
}

/** Whether the order is to be imported as it is now; keeps what is to be asked for at the next run. */
function isTaken(order: RawVendureOrder, statuses: readonly string[], watched: Watched): boolean {
	// The orders of its sellers are imported in its place.
	if (order.type === 'Aggregate') return false;
	const { imported = false } = watched.get(order.id) ?? {};
	const wanted = statuses.includes(order.state);
	if (OVER.has(order.state) && !wanted) {
		watched.delete(order.id);
		return order.state === 'Cancelled';
	}
	watched.set(order.id, { imported: imported || wanted, version: versionOf(order) });
	return wanted || (imported && UNDER_WAY.has(order.state));
}

/** Of what `VERSION_FIELDS` asks for. */
function versionOf(order: { id: string; [field: string]: unknown }): string {
	const lines = order.lines as Array<{ id: string; quantity: number }>;
	const fields = ['state', 'updatedAt', 'total', 'totalWithTax', 'couponCodes', 'shippingAddress', 'billingAddress'].map((name) => order[name]);
	const quantities = lines.map(({ id, quantity }) => `${id} ${quantity}`).sort();
	return createHash('sha256').update(JSON.stringify([fields, quantities])).digest('base64url').slice(0, 8);
}

const pageOf = (orders: readonly RawVendureOrder[], position: { [key: string]: JsonValue }, watched: Watched): RawOrderPage => ({
	...toPage({ orders: orders.map((raw) => ({ id: raw.id, changedAt: '', raw })), next: { since: '', from: '' } }, toOrder),
	next: { ...position, watched: [...watched].slice(-MAX_WATCHED).map(([id, { imported, version }]) => `${imported ? '+' : '-'}${version} ${id}`) },
});

function watchedOf({ watched }: { [key: string]: JsonValue }): Watched {
	const entries = (Array.isArray(watched) ? watched : []).map((one) => /^([+-])(\S+) (.+)$/.exec(String(one)));
	return new Map(entries.flatMap((match) => (match === null ? [] : [[match[3]!, { imported: match[1] === '+', version: match[2]! }] as const])));
}
