/** The calls to WooCommerce REST v3 and to the Shipment Tracking plugin. */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, otherData, PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { IsoDate, JsonValue } from '../../order/order';
import type { ChangedOrder } from '../changes';
import { isoTime } from '../payload';
import { gmt, LABEL, REFUNDS } from './toOrder';

export type WooObject = Record<string, unknown>;

const CREDENTIALS_REMEDY =
	'Check the WooCommerce credential: the keys must belong to a user that may manage orders, with permission Read/Write, and the address must begin with https://, since WooCommerce takes keys over HTTPS only.';

/** WooCommerce gives a page at the most this many orders. */
export const MAX_PER_PAGE = 100;

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
			throw asError(error);
		}
	}

	/** null = there is no such order. */
	async order(id: string): Promise<WooObject | null> {
		return await this.orNull(async () => objectOf((await this.call({ method: 'GET', url: `/wp-json/wc/v3/orders/${encodeURIComponent(id)}` })).body));
	}

	/** With its refunds. */
	async whole(order: WooObject): Promise<WooObject> {
		if (!Array.isArray(order.refunds) || order.refunds.length === 0) return order;
		const refunds: WooObject[] = [];
		for (let page = 1; ; page += 1) {
			const { body } = await this.call({ method: 'GET', url: `/wp-json/wc/v3/orders/${String(order.id)}/refunds`, query: { per_page: MAX_PER_PAGE, page } });
			const found = listOf(body);
			refunds.push(...found.map(({ id, line_items: lines }) => ({ id, line_items: lines })));
			if (found.length < MAX_PER_PAGE) return { ...order, [REFUNDS]: refunds };
		}
	}

	/**
	 * Orders changed at or after a moment, oldest change first. `modified_after` must have neither zone nor milliseconds, with
	 * `dates_are_gmt`: any other form is shifted by the site's offset, and orders are missed. It leaves out its own second.
	 */
	async changedSince(since: IsoDate, statuses: readonly string[], page: number, perPage: number): Promise<{ orders: ChangedOrder[]; more: boolean }> {
		const after = new Date(Math.floor(Date.parse(since) / 1000) * 1000 - 1000).toISOString().slice(0, 19);
		const { body, headers } = await this.call({
			method: 'GET',
			url: '/wp-json/wc/v3/orders',
			query: { status: statuses.join(','), modified_after: after, dates_are_gmt: true, orderby: 'modified', order: 'asc', per_page: perPage, page },
		});
		const orders: ChangedOrder[] = [];
		for (const order of listOf(body)) {
			// One without a time is read again and again rather than lost.
			orders.push({ id: String(order.id), changedAt: isoTime(gmt(String(order.date_modified_gmt))) ?? since, raw: await this.whole(order) });
		}
		// A filter of a plugin may take orders out of a page, so a short page alone does not mean the last one.
		const pages = Number(headers['x-wp-totalpages']);
		return { orders, more: Number.isInteger(pages) ? page < pages : orders.length >= perPage };
	}

	async search(text: string): Promise<WooObject[]> {
		return listOf((await this.call({ method: 'GET', url: '/wp-json/wc/v3/orders', query: { search: text, per_page: 20 } })).body);
	}

	/** The time by the site's clock. */
	async now(): Promise<IsoDate> {
		const { headers } = await this.call({ method: 'GET', url: '/wp-json/wc/v3/orders', query: { per_page: 1, orderby: 'modified', order: 'desc' } });
		return isoTime(headers.date ?? '') ?? new Date().toISOString();
	}

	/** Safe to repeat: it sets what it sets. */
	async update(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'PUT', url: `/wp-json/wc/v3/orders/${encodeURIComponent(id)}`, body, repeatable: true });
	}

	/** Notes for the shop and for the customer. */
	async notes(id: string): Promise<string[]> {
		return listOf((await this.call({ method: 'GET', url: `/wp-json/wc/v3/orders/${encodeURIComponent(id)}/notes`, query: { type: 'any' } })).body).map(({ note }) => String(note ?? ''));
	}

	async addNote(id: string, note: string): Promise<void> {
		await this.call({ method: 'POST', url: `/wp-json/wc/v3/orders/${encodeURIComponent(id)}/notes`, body: { note } });
	}

	/** null = the plugin is not there. */
	async pluginTrackings(id: string): Promise<WooObject[] | null> {
		return await this.orNull(async () => listOf((await this.call({ method: 'GET', url: trackingUrl(id) })).body), (code) => code === 'rest_no_route');
	}

	async addPluginTracking(id: string, body: JsonValue): Promise<void> {
		await this.call({ method: 'POST', url: trackingUrl(id), body });
	}

	private async orNull<T>(call: () => Promise<T>, isAbsent: (code: unknown) => boolean = (code) => code !== 'rest_no_route'): Promise<T | null> {
		try {
			return await call();
		} catch (error) {
			if (error instanceof PartnerError && error.details.status === 404 && isAbsent((error.details.body as WooObject | undefined)?.code)) return null;
			throw asError(error);
		}
	}
}

const noRestApi = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`${LABEL} has no REST API at this address (404).`,
		'Check the address in the credential, and choose in WordPress under Settings → Permalinks anything but "Plain".',
		{ received: 'no', status: 404 },
		cause,
	);

const trackingUrl = (id: string): string => `/wp-json/wc-shipment-tracking/v3/orders/${encodeURIComponent(id)}/shipment-trackings`;

const isObject = (value: unknown): value is WooObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function objectOf(body: unknown): WooObject {
	if (isObject(body)) return body;
	throw unexpected();
}

function listOf(body: unknown): WooObject[] {
	if (Array.isArray(body)) return body.filter(isObject);
	throw unexpected();
}

const unexpected = (): PartnerError => otherData(LABEL, 'Check the address in the WooCommerce credential, and whether a plugin changes the REST API.');
