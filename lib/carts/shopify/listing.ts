/** Which orders of a shop are imported, and how they are found. */
import type { Http } from '../../http/Http';
import { asError, MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { IsoDate, JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { ImportFilter, RawOrderPage } from '../Cart';
import { changesSince } from '../changes';
import { CHANGED_ORDERS } from './documents';
import { graphql } from './graphql';
import { numberOf } from './ids';
import { isHeld, isPartlyShipped } from './quantities';
import type { Connection, RawShopifyOrder, ShopifyOrder } from './raw';
import { readOrders } from './reading';
import { DEFAULT_STATUSES, tagOf, type ShopifySettings } from './settings';
import { toOrder } from './toOrder';

interface ChangedOrder {
	id: string;
	name: string;
	updatedAt: string;
	processedAt: string;
	cancelledAt: string | null;
	test: boolean;
	displayFinancialStatus: string | null;
	tags: string[];
}

/** One page of changes is read and recorded before the next: some seconds on the smallest plan. */
const PAGE_SIZE = 50;

/** Orders on hold that are looked at again at each run. Ending a hold need not change the time of the order. */
const MAX_WAITING = 500;

const changedOrders = async (http: Http, variables: { first: number; after: string | null; query: string | null; reverse: boolean }) =>
	(await graphql<{ orders: Connection<ChangedOrder> }>(http, CHANGED_ORDERS, variables)).orders;

/** Text for Shopify's search; a quote in it would end it. */
const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** To the second, as Shopify counts; the filter is inclusive. */
const secondOf = (time: IsoDate): string => time.replace(/\.\d+Z$/, 'Z');

/**
 * Orders are chosen here and not by Shopify's search: one that is canceled, refunded or put on hold must be seen although it no longer
 * fits, and the search index lags behind.
 */
export async function* listOrders(http: Http, settings: ShopifySettings, cursor: Cursor | null, filter: ImportFilter): AsyncGenerator<RawOrderPage> {
	const pageSize = Math.max(1, Math.min(PAGE_SIZE, filter.pageSize));
	let waiting = waitingOf(cursor);
	const read = async (ids: readonly string[]): Promise<Pick<RawOrderPage, 'orders' | 'failures'>> => {
		const page: Pick<RawOrderPage, 'orders' | 'failures'> = { orders: [], failures: [] };
		for (const order of await readOrders(http, ids)) {
			const verdict = verdictOn(order, settings, filter);
			waiting = waiting.filter((id) => id !== order.id);
			if (verdict === 'waits') waiting = [...waiting, order.id].slice(-MAX_WAITING);
			if (typeof verdict === 'string') continue;
			const failure = failureOf(verdict);
			if (failure === null) page.orders.push(verdict);
			else page.failures.push(failure);
		}
		return page;
	};
	for (let start = 0, again = [...waiting]; start < again.length; start += pageSize) {
		const page = await read(again.slice(start, start + pageSize));
		if (page.orders.length + page.failures.length > 0) yield { ...page, next: { ...(cursor as { since: string }), waiting } };
	}
	const afters = new Map<string, string | null>();
	const changes = changesSince({
		cursor,
		first: async () => filter.earliestOrderDate ?? (await newest(http)),
		pageSize,
		fetch: async (since, page) => {
			const after = page === 1 ? null : (afters.get(`${since} ${page}`) ?? null);
			const { nodes, pageInfo } = await changedOrders(http, { first: pageSize, after, query: `updated_at:>=${quoted(secondOf(since))}`, reverse: false });
			afters.set(`${since} ${page + 1}`, pageInfo.endCursor);
			return { orders: nodes.map((order) => ({ id: order.id, changedAt: new Date(order.updatedAt).toISOString(), raw: order })), more: pageInfo.hasNextPage };
		},
	});
	for await (const { orders, next } of changes) {
		const ids = orders.filter(({ raw }) => mayMatter(raw as ChangedOrder, settings, filter)).map(({ id }) => id);
		const page = await read(ids);
		yield { ...page, next: waiting.length > 0 ? { ...next, waiting } : next };
	}
}

/** The order with this number, "#1001" or "1001"; null = there is none. */
export async function orderByNumber(http: Http, settings: ShopifySettings, orderNumber: string): Promise<RawShopifyOrder | null> {
	const plain = (name: string): string => name.replace(/^#/, '');
	const { nodes } = await changedOrders(http, { first: 20, after: null, query: `name:${quoted(orderNumber)}`, reverse: true });
	// The search finds beginnings too.
	const found = nodes.find(({ name }) => name === orderNumber) ?? nodes.find(({ name }) => plain(name) === plain(orderNumber));
	const [order] = found === undefined ? [] : await readOrders(http, [found.id]);
	return order === undefined ? null : withUnit(order, settings, !order.tags.includes(tagOf(settings)));
}

/** Shopify's own present: the time of its newest change. A shop without orders begins at the beginning. */
async function newest(http: Http): Promise<IsoDate> {
	const { nodes } = await changedOrders(http, { first: 1, after: null, query: null, reverse: true });
	return new Date(nodes[0]?.updatedAt ?? 0).toISOString();
}

function waitingOf(cursor: Cursor | null): string[] {
	if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return [];
	const { waiting } = cursor;
	return Array.isArray(waiting) ? waiting.filter((id): id is string => typeof id === 'string') : [];
}

const statusesOf = ({ statuses }: ImportFilter): readonly string[] => (statuses.length > 0 ? statuses : DEFAULT_STATUSES);

/** What can be said without reading the whole order. */
function mayMatter(order: Pick<ChangedOrder, 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'tags' | 'processedAt'>, settings: ShopifySettings, filter: ImportFilter): boolean {
	if (order.test && settings.testOrders !== true) return false;
	if (filter.earliestOrderDate !== null && new Date(order.processedAt).toISOString() < filter.earliestOrderDate) return false;
	// Cancels the one that we have, whatever it is now.
	if (order.cancelledAt !== null) return true;
	if ((settings.withoutTags ?? []).some((tag) => order.tags.includes(tag))) return false;
	return isWanted(order, filter) || isGone(order);
}

const isWanted = ({ displayFinancialStatus }: Pick<ChangedOrder, 'displayFinancialStatus'>, filter: ImportFilter): boolean =>
	statusesOf(filter).includes((displayFinancialStatus ?? '').toLowerCase());

/** Money back or never taken: if nothing of it is left to ship, this cancels the one that we have. */
const isGone = ({ displayFinancialStatus }: Pick<ChangedOrder, 'displayFinancialStatus'>): boolean =>
	displayFinancialStatus === 'REFUNDED' || displayFinancialStatus === 'VOIDED';

/** The order as it is to be imported, or why not: waits = it may be later without any change of its time. */
function verdictOn(order: ShopifyOrder, settings: ShopifySettings, filter: ImportFilter): RawShopifyOrder | 'waits' | 'no' {
	if (!mayMatter(order, settings, filter)) return 'no';
	const ours = tagOf(settings) !== '' && order.tags.includes(tagOf(settings));
	if (order.cancelledAt !== null) return withUnit(order, settings, false);
	const partial = isPartlyShipped(order);
	// What we shipped ourselves comes back with every upload: whole, or it would look like a change. What others shipped is not shipped again.
	const whole = partial && ours && settings.partiallyFulfilled !== true && (settings.location ?? '') === '';
	if (partial && !whole && (ours || settings.partiallyFulfilled !== true)) return 'no';
	const unit = withUnit(order, settings, !whole);
	if (!isWanted(order, filter)) return !partial && toShip(unit) === 0 ? unit : 'no';
	if (isHeld(order, settings.location ?? '')) return 'waits';
	if (toShip(unit) === 0 && !order.lineItems.nodes.some(({ requiresShipping }) => requiresShipping)) return 'no';
	return unit;
}

function toShip(order: RawShopifyOrder): number {
	try {
		return toOrder(order).content.lines.length;
	} catch (error) {
		// Not nothing: it is to become a failure that a person sees.
		if (error instanceof MappingError) return 1;
		throw asError(error);
	}
}

const withUnit = (order: ShopifyOrder, settings: ShopifySettings, remaining: boolean): RawShopifyOrder => ({
	...order,
	unit: { location: settings.location ?? '', count: remaining ? 'remaining' : 'whole', tag: tagOf(settings) },
});

/** An order that cannot be translated, under the key that resolves it once it can. */
function failureOf(order: RawShopifyOrder): NewImportFailure | null {
	try {
		toOrder(order);
		return null;
	} catch (error) {
		if (!(error instanceof MappingError)) throw asError(error);
		return {
			subject: 'order',
			key: numberOf(order.id),
			origin: `Shopify order ${order.name}, ${error.path}`,
			message: `Order ${order.name}: ${error.message}`,
			remedy: error.remedy,
			payload: order as unknown as JsonValue,
		};
	}
}
