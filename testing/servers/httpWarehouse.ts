/**
 * A warehouse with an API of its own: the one in the documentation of WMS Send. It is strict about what it is sent, gives more than it is asked for
 * (references that begin alike), and takes a second order with the same reference unless told otherwise.
 */
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface HeldOrder extends Json {
	id: string;
	reference: string;
	status: string;
	items: Json[];
}

export const WAREHOUSE_KEY = 'wh-key';

const FIELDS: Readonly<Record<string, string>> = {
	reference: 'string',
	orderNumber: 'string',
	shippingMethod: 'string',
	shipTo: 'object',
	items: 'object',
	'shipTo.name': 'string',
	'shipTo.company': 'string',
	'shipTo.address1': 'string',
	'shipTo.address2': 'string',
	'shipTo.city': 'string',
	'shipTo.region': 'string',
	'shipTo.postalCode': 'string',
	'shipTo.country': 'string',
	'shipTo.phone': 'string',
	'shipTo.email': 'string',
	'items.lineId': 'string',
	'items.sku': 'string',
	'items.name': 'string',
	'items.quantity': 'number',
};

export class HttpWarehousePeer {
	readonly orders: HeldOrder[] = [];
	readonly shipments: Json[] = [];
	unique = false;
	now = Date.parse('2026-09-05T13:00:00Z');
	signedIn: (request: PeerRequest) => boolean = ({ headers }) => headers['x-api-key'] === WAREHOUSE_KEY;
	peer!: Peer;

	static async open(): Promise<HttpWarehousePeer> {
		const warehouse = new HttpWarehousePeer();
		warehouse.peer = await Peer.open((request) => ({
			...warehouse.answer(request),
			headers: { date: new Date(warehouse.now).toUTCString() },
		}));
		return warehouse;
	}

	references(): string[] {
		return this.orders.filter(({ status }) => status !== 'canceled').map(({ reference }) => reference);
	}

	add(reference: string): HeldOrder {
		const order = { id: `W${this.orders.length + 1}`, reference, status: 'open', items: [] };
		this.orders.push(order);
		return order;
	}

	report(shipment: Json): void {
		this.now += 1000;
		this.shipments.push({ ...shipment, updatedAt: this.now });
	}

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, query, body } = request;
		if (!this.signedIn(request)) return { status: 401, body: { error: 'unauthorized' } };
		const [, id] = /^\/api\/orders\/([^/]+)\/cancel$/.exec(path) ?? [];
		if (id !== undefined && method === 'POST') return this.cancel(decodeURIComponent(id));
		if (path === '/api/orders' && method === 'POST') return this.create(body);
		if (path === '/api/orders')
			return { body: { orders: this.orders.filter(({ reference }) => reference.startsWith(query.get('reference') ?? '')).reverse() } };
		const [, one] = /^\/api\/orders\/by-reference\/([^/]+)$/.exec(path) ?? [];
		if (one !== undefined) return this.single(decodeURIComponent(one));
		if (path === '/api/shipments') return this.list(query);
		return { status: 404, body: { error: `no ${method} ${path}` } };
	}

	private create(body: unknown): PeerAnswer {
		const problems = problemsIn(body as Json, '');
		if (problems.length > 0) return { status: 422, body: { errors: problems } };
		const order = body as HeldOrder;
		if (this.unique && this.orders.some(({ reference }) => reference === order.reference))
			return { status: 409, body: { error: 'reference exists' } };
		const held = { ...order, ...this.add(order.reference), items: order.items };
		this.orders.splice(-1, 1, held);
		return { status: 201, body: { id: held.id, status: held.status } };
	}

	private cancel(id: string): PeerAnswer {
		const order = this.orders.find((each) => each.id === id);
		if (order === undefined) return { status: 404, body: { error: 'no such order' } };
		if (order.status !== 'open') return { status: 409, body: { error: `it is ${order.status}` } };
		order.status = 'canceled';
		return { status: 204 };
	}

	private single(reference: string): PeerAnswer {
		const order = this.orders.find((each) => each.reference === reference);
		return order === undefined
			? { status: 404 }
			: { body: { order: { ...order, parcels: this.shipments.filter((each) => each.reference === reference) } } };
	}

	private list(query: URLSearchParams): PeerAnswer {
		const since = Date.parse(query.get('updatedSince') ?? '');
		if (Number.isNaN(since)) return { status: 400, body: { error: 'updatedSince is no time' } };
		const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 100)];
		const found = this.shipments.filter(({ updatedAt }) => Number(updatedAt) >= since);
		const from = query.has('cursor') ? Number(query.get('cursor')) : query.has('offset') ? Number(query.get('offset')) : (page - 1) * limit;
		const next = from + limit < found.length ? String(from + limit) : null;
		return {
			body: {
				shipments: found.slice(from, from + limit),
				next,
				nextUrl:
					next === null
						? null
						: `${this.peer.url}/api/shipments?updatedSince=${query.get('updatedSince') ?? ''}&limit=${limit}&offset=${next}`,
			},
		};
	}
}

/** Unknown and mistyped fields. */
function problemsIn(value: Json, prefix: string): string[] {
	if (typeof value !== 'object') return [`${prefix || 'body'} is no object`];
	return Object.entries(value).flatMap(([name, field]) => {
		const path = `${prefix}${name}`;
		if (typeof field !== FIELDS[path] || field === null) return [`${path} is ${JSON.stringify(field)}`];
		if (Array.isArray(field)) return field.flatMap((each) => problemsIn(each as Json, `${path}.`));
		return typeof field === 'object' ? problemsIn(field as Json, `${path}.`) : [];
	});
}
