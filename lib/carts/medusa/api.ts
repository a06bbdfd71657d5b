/** The calls to Medusa's Admin API. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, isNotFound, otherData, PartnerError } from '../../http/partner';
import { presentIn } from '../../http/readingClock';
import { asError } from '../../order/errors';
import { isList, isObject, type JsonObject, objectsIn, textOf } from '../../order/json';
import type { IsoDate, JsonValue } from '../../order/order';
import { fromTheEnd, type ChangedOrder } from '../common/changes';
import { listedAs } from '../common/listing';
import { slim, type Fulfillment, type OrderFulfillments } from './raw';
import { LABEL, type MedusaSettings } from './settings';

type Query = NonNullable<HttpRequest['query']>;

const CREDENTIALS_REMEDY =
	'Check the Medusa credential: it takes a secret API key (Settings → Secret API Keys in Medusa, not a publishable one), which may have been revoked. Work resumes automatically afterwards.';

/** Keys of orders go into the address of a request, which proxies bound. */
export const MAX_PER_PAGE = 100;

const ORDER_FIELDS = [
	'id,display_id,custom_display_id,status,email,currency_code,created_at,updated_at,metadata,sales_channel_id,region_id,payment_status,fulfillment_status',
	'total,item_subtotal,shipping_subtotal,tax_total,discount_total',
	'*items,*items.detail,*items.adjustments,*shipping_address,*billing_address,*shipping_methods,*shipping_methods.adjustments',
	'fulfillments.id,fulfillments.shipped_at,fulfillments.canceled_at,fulfillments.metadata',
].join(',');

const FULFILLMENT_FIELDS = [
	'id,status,metadata,*items,*items.detail,items.variant.product.shipping_profile.id',
	'*fulfillments,*fulfillments.items,*fulfillments.labels',
	'shipping_methods.shipping_option_id,shipping_methods.created_at',
].join(',');

export class MedusaApi {
	constructor(
		private readonly account: HttpAccount,
		private readonly scope: Pick<MedusaSettings, 'channels' | 'regions'>,
	) {}

	private async call(request: HttpRequest): Promise<HttpResponse> {
		try {
			return await callPartner(this.account.http, request, { label: LABEL, credentialsRemedy: CREDENTIALS_REMEDY });
		} catch (error) {
			throw error instanceof PartnerError ? meaningOf(error) : asError(error);
		}
	}

	/** The first orders changed at or after a moment, oldest change first. Medusa sorts by one field only and gives equal times in any order. */
	async changedSince(since: IsoDate, pageSize: number): Promise<{ orders: ChangedOrder[]; more: boolean }> {
		const { orders, more } = await this.list({ 'updated_at[$gte]': since, order: 'updated_at' }, pageSize, 0);
		return { orders: changesOf(since, orders), more };
	}

	/** A page of the orders changed from a moment on and before another one, by their keys. */
	async changedBetween(
		from: IsoDate,
		to: IsoDate,
		within: string | null,
		pageSize: number,
	): Promise<{ orders: ChangedOrder[]; within: string | null }> {
		return await fromTheEnd(within, pageSize, async ({ offset, limit, order }) => {
			const { orders, count } = await this.list(
				{ 'updated_at[$gte]': from, 'updated_at[$lt]': to, order: order === 'asc' ? 'id' : '-id' },
				limit,
				offset,
			);
			return { orders: changesOf(from, orders), total: count };
		});
	}

	/** The orders that were placed last, the newest first. */
	async newest(pageSize: number): Promise<ChangedOrder[]> {
		return changesOf('', (await this.list({ order: '-created_at' }, pageSize, 0)).orders);
	}

	async byIds(ids: readonly string[]): Promise<unknown[]> {
		return ids.length === 0 ? [] : (await this.list({ 'id[]': ids }, ids.length, 0)).orders;
	}

	/** null = there is no such order. */
	async order(id: string): Promise<unknown> {
		return (await this.byIds([id]))[0] ?? null;
	}

	/** Which orders have this text somewhere: in their number, their key, their e-mail address. */
	async search(text: string): Promise<NumberedOrder[]> {
		return (await this.list({ q: text, order: '-created_at', fields: 'id,display_id,custom_display_id' }, MAX_PER_PAGE, 0)).orders.filter(
			isNumbered,
		);
	}

	/** The order at a place by the numbers of orders, from 0. */
	async nthByNumber(place: number): Promise<{ order: NumberedOrder | null; count: number }> {
		const { orders, count } = await this.list({ order: 'display_id', fields: 'id,display_id,custom_display_id' }, 1, place);
		return { order: orders.find(isNumbered) ?? null, count };
	}

	/** Of the sales channels, by their keys. */
	async channelNames(): Promise<Map<string, string>> {
		const { body } = await this.call({ method: 'GET', url: '/admin/sales-channels?fields=id,name&limit=1000' });
		return new Map(listIn(body, 'sales_channels').map(({ id, name }) => [String(id), String(name)]));
	}

	/** The time by Medusa's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/admin/orders', query: { limit: 1, fields: 'id' } });
		return presentIn({ headers });
	}

	async fulfillments(id: string): Promise<OrderFulfillments | null> {
		try {
			return orderIn<OrderFulfillments>(
				(await this.call({ method: 'GET', url: `/admin/orders/${encodeURIComponent(id)}`, query: { fields: FULFILLMENT_FIELDS } })).body,
			);
		} catch (error) {
			if (isNotFound(error)) return null;
			throw asError(error);
		}
	}

	/** Of shipping options: the shipping profile of each that is there still. */
	async profilesOf(options: readonly string[]): Promise<Map<string, string | null>> {
		const { body } = await this.call({
			method: 'GET',
			url: '/admin/shipping-options',
			query: { 'id[]': options, fields: 'id,shipping_profile_id', limit: options.length },
		});
		return new Map(listIn(body, 'shipping_options').map(({ id, shipping_profile_id: profile }) => [String(id), textOf(profile)]));
	}

	/** Gives the fulfillments of the order afterwards. Medusa makes a second one when it is told twice at once. */
	async addFulfillment(id: string, body: JsonValue): Promise<Fulfillment[]> {
		const request = {
			method: 'POST',
			url: `/admin/orders/${encodeURIComponent(id)}/fulfillments`,
			query: { fields: 'id,*fulfillments' },
			body,
		} as const;
		return orderIn<Pick<OrderFulfillments, 'fulfillments'>>((await this.call(request)).body).fulfillments;
	}

	async ship(id: string, fulfillmentId: string, body: JsonValue): Promise<void> {
		await this.call({
			method: 'POST',
			url: `/admin/orders/${encodeURIComponent(id)}/fulfillments/${encodeURIComponent(fulfillmentId)}/shipments`,
			query: { fields: 'id' },
			body,
		});
	}

	async cancelFulfillment(id: string, fulfillmentId: string): Promise<void> {
		await this.call({
			method: 'POST',
			url: `/admin/orders/${encodeURIComponent(id)}/fulfillments/${encodeURIComponent(fulfillmentId)}/cancel`,
			query: { fields: 'id' },
			body: { no_notification: true },
		});
	}

	/** Safe to repeat: it sets what it sets, and leaves other keys. */
	async setMetadata(id: string, metadata: Record<string, string>): Promise<void> {
		await this.call({
			method: 'POST',
			url: `/admin/orders/${encodeURIComponent(id)}`,
			query: { fields: 'id' },
			body: { metadata },
			repeatable: true,
		});
	}

	async cancel(id: string): Promise<void> {
		await this.call({ method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}/cancel`, query: { fields: 'id' } });
	}

	private async list(query: Query, limit: number, offset: number): Promise<{ orders: unknown[]; count: number; more: boolean }> {
		const { channels = [], regions = [] } = this.scope;
		const { body } = await this.call({
			method: 'GET',
			url: '/admin/orders',
			query: {
				fields: ORDER_FIELDS,
				...query,
				limit,
				offset,
				...(channels.length === 0 ? {} : { 'sales_channel_id[]': channels }),
				...(regions.length === 0 ? {} : { 'region_id[]': regions }),
			},
		});
		const { orders, count }: JsonObject = isObject(body) ? body : {};
		if (!isList(orders) || typeof count !== 'number') throw unexpected();
		return { orders: slim(orders), count, more: offset + orders.length < count && orders.length > 0 };
	}
}

/** Of an order that is looked for by its number. */
export interface NumberedOrder {
	id: string;
	display_id: number;
	custom_display_id?: string | null;
}

const isNumbered = (order: unknown): order is NumberedOrder =>
	isObject(order) && typeof order.id === 'string' && typeof order.display_id === 'number';

const changesOf = (since: IsoDate, orders: readonly unknown[]): ChangedOrder[] => listedAs(orders, { id: 'id', time: 'updated_at' }, since);

/** The objects of a list in an answer. */
function listIn(body: unknown, name: string): JsonObject[] {
	const list = isObject(body) ? body[name] : null;
	if (!isList(list)) throw unexpected();
	return objectsIn(list);
}

function orderIn<Order>(body: unknown): Order {
	const { order } = (body ?? {}) as { order?: Order | null };
	if (typeof order !== 'object' || order === null) throw unexpected();
	return order;
}

const unexpected = (): PartnerError => otherData(LABEL, 'Check the address in the Medusa credential.');

function meaningOf(error: PartnerError): PartnerError {
	const { status, body } = error.details;
	if (status === 404 && typeof body === 'string') return noApi(error);
	// By this Medusa says that another request was at the same order.
	return status === 409
		? new PartnerError('partner_unavailable', error.message, 'It is retried automatically.', { ...error.details, received: 'maybe' }, error)
		: error;
}

const noApi = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`${LABEL} has no Admin API at this address (404).`,
		'Enter in the Medusa credential the address of the Medusa server, such as https://api.shop.example.com: neither that of the storefront, nor one that ends with /admin or /store.',
		{ received: 'no', status: 404 },
		cause,
	);
