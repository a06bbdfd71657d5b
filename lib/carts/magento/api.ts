/** The calls to Magento 2 REST: search criteria, times of UTC, and pages that must be counted. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { pageNumbers } from '../../http/pages';
import { callPartner, isNotFound, otherData, PartnerError } from '../../http/partner';
import { presentIn } from '../../http/readingClock';
import { asError } from '../../order/errors';
import { isList, isObject } from '../../order/json';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../common/changes';
import { once } from '../common/once';
import { keyBehind, listedAs, textIn } from '../common/listing';
import { WEIGHT_UNIT } from './lines';
import { LABEL, utc } from './toOrder';

export type MagentoObject = Record<string, unknown>;

/** The most that a shop takes which limits its input. */
export const MAX_PER_PAGE = 300;

const CREDENTIALS_REMEDY =
	'Check the Magento credential: the integration must be active and have the resources Sales. Since 2.4.4 a shop takes its token only with Stores → Configuration → Services → OAuth → "Allow OAuth Access Tokens to be used as standalone Bearer tokens".';

type Filter = readonly [field: string, value: string, condition: 'eq' | 'gteq' | 'in' | 'lt'];

export class MagentoApi {
	constructor(private readonly account: HttpAccount) {}

	async call(request: HttpRequest): Promise<HttpResponse> {
		return await callPartner(this.account.http, request, { label: LABEL, credentialsRemedy: CREDENTIALS_REMEDY, messageOf });
	}

	/** null = there is no such order. */
	async order(id: string): Promise<MagentoObject | null> {
		try {
			const { body } = await this.call({ method: 'GET', url: `/orders/${encodeURIComponent(id)}` });
			if (!isObject(body) || textIn(body, 'entity_id') !== id) throw unexpected();
			return body;
		} catch (error) {
			if (isNotFound(error)) return null;
			throw asError(error);
		}
	}

	/** The first orders changed at or after a moment, oldest change first, whatever their status. */
	async changedSince(since: IsoDate, pageSize: number): Promise<{ orders: ChangedOrder[]; more: boolean }> {
		const { items, total } = await this.search('/orders', [['updated_at', second(since), 'gteq']], {
			page: 1,
			pageSize,
			sort: ['updated_at', 'entity_id'],
		});
		return { orders: listed(items, since), more: pageSize < total };
	}

	/** A page of the orders changed from a moment on and before another one, by their keys. */
	async changedBetween(
		from: IsoDate,
		to: IsoDate,
		within: string | null,
		pageSize: number,
	): Promise<{ orders: ChangedOrder[]; within: string | null }> {
		const filters: Filter[] = [
			['updated_at', second(from), 'gteq'],
			['updated_at', second(to), 'lt'],
			...(within === null ? [] : [['entity_id', within, 'gteq'] as const]),
		];
		const { items, total } = await this.search('/orders', filters, { page: 1, pageSize, sort: ['entity_id'] });
		const orders = listed(items, from);
		return { orders, within: pageSize < total ? keyBehind(orders, within) : null };
	}

	/** Orders by their keys. @param ids at the most `MAX_PER_PAGE` */
	async byKeys(ids: readonly string[]): Promise<MagentoObject[]> {
		if (ids.length === 0) return [];
		const { items } = await this.search('/orders', [['entity_id', ids.join(','), 'in']], {
			page: 1,
			pageSize: MAX_PER_PAGE,
			sort: ['entity_id'],
		});
		return items.filter(isObject);
	}

	/** The orders that were placed last, the newest first. */
	async newest(statuses: readonly string[], pageSize: number): Promise<ChangedOrder[]> {
		return listed(
			(await this.search('/orders', inStatuses(statuses), { page: 1, pageSize, sort: ['entity_id'], direction: 'DESC' })).items,
			'',
		);
	}

	async byNumber(number: string): Promise<MagentoObject | null> {
		const { items } = await this.search('/orders', [['increment_id', number, 'eq']], { page: 1, pageSize: 2, sort: ['entity_id'] });
		return items.find(isObject) ?? null;
	}

	/** The time by the shop's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({
			method: 'GET',
			url: '/orders',
			query: { 'searchCriteria[pageSize]': 1, 'searchCriteria[currentPage]': 1 },
		});
		return presentIn({ headers });
	}

	private readonly units = once(async () => await this.weightUnits());

	/** With the unit of its weights, which is asked once. */
	async whole(order: unknown): Promise<unknown> {
		if (!isObject(order)) return order;
		const units = await this.units();
		// Orders of a store view that is gone have no key of it.
		const unit = units?.get(textIn(order, 'store_id') ?? '') ?? units?.values().next().value;
		return unit === undefined ? order : { ...order, [WEIGHT_UNIT]: unit };
	}

	/** The unit of weights for each store view, by its key; null = the integration may not see it (resource All Stores). */
	async weightUnits(): Promise<ReadonlyMap<string, string> | null> {
		try {
			const { body } = await this.call({ method: 'GET', url: '/store/storeConfigs' });
			if (!Array.isArray(body)) throw unexpected();
			return new Map(body.filter(isObject).map(({ id, weight_unit: unit }) => [String(id), String(unit)]));
		} catch (error) {
			if (error instanceof PartnerError && (error.code === 'credentials_invalid' || error.code === 'partner_refused')) return null;
			throw asError(error);
		}
	}

	async shipments(orderId: string): Promise<MagentoObject[]> {
		const all: MagentoObject[] = [];
		const pageSize = 100;
		for (const page of pageNumbers(LABEL)) {
			const { items, total } = await this.search('/shipments', [['order_id', orderId, 'eq']], { page, pageSize, sort: ['entity_id'] });
			all.push(...items.filter(isObject));
			if (page * pageSize >= total) break;
		}
		return all;
	}

	/** Looks at what the order still lets ship, other than `POST /shipment`, which would make as many as it is told. */
	async ship(orderId: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: `/order/${encodeURIComponent(orderId)}/ship`, body });
	}

	async addTrack(entity: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: '/shipment/track', body: { entity } });
	}

	/** False = Magento did not cancel it, and does not say why. */
	async cancel(orderId: string): Promise<boolean> {
		return (await this.call({ method: 'POST', url: `/orders/${encodeURIComponent(orderId)}/cancel`, repeatable: true })).body === true;
	}

	/** @param status null = the order keeps its status */
	async comment(orderId: string, text: string, status: string | null): Promise<void> {
		const statusHistory = {
			comment: text,
			is_customer_notified: 0,
			is_visible_on_front: 0,
			parent_id: Number(orderId),
			...(status === null ? {} : { status }),
		};
		await this.call({ method: 'POST', url: `/orders/${encodeURIComponent(orderId)}/comments`, body: { statusHistory } });
	}

	private async search(
		url: string,
		filters: readonly Filter[],
		{ page, pageSize, sort, direction = 'ASC' }: { page: number; pageSize: number; sort: readonly string[]; direction?: 'ASC' | 'DESC' },
	): Promise<{ items: unknown[]; total: number }> {
		const query: Record<string, string | number> = {};
		// Groups are joined by "and".
		filters.forEach(([field, value, condition], group) => {
			const name = `searchCriteria[filterGroups][${group}][filters][0]`;
			query[`${name}[field]`] = field;
			query[`${name}[value]`] = value;
			query[`${name}[conditionType]`] = condition;
		});
		sort.forEach((field, place) => {
			query[`searchCriteria[sortOrders][${place}][field]`] = field;
			query[`searchCriteria[sortOrders][${place}][direction]`] = direction;
		});
		query['searchCriteria[pageSize]'] = pageSize;
		query['searchCriteria[currentPage]'] = page;
		const { body } = await this.call({ method: 'GET', url, query });
		if (!isObject(body)) throw unexpected();
		const { items, total_count: total } = body;
		// Some versions give null for an empty list.
		if (typeof total !== 'number' || !(Array.isArray(items) || total === 0)) throw unexpected();
		return { items: Array.isArray(items) ? items : [], total };
	}
}

const second = (time: IsoDate): string => time.slice(0, 19).replace('T', ' ');

const inStatuses = (statuses: readonly string[]): Filter[] => (statuses.length === 0 ? [] : [['status', statuses.join(','), 'in']]);

const listed = (items: readonly unknown[], since: IsoDate): ChangedOrder[] =>
	listedAs(items, { id: 'entity_id', time: 'updated_at' }, since, utc);

const unexpected = (): PartnerError => otherData(LABEL, 'Check the address and the REST path in the Magento credential.');

/** "The %1 that was requested …" with its parameters put in. */
function messageOf(body: unknown): string | null {
	if (!isObject(body) || typeof body.message !== 'string') return null;
	const { parameters } = body;
	const values: unknown = isList(parameters)
		? Object.fromEntries(parameters.map((value, index) => [String(index + 1), value]))
		: parameters;
	return isObject(values)
		? body.message.replace(/%(\w+)/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
		: body.message;
}
