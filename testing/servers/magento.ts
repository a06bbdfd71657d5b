/**
 * A Magento 2 shop: search criteria, times of UTC by the second, pages past the end that give the last page again, shipments that are
 * checked by `/order/{id}/ship`, a cancel that says no with HTTP 200. Requests are checked against the published description.
 */
import { openApi } from './openApi';
import { Peer, untied, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface MagentoOrder extends Json {
	entity_id: number;
	increment_id: string;
	status: string;
	state: string;
	items: Json[];
	status_histories: Json[];
}

export const TOKEN = 'integration-token';

/** Compiled once for each test file. Search criteria may hold any number of groups. */
const API = openApi('magento/admin-schema-2.4.9.yaml', { prefix: '/rest/default', queryName: (name) => name.replace(/\[\d+\]/g, '[0]') });

/** Who may make which request, as the modules Sales and Store say in their webapi.xml. */
const RESOURCES: ReadonlyArray<readonly [method: string, route: RegExp, resource: string]> = [
	['GET', /^\/orders/, 'Magento_Sales::actions_view'],
	['POST', /^\/orders\/\d+\/cancel$/, 'Magento_Sales::cancel'],
	['POST', /^\/orders\/\d+\/comments$/, 'Magento_Sales::comment'],
	['POST', /^\/order\/\d+\/ship$/, 'Magento_Sales::ship'],
	['GET', /^\/shipments$/, 'Magento_Sales::shipment'],
	['POST', /^\/shipment\/track$/, 'Magento_Sales::shipment'],
	['GET', /^\/store\/storeConfigs$/, 'Magento_Backend::store'],
];

const refused = (status: number, message: string, parameters?: unknown): PeerAnswer => ({
	status,
	body: { message, ...(parameters === undefined ? {} : { parameters }) },
});
const utc = (at: number): string => new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');

export class MagentoPeer {
	readonly orders = new Map<number, MagentoOrder>();
	readonly shipments: Json[] = [];
	/** Sources of the inventory. */
	sources = ['default', 'berlin'];
	now = Math.floor(Date.parse('2026-11-20T12:00:00Z') / 1000);
	token = TOKEN;
	/** Resources that the integration was not given. */
	withheld: string[] = [];
	weightUnit = 'kgs';
	beforeList: () => void = () => undefined;
	peer!: Peer;
	private keys = 100;

	static async open(): Promise<MagentoPeer> {
		const shop = new MagentoPeer();
		shop.peer = await Peer.open((request) => shop.answer(request));
		return shop;
	}

	get url(): string {
		return `${this.peer.url}/rest/default/V1`;
	}

	place(changes: Json = {}, { step = 60 } = {}): MagentoOrder {
		this.now += step;
		const id = (this.keys += 1);
		const order = { ...sampleOrder(id), created_at: utc(this.now), updated_at: utc(this.now), ...changes } as unknown as MagentoOrder;
		this.orders.set(id, order);
		return order;
	}

	/** Somebody changes it in the admin. */
	touch(id: number, changes: Json): void {
		this.now += 1;
		this.set(id, changes);
	}

	/** A module deletes it for good. */
	remove(id: number): void {
		this.now += 1;
		this.orders.delete(id);
	}

	tracks(id: number): string[] {
		return this.shipments
			.filter((one) => one.order_id === id)
			.flatMap(({ tracks }) => (tracks as Json[]).map((track) => String(track.track_number)));
	}

	private set(id: number, changes: Json): void {
		this.orders.set(id, { ...this.orders.get(id)!, ...changes, updated_at: utc(this.now) });
	}

	private answer(request: PeerRequest): PeerAnswer {
		return { headers: { date: new Date(this.now * 1000).toUTCString() }, ...this.checked(request) };
	}

	private checked(request: PeerRequest): PeerAnswer {
		const { method, path, headers, query, body } = request;
		const route = path.replace('/rest/default/V1', '');
		const resource = RESOURCES.find(([of, pattern]) => of === method && pattern.test(route))?.[2];
		if (resource === undefined) return refused(404, 'Request does not match any route.');
		if (headers.authorization !== `Bearer ${this.token}` || this.withheld.includes(resource))
			return refused(401, "The consumer isn't authorized to access %resources.", { resources: resource });
		const problems = API.check(request);
		if (problems.length > 0) return refused(400, `Invalid request: ${problems.join('; ')}`);
		if (route === '/store/storeConfigs') return { body: [{ ...STORE_CONFIG, weight_unit: this.weightUnit }] };
		if (route === '/orders') {
			this.beforeList();
			return { body: this.search([...this.orders.values()], query) };
		}
		if (route === '/shipments') return { body: this.search(this.shipments.map(shown), query) };
		if (route === '/shipment/track') return this.addTrack((body as Json).entity as Json);
		const [, id, part] = /^\/orders?\/(\d+)(?:\/([a-z]+))?$/.exec(route) ?? [];
		const order = this.orders.get(Number(id));
		if (order === undefined) return refused(404, "The entity that was requested doesn't exist. Verify the entity and try again.");
		if (part === 'ship') return this.ship(order, body as Json);
		if (part === 'comments') {
			const given = (body as Json).statusHistory as Json;
			this.set(order.entity_id, {
				status_histories: [...order.status_histories, { ...given, entity_id: (this.keys += 1) }],
				...(given.status === undefined ? {} : { status: given.status }),
			});
			return { body: true };
		}
		if (part === 'cancel') {
			const may = order.state === 'new' || order.state === 'processing';
			const invoiced = order.items.some(({ qty_invoiced: quantity }) => Number(quantity) > 0);
			if (!may || invoiced) return { body: false };
			this.set(order.entity_id, {
				state: 'canceled',
				status: 'canceled',
				items: order.items.map((item) => ({ ...item, qty_canceled: item.qty_ordered })),
			});
			return { body: true };
		}
		return method === 'GET' ? { body: order } : refused(405, 'Method not allowed');
	}

	private search(all: Json[], query: URLSearchParams): Json {
		const filters: Array<{ field: string; value: string; condition: string }> = [];
		for (let group = 0; ; group += 1) {
			const name = `searchCriteria[filterGroups][${group}][filters][0]`;
			const field = query.get(`${name}[field]`);
			if (field === null) break;
			filters.push({ field, value: query.get(`${name}[value]`) ?? '', condition: query.get(`${name}[conditionType]`) ?? 'eq' });
		}
		const fits = (one: Json): boolean =>
			filters.every(({ field, value, condition }) => {
				const has = String(one[field]);
				if (condition === 'gteq') return compared(has, value) >= 0;
				if (condition === 'lt') return compared(has, value) < 0;
				return condition === 'in' ? value.split(',').includes(has) : has === value;
			});
		const ties = untied(this.peer.requests.length);
		const sorts = [0, 1].map((place) => query.get(`searchCriteria[sortOrders][${place}][field]`)).filter((field) => field !== null);
		const found = all.filter(fits).sort((left, right) => {
			for (const field of sorts.length === 0 ? ['entity_id'] : sorts) {
				const order = compared(String(left[field]), String(right[field]));
				if (order !== 0) return order;
			}
			return ties(left.entity_id, right.entity_id);
		});
		if (query.get('searchCriteria[sortOrders][0][direction]') === 'DESC') found.reverse();
		const size = Number(query.get('searchCriteria[pageSize]') ?? 20);
		// A collection never goes past its last page.
		const page = Math.min(Number(query.get('searchCriteria[currentPage]') ?? 1), Math.max(1, Math.ceil(found.length / size)));
		return {
			items: found.slice((page - 1) * size, page * size),
			search_criteria: {
				filter_groups: filters.map(({ field: name, value, condition }) => ({
					filters: [{ field: name, value, condition_type: condition }],
				})),
				page_size: size,
				current_page: page,
			},
			total_count: found.length,
		};
	}

	private ship(order: MagentoOrder, { items, tracks = [], comment, arguments: more, notify }: Json): PeerAnswer {
		const open = (item: Json): number =>
			Number(item.qty_ordered) - Number(item.qty_shipped) - Number(item.qty_canceled) - Number(item.qty_refunded);
		if (!['new', 'processing'].includes(order.state) || order.items.every((item) => open(item) <= 0))
			return refused(400, 'Shipment Document Validation Error(s):\nThe order does not allow a shipment to be created.');
		const source = ((more as Json | undefined)?.extension_attributes as Json | undefined)?.source_code;
		if (source !== undefined && !this.sources.includes(String(source)))
			return refused(400, 'Source with code "%value" does not exist.', { value: source });
		const given = items as Array<{ order_item_id: number; qty: number }>;
		for (const { order_item_id: key, qty } of given) {
			const item = order.items.find(({ item_id: id }) => id === key);
			if (item === undefined)
				return refused(
					400,
					'Shipment Document Validation Error(s):\nThe shipment contains product item that is not part of the original order.',
				);
			if (item.parent_item_id !== undefined)
				return refused(400, "Shipment Document Validation Error(s):\nYou can't create a shipment without products.");
			if (qty > open(item))
				return refused(
					400,
					`Shipment Document Validation Error(s):\nThe quantity to ship must not be greater than the unshipped quantity for product SKU "${String(item.sku)}".`,
				);
		}
		const shipped = (item: Json): number => given.find(({ order_item_id: key }) => key === item.item_id)?.qty ?? 0;
		const id = (this.keys += 1);
		const changed = order.items.map((item) => ({ ...item, qty_shipped: Number(item.qty_shipped) + shipped(item) }));
		this.set(order.entity_id, { items: changed });
		this.shipments.push({
			entity_id: id,
			increment_id: `0000${id}`,
			order_id: order.entity_id,
			items: given,
			tracks,
			comments: comment === undefined ? [] : [comment],
			source: source ?? 'default',
			notify,
		});
		return { body: id };
	}

	private addTrack(entity: Json): PeerAnswer {
		const shipment = this.shipments.find(({ entity_id: id }) => id === entity.parent_id);
		if (shipment === undefined || shipment.order_id !== entity.order_id) return refused(404, "The shipment doesn't exist.");
		shipment.tracks = [...(shipment.tracks as Json[]), entity];
		return { body: { ...entity, entity_id: (this.keys += 1) } };
	}
}

const compared = (left: string, right: string): number => left.localeCompare(right, 'en', { numeric: true });

const SHOP = 'https://shop.example.com/';
const STORE_CONFIG: Json = {
	id: 1,
	code: 'default',
	website_id: 1,
	locale: 'de_DE',
	base_currency_code: 'EUR',
	default_display_currency_code: 'EUR',
	timezone: 'Europe/Berlin',
	base_url: SHOP,
	base_link_url: SHOP,
	base_static_url: `${SHOP}static/`,
	base_media_url: `${SHOP}media/`,
	secure_base_url: SHOP,
	secure_base_link_url: SHOP,
	secure_base_static_url: `${SHOP}static/`,
	secure_base_media_url: `${SHOP}media/`,
};

/** A shipment as Magento answers with it; what nobody gave is null. */
function shown({ source: _source, notify: _notify, ...shipment }: Json): Json {
	const keys = { parent_id: shipment.entity_id, order_id: shipment.order_id };
	const comments = (shipment.comments as Json[]).map((comment) => ({ parent_id: shipment.entity_id, is_customer_notified: 0, ...comment }));
	return {
		...shipment,
		comments,
		tracks: (shipment.tracks as Json[]).map((track) => ({ ...keys, weight: null, qty: null, description: null, ...track })),
	};
}

const row = (id: number, sku: string, quantity: number, more: Json = {}): Json => ({
	item_id: id,
	sku,
	name: sku,
	product_type: 'simple',
	qty_ordered: quantity,
	qty_shipped: 0,
	qty_canceled: 0,
	qty_refunded: 0,
	qty_invoiced: 0,
	price: 10.5,
	is_virtual: 0,
	weight: 1,
	...more,
});

/** A simple product, a configurable one with its row of the choice, and something virtual. */
export function sampleOrder(id: number): Json {
	const items = [
		row(id * 10 + 1, 'MUG', 2),
		row(id * 10 + 2, 'TEE-L', 3, { product_type: 'configurable' }),
		row(id * 10 + 3, 'TEE-L', 3, { parent_item_id: id * 10 + 2, price: 0 }),
		row(id * 10 + 4, 'EBOOK', 1, { product_type: 'downloadable', is_virtual: 1 }),
	];
	return {
		entity_id: id,
		increment_id: `0000${id}`,
		state: 'processing',
		status: 'processing',
		created_at: '2026-11-20 12:00:00',
		updated_at: '2026-11-20 12:00:00',
		customer_email: 'ada@example.com',
		order_currency_code: 'EUR',
		subtotal: 52.5,
		shipping_amount: 4.9,
		tax_amount: 9.98,
		discount_amount: -5,
		grand_total: 62.38,
		base_grand_total: 62.38,
		coupon_code: 'TEN',
		shipping_description: 'DHL - Standard',
		store_id: 1,
		customer_group_id: 1,
		items,
		billing_address: {
			address_type: 'billing',
			firstname: 'Ada',
			lastname: 'Lovelace',
			company: 'Engines',
			street: ['Hauptstr. 1'],
			city: 'Berlin',
			region: 'Berlin',
			region_code: 'BER',
			postcode: '10115',
			country_id: 'DE',
			telephone: '030 1234',
			email: 'ada@example.com',
		},
		status_histories: [],
		extension_attributes: {
			shipping_assignments: [
				{
					shipping: {
						method: 'flatrate_flatrate',
						address: {
							address_type: 'shipping',
							firstname: 'Charles',
							lastname: 'Babbage',
							street: ['Nebenweg 2', 'Hinterhaus', '3. Stock', 'links'],
							city: 'Potsdam',
							region: 'Brandenburg',
							postcode: '01067',
							country_id: 'DE',
							telephone: '0331 55',
						},
					},
					items,
				},
			],
		},
	};
}

/** Two of a bundle, each of one cup and two spoons. */
export const bundleRows = (id: number): Json[] => [
	row(id * 10 + 1, 'SET', 2, { product_type: 'bundle' }),
	row(id * 10 + 2, 'CUP', 2, { parent_item_id: id * 10 + 1 }),
	row(id * 10 + 3, 'SPOON', 4, { parent_item_id: id * 10 + 1 }),
];
