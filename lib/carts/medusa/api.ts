/** The calls to Medusa's Admin API. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, otherData, PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../changes';
import { isoTime } from '../payload';
import { slim, type Fulfillment, type Parcels, type RawMedusaOrder } from './raw';
import { LABEL, type MedusaSettings } from './settings';

type Query = NonNullable<HttpRequest['query']>;

const CREDENTIALS_REMEDY = 'Check the Medusa credential: it takes a secret API key (Settings → Secret API Keys in Medusa, not a publishable one), which may have been revoked. Everything goes on by itself afterwards.';

/** Keys of orders go into the address of a request, which proxies bound. */
export const MAX_PER_PAGE = 100;

const ORDER_FIELDS = [
	'id,display_id,custom_display_id,status,email,currency_code,created_at,updated_at,metadata,sales_channel_id,region_id,payment_status,fulfillment_status',
	'total,item_subtotal,shipping_subtotal,tax_total,discount_total',
	'*items,*items.detail,*items.adjustments,*shipping_address,*billing_address,*shipping_methods,*shipping_methods.adjustments',
	'fulfillments.id,fulfillments.shipped_at,fulfillments.canceled_at,fulfillments.metadata',
].join(',');

const PARCEL_FIELDS = [
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

	/**
	 * Orders changed at or after a moment, oldest change first. Medusa sorts by one field only and gives equal times in any order, so those of the
	 * first moment are paged by their key once they fill a page; what room they leave is filled with later ones.
	 */
	async changedSince(since: IsoDate, page: number, pageSize: number): Promise<{ orders: ChangedOrder[]; more: boolean }> {
		const byTime = async (from: IsoDate, limit: number) => await this.list({ 'updated_at[$gte]': from, order: 'updated_at' }, limit, 0);
		if (page === 1) return changesOf(since, [await byTime(since, pageSize)]);
		// Its clock counts finer than it tells.
		const next = new Date(Date.parse(since) + 1).toISOString();
		const equal = await this.list({ 'updated_at[$gte]': since, 'updated_at[$lt]': next, order: 'id' }, pageSize, (page - 2) * pageSize);
		const room = pageSize - equal.orders.length;
		if (equal.more || room === 0) return { ...changesOf(since, [equal]), more: true };
		return changesOf(since, [equal, await byTime(next, room)]);
	}

	async byIds(ids: readonly string[]): Promise<RawMedusaOrder[]> {
		return ids.length === 0 ? [] : (await this.list({ 'id[]': ids }, ids.length, 0)).orders;
	}

	/** null = there is no such order. */
	async order(id: string): Promise<RawMedusaOrder | null> {
		return (await this.byIds([id]))[0] ?? null;
	}

	/** Which orders have this text somewhere: in their number, their key, their e-mail address. */
	async search(text: string): Promise<RawMedusaOrder[]> {
		return (await this.list({ q: text, order: '-created_at', fields: 'id,display_id,custom_display_id' }, MAX_PER_PAGE, 0)).orders;
	}

	/** The order at a place by the numbers of orders, from 0. */
	async nthByNumber(place: number): Promise<{ order: RawMedusaOrder | null; count: number }> {
		const { orders, count } = await this.list({ order: 'display_id', fields: 'id,display_id,custom_display_id' }, 1, place);
		return { order: orders[0] ?? null, count };
	}

	/** Of the sales channels, by their keys. */
	async channelNames(): Promise<Map<string, string>> {
		const { body } = await this.call({ method: 'GET', url: '/admin/sales-channels?fields=id,name&limit=1000' });
		const { sales_channels: channels } = (body ?? {}) as { sales_channels?: unknown };
		if (!Array.isArray(channels)) throw unexpected();
		return new Map((channels as Array<{ id: string; name: string }>).map(({ id, name }) => [id, name]));
	}

	/** The time by Medusa's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/admin/orders', query: { limit: 1, fields: 'id' } });
		return isoTime(headers.date ?? '') ?? new Date().toISOString();
	}

	async parcels(id: string): Promise<Parcels | null> {
		try {
			return orderIn<Parcels>((await this.call({ method: 'GET', url: `/admin/orders/${encodeURIComponent(id)}`, query: { fields: PARCEL_FIELDS } })).body);
		} catch (error) {
			if (error instanceof PartnerError && error.code === 'partner_refused' && error.details.status === 404) return null;
			throw asError(error);
		}
	}

	/** Of shipping options: the shipping profile of each that is there still. */
	async profilesOf(options: readonly string[]): Promise<Map<string, string | null>> {
		const { body } = await this.call({ method: 'GET', url: '/admin/shipping-options', query: { 'id[]': options, fields: 'id,shipping_profile_id', limit: options.length } });
		const { shipping_options: found } = (body ?? {}) as { shipping_options?: unknown };
		if (!Array.isArray(found)) throw unexpected();
		return new Map((found as Array<{ id: string; shipping_profile_id: string | null }>).map(({ id, shipping_profile_id: profile }) => [id, profile]));
	}

	/** Gives the fulfillments of the order afterwards. Medusa makes a second one when it is told twice at once. */
	async addFulfillment(id: string, body: JsonValue): Promise<Fulfillment[]> {
		const request = { method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}/fulfillments`, query: { fields: 'id,*fulfillments' }, body } as const;
		return orderIn<Pick<Parcels, 'fulfillments'>>((await this.call(request)).body).fulfillments;
	}

	async ship(id: string, fulfillmentId: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}/fulfillments/${encodeURIComponent(fulfillmentId)}/shipments`, query: { fields: 'id' }, body });
	}

	async cancelFulfillment(id: string, fulfillmentId: string): Promise<void> {
		await this.call({ method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}/fulfillments/${encodeURIComponent(fulfillmentId)}/cancel`, query: { fields: 'id' }, body: { no_notification: true } });
	}

	/** Safe to repeat: it sets what it sets, and leaves other keys. */
	async setMetadata(id: string, metadata: Record<string, string>): Promise<void> {
		await this.call({ method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}`, query: { fields: 'id' }, body: { metadata }, repeatable: true });
	}

	async cancel(id: string): Promise<void> {
		await this.call({ method: 'POST', url: `/admin/orders/${encodeURIComponent(id)}/cancel`, query: { fields: 'id' } });
	}

	private async list(query: Query, limit: number, offset: number): Promise<{ orders: RawMedusaOrder[]; count: number; more: boolean }> {
		const { channels = [], regions = [] } = this.scope;
		const { body } = await this.call({
			method: 'GET',
			url: '/admin/orders',
			query: { fields: ORDER_FIELDS, ...query, limit, offset, ...(channels.length === 0 ? {} : { 'sales_channel_id[]': channels }), ...(regions.length === 0 ? {} : { 'region_id[]': regions }) },
		});
		const { orders, count } = (body ?? {}) as { orders?: unknown; count?: unknown };
		if (!Array.isArray(orders) || typeof count !== 'number') throw unexpected();
		return { orders: slim(orders as RawMedusaOrder[]), count, more: offset + orders.length < count && orders.length > 0 };
	}
}

const changesOf = (since: IsoDate, lists: ReadonlyArray<{ orders: RawMedusaOrder[]; more: boolean }>): { orders: ChangedOrder[]; more: boolean } => ({
	// One without a time is read again and again rather than lost.
	orders: lists.flatMap(({ orders }) => orders.map((raw) => ({ id: raw.id, changedAt: isoTime(String(raw.updated_at)) ?? since, raw }))),
	more: lists.some(({ more }) => more),
});

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
	return status === 409 ? new PartnerError('partner_unavailable', error.message, 'It is tried again later by itself.', { ...error.details, received: 'maybe' }, error) : error;
}

const noApi = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`${LABEL} has no Admin API at this address (404).`,
		'Enter in the Medusa credential the address of the Medusa server, such as https://api.shop.example.com: neither that of the storefront, nor one that ends with /admin or /store.',
		{ received: 'no', status: 404 },
		cause,
	);
