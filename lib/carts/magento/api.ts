/** The calls to Magento 2 REST: search criteria, times of UTC, and pages that must be counted. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, otherData, PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../changes';
import { once } from '../once';
import { isoTime } from '../payload';
import { LABEL, utc, WEIGHT_UNIT } from './toOrder';

export type MagentoObject = Record<string, unknown>;

/** The most that a shop takes which limits its input. */
export const MAX_PER_PAGE = 300;

const CREDENTIALS_REMEDY =
	'Check the Magento credential: the integration must be active and have the resources Sales. Since 2.4.4 a shop takes its token only with Stores → Configuration → Services → OAuth → "Allow OAuth Access Tokens to be used as standalone Bearer tokens".';

type Filter = readonly [field: string, value: string, condition: 'eq' | 'gteq' | 'in'];

export class MagentoApi {
	constructor(private readonly account: HttpAccount) {}

	async call(request: HttpRequest): Promise<HttpResponse> {
		return await callPartner(this.account.http, request, { label: LABEL, credentialsRemedy: CREDENTIALS_REMEDY, messageOf });
	}

	/** null = there is no such order. */
	async order(id: string): Promise<MagentoObject | null> {
		try {
			const { body } = await this.call({ method: 'GET', url: `/orders/${encodeURIComponent(id)}` });
			return isObject(body) ? body : null;
		} catch (error) {
			if (error instanceof PartnerError && error.details.status === 404) return null;
			throw asError(error);
		}
	}

	/**
	 * Orders changed at or after a moment, oldest change first. Past the last page many versions give the last page again, so the total
	 * says where the end is.
	 */
	async changedSince(since: IsoDate, statuses: readonly string[], page: number, pageSize: number): Promise<{ orders: ChangedOrder[]; more: boolean }> {
		const from = since.slice(0, 19).replace('T', ' ');
		const filters: Filter[] = [['updated_at', from, 'gteq'], ...(statuses.length === 0 ? [] : [['status', statuses.join(','), 'in'] as const])];
		const { items, total } = await this.search('/orders', filters, { page, pageSize, sort: 'updated_at' });
		return {
			orders: items.map((raw) => ({ id: String(raw.entity_id), changedAt: isoTime(utc(String(raw.updated_at))) ?? since, raw })),
			more: page * pageSize < total,
		};
	}

	async byNumber(number: string): Promise<MagentoObject | null> {
		const { items } = await this.search('/orders', [['increment_id', number, 'eq']], { page: 1, pageSize: 2, sort: 'entity_id' });
		return items[0] ?? null;
	}

	/** The time by the shop's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/orders', query: { 'searchCriteria[pageSize]': 1, 'searchCriteria[currentPage]': 1 } });
		return isoTime(headers.date ?? '') ?? new Date().toISOString();
	}

	private readonly units = once(async () => await this.weightUnits());

	/** With the unit of its weights, which is asked once. */
	async whole(order: MagentoObject): Promise<MagentoObject> {
		const units = await this.units();
		// Orders of a store view that is gone have no key of it.
		const unit = units?.get(String(order.store_id)) ?? units?.values().next().value;
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
		for (let page = 1; ; page += 1) {
			const { items, total } = await this.search('/shipments', [['order_id', orderId, 'eq']], { page, pageSize, sort: 'entity_id' });
			all.push(...items);
			if (page * pageSize >= total) return all;
		}
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
		const statusHistory = { comment: text, is_customer_notified: 0, is_visible_on_front: 0, parent_id: Number(orderId), ...(status === null ? {} : { status }) };
		await this.call({ method: 'POST', url: `/orders/${encodeURIComponent(orderId)}/comments`, body: { statusHistory } });
	}

	private async search(url: string, filters: readonly Filter[], { page, pageSize, sort }: { page: number; pageSize: number; sort: string }): Promise<{ items: MagentoObject[]; total: number }> {
		const query: Record<string, string | number> = {};
		// Groups are joined by "and".
		filters.forEach(([field, value, condition], group) => {
			const name = `searchCriteria[filterGroups][${group}][filters][0]`;
			query[`${name}[field]`] = field;
			query[`${name}[value]`] = value;
			query[`${name}[conditionType]`] = condition;
		});
		query['searchCriteria[sortOrders][0][field]'] = sort;
		query['searchCriteria[sortOrders][0][direction]'] = 'ASC';
		query['searchCriteria[pageSize]'] = pageSize;
		query['searchCriteria[currentPage]'] = page;
		const { body } = await this.call({ method: 'GET', url, query });
		if (!isObject(body)) throw unexpected();
		const { items, total_count: total } = body;
		return { items: Array.isArray(items) ? items.filter(isObject) : [], total: Number(total ?? 0) };
	}
}

const isObject = (value: unknown): value is MagentoObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const unexpected = (): PartnerError => otherData(LABEL, 'Check the address and the REST path in the Magento credential.');

/** "The %1 that was requested …" with its parameters put in. */
function messageOf(body: unknown): string | null {
	if (!isObject(body) || typeof body.message !== 'string') return null;
	const { parameters } = body;
	const values: unknown = Array.isArray(parameters) ? Object.fromEntries((parameters as unknown[]).map((value, index) => [String(index + 1), value])) : parameters;
	return isObject(values) ? body.message.replace(/%(\w+)/g, (whole, name: string) => (name in values ? String(values[name]) : whole)) : body.message;
}
