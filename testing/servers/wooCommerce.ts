/**
 * A WooCommerce site with its traps: dates of filters are the site's local time unless said otherwise, and a zone in them shifts
 * them; filters leave out their own second; every PUT bumps the time of change, notes do not; a meta value is replaced as a whole;
 * completed orders can be cancelled without a word. Arguments are checked against the index that WooCommerce 9.9.5 gives.
 */
import { createHash } from 'node:crypto';
import { Peer, untied, type PeerAnswer, type PeerRequest } from './Peer';
import { wooArguments } from './wpSchema';

type Json = Record<string, unknown>;

export interface WooOrder extends Json {
	id: number;
	number: string;
	status: string;
	date_modified_gmt: string;
	meta_data: Json[];
}

export const KEYS = { consumerKey: 'ck_test', consumerSecret: 'cs_test' };
export const BASIC = `Basic ${Buffer.from('ck_test:cs_test').toString('base64')}`;

/** Without those of plugins. */
const STATUSES = [
	'auto-draft',
	'pending',
	'processing',
	'on-hold',
	'completed',
	'cancelled',
	'refunded',
	'failed',
	'checkout-draft',
	'trash',
];

const error = (status: number, code: string, message: string): PeerAnswer => ({ status, body: { code, message, data: { status } } });
const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
const gmt = (at: number): string => new Date(at * 1000).toISOString().slice(0, 19);

export class WooPeer {
	readonly orders = new Map<number, WooOrder>();
	readonly notes = new Map<number, Json[]>();
	readonly refunds = new Map<number, Json[]>();
	/** Keys of products and variations that need no shipping. */
	virtual: number[] = [];
	/** Whether the user of the key may see products. */
	seesProducts = true;
	/** Of the plugin Shipment Tracking. */
	plugin = false;
	/** Minutes that the site is ahead of GMT. */
	offset = 120;
	/** As sites do that keep orders as posts. */
	sortsByLocalTime = false;
	/** Versions before 9.0 give refunds of one order only. */
	givesAllRefunds = true;
	/** Statuses of plugins. */
	statuses: string[] = [];
	/** The site's clock, in seconds. */
	now = seconds('2026-11-20T12:00:00Z');
	key = BASIC;
	/** Whether the host passes the header Authorization on. */
	passesAuthorization = true;
	/** Of the key. */
	permissions: 'read' | 'write' | 'read_write' = 'read_write';
	/** Whether the user of the key manages orders; else it only sees them. */
	isManager = true;
	/** Called before each answer to a list. */
	beforeList: (page: number) => void = () => undefined;
	peer!: Peer;
	private keys = 1000;

	static async open(): Promise<WooPeer> {
		const woo = new WooPeer();
		woo.peer = await Peer.open((request) => {
			const date = new Date(woo.now * 1000).toUTCString();
			const { headers, ...answer } = woo.answer(request);
			return { ...answer, headers: { date, ...headers } };
		});
		return woo;
	}

	get url(): string {
		return this.peer.url;
	}

	/** Places an order now; some time passes. */
	place(changes: Json = {}, { step = 60 } = {}): WooOrder {
		this.now += step;
		const id = (this.keys += 1);
		const order = {
			...sampleOrder(id),
			date_created_gmt: gmt(this.now),
			date_modified_gmt: gmt(this.now),
			...changes,
		} as unknown as WooOrder;
		this.orders.set(order.id, order);
		return order;
	}

	/** Somebody deletes it for good. */
	remove(id: number): void {
		this.now += 1;
		this.orders.delete(id);
	}

	/** Somebody changes it in the shop. */
	touch(id: number, changes: Json): void {
		this.now += 1;
		this.orders.set(id, { ...this.orders.get(id)!, ...changes, date_modified_gmt: gmt(this.now) });
	}

	meta(id: number, key: string): unknown {
		return this.orders.get(id)?.meta_data.find((meta) => meta.key === key)?.value;
	}

	/** Runs before a call with several orders. */
	beforeBatch: () => void = () => undefined;

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, headers, query, body } = request;
		const given = query.has('consumer_key')
			? `Basic ${Buffer.from(`${query.get('consumer_key') ?? ''}:${query.get('consumer_secret') ?? ''}`).toString('base64')}`
			: this.passesAuthorization
				? headers.authorization
				: undefined;
		if (given !== this.key) return error(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
		const writes = method !== 'GET';
		if (this.permissions !== 'read_write' && this.permissions !== (writes ? 'write' : 'read')) {
			return error(
				401,
				'woocommerce_rest_authentication_error',
				`The API key provided does not have ${writes ? 'write' : 'read'} permissions.`,
			);
		}
		const tracking = /^\/wp-json\/wc-shipment-tracking\/v3\/orders\/(\d+)\/shipment-trackings$/.exec(path);
		if (tracking !== null)
			return this.plugin
				? this.pluginTracking(Number(tracking[1]), request)
				: error(404, 'rest_no_route', 'No route was found matching the URL and request method.');
		const problems = wooArguments(request, this.statuses);
		if (problems.some((problem) => problem.endsWith('rest_no_route')))
			return error(404, 'rest_no_route', 'No route was found matching the URL and request method.');
		if (problems.length > 0) return error(400, 'rest_invalid_param', `Invalid parameter(s): ${problems.join('; ')}`);
		if (writes && !this.isManager)
			return error(
				403,
				path.endsWith('/batch') ? 'woocommerce_rest_cannot_batch' : 'woocommerce_rest_cannot_edit',
				'Sorry, you are not allowed to edit this resource.',
			);
		if (path === '/wp-json/wc/v3/orders/batch') return this.batch(body as Json);
		if (path.startsWith('/wp-json/wc/v3/products')) return this.products(path, query);
		if (path === '/wp-json/wc/v3/refunds')
			return this.givesAllRefunds
				? { body: this.allRefunds(query) }
				: error(404, 'rest_no_route', 'No route was found matching the URL and request method.');
		const [, id, part] = /^\/wp-json\/wc\/v3\/orders(?:\/(\d+)(?:\/(notes|refunds))?)?$/.exec(path) ?? [];
		if (id === undefined) return this.list(query);
		const order = this.orders.get(Number(id));
		if (order === undefined) return error(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
		if (part === 'refunds') return { body: this.refunds.get(order.id) ?? [] };
		if (part === 'notes') {
			const notes = this.notes.get(order.id) ?? [];
			if (method === 'GET') return { body: notes };
			// WordPress takes away what escapes.
			const note = {
				id: (this.keys += 1),
				note: String((body as Json).note).replaceAll('\\', ''),
				customer_note: (body as Json).customer_note ?? false,
			};
			this.notes.set(order.id, [...notes, note]);
			return { status: 201, body: note };
		}
		if (method === 'GET') return { body: order };
		const { status } = body as Json;
		if (status !== undefined && !STATUSES.includes(String(status)) && !this.statuses.includes(String(status)))
			return error(400, 'rest_invalid_param', 'Invalid parameter(s): status');
		return { body: this.update(order, body as Json) };
	}

	/** What has no parts does nothing. Each part is answered by itself, all of them with 200; at the most 100. */
	private batch({ update = [] }: Json): PeerAnswer {
		this.beforeBatch();
		const parts = update as Json[];
		if (parts.length > 100)
			return error(413, 'woocommerce_rest_request_entity_too_large', 'Unable to accept more than 100 items for this request.');
		if (parts.length === 0) return { body: {} };
		return {
			body: {
				update: parts.map(({ id, ...changes }) => {
					const order = this.orders.get(Number(id));
					if (order === undefined)
						return { id, error: { code: 'woocommerce_rest_shop_order_invalid_id', message: 'Invalid ID.', data: { status: 404 } } };
					// The status of a part is not looked at: one that does not exist becomes "pending".
					const { status } = changes;
					const isKnown = status === undefined || STATUSES.includes(String(status)) || this.statuses.includes(String(status));
					return this.update(order, isKnown ? changes : { ...changes, status: 'pending' });
				}),
			},
		};
	}

	private allRefunds(query: URLSearchParams): Json[] {
		const wanted = query.get('include')?.split(',');
		const all = [...this.refunds].flatMap(([parent, refunds]) => refunds.map((refund): Json => ({ parent_id: parent, ...refund })));
		return all.filter(({ id }) => wanted?.includes(String(id)) ?? true).slice(0, Number(query.get('per_page') ?? 10));
	}

	private update(order: WooOrder, { meta_data: meta = [], ...changes }: Json): WooOrder {
		const data = [...order.meta_data];
		for (const { key, value } of meta as Json[]) {
			const at = data.findIndex((one) => one.key === key);
			if (at < 0) data.push({ id: (this.keys += 1), key, value });
			else data[at] = { ...data[at], value };
		}
		const changed = { ...order, ...changes, meta_data: data, date_modified_gmt: gmt(this.now) } as WooOrder;
		this.orders.set(order.id, changed);
		return changed;
	}

	private list(query: URLSearchParams): PeerAnswer {
		const page = Number(query.get('page') ?? 1);
		const perPage = Number(query.get('per_page') ?? 10);
		this.beforeList(page);
		const ties = untied(this.peer.requests.length);
		const statuses = (query.get('status') ?? 'any').split(',');
		const after = query.get('modified_after');
		const limit = after === null ? -Infinity : this.limitOf(after, query.get('dates_are_gmt') === 'true');
		const before = query.get('modified_before');
		const end = before === null ? Infinity : this.limitOf(before, query.get('dates_are_gmt') === 'true');
		const search = query.get('search');
		const include = query.get('include')?.split(',').map(Number);
		const found = [...this.orders.values()]
			// "any" is without the trash, and without what WordPress does not know any more.
			.filter(
				({ status }) =>
					(statuses.includes('any') && status !== 'trash' && (STATUSES.includes(status) || this.statuses.includes(status))) ||
					statuses.includes(status),
			)
			.filter(({ id }) => include === undefined || include.includes(id))
			.filter((order) => seconds(`${order.date_modified_gmt}Z`) > limit && seconds(`${order.date_modified_gmt}Z`) < end)
			.filter((order) => search === null || order.number.includes(search) || JSON.stringify(order.billing).includes(search))
			.sort((left, right) => this.sortOf(left, query).localeCompare(this.sortOf(right, query)) || ties(left.id, right.id));
		if (query.get('order') !== 'asc') found.reverse();
		const offset = Number(query.get('offset') ?? (page - 1) * perPage);
		return {
			headers: { 'x-wp-total': String(found.length), 'x-wp-totalpages': String(Math.ceil(found.length / perPage)) },
			body: found.slice(offset, offset + perPage),
		};
	}

	/** What it sorts by, as text. */
	private sortOf(order: WooOrder, query: URLSearchParams): string {
		if (query.get('orderby') === 'modified') return this.sortsByLocalTime ? String(order.date_modified) : order.date_modified_gmt;
		return query.get('orderby') === 'id' ? String(order.id).padStart(12, '0') : String(order.date_created_gmt);
	}

	private products(path: string, query: URLSearchParams): PeerAnswer {
		if (!this.seesProducts) return error(403, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
		const [, parent] = /\/products\/(\d+)\/variations$/.exec(path) ?? [];
		// Variations are found below their product only.
		const sold = [...this.orders.values()].flatMap(({ line_items: lines }) => (Array.isArray(lines) ? (lines as Json[]) : []));
		const keys = sold
			.filter((line) => (parent === undefined ? true : line.product_id === Number(parent)))
			.map((line) => Number(parent === undefined ? line.product_id : line.variation_id));
		const include = (query.get('include') ?? '').split(',').map(Number);
		const found = [...new Set(keys)].filter((id) => include.includes(id) && this.virtual.includes(id));
		return { body: found.map((id) => ({ id, virtual: true })) };
	}

	/** As WooCommerce 9.9.5 reads it. */
	private limitOf(text: string, areGmt: boolean): number {
		const plain = seconds(`${text.slice(0, 19)}Z`);
		const zoned = /Z$/i.test(text);
		if (areGmt) return zoned ? plain + this.offset * 60 : plain;
		return plain - this.offset * 60;
	}

	private pluginTracking(id: number, { method, body }: PeerRequest): PeerAnswer {
		const order = this.orders.get(id);
		if (order === undefined) return error(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
		const items = (this.meta(id, '_wc_shipment_tracking_items') ?? []) as Json[];
		if (method === 'GET') return { body: items };
		const given = body as Json;
		const known = ['tracking_number', 'tracking_provider', 'custom_tracking_provider', 'custom_tracking_link', 'date_shipped'];
		const unknown = Object.keys(given).filter((name) => !known.includes(name));
		if (typeof given.tracking_number !== 'string' || given.tracking_number === '')
			return error(400, 'rest_missing_callback_param', 'Missing parameter(s): tracking_number');
		if (unknown.length > 0 || !/^\d{4}-\d\d-\d\d$/.test(String(given.date_shipped)))
			return error(400, 'rest_invalid_param', `Invalid parameter(s): ${[...unknown, 'date_shipped'].join()}`);
		if (given.tracking_provider !== undefined && !['UPS', 'USPS', 'Fedex', 'DHL US'].includes(String(given.tracking_provider)))
			return error(400, 'rest_invalid_param', 'Invalid parameter(s): tracking_provider');
		const item = {
			...given,
			date_shipped: String(seconds(`${String(given.date_shipped)}T00:00:00Z`)),
			tracking_id: createHash('md5').update(JSON.stringify(given)).digest('hex'),
		};
		this.update(order, { meta_data: [{ key: '_wc_shipment_tracking_items', value: [...items, item] }] });
		return { status: 201, body: item };
	}
}

/** As WooCommerce 9.9.5 gives it. */
export function sampleOrder(id: number): Json {
	return {
		id,
		parent_id: 0,
		number: String(id),
		order_key: `wc_order_${id}`,
		created_via: 'checkout',
		version: '9.9.5',
		status: 'processing',
		currency: 'EUR',
		date_created: '2026-11-20T14:00:00',
		date_created_gmt: '2026-11-20T12:00:00',
		date_modified: '2026-11-20T14:00:00',
		date_modified_gmt: '2026-11-20T12:00:00',
		discount_total: '2.00',
		discount_tax: '0.38',
		shipping_total: '4.90',
		shipping_tax: '0.93',
		cart_tax: '6.33',
		total: '44.97',
		total_tax: '7.26',
		prices_include_tax: false,
		customer_id: 7,
		customer_note: 'Ring twice',
		payment_method: 'stripe',
		payment_method_title: 'Card',
		transaction_id: 'pi_1',
		billing: {
			first_name: 'Ada',
			last_name: 'Lovelace',
			company: 'Engines Ltd',
			address_1: 'Hauptstr. 1',
			address_2: '',
			city: 'Berlin',
			state: 'DE-BE',
			postcode: '10115',
			country: 'DE',
			email: 'ada@example.com',
			phone: '+49 30 1234',
		},
		shipping: {
			first_name: 'Charles',
			last_name: 'Babbage',
			company: '',
			address_1: 'Nebenweg 2',
			address_2: 'Hinterhaus',
			city: 'Potsdam',
			state: 'DE-BB',
			postcode: '01067',
			country: 'DE',
			phone: '',
		},
		meta_data: [
			{ id: 1, key: 'delivery_window', value: 'morning' },
			{ id: 2, key: '_stripe_fee', value: '0.40' },
			{ id: 3, key: 'gift', value: { nested: true } },
		],
		line_items: [
			{
				id: id * 10 + 1,
				name: 'Red Mug',
				product_id: 11,
				variation_id: 0,
				quantity: 2,
				tax_class: '',
				subtotal: '20.00',
				subtotal_tax: '3.80',
				total: '18.00',
				total_tax: '3.42',
				sku: 'RED-MUG',
				price: 9,
				meta_data: [],
				taxes: [],
			},
			{
				id: id * 10 + 2,
				name: 'Tee - L',
				product_id: 12,
				variation_id: 121,
				quantity: 1,
				tax_class: '',
				subtotal: '15.30',
				subtotal_tax: '2.91',
				total: '15.30',
				total_tax: '2.91',
				sku: 'TEE-L',
				price: 15.3,
				meta_data: [
					{ id: 5, key: 'pa_size', value: 'l', display_key: 'Size', display_value: 'L' },
					{ id: 6, key: '_reduced_stock', value: '1', display_key: '_reduced_stock', display_value: '1' },
				],
				taxes: [],
			},
		],
		shipping_lines: [{ id: 900, method_title: 'DHL Paket', method_id: 'flat_rate', instance_id: '1', total: '4.90' }],
		fee_lines: [],
		coupon_lines: [{ id: 901, code: 'WELCOME', discount: '2.00' }],
		refunds: [],
		tax_lines: [],
	};
}
