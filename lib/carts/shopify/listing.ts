/** Which orders of a shop are imported, and how they are found. */
import type { Http } from '../../http/Http';
import { otherData, PartnerError } from '../../http/partner';
import { readingClock, type ReadingClock } from '../../http/readingClock';
import { MappingError, shown } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { ImportedOrder, IsoDate } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { CartSession, ImportFilter, OrderPage } from '../Cart';
import { changesSince, type ChangedOrder } from '../common/changes';
import { chosen, eachRead, listedAs, textIn, unread } from '../common/listing';
import { seesAllOrders } from './access';
import { checkedChange } from './checked';
import { CHANGED_ORDERS } from './documents';
import { judgedBy } from './eligibility';
import { graphql, SHOPIFY } from './graphql';
import { gid, numberOf } from './ids';
import { isPartlyHeld, isUnrouted } from './quantities';
import type { Connection, RawShopifyOrder, ShopifyOrder } from './raw';
import { readOrders, type ReadOrder } from './reading';
import { tagOf, type ShopifySettings } from './settings';

/** One page of changes is read and recorded before the next: some seconds on the smallest plan. */
const PAGE_SIZE = 50;

/** Orders of which a part is on hold or scheduled, or that have no fulfillment orders yet, are looked at again at each run: that this ends need not change the time of the order. */
const MAX_WAITING = 500;

interface Listing {
	first: number;
	query: string | null;
	after?: string | null;
	sortKey?: 'UPDATED_AT' | 'ID' | 'PROCESSED_AT';
	reverse?: boolean;
}

async function changedOrders(
	http: Http,
	{ first, query, after = null, sortKey = 'UPDATED_AT', reverse = false }: Listing,
): Promise<Connection<unknown>> {
	const { orders } = await graphql<{ orders?: Partial<Connection<unknown>> | null }>(http, CHANGED_ORDERS, {
		first,
		after,
		query,
		sortKey,
		reverse,
	});
	// No list is no empty list.
	if (!Array.isArray(orders?.nodes) || typeof orders.pageInfo !== 'object' || orders.pageInfo === null)
		throw otherData(SHOPIFY.label, 'It is retried automatically.');
	return { nodes: orders.nodes, pageInfo: orders.pageInfo };
}

/** Text for Shopify's search; a quote in it would end it. */
const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** To the second, as Shopify counts; the filter is inclusive. */
const secondOf = (time: IsoDate): string => time.replace(/\.\d+Z$/, 'Z');

/**
 * Every order that changed, whatever its status: one that the store has must be heard although it no longer fits the settings, and Shopify's search index lags behind. The
 * settings say of each whether it is taken as a new one.
 */
export async function* listOrders(
	account: Http,
	settings: ShopifySettings,
	cursor: Cursor | null,
	filter: ImportFilter,
): AsyncGenerator<OrderPage> {
	const pageSize = Math.max(1, Math.min(PAGE_SIZE, filter.pageSize));
	const clock = readingClock(account, cursor);
	const { http } = clock;
	let waiting = waitingOf(cursor);
	const seen = new Set<string>();
	const read = async (ids: readonly string[]): Promise<Pick<OrderPage, 'orders' | 'failures'>> => {
		const found = await readThem(http, settings, ids);
		for (const id of ids) seen.add(id);
		waiting = waiting.filter((id) => !ids.includes(id));
		const held = found.flatMap((one) =>
			'order' in one && one.order.cancelledAt === null && (isPartlyHeld(withUnit(one.order, settings)) || isUnrouted(one.order, Date.now()))
				? one.id
				: [],
		);
		waiting = [...waiting, ...held].slice(-MAX_WAITING);
		return translated(found, settings, filter);
	};
	const again = [...waiting];
	const mark = () => (waiting.length > 0 ? { waiting } : {});
	let position = {};
	const changes = changesSince({
		label: SHOPIFY.label,
		cursor,
		clock,
		first: async () => filter.earliestOrderDate ?? (await newest(clock)),
		pageSize,
		changed: async (since) => {
			const { nodes, pageInfo } = await changedOrders(http, { first: pageSize, query: `updated_at:>=${quoted(secondOf(since))}` });
			return { orders: listed(nodes, since), more: pageInfo.hasNextPage };
		},
		between: async (from, to, within) => {
			const query = `updated_at:>=${quoted(secondOf(from))} updated_at:<${quoted(secondOf(to))}`;
			const { nodes, pageInfo } = await changedOrders(http, { first: pageSize, after: within, query, sortKey: 'ID' });
			return { orders: listed(nodes, from), within: pageInfo.hasNextPage ? pageInfo.endCursor : null };
		},
	});
	for await (const { orders, next } of changes) {
		const wanted = chosen(orders, isReadable);
		const page = await read(wanted.filter(({ problem }) => problem === undefined).map(({ id }) => id));
		page.failures.push(...wanted.flatMap(({ id, raw, problem }) => (problem === undefined ? [] : failureOf(id, raw, problem))));
		position = next;
		yield { ...page, next: { ...position, ...mark() } };
	}
	// After the changes, or a long list of these would keep a run that has little time from ever coming to them.
	for (let start = 0; start < again.length; start += pageSize) {
		const page = await read(again.slice(start, start + pageSize).filter((id) => !seen.has(id)));
		if (page.orders.length + page.failures.length > 0) yield { ...page, next: { ...position, ...mark() } };
	}
}

/** The newest orders. */
export async function* newestOrders(http: Http, settings: ShopifySettings, filter: ImportFilter): AsyncGenerator<OrderPage> {
	const { nodes } = await changedOrders(http, {
		first: Math.max(1, Math.min(PAGE_SIZE, filter.pageSize)),
		query: null,
		sortKey: 'PROCESSED_AT',
		reverse: true,
	});
	const readable = chosen(listed(nodes, ''), isReadable).flatMap(({ id, problem }) => (problem === undefined ? id : []));
	yield { ...translated(await readThem(http, settings, readable), settings, filter), next: null };
}

/** Throws MappingError. */
const isReadable = (raw: unknown): boolean => checkedChange(raw).id !== '';

const listed = (nodes: readonly unknown[], since: IsoDate): ChangedOrder[] => listedAs(nodes, { id: 'id', time: 'updatedAt' }, since);

/** The order with this number, "#1001" or "1001"; null = there is none. */
export async function orderByNumber(http: Http, settings: ShopifySettings, orderNumber: string): Promise<RawShopifyOrder | null> {
	const plain = (name: string): string => name.replace(/^#/, '');
	const { nodes } = await changedOrders(http, { first: 20, query: `name:${quoted(orderNumber)}`, reverse: true });
	// The search finds beginnings too.
	const changes = nodes.map((node) => checkedChange(node));
	const change = changes.find(({ name }) => name === orderNumber) ?? changes.find(({ name }) => plain(name) === plain(orderNumber));
	const [found] = change === undefined ? [] : await readThem(http, settings, [change.id]);
	if (found !== undefined && 'problem' in found) throw found.problem;
	const order = found?.order;
	return order === undefined ? null : withUnit(order, settings);
}

/** Orders by their numbers, as they are now. */
export async function ordersByKey(
	http: Http,
	settings: ShopifySettings,
	keys: readonly string[],
	filter: ImportFilter,
): ReturnType<NonNullable<CartSession['ordersByKey']>> {
	const asked = keys.filter((key) => /^\d{1,20}$/.test(key));
	const found = await readThem(
		http,
		settings,
		asked.map((key) => gid('Order', key)),
	);
	const known = new Set(found.map(({ id }) => numberOf(id)));
	const missing = asked.filter((key) => !known.has(key));
	const { orders, failures } = translated(found, settings, filter);
	if (missing.length === 0 || (await seesAllOrders(http))) return { orders, failures, gone: missing };
	return {
		orders,
		failures: [...failures, ...missing.map((key) => failureOf(gid('Order', key), { id: gid('Order', key) }, hidden(key)))],
		gone: [],
	};
}

const hidden = (key: string): Error =>
	new MappingError(
		'id',
		key,
		'Shopify does not show the order: it was deleted there, or is older than 60 days, which an app sees only with the scope read_all_orders',
		'Look for the order in Shopify. If it is there, give the app the scope read_all_orders; if it was deleted, cancel it here.',
	);

/** The time of the newest change, unless it is from the future. A shop without orders begins at the beginning. */
async function newest(clock: ReadingClock): Promise<IsoDate> {
	const { nodes } = await changedOrders(clock.http, { first: 1, query: null, reverse: true });
	return nodes[0] === undefined ? new Date(0).toISOString() : clock.position(null, [textIn(nodes[0], 'updatedAt') ?? '']);
}

function waitingOf(cursor: Cursor | null): string[] {
	if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return [];
	const { waiting } = cursor;
	return Array.isArray(waiting) ? waiting.filter((id): id is string => typeof id === 'string') : [];
}

/** Throws PartnerError where the location is named by its key, and the app sees no keys: everything would be at another one. */
async function readThem(http: Http, { location = '' }: ShopifySettings, ids: readonly string[]): Promise<ReadOrder[]> {
	const found = await readOrders(http, ids);
	const isKey = /^(gid:\/\/|\d+$)/.test(location);
	const places = isKey
		? found.flatMap((one) => ('order' in one ? one.order.fulfillmentOrders.nodes.map(({ assignedLocation }) => assignedLocation) : []))
		: [];
	if (!places.some((place) => place.location === undefined) || places.some(({ name }) => name === location)) return found;
	throw new PartnerError(
		'credentials_invalid',
		`Shopify does not show this app the IDs of locations, so nobody can tell what is at ${location}.`,
		'Enter the name of the location, or give the app in Shopify the scope read_locations.',
		{ received: 'no' },
	);
}

function translated(found: readonly ReadOrder[], settings: ShopifySettings, filter: ImportFilter): Pick<OrderPage, 'orders' | 'failures'> {
	const entries = found.map((one) => ('problem' in one ? one : { ...one, raw: withUnit(one.order, settings) }));
	const { results, failures } = eachRead(
		entries,
		(one): ImportedOrder => {
			if ('problem' in one) throw one.problem;
			return judgedBy(one.raw, settings, filter);
		},
		({ id, raw }, error) => failureOf(id, raw, error),
	);
	return { orders: results, failures };
}

function withUnit(order: ShopifyOrder, settings: ShopifySettings): RawShopifyOrder {
	const { location = '', localDeliveries = false } = settings;
	return { ...order, unit: { location, tag: tagOf(settings), ...(localDeliveries ? { localDeliveries } : {}) } };
}

/** An order that cannot be read or translated, under the key that resolves it once it can. */
function failureOf(id: string, raw: unknown, problem: Error): NewImportFailure {
	const failure = unread(numberOf(id), raw, problem);
	const name = textIn(raw, 'name');
	return name === null
		? failure
		: {
				...failure,
				origin: `Shopify order ${shown(name)}${problem instanceof MappingError ? `, ${problem.path}` : ''}`,
				message: `Order ${shown(name)}: ${failure.message}`,
			};
}
