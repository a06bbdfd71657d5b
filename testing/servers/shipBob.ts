/**
 * ShipBob (REST 2026-01) as its documentation has it: one order for a reference, 422 for a second; products and shipping methods that it
 * does not know are created without a word; lists begin with the oldest order; requests are checked against the published description.
 */
import { openApi } from './openApi';
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface ShipBobOrder extends Json {
	id: number;
	reference_id: string;
	status: string;
	products: Json[];
	shipments: Json[];
	updatedAt: number;
}

export const SHIPBOB_KEY = 'pat-test';
export const CHANNEL = '4711';

const description = openApi('shipbob/shipbob-openapi-2026-01.json');

export class ShipBobPeer {
	readonly orders = new Map<number, ShipBobOrder>();
	products = new Set(['RED-MUG', 'TEE-L']);
	methods = new Set(['Standard']);
	now = Date.parse('2026-09-05T13:00:00Z');
	peer!: Peer;
	private keys = 100;

	static async open(): Promise<ShipBobPeer> {
		const shipBob = new ShipBobPeer();
		shipBob.peer = await Peer.open((request) => {
			const answer = shipBob.answer(request);
			return { ...answer, headers: { date: new Date(shipBob.now).toUTCString(), 'x-remaining-calls': '140', ...answer.headers } };
		});
		return shipBob;
	}

	references(): string[] {
		return [...this.orders.values()].filter(({ status }) => status !== 'Cancelled').map(({ reference_id: reference }) => reference);
	}

	add(reference: string, products: Array<[sku: string, quantity: number]>): ShipBobOrder {
		return this.keep({ reference_id: reference, products: products.map(([sku, quantity]) => ({ reference_id: sku, sku, quantity })) });
	}

	/** What of an order is in a shipment. */
	ship(order: ShipBobOrder, id: number, status: string, products: Array<[sku: string, quantity: number]>, changes: Json = {}): void {
		this.now += 1000;
		order.updatedAt = this.now;
		const held = products.map(([sku, quantity]) => ({
			id: 1,
			reference_id: sku,
			sku,
			name: sku,
			inventory_items: [{ id: 7, name: sku, quantity }],
		}));
		order.shipments = [
			...order.shipments.filter((one) => one.id !== id),
			{ id, order_id: order.id, status, is_tracking_uploaded: false, products: held, ...changes },
		];
	}

	private keep(body: Json): ShipBobOrder {
		this.now += 1000;
		const id = (this.keys += 1);
		const order = {
			...body,
			id,
			status: 'Processing',
			channel: { id: Number(CHANNEL), name: 'API' },
			shipments: [],
			updatedAt: this.now,
		} as unknown as ShipBobOrder;
		this.orders.set(id, order);
		return order;
	}

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, query, headers, body } = request;
		if (headers.authorization !== `Bearer ${SHIPBOB_KEY}`) return { status: 401, body: { message: 'Unauthorized' } };
		const problems = description.check(request);
		if (problems.length > 0) return { status: 400, body: { errors: problems } };
		const canceled = /^\/2026-01\/order\/(\d+):cancel$/.exec(path);
		if (canceled) return this.cancel(Number(canceled[1]));
		if (path === '/2026-01/product')
			return {
				body: {
					items: [...this.products]
						.filter((sku) => sku.includes(query.get('SKU') ?? ''))
						.map((sku) => ({ id: 1, variants: [{ id: 1, sku, name: sku }] })),
				},
			};
		if (path === '/2026-01/shipping-method') return { body: [...this.methods].map((name, id) => ({ id, name, active: true })) };
		if (path === '/2026-01/shipment:batchUpdateTrackingUpload')
			return this.uploaded(body as { shipment_ids: number[]; is_tracking_uploaded: boolean });
		if (path !== '/2026-01/order') return { status: 404 };
		return method === 'POST' ? this.create(headers, body as Json) : { body: this.list(query) };
	}

	private create(headers: Record<string, string>, body: Json): PeerAnswer {
		if (headers.shipbob_channel_id !== CHANNEL) return { status: 403, body: { message: 'Channel not found' } };
		if ([...this.orders.values()].some((order) => order.reference_id === body.reference_id))
			return { status: 422, body: { '': ['Duplicate reference ID'] } };
		for (const { reference_id: sku } of body.products as Json[]) this.products.add(String(sku));
		this.methods.add(String(body.shipping_method));
		const { updatedAt: _, ...order } = this.keep(body);
		return { status: 201, body: order };
	}

	private list(query: URLSearchParams): Json[] {
		const references = query.get('ReferenceIds')?.split(',');
		const since = query.get('LastUpdateStartDate');
		const found = [...this.orders.values()].filter(
			(order) => (references?.includes(order.reference_id) ?? true) && (since === null || order.updatedAt > Date.parse(since)),
		);
		const limit = Math.min(250, Number(query.get('Limit') ?? 50));
		return found
			.slice((Number(query.get('Page') ?? 1) - 1) * limit)
			.slice(0, limit)
			.map(({ updatedAt: _, ...order }) => order);
	}

	private cancel(id: number): PeerAnswer {
		const order = this.orders.get(id);
		if (order === undefined) return { status: 404 };
		const done = order.shipments.every(({ status }) => status !== 'Completed');
		if (done) Object.assign(order, { status: 'Cancelled', updatedAt: (this.now += 1000) });
		return { body: { order_id: id, status: done ? 'Success' : 'Failure', canceled_shipment_results: [] } };
	}

	private uploaded({
		shipment_ids: ids,
		is_tracking_uploaded: value,
	}: {
		shipment_ids: number[];
		is_tracking_uploaded: boolean;
	}): PeerAnswer {
		for (const shipment of [...this.orders.values()].flatMap(({ shipments }) => shipments))
			if (ids.includes(Number(shipment.id))) shipment.is_tracking_uploaded = value;
		return { body: { summary: { total: ids.length, successful: ids.length, failed: 0 }, results: [] } };
	}
}
