/** The calls to BigCommerce V2 orders. Lists are empty as 204 without a body, and have 50 entries a page unless asked otherwise. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, otherData, PartnerError } from '../../http/partner';
import type { RateFeedback } from '../../http/rateLimit';
import { asError } from '../../order/errors';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../changes';
import { once } from '../once';
import { isoTime } from '../payload';
import { LABEL, type RawBigCommerceOrder } from './toOrder';

export type BigObject = Record<string, unknown>;

/** Pages of products, addresses and shipments. */
const PART_PAGE = 50;
export const MAX_PER_PAGE = 250;

const CREDENTIALS_REMEDY =
	'Check the BigCommerce credential: store hash and access token belong together, and the API account needs the scope Orders: modify.';

/** What BigCommerce says of its count: so many requests in a span that all apps of the store share. */
export function rateFeedback({ headers }: HttpResponse): RateFeedback | null {
	const left = Number(headers['x-rate-limit-requests-left'] ?? NaN);
	if (!Number.isFinite(left)) return null;
	const reset = Number(headers['x-rate-limit-time-reset-ms'] ?? NaN);
	const quota = Number(headers['x-rate-limit-requests-quota'] ?? NaN);
	return { available: left, ...(quota >= 1 ? { capacity: quota } : {}), ...(left <= 0 && Number.isFinite(reset) ? { pauseMs: reset } : {}) };
}

export class BigCommerceApi {
	constructor(private readonly account: HttpAccount) {}

	async call(request: HttpRequest): Promise<HttpResponse> {
		return await callPartner(this.account.http, request, { label: LABEL, credentialsRemedy: CREDENTIALS_REMEDY });
	}

	/** null = there is no such order. */
	async order(id: string): Promise<BigObject | null> {
		if (!/^\d+$/.test(id)) return null;
		try {
			const { body } = await this.call({ method: 'GET', url: `/orders/${id}` });
			return isObject(body) ? body : null;
		} catch (error) {
			if (error instanceof PartnerError && error.details.status === 404) return null;
			throw asError(error);
		}
	}

	/** Orders of every status changed at or after a moment, oldest change first: the filter takes one status only. */
	async changedSince(since: IsoDate, page: number, perPage: number): Promise<{ orders: ChangedOrder[] }> {
		const from = `${new Date(Math.floor(Date.parse(since) / 1000) * 1000).toISOString().slice(0, 19)}Z`;
		const { body } = await this.call({ method: 'GET', url: '/orders', query: { min_date_modified: from, sort: 'date_modified:asc', limit: perPage, page } });
		return { orders: listOf(body).map((raw) => ({ id: String(raw.id), changedAt: isoTime(String(raw.date_modified)) ?? since, raw })) };
	}

	/** The time by the shop's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/orders', query: { sort: 'date_modified:desc', limit: 1 } });
		return isoTime(headers.date ?? '') ?? new Date().toISOString();
	}

	/** The order with all that belongs to it: one, or one for each address. */
	async whole(order: BigObject): Promise<RawBigCommerceOrder[]> {
		const id = String(order.id);
		const products = await this.parts(id, 'products');
		const addresses = await this.parts(id, 'shipping_addresses');
		const coupons = Number(order.coupon_discount ?? 0) > 0 ? await this.parts(id, 'coupons') : [];
		const weightUnit = (await this.settings())?.weightUnit ?? null;
		if (addresses.length < 2) return [{ order, products, address: addresses[0] ?? null, coupons, part: 0, weightUnit }];
		return addresses.map((address, index) => ({ order, products: products.filter((product) => product.order_address_id === address.id), address, coupons, part: index + 1, weightUnit }));
	}

	async parts(id: string, name: 'products' | 'shipping_addresses' | 'shipments' | 'coupons'): Promise<BigObject[]> {
		const all: BigObject[] = [];
		for (let page = 1; ; page += 1) {
			const found = listOf((await this.call({ method: 'GET', url: `/orders/${id}/${name}`, query: { limit: PART_PAGE, page } })).body);
			all.push(...found);
			if (found.length < PART_PAGE) return all;
		}
	}

	private readonly settings = once(async () => await this.store());

	/** null = the token may not see it (scope Information & settings). */
	async store(): Promise<{ name: string | null; weightUnit: string | null } | null> {
		try {
			const { body } = await this.call({ method: 'GET', url: '/store' });
			if (!isObject(body)) throw unexpected();
			const { name, weight_units: unit } = body;
			return { name: typeof name === 'string' ? name : null, weightUnit: typeof unit === 'string' ? unit : null };
		} catch (error) {
			if (error instanceof PartnerError && (error.code === 'credentials_invalid' || error.code === 'partner_refused')) return null;
			throw asError(error);
		}
	}

	async addShipment(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: `/orders/${id}/shipments`, body });
	}

	/** Safe to repeat: it sets what it sets. Never give products: they would lose their discounts. */
	async update(id: string, body: { status_id: number } | { staff_notes: string }): Promise<void> {
		await this.call({ method: 'PUT', url: `/orders/${id}`, body, repeatable: true });
	}
}

const isObject = (value: unknown): value is BigObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(body: unknown): BigObject[] {
	if (body === null) return [];
	if (Array.isArray(body)) return body.filter(isObject);
	throw unexpected();
}

const unexpected = (): PartnerError => otherData(LABEL, 'Check the store hash in the BigCommerce credential.');
