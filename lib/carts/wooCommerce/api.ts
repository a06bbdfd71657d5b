/** The calls to WooCommerce REST v3 and to the Shipment Tracking plugin. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { pageNumbers } from '../../http/pages';
import { callPartner, isNotFound, otherData, PartnerError } from '../../http/partner';
import { presentIn } from '../../http/readingClock';
import { asError } from '../../order/errors';
import { isObject } from '../../order/json';
import type { IsoDate, JsonValue } from '../../order/order';
import { fromTheEnd, type ChangedOrder } from '../common/changes';
import { listedAs, textIn } from '../common/listing';
import { gmt, LABEL } from './toOrder';

export type WooObject = Record<string, unknown>;

const CREDENTIALS_REMEDY =
	'Check the WooCommerce credential: the keys must belong to a user that may manage orders, with permission Read/Write, and the address must begin with https://, since WooCommerce takes keys over HTTPS only.';

/** WooCommerce gives a page at the most this many orders. */
export const MAX_PER_PAGE = 100;

const ORDERS = '/wp-json/wc/v3/orders';

/** "any" is without the trash. */
const EVERY_STATUS = 'any,trash';

/** Of one order in a call with several. */
export interface Refusal {
	why: string;
	later: boolean;
}

export class WooApi {
	constructor(private readonly account: HttpAccount) {}

	async call(request: HttpRequest): Promise<HttpResponse> {
		try {
			return await callPartner(this.account.http, request, { label: LABEL, credentialsRemedy: CREDENTIALS_REMEDY });
		} catch (error) {
			// A site with plain permalinks has no /wp-json, and answers with its own page "not found".
			if (error instanceof PartnerError && error.details.status === 404 && typeof error.details.body === 'string') {
				throw noRestApi(error);
			}
			if (error instanceof PartnerError && error.code === 'partner_refused' && typeof error.details.body === 'string')
				throw pageInstead(error);
			throw asError(error);
		}
	}

	/** null = there is no such order. */
	async order(id: string): Promise<WooObject | null> {
		return await this.orNull(async () => {
			const found = objectOf((await this.call({ method: 'GET', url: `${ORDERS}/${encodeURIComponent(id)}` })).body);
			if (Number(found.id) !== Number(id)) throw unexpected();
			return found;
		});
	}

	/** Page by page, the newest first; ends with the last. */
	async *search(text: string): AsyncGenerator<WooObject[]> {
		for (const page of pageNumbers(LABEL)) {
			const found = listOf((await this.call({ method: 'GET', url: ORDERS, query: { search: text, per_page: MAX_PER_PAGE, page } })).body);
			yield found;
			if (found.length < MAX_PER_PAGE) return;
		}
	}

	/** Refunds by their keys, whichever orders they are of. @returns null before WooCommerce 9.0, which cannot be asked so */
	async refunds(ids: readonly string[]): Promise<WooObject[] | null> {
		const query = { include: ids.join(','), per_page: MAX_PER_PAGE };
		return await this.orNull(
			async () => listOf((await this.call({ method: 'GET', url: '/wp-json/wc/v3/refunds', query })).body),
			(code) => code === 'rest_no_route',
		);
	}

	/** All refunds of an order. */
	async refundsOf(id: string): Promise<WooObject[]> {
		const refunds: WooObject[] = [];
		for (const page of pageNumbers(LABEL)) {
			const { body } = await this.call({
				method: 'GET',
				url: `${ORDERS}/${encodeURIComponent(id)}/refunds`,
				query: { per_page: MAX_PER_PAGE, page },
			});
			const found = listOf(body);
			refunds.push(...found);
			if (found.length < MAX_PER_PAGE) return refunds;
		}
		return refunds;
	}

	/**
	 * The keys of those products that need no shipping.
	 *
	 * @param parent the products are its variations
	 * @returns null when the key may not see products
	 */
	async virtualProducts(ids: readonly string[], parent: string | null): Promise<string[] | null> {
		const url = `/wp-json/wc/v3/products${parent === null ? '' : `/${encodeURIComponent(parent)}/variations`}`;
		try {
			// Older versions do not know the filter, and give all of them.
			const { body } = await this.call({
				method: 'GET',
				url,
				query: { include: ids.join(','), virtual: true, per_page: MAX_PER_PAGE, _fields: 'id,virtual' },
			});
			return listOf(body).flatMap((product) => (product.virtual === true ? (textIn(product, 'id') ?? []) : []));
		} catch (error) {
			if (isNotFound(error)) return [];
			if (error instanceof PartnerError && error.code === 'credentials_invalid') return null;
			throw asError(error);
		}
	}

	/** Orders by their keys, whatever their status; those that the list does not show are left out. */
	async byKeys(ids: readonly string[]): Promise<WooObject[]> {
		return listOf(
			(await this.call({ method: 'GET', url: ORDERS, query: { status: EVERY_STATUS, include: ids.join(','), per_page: MAX_PER_PAGE } }))
				.body,
		);
	}

	/**
	 * The first orders changed at or after a moment, oldest change first. Sites that keep orders as posts sort by local time, so the hour that the clocks are set back is not in
	 * order: what was left out is found by its number.
	 */
	async changedSince(since: IsoDate, perPage: number): Promise<{ orders: ChangedOrder[]; more: boolean; inOrder: boolean }> {
		const { orders, total } = await this.list(
			{ ...modified(since, null), status: EVERY_STATUS, orderby: 'modified', order: 'asc' },
			since,
			{ offset: 0, limit: perPage },
		);
		// A filter of a plugin may take orders out of a page, so a short page alone does not mean the last one.
		const more = total === null ? orders.length >= perPage : total > perPage;
		return { orders, more, inOrder: !more || (await this.areFirst(orders, since)) };
	}

	private offset: string | null = null;

	/** Looked at on a first page, and where the site's clock was changed. */
	private async areFirst(orders: readonly ChangedOrder[], since: IsoDate): Promise<boolean> {
		const offsets = new Set(orders.map(({ raw }) => offsetOf(raw)));
		const [offset = null] = offsets;
		if (offsets.size === 1 && offset !== null && offset === this.offset) return true;
		this.offset = offsets.size === 1 ? offset : null;
		const second = (time: IsoDate): number => Math.floor(Date.parse(time) / 1000);
		const last = Math.max(...orders.map(({ changedAt }) => second(changedAt)));
		if (last <= second(since)) return true;
		const { total } = await this.list({ ...modified(since, new Date(last * 1000).toISOString()), status: EVERY_STATUS }, since, {
			offset: 0,
			limit: 1,
		});
		return total === null || total <= orders.filter(({ changedAt }) => second(changedAt) < last).length;
	}

	/** A page of the orders changed from a moment on and before another one, by their keys. */
	async changedBetween(
		from: IsoDate,
		to: IsoDate,
		within: string | null,
		perPage: number,
	): Promise<{ orders: ChangedOrder[]; within: string | null }> {
		return await fromTheEnd(
			within,
			perPage,
			async ({ order, ...part }) => await this.list({ ...modified(from, to), status: EVERY_STATUS, orderby: 'id', order }, from, part),
		);
	}

	/** The orders that were placed last, the newest first. */
	async newest(statuses: readonly string[], perPage: number): Promise<ChangedOrder[]> {
		return (await this.list({ status: statuses.join(','), orderby: 'date', order: 'desc' }, '', { offset: 0, limit: perPage })).orders;
	}

	private async list(
		query: NonNullable<HttpRequest['query']>,
		since: IsoDate,
		{ offset, limit }: { offset: number; limit: number },
	): Promise<{ orders: ChangedOrder[]; total: number | null }> {
		const { body, headers } = await this.call({
			method: 'GET',
			url: ORDERS,
			query: { ...query, per_page: limit, ...(offset === 0 ? {} : { offset }) },
		});
		const total = /^\d+$/.test(headers['x-wp-total'] ?? '') ? Number(headers['x-wp-total']) : null;
		return { orders: listedAs(entriesOf(body), { id: 'id', time: 'date_modified_gmt' }, since, gmt), total };
	}

	/** The time by the site's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: ORDERS, query: { per_page: 1, orderby: 'modified', order: 'desc' } });
		return presentIn({ headers });
	}

	/** Safe to repeat: it sets what it sets. */
	async update(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'PUT', url: `${ORDERS}/${encodeURIComponent(id)}`, body, repeatable: true });
	}

	/** Several orders in one call; safe to repeat. @returns the keys of those that were refused, with the reason, and whether it may go well later */
	async updateMany(changes: ReadonlyArray<{ id: string; body: { [name: string]: JsonValue } }>): Promise<Map<string, Refusal>> {
		const { body } = await this.call({
			method: 'POST',
			url: `${ORDERS}/batch`,
			body: { update: changes.map(({ id, body: own }) => ({ id: Number(id), ...own })) },
			repeatable: true,
		});
		const answers = new Map(listOf(objectOf(body).update).map((one) => [textIn(one, 'id'), one]));
		return new Map(
			changes.flatMap(({ id }): Array<[string, Refusal]> => {
				const answer = answers.get(id);
				if (answer === undefined) return [[id, { why: 'its answer does not name the order.', later: true }]];
				if (!isObject(answer.error)) return [];
				const { data } = answer.error;
				const status = isObject(data) ? Number(data.status) : Number.NaN;
				return [[id, { why: textIn(answer.error, 'message') ?? 'it does not say why.', later: status >= 500 || status === 429 }]];
			}),
		);
	}

	/** Notes for the shop and for the customer. */
	async notes(id: string): Promise<string[]> {
		return listOf((await this.call({ method: 'GET', url: `${ORDERS}/${encodeURIComponent(id)}/notes`, query: { type: 'any' } })).body).map(
			({ note }) => String(note ?? ''),
		);
	}

	/** @param forCustomer WooCommerce mails it to the customer */
	async addNote(id: string, note: string, { forCustomer = false } = {}): Promise<void> {
		await this.call({
			method: 'POST',
			url: `${ORDERS}/${encodeURIComponent(id)}/notes`,
			body: { note, ...(forCustomer ? { customer_note: true } : {}) },
		});
	}

	/** null = the plugin is not there. */
	async pluginTrackings(id: string): Promise<WooObject[] | null> {
		return await this.orNull(
			async () => listOf((await this.call({ method: 'GET', url: trackingUrl(id) })).body),
			(code) => code === 'rest_no_route',
		);
	}

	async addPluginTracking(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: trackingUrl(id), body });
	}

	private async orNull<T>(
		call: () => Promise<T>,
		isAbsent: (code: string) => boolean = (code) => code !== 'rest_no_route',
	): Promise<T | null> {
		try {
			return await call();
		} catch (error) {
			const code = isNotFound(error) && isObject(error.details.body) ? error.details.body.code : null;
			if (typeof code === 'string' && isAbsent(code)) return null;
			throw asError(error);
		}
	}
}

/**
 * A filter by the time of the last change. It takes neither a zone nor milliseconds, and `dates_are_gmt`: any other form is shifted by the site's offset, and orders are missed.
 * It leaves out the seconds that it names.
 */
function modified(from: IsoDate, to: IsoDate | null): { modified_after: string; modified_before?: string; dates_are_gmt: true } {
	const second = (time: IsoDate, add: number): string =>
		new Date((Math.floor(Date.parse(time) / 1000) + add) * 1000).toISOString().slice(0, 19);
	return { modified_after: second(from, -1), ...(to === null ? {} : { modified_before: second(to, 0) }), dates_are_gmt: true };
}

/** By how much the site's clock differs from GMT, as an order says it. */
function offsetOf(raw: unknown): string | null {
	const [local, gmtTime] = [textIn(raw, 'date_modified'), textIn(raw, 'date_modified_gmt')];
	const minutes =
		local === null || gmtTime === null ? Number.NaN : Math.round((Date.parse(gmt(local)) - Date.parse(gmt(gmtTime))) / 60_000);
	return Number.isNaN(minutes) ? null : String(minutes);
}

const noRestApi = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`${LABEL} has no REST API at this address (404).`,
		'Check the address in the credential, and choose in WordPress under Settings → Permalinks anything but "Plain".',
		{ received: 'no', status: 404 },
		cause,
	);

/** WooCommerce refuses in JSON. */
const pageInstead = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`A page came instead of an answer of ${LABEL} (${String(cause.details.status)}).`,
		'A firewall or a security plugin of the host refuses the request: let n8n’s address through there. It is retried automatically.',
		{ ...cause.details, received: 'maybe' },
		cause,
	);

const trackingUrl = (id: string): string => `/wp-json/wc-shipment-tracking/v3/orders/${encodeURIComponent(id)}/shipment-trackings`;

function objectOf(body: unknown): WooObject {
	if (isObject(body)) return body;
	throw unexpected();
}

const listOf = (body: unknown): WooObject[] => entriesOf(body).filter(isObject);

function entriesOf(body: unknown): unknown[] {
	if (Array.isArray(body)) return body;
	throw unexpected();
}

const unexpected = (): PartnerError =>
	otherData(LABEL, 'Check the address in the WooCommerce credential, and whether a plugin changes the REST API.');
