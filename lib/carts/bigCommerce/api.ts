/** The calls to BigCommerce V2 orders. Lists are empty as 204 without a body, and have 50 entries a page unless asked otherwise. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { pageNumbers } from '../../http/pages';
import { callPartner, isNotFound, otherData, PartnerError } from '../../http/partner';
import type { RateFeedback } from '../../http/rateLimit';
import { presentIn } from '../../http/readingClock';
import { asError, MappingError } from '../../order/errors';
import { isObject } from '../../order/json';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../common/changes';
import { once } from '../common/once';
import { keyBehind, listedAs } from '../common/listing';
import { Payload } from '../common/payload';
import { LABEL, type RawBigCommerceOrder } from './toOrder';

export type BigObject = Record<string, unknown>;

/** Pages of products, addresses and shipments. */
const PART_PAGE = 50;
export const MAX_PER_PAGE = 250;

const CREDENTIALS_REMEDY =
	'Check the BigCommerce credential: store hash and access token belong together, and the API account needs the scope Orders: modify.';

/** What BigCommerce says of its count: so many requests in a span that all apps of the store share. */
export function rateFeedback({ headers }: HttpResponse): RateFeedback | null {
	const given = (name: string): number => Number(headers[name] ?? NaN);
	const left = given('x-rate-limit-requests-left');
	if (!Number.isFinite(left)) return null;
	const [reset, quota] = [given('x-rate-limit-time-reset-ms'), given('x-rate-limit-requests-quota')];
	return {
		available: left,
		...(quota >= 1 ? { capacity: quota } : {}),
		...(left <= 0 && Number.isFinite(reset) ? { pauseMs: reset } : {}),
	};
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
			const found = objectOf(body);
			// What is written to it is added to what it has.
			if (Number(found.id) !== Number(id)) throw unexpected();
			return found;
		} catch (error) {
			if (isNotFound(error)) return null;
			throw asError(error);
		}
	}

	/** The first orders of every status changed at or after a moment, oldest change first: the filter takes one status only. */
	async changedSince(since: IsoDate, perPage: number): Promise<{ orders: ChangedOrder[] }> {
		return { orders: await this.list({ min_date_modified: second(since), sort: 'date_modified:asc' }, since, perPage) };
	}

	/** A page of the orders changed from a moment on and before another one, by their keys. */
	async changedBetween(
		from: IsoDate,
		to: IsoDate,
		within: string | null,
		perPage: number,
	): Promise<{ orders: ChangedOrder[]; within: string | null }> {
		// Whether the last second is part of it is not said; what is given besides is a change, too.
		const orders = await this.list(
			{
				min_date_modified: second(from),
				max_date_modified: second(to),
				sort: 'id:asc',
				...(within === null ? {} : { min_id: Number(within) }),
			},
			from,
			perPage,
		);
		return { orders, within: orders.length < perPage ? null : keyBehind(orders, within) };
	}

	/** The orders of every status that were placed last, the newest first. */
	async newest(perPage: number): Promise<ChangedOrder[]> {
		return await this.list({ sort: 'date_created:desc' }, '', perPage);
	}

	private async list(query: NonNullable<HttpRequest['query']>, since: IsoDate, limit: number): Promise<ChangedOrder[]> {
		return listedAs(
			entriesOf((await this.call({ method: 'GET', url: '/orders', query: { ...query, limit } })).body),
			{ id: 'id', time: 'date_modified' },
			since,
		);
	}

	/** The time by the shop's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/orders', query: { sort: 'date_modified:desc', limit: 1 } });
		return presentIn({ headers });
	}

	/** The order with all that belongs to it: one, or one for each address. Throws MappingError for what is none. */
	async whole(order: unknown): Promise<RawBigCommerceOrder[]> {
		const id = Payload.of(order, 'order', LABEL).key('id');
		// It goes into addresses of requests.
		if (!isObject(order) || !/^\d+$/.test(id))
			throw new MappingError(
				'order.id',
				id,
				'is no key of an order',
				'Look at the order in BigCommerce; it is imported when it changes there.',
			);
		try {
			return await this.withParts(order, id);
		} catch (error) {
			throw isNotFound(error) ? listedOnly(id) : asError(error);
		}
	}

	private async withParts(order: BigObject, id: string): Promise<RawBigCommerceOrder[]> {
		const products = await this.parts(id, 'products');
		// The one that it had from the beginning comes first.
		const addresses = (await this.parts(id, 'shipping_addresses')).sort((left, right) => Number(left.id) - Number(right.id));
		const coupons = (Payload.of(order, 'order', LABEL).number('coupon_discount') ?? 0) > 0 ? await this.parts(id, 'coupons') : [];
		const weightUnit = (await this.settings())?.weightUnit ?? null;
		if (addresses.length < 2) return [{ order, products, address: addresses[0] ?? null, coupons, part: 0, weightUnit }];
		return addresses.map((address, index) => ({
			order,
			products: products.filter((product) => product.order_address_id === address.id),
			address,
			coupons,
			part: index + 1,
			weightUnit,
		}));
	}

	async parts(id: string, name: 'products' | 'shipping_addresses' | 'shipments' | 'coupons'): Promise<BigObject[]> {
		const all: BigObject[] = [];
		for (const page of pageNumbers(LABEL)) {
			const found = listOf((await this.call({ method: 'GET', url: `/orders/${id}/${name}`, query: { limit: PART_PAGE, page } })).body);
			all.push(...found);
			if (found.length < PART_PAGE) break;
		}
		return all;
	}

	private readonly settings = once(async () => await this.store());

	/** null = the token may not see it (scope Information & settings). */
	async store(): Promise<{ name: string | null; weightUnit: string | null } | null> {
		try {
			const { body } = await this.call({ method: 'GET', url: '/store' });
			const { name, weight_units: unit } = objectOf(body);
			return { name: typeof name === 'string' ? name : null, weightUnit: typeof unit === 'string' ? unit : null };
		} catch (error) {
			if (error instanceof PartnerError && (error.code === 'credentials_invalid' || error.code === 'partner_refused')) return null;
			throw asError(error);
		}
	}

	async addShipment(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: `/orders/${id}/shipments`, body });
	}

	/** Safe to repeat: it sets what it sets. */
	async changeShipment(id: string, shipmentId: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'PUT', url: `/orders/${id}/shipments/${shipmentId}`, body, repeatable: true });
	}

	/** Safe to repeat: it sets what it sets. Never give products: they would lose their discounts. */
	async update(id: string, body: { status_id: number } | { staff_notes: string }): Promise<void> {
		await this.call({ method: 'PUT', url: `/orders/${id}`, body, repeatable: true });
	}
}

const second = (time: IsoDate): string => `${new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString().slice(0, 19)}Z`;

function objectOf(body: unknown): BigObject {
	if (isObject(body)) return body;
	throw unexpected();
}

/** Null is what `callPartner` lets through: a 204. */
function listOf(body: unknown): BigObject[] {
	return entriesOf(body).filter(isObject);
}

function entriesOf(body: unknown): unknown[] {
	if (body === null) return [];
	if (Array.isArray(body)) return body;
	throw unexpected();
}

const listedOnly = (id: string): MappingError =>
	new MappingError(
		'order.id',
		id,
		'BigCommerce lists the order, and has nothing of it',
		'If it was deleted, dismiss this; else it is imported when it changes there.',
	);

const unexpected = (): PartnerError => otherData(LABEL, 'Check the store hash in the BigCommerce credential.');
