/**
 * Extensiv 3PL Warehouse Manager, written from its pages (3w.extensiv.com/Rels: auth, headers, hal, rql, exceptions, orders/order, orders/ordercancel):
 * HAL with long keys, filters in RQL that are decoded twice, times without a zone, ETags that a change needs, a refusal of a second reference.
 */
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface HeldOrder extends Json {
	readOnly: Json & { orderId: number; status: number; isClosed: boolean; lastModifiedDate: string };
	referenceNum: string;
	items: Json[];
	packages: Json[];
	version: number;
}

export const CLIENT = { id: 'client', secret: 'sec:ret', userLogin: 'guysmiley', customerId: '17', facilityId: '4' };
export const EXTENSIV_TOKEN = 'token-1';

const REL = 'http://api.3plCentral.com/rels/orders/';
const HAL = { 'content-type': 'application/hal+json; charset=utf-8' };
const ORDER_FIELDS = new Set([
	'customerIdentifier',
	'facilityIdentifier',
	'referenceNum',
	'poNum',
	'notes',
	'shippingNotes',
	'earliestShipDate',
	'routingInfo',
	'shipTo',
	'_embedded',
]);

export class ExtensivPeer {
	readonly orders: HeldOrder[] = [];
	readonly skus = new Set(['RED-MUG', 'TEE-L', 'A', 'B']);
	readonly tokens = new Set([EXTENSIV_TOKEN]);
	/** Roles that the connection has. */
	roles = new Set(['OrderView', 'OrderWrite', 'OrderEdit']);
	now = Date.now() - 3_600_000;
	peer!: Peer;
	private keys = 200;

	static async open(): Promise<ExtensivPeer> {
		const extensiv = new ExtensivPeer();
		extensiv.peer = await Peer.open((request) => extensiv.answer(request));
		return extensiv;
	}

	references(): string[] {
		return this.orders.filter(({ readOnly }) => readOnly.status !== 2).map(({ referenceNum }) => referenceNum);
	}

	add(referenceNum: string, items: Array<[lineId: string, sku: string, qty: number]>): HeldOrder {
		return this.keep(
			referenceNum,
			{ referenceNum },
			items.map(([externalId, sku, qty]) => ({ externalId, itemIdentifier: { sku }, qty })),
		);
	}

	/** The warehouse packs: quantities by the places of the items. */
	pack(order: HeldOrder, trackingNumber: string | null, contents: Array<[item: number, qty: number]>): void {
		const inside = contents.map(([item, qty]) => ({
			orderItemId: (order.items[item]?.readOnly as Json).orderItemId,
			qty,
			itemIdentifier: order.items[item]?.itemIdentifier,
		}));
		order.packages.push({ packageId: (this.keys += 1), trackingNumber, _embedded: { [`${REL}packagecontent`]: inside } });
		this.touch(order);
	}

	confirm(order: HeldOrder, trackingNumber: string | null = null): void {
		this.touch(order);
		Object.assign(order.readOnly, { status: 1, isClosed: true, shipDate: '2026-09-05T12:00:00' });
		order.routingInfo = { ...(order.routingInfo as Json | undefined), trackingNumber };
	}

	/** The warehouse moves an item into an order of its own. */
	split(order: HeldOrder, item: number): HeldOrder {
		const [moved] = order.items.splice(item, 1);
		this.touch(order);
		return this.keep(`${order.referenceNum}-1`, {}, [moved ?? {}]);
	}

	touch(order: HeldOrder): void {
		this.now += 1000;
		order.version += 1;
		order.readOnly.lastModifiedDate = this.time();
	}

	private time(): string {
		return new Date(this.now).toISOString().slice(0, 19);
	}

	private keep(referenceNum: string, fields: Json, items: Json[]): HeldOrder {
		this.now += 1000;
		const orderId = (this.keys += 1);
		const held: HeldOrder = {
			...fields,
			referenceNum,
			packages: [],
			version: 1,
			readOnly: {
				orderId,
				status: 0,
				isClosed: false,
				lastModifiedDate: this.time(),
				creationDate: this.time(),
				customerIdentifier: { id: Number(CLIENT.customerId) },
			},
			items: items.map((item) => ({ ...item, readOnly: { orderItemId: (this.keys += 1), originalPrimaryQty: item.qty } })),
		};
		this.orders.push(held);
		return held;
	}

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, headers, query } = request;
		if (path === '/AuthServer/api/Token') return this.token(request);
		const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
		if (!this.tokens.has(token)) return { status: 401, body: { Message: 'Authorization has been denied for this request.' } };
		if (!/hal\+json/.test(headers.accept ?? '')) return { status: 406, body: { Message: 'Not acceptable' } };
		if (method !== 'GET' && !/hal\+json/.test(headers['content-type'] ?? '')) return { status: 415, body: { Message: 'Not supported' } };
		const role = method === 'GET' ? 'OrderView' : path === '/orders' ? 'OrderWrite' : 'OrderEdit';
		if (!this.roles.has(role)) return fault(403, 'AuthorizationException', { ErrorCode: 'NotAllowed', Hint: role });
		if (path === '/orders' && method === 'POST') return this.create(request.body as Json);
		if (path === '/orders') return this.list(query);
		const [, key, operator] = /^\/orders\/(\d+)(\/canceler)?$/.exec(path) ?? [];
		const order = this.orders.find(({ readOnly }) => readOnly.orderId === Number(key));
		if (order === undefined) return { status: 404, body: { Message: 'Not found' } };
		return operator === undefined
			? { headers: { ...HAL, etag: `"${order.version}"` }, body: shown(order, query.get('detail') ?? '') }
			: this.cancel(order, headers['if-match'], request.body as Json);
	}

	private token({ method, headers, body }: PeerRequest): PeerAnswer {
		if (method !== 'POST') return { status: 405 };
		if (headers.authorization !== `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`)
			return { status: 401, body: { Message: 'invalid_client: client not registered' } };
		const asked = body as Json;
		if (asked.grant_type !== 'client_credentials' || (asked.user_login !== CLIENT.userLogin && asked.user_login_id !== '759'))
			return { status: 400, body: { error: 'invalid_grant' } };
		const token = `token-${(this.keys += 1)}`;
		this.tokens.add(token);
		return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600, refresh_token: null, scope: null } };
	}

	private create(body: Json): PeerAnswer {
		const refused = (code: string, name: string, value: unknown): PeerAnswer =>
			fault(400, 'ModelValidationException', {
				ModelType: 'Order',
				Properties: [{ Name: name, Value: value }],
				ErrorCode: code,
				Hint: `${name} ${code}`,
			});
		const unknown = Object.keys(body).find((name) => !ORDER_FIELDS.has(name));
		if (unknown !== undefined) return refused('ValueNotSupported', unknown, body[unknown]);
		if ((body.customerIdentifier as Json | undefined)?.id !== Number(CLIENT.customerId))
			return refused('DoesNotExist', 'CustomerIdentifier', JSON.stringify(body.customerIdentifier));
		if ((body.facilityIdentifier as Json | undefined)?.id !== Number(CLIENT.facilityId))
			return refused('DoesNotExist', 'FacilityIdentifier', JSON.stringify(body.facilityIdentifier));
		const items = (body._embedded as Json | undefined)?.[`${REL}item`];
		if (!Array.isArray(items) || items.length === 0) return refused('Required', 'OrderItems', null);
		if (typeof body.referenceNum !== 'string' || body.referenceNum === '') return refused('Required', 'ReferenceNum', null);
		if (body.shipTo === undefined) return refused('Required', 'ShipTo', null);
		for (const [index, item] of (items as Json[]).entries()) {
			const sku = String((item.itemIdentifier as Json | undefined)?.sku);
			if (!this.skus.has(sku)) return refused('DoesNotExist', `OrderItems[${index}].ItemIdentifier.Sku`, sku);
			if (typeof item.qty !== 'number' || item.qty <= 0) return refused('ValueNotSupported', `OrderItems[${index}].Qty`, item.qty);
		}
		const reference = body.referenceNum.toLowerCase();
		if (this.orders.some(({ referenceNum }) => referenceNum.toLowerCase() === reference))
			return refused('Duplicate', 'ReferenceNum', body.referenceNum);
		const { _embedded: _, ...fields } = body;
		const held = this.keep(body.referenceNum, fields, items as Json[]);
		return { status: 201, headers: { ...HAL, etag: '"1"' }, body: shown(held, 'All') };
	}

	private list(query: URLSearchParams): PeerAnswer {
		const size = Number(query.get('pgsiz') ?? 100);
		if (size > 1000) return fault(400, 'QueryParameterException', { Parameters: ['pgsiz'], ErrorCode: 'NotParsable' });
		let found: HeldOrder[];
		try {
			found = this.orders.filter(matcher(query.get('rql') ?? ''));
		} catch (error) {
			return fault(400, 'QueryParameterException', { Parameters: ['rql'], ErrorCode: 'NotParsable', Hint: String(error) });
		}
		if (query.get('sort') === 'readOnly.lastModifiedDate')
			found = found.toSorted((a, b) => a.readOnly.lastModifiedDate.localeCompare(b.readOnly.lastModifiedDate));
		const from = (Number(query.get('pgnum') ?? 1) - 1) * size;
		const page = found.slice(from, from + size).map((order) => shown(order, query.get('detail') ?? ''));
		return {
			headers: HAL,
			body: { totalResults: found.length, ...(page.length === 0 ? {} : { _embedded: { [`${REL}order`]: page } }), _links: {} },
		};
	}

	private cancel(order: HeldOrder, match: string | undefined, body: Json): PeerAnswer {
		if (match === undefined) return { status: 428 };
		if (match !== `"${order.version}"`) return { status: 412 };
		if (typeof body.reason !== 'string' || body.reason === '')
			return fault(400, 'ModelValidationException', { ErrorCode: 'Required', Properties: [{ Name: 'Reason', Value: null }] });
		if (order.readOnly.status !== 0)
			return fault(403, 'OperationException', {
				ActionName: 'ordercancel',
				ErrorCode: order.readOnly.status === 1 ? 'OrderConfirmed' : 'OrderCanceled',
				Hint: 'not open',
			});
		this.touch(order);
		order.readOnly.status = 2;
		return { status: 204 };
	}
}

const fault = (status: number, type: string, body: Json): PeerAnswer => ({
	status,
	body: { $type: `WMS.V2.Generic.Models.Exceptions.${type}, WMS.V2.Generic.Models`, ...body },
});

function shown({ items, packages, version: _, ...order }: HeldOrder, detail: string): Json {
	const all = detail.split(',');
	const parts = {
		...(all.some((one) => one === 'All' || one === 'OrderItems') ? { [`${REL}item`]: items } : {}),
		...(all.some((one) => one === 'All' || one === 'Packages') ? { [`${REL}package`]: packages } : {}),
	};
	return structuredClone({ ...order, ...(Object.keys(parts).length === 0 ? {} : { _embedded: parts }) });
}

/** RQL as far as it is used: `;` and, `(a,b)` or, `==` with a `*` at the end, `=ge=`. Values are decoded a second time. */
function matcher(rql: string): (order: HeldOrder) => boolean {
	const all = rql.split(';').map((part) => {
		const any = (/^\((.*)\)$/.exec(part)?.[1] ?? part).split(',').map(predicate);
		return (order: HeldOrder) => any.some((one) => one(order));
	});
	return (order) => all.every((one) => one(order));
}

function predicate(text: string): (order: HeldOrder) => boolean {
	const [, path = '', operator, raw = ''] = /^([A-Za-z.]+)(==|=ge=)(.*)$/.exec(text) ?? [];
	const value = decodeURIComponent(raw);
	if (/[%!()=,;]/.test(raw.replace(/%[0-9A-F]{2}/g, ''))) throw new Error(`value ${raw}`);
	const read: Record<string, (order: HeldOrder) => string> = {
		referencenum: ({ referenceNum }) => referenceNum,
		'readonly.lastmodifieddate': ({ readOnly }) => readOnly.lastModifiedDate,
		'readonly.customeridentifier.id': ({ readOnly }) => String((readOnly.customerIdentifier as Json).id),
	};
	const field = read[path.toLowerCase()];
	if (field === undefined || operator === undefined) throw new Error(`Properties not supported: ${path}`);
	if (operator === '=ge=') {
		if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(value)) throw new Error(`no time: ${value}`);
		return (order) => Date.parse(`${field(order)}Z`) >= Date.parse(`${value}Z`);
	}
	const wanted = value.toLowerCase();
	return raw.endsWith('*')
		? (order) => field(order).toLowerCase().startsWith(wanted.slice(0, -1))
		: (order) => field(order).toLowerCase() === wanted;
}
