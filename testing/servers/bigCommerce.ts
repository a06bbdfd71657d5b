/**
 * A BigCommerce store: 204 for empty lists, dates as RFC 2822 by the second, 50 entries a page, one status in a filter, a count of
 * requests that it tells, shipments checked against what is left of each line. Requests are checked against the published description.
 */
import { openApi } from './openApi';
import { Peer, untied, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface BigOrder extends Json {
	id: number;
	status_id: number;
	staff_notes: string;
}

export const HASH = 'abc123';
export const TOKEN = 'token-1';
const STATUSES: Record<number, string> = {
	0: 'Incomplete',
	1: 'Pending',
	2: 'Shipped',
	3: 'Partially Shipped',
	4: 'Refunded',
	5: 'Cancelled',
	6: 'Declined',
	7: 'Awaiting Payment',
	8: 'Awaiting Pickup',
	9: 'Awaiting Shipment',
	10: 'Completed',
	11: 'Awaiting Fulfillment',
	12: 'Manual Verification Required',
	13: 'Disputed',
	14: 'Partially Refunded',
};

export type BigScope = 'store_v2_orders' | 'store_v2_orders_read_only' | 'store_v2_information_read_only';

const refused = (status: number, message: string): PeerAnswer => ({ status, body: [{ status, message }] });
const rfc = (at: number): string => new Date(at * 1000).toUTCString().replace('GMT', '+0000');

/** Compiled once for each test file. */
const API = openApi('bigcommerce/orders.v2.oas2.yml', {
	prefix: `/stores/${HASH}/v2`,
	// The list of fields leaves out the direction, which the text of the parameter describes; checked below.
	known: [/query sort: .*allowed values/],
});

export class BigPeer {
	readonly orders = new Map<number, BigOrder>();
	readonly products = new Map<number, Json[]>();
	readonly addresses = new Map<number, Json[]>();
	readonly coupons = new Map<number, Json[]>();
	readonly shipments = new Map<number, Json[]>();
	now = Math.floor(Date.parse('2026-11-20T12:00:00Z') / 1000);
	token = TOKEN;
	/** Of the token. */
	scopes: BigScope[] = ['store_v2_orders', 'store_v2_information_read_only'];
	/** As the settings of the store call it. */
	weightUnits = 'KGS';
	beforeList: () => void = () => undefined;
	peer!: Peer;
	private keys = 100;

	static async open(): Promise<BigPeer> {
		const big = new BigPeer();
		big.peer = await Peer.open((request) => big.answer(request));
		return big;
	}

	get url(): string {
		return `${this.peer.url}/stores/${HASH}/v2`;
	}

	/** Places an order with these lines, each to one of so many addresses in turn. */
	place(changes: Json = {}, { step = 60, addresses = 1, lines = 2 } = {}): BigOrder {
		this.now += step;
		const id = (this.keys += 1);
		const order = { ...sampleOrder(id), date_created: rfc(this.now), date_modified: rfc(this.now), ...changes } as unknown as BigOrder;
		this.orders.set(id, order);
		this.addresses.set(
			id,
			Array.from({ length: addresses }, (_, index) => sampleAddress(id, id * 10 + index)),
		);
		this.products.set(
			id,
			Array.from({ length: lines }, (_, index) => sampleProduct(id, id * 1000 + index, id * 10 + (index % addresses), index)),
		);
		return order;
	}

	/** Somebody changes it in the control panel. */
	touch(id: number, changes: Json): void {
		this.now += 1;
		this.set(id, changes);
	}

	private set(id: number, changes: Json): void {
		const order = { ...this.orders.get(id)!, ...changes, date_modified: rfc(this.now) };
		this.orders.set(id, { ...order, status: STATUSES[order.status_id] } as BigOrder);
	}

	private answer(request: PeerRequest): PeerAnswer {
		const headers = {
			date: new Date(this.now * 1000).toUTCString(),
			'x-rate-limit-requests-left': '149',
			'x-rate-limit-requests-quota': '150',
			'x-rate-limit-time-reset-ms': '3000',
			'x-rate-limit-time-window-ms': '30000',
		};
		const answer = this.checked(request);
		const empty = Array.isArray(answer.body) && answer.body.length === 0 && (answer.status ?? 200) === 200;
		return { ...(empty ? { status: 204 } : answer), headers: { ...headers, ...answer.headers } };
	}

	private checked(request: PeerRequest): PeerAnswer {
		const { method, path, headers, query, body } = request;
		if (headers['x-auth-token'] !== this.token) return { status: 401, body: { code: 401, title: 'X-Auth-Token header is required' } };
		if (!/json/.test(headers.accept ?? ''))
			return { body: '<?xml version="1.0"?><orders/>', headers: { 'content-type': 'application/xml' } };
		const isStore = path === `/stores/${HASH}/v2/store`;
		const needed: BigScope[] = isStore
			? ['store_v2_information_read_only']
			: method === 'GET'
				? ['store_v2_orders', 'store_v2_orders_read_only']
				: ['store_v2_orders'];
		if (!needed.some((scope) => this.scopes.includes(scope))) {
			return {
				status: 403,
				body: {
					status: 403,
					title: "You don't have a required scope to access the endpoint",
					type: 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes',
					errors: {},
				},
			};
		}
		// Not part of the description of orders.
		if (isStore) return { body: { id: HASH, name: 'Acme Mugs', weight_units: this.weightUnits, dimension_units: 'Centimeters' } };
		const problems = API.check(request);
		if (!/^(id|customer_id|date_created|date_modified|status_id|channel_id|external_id)(:(asc|desc))?$/.test(query.get('sort') ?? 'id'))
			return refused(400, "The field 'sort' is invalid.");
		if (problems.length > 0) return refused(400, `The request is invalid: ${problems.join('; ')}`);
		const [, id, part, key] = new RegExp(`^/stores/${HASH}/v2/orders(?:/(\\d+)(?:/([a-z_]+)(?:/(\\d+))?)?)?$`).exec(path) ?? [];
		if (id === undefined) return { body: this.list(query) };
		const order = this.orders.get(Number(id));
		if (order === undefined) return refused(404, 'The requested resource was not found.');
		if (part === undefined) {
			if (method === 'PUT') this.set(order.id, body as Json);
			return { body: this.orders.get(order.id) };
		}
		if (part === 'shipments' && method === 'PUT') return this.change(order, Number(key), body as Json);
		if (part === 'shipments' && method === 'POST') return this.ship(order, body as Json);
		const all =
			(this as unknown as Record<string, Map<number, Json[]>>)[part === 'shipping_addresses' ? 'addresses' : part]?.get(order.id) ?? [];
		return { body: this.page(all, query, 50) };
	}

	private page<T>(all: T[], query: URLSearchParams, most: number): T[] {
		const limit = Math.min(most, Number(query.get('limit') ?? 50));
		const page = Number(query.get('page') ?? 1);
		return all.slice((page - 1) * limit, page * limit);
	}

	private list(query: URLSearchParams): BigOrder[] {
		this.beforeList();
		const ties = untied(this.peer.requests.length);
		const from = query.get('min_date_modified');
		const to = query.get('max_date_modified');
		const [field = 'id', direction = 'asc'] = (query.get('sort') ?? 'id:asc').split(':');
		const value = (order: BigOrder): number => (field === 'id' ? order.id : Date.parse(String(order[field])));
		const found = [...this.orders.values()]
			.filter((order) => order.is_deleted !== true)
			.filter((order) => from === null || Date.parse(String(order.date_modified)) >= Date.parse(from))
			.filter((order) => query.get('status_id') === null || String(order.status_id) === query.get('status_id'))
			.filter((order) => to === null || Date.parse(String(order.date_modified)) <= Date.parse(to))
			.filter((order) => order.id >= Number(query.get('min_id') ?? 0))
			.sort((left, right) => value(left) - value(right) || ties(left.id, right.id));
		if (direction === 'desc') found.reverse();
		return this.page(found, query, 250);
	}

	private change(order: BigOrder, key: number, given: Json): PeerAnswer {
		const all = this.shipments.get(order.id) ?? [];
		const found = all.find(({ id }) => id === key);
		if (found === undefined) return refused(404, 'The requested resource was not found.');
		if (String(given.tracking_number ?? '').length > 50) return refused(400, "The field 'tracking_number' is invalid.");
		const changed = { ...found, ...given };
		this.shipments.set(
			order.id,
			all.map((one) => (one === found ? changed : one)),
		);
		return { body: changed };
	}

	private ship(order: BigOrder, given: Json): PeerAnswer {
		const items = given.items as Array<{ order_product_id: number; quantity: number }>;
		const products = this.products.get(order.id)!;
		if (!this.addresses.get(order.id)!.some(({ id }) => id === given.order_address_id))
			return refused(400, "The field 'order_address_id' is invalid.");
		if (items.length === 0) return refused(400, "The field 'items' is invalid.");
		for (const { order_product_id: key, quantity } of items) {
			const product = products.find(({ id }) => id === key);
			if (product === undefined || product.order_address_id !== given.order_address_id)
				return refused(400, "The field 'order_product_id' is invalid.");
			if (quantity > Number(product.quantity) - Number(product.quantity_shipped)) return refused(400, "The field 'quantity' is invalid.");
		}
		if (String(given.tracking_number ?? '').length > 50) return refused(400, "The field 'tracking_number' is invalid.");
		this.products.set(
			order.id,
			products.map((product) => ({
				...product,
				quantity_shipped: Number(product.quantity_shipped) + (items.find(({ order_product_id: key }) => key === product.id)?.quantity ?? 0),
			})),
		);
		const shipment = { id: (this.keys += 1), order_id: order.id, date_created: rfc(this.now), comments: '', tracking_number: '', ...given };
		this.shipments.set(order.id, [...(this.shipments.get(order.id) ?? []), shipment]);
		const all = this.products.get(order.id)!.every((product) => product.quantity_shipped === product.quantity);
		this.set(order.id, { status_id: all ? 2 : 3 });
		return { status: 201, body: shipment };
	}
}

/** As the description shows it, the fields that matter. */
export const sampleOrder = (id: number): Json => ({
	id,
	status_id: 11,
	status: 'Awaiting Fulfillment',
	customer_id: 5,
	date_created: 'Fri, 20 Nov 2026 12:00:00 +0000',
	date_modified: 'Fri, 20 Nov 2026 12:00:00 +0000',
	currency_code: 'USD',
	subtotal_ex_tax: '30.0000',
	shipping_cost_ex_tax: '5.0000',
	total_tax: '2.5000',
	discount_amount: '1.0000',
	coupon_discount: '0.0000',
	total_inc_tax: '36.5000',
	payment_method: 'Credit Card',
	customer_message: 'Leave with the porter',
	staff_notes: '',
	is_deleted: false,
	channel_id: 1,
	external_id: null,
	items_total: 3,
	items_shipped: 0,
	billing_address: {
		first_name: 'Ada',
		last_name: 'Lovelace',
		company: '',
		street_1: '12 Byron St',
		street_2: '',
		city: 'Boston',
		state: 'Massachusetts',
		zip: '02134',
		country: 'United States',
		country_iso2: 'US',
		phone: '617 555 0100',
		email: 'ada@example.com',
	},
	products: { url: 'https://store.example/v2/orders/1/products', resource: '/orders/1/products' },
});
export const sampleAddress = (orderId: number, id: number): Json => ({
	id,
	order_id: orderId,
	first_name: 'Charles',
	last_name: `Babbage ${id}`,
	company: 'Engines',
	street_1: '1 Mill Rd',
	street_2: 'Flat 2',
	city: 'Austin',
	state: 'Texas',
	zip: '73301',
	country: 'United States',
	country_iso2: 'US',
	phone: '',
	email: 'charles@example.com',
	shipping_method: 'UPS Ground',
});
export const sampleProduct = (orderId: number, id: number, address: number, index: number): Json => ({
	id,
	order_id: orderId,
	product_id: 77,
	order_address_id: address,
	name: `Mug ${index}`,
	sku: `MUG-${index}`,
	type: 'physical',
	price_ex_tax: '10.0000',
	price_inc_tax: '11.0000',
	quantity: 2,
	quantity_shipped: 0,
	quantity_refunded: 0,
	weight: '0.5000',
	wrapping_message: '',
	product_options: [{ id: 1, display_name: 'Color', display_value: 'Red' }],
});
