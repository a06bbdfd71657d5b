/**
 * ShipStation (API V2) as its documentation has it: one shipment for an external_shipment_id; several in one request, of which some are refused inside an
 * answer of 200, or all because one is malformed; pages of at most what is asked for, lists that move while they are read. Requests are checked against
 * the published description; `GET /v2/fulfillments`, which it does not have yet, by the parameters that the guides list.
 */
import { randomUUID } from 'node:crypto';
import { openApi } from './openApi';
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface ShipStationShipment extends Json {
	shipment_id: string;
	external_shipment_id: string;
	shipment_status: string;
	modified_at: string;
	items: Json[];
}

export const SHIPSTATION_KEY = 'key-test';
/** Shipments in one request; ShipStation does not say how many, its older API takes so many. */
export const SHIPSTATION_MOST = 100;

export const description = openApi('shipstation/shipstation-v2-openapi.yaml', {
	known: [
		'pickup_id is missing',
		// Fields of a shipment that the request's own list forgets.
		/\/v2\/shipments body: .*\b(shipment_number|warehouse_id|requested_shipment_service|ship_by_date|confirmation)\b/,
	],
});
const FULFILLMENT_PARAMETERS = new Set(['create_date_start', 'sort_by', 'sort_dir', 'page', 'page_size']);

export class ShipStationPeer {
	readonly shipments = new Map<string, ShipStationShipment>();
	readonly labels: Json[] = [];
	readonly fulfillments: Json[] = [];
	/** Accounts on older plans do not have the list. */
	hasFulfillments = true;
	/** Long past by our clock, so that tests may let time pass there. */
	now = Date.now() - 86_400_000;
	peer!: Peer;
	private keys = 100;

	static async open(): Promise<ShipStationPeer> {
		const shipStation = new ShipStationPeer();
		shipStation.peer = await Peer.open((request) => shipStation.answer(request));
		return shipStation;
	}

	references(): string[] {
		return [...this.shipments.values()]
			.filter((shipment) => shipment.shipment_status !== 'cancelled')
			.map((shipment) => shipment.external_shipment_id);
	}

	/** An order as WMS Send would have made it. */
	add(reference: string, items: Array<[lineId: string, sku: string, quantity: number]>): ShipStationShipment {
		return this.keep({
			external_shipment_id: reference,
			items: items.map(([line, sku, quantity]) => ({
				sku,
				quantity,
				external_order_id: reference,
				external_order_item_id: `${reference}/${line}`,
			})),
		});
	}

	/** People move some items into a shipment of its own. */
	split(shipment: ShipStationShipment, skus: string[]): ShipStationShipment {
		const moved = shipment.items.filter(({ sku }) => skus.includes(String(sku)));
		shipment.items = shipment.items.filter((item) => !moved.includes(item));
		this.touch(shipment);
		return this.keep({ ...shipment, external_shipment_id: `se-${this.keys + 1}`, items: moved });
	}

	/** People buy a label. */
	label(shipment: ShipStationShipment, changes: Json = {}): Json {
		shipment.shipment_status = 'label_purchased';
		this.touch(shipment);
		const label = {
			label_id: `se-${(this.keys += 1)}`,
			status: 'completed',
			shipment_id: shipment.shipment_id,
			external_shipment_id: shipment.external_shipment_id,
			created_at: this.moment(),
			ship_date: `${this.moment().slice(0, 10)}T00:00:00Z`,
			tracking_number: `1Z${this.keys}`,
			carrier_code: 'ups',
			service_code: 'ups_ground',
			voided: false,
			voided_at: null,
			is_return_label: false,
			tracking_url: 'https://track.example/1',
			...changes,
		};
		this.labels.push(label);
		return label;
	}

	void(label: Json): void {
		this.now += 1000;
		Object.assign(label, { status: 'voided', voided: true, voided_at: this.moment() });
		const shipment = this.shipments.get(String(label.shipment_id));
		if (shipment) this.touch(Object.assign(shipment, { shipment_status: 'pending' }));
	}

	/** People mark it as shipped, without a label. */
	fulfill(shipment: ShipStationShipment, tracking: string): void {
		this.touch(shipment);
		this.fulfillments.push({
			fulfillment_id: `se-${(this.keys += 1)}`,
			shipment_id: shipment.shipment_id,
			tracking_number: tracking,
			created_at: this.moment(),
			ship_date: '2026-09-05T12:00:00Z',
			fulfillment_carrier_friendly_name: 'FedEx',
			fulfillment_service_code: null,
			voided: false,
		});
	}

	touch(shipment: ShipStationShipment): void {
		this.now += 1000;
		shipment.modified_at = this.moment();
	}

	private moment(): string {
		return new Date(this.now).toISOString();
	}

	private keep(body: Json): ShipStationShipment {
		this.now += 1000;
		const key = `se-${(this.keys += 1)}`;
		const items = (body.items as Json[]).map((item) => ({ sales_order_id: `so-${key}`, ...item }));
		const shipment = {
			...body,
			items,
			shipment_id: key,
			shipment_status: 'pending',
			created_at: this.moment(),
			modified_at: this.moment(),
		} as unknown as ShipStationShipment;
		this.shipments.set(key, shipment);
		return shipment;
	}

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, query, headers, body } = request;
		if (headers['api-key'] !== SHIPSTATION_KEY) return refusal(401, 'unauthorized', 'The API key is invalid.');
		const unknown = [...query.keys()].filter((name) => !FULFILLMENT_PARAMETERS.has(name));
		const problems = path === '/v2/fulfillments' ? unknown : description.check(request);
		if (problems.length > 0) return refusal(400, 'invalid_field_value', problems.join('; '));
		const [, key, action] = /^\/v2\/shipments\/(se-[^/]+)(\/cancel)?$/.exec(path) ?? [];
		const [, reference] = /^\/v2\/shipments\/external_shipment_id\/(.+)$/.exec(path) ?? [];
		if (reference !== undefined)
			return one([...this.shipments.values()].find((each) => each.external_shipment_id === decodeURIComponent(reference)));
		if (key !== undefined) return action === undefined ? one(this.shipments.get(key)) : this.cancel(key);
		if (path === '/v2/warehouses') return { body: { warehouses: [] } };
		if (path === '/v2/shipments' && method === 'POST') return this.create((body as { shipments: Json[] }).shipments);
		if (path === '/v2/shipments') {
			const order = query.get('sales_order_id');
			return page(
				'shipments',
				[...this.shipments.values()]
					.filter(({ items }) => order === null || items.some((item) => item.sales_order_id === order))
					.map(shown),
				query,
				'modified_at_start',
			);
		}
		if (path === '/v2/labels')
			return page(
				'labels',
				this.labels.filter(
					(label) =>
						[null, label.status].includes(query.get('label_status')) && [null, label.shipment_id].includes(query.get('shipment_id')),
				),
				query,
				'created_at_start',
			);
		if (path === '/v2/fulfillments' && this.hasFulfillments) return page('fulfillments', this.fulfillments, query, 'create_date_start');
		return refusal(404, 'unspecified', 'Not found');
	}

	private create(given: Json[]): PeerAnswer {
		// One that is not as it must be refuses all of them.
		if (given.length > SHIPSTATION_MOST) return refusal(400, 'invalid_field_value', `At most ${SHIPSTATION_MOST} shipments in a request.`);
		const without = given.findIndex((body) => typeof (body.ship_to as Json | undefined)?.phone !== 'string');
		if (without >= 0) return refusal(400, 'field_value_required', 'phone is required.', `shipments[${without}].ship_to.phone`);
		const results = given.map((body) => {
			const to = body.ship_to as Json;
			if (to.country_code === 'XX') return { external_shipment_id: body.external_shipment_id, errors: ['The country XX is not known.'] };
			if ([...this.shipments.values()].some((each) => each.external_shipment_id === body.external_shipment_id))
				return { errors: ['A shipment with this external_shipment_id exists already.'] };
			return shown(this.keep(body));
		});
		return { body: { has_errors: results.some((result) => 'errors' in result), shipments: results } };
	}

	private cancel(key: string): PeerAnswer {
		const shipment = this.shipments.get(key);
		if (shipment === undefined) return refusal(404, 'unspecified', 'Not found');
		if (shipment.shipment_status === 'label_purchased') return refusal(400, 'invalid_status', 'Void the label first.');
		shipment.shipment_status = 'cancelled';
		this.touch(shipment);
		return { status: 204 };
	}
}

function one(shipment: Json | undefined): PeerAnswer {
	return shipment === undefined ? refusal(404, 'unspecified', 'Not found') : { body: structuredClone(shown(shipment)) };
}

const address = (name: string): Json => ({
	name,
	phone: '512 555 0100',
	address_line1: '1 Main St',
	city_locality: 'Austin',
	state_province: 'TX',
	postal_code: '78701',
	country_code: 'US',
	address_residential_indicator: 'no',
});
const WEIGHT = { value: 300, unit: 'gram' };

/** A shipment as ShipStation answers with it: without what only a request has, with what the account and people add. */
function shown({ validate_address: _validate, create_sales_order: _create, ...shipment }: Json): Json {
	const added = {
		ship_to: address('Ada Lovelace'),
		ship_from: address('Acme'),
		return_to: address('Acme'),
		confirmation: 'none',
		advanced_options: {},
		insurance_provider: 'none',
		tags: [],
		packages: [{ weight: WEIGHT }],
		total_weight: WEIGHT,
	};
	const store = shipment.store_id === undefined ? {} : { store_id: `se-${String(shipment.store_id)}` };
	return { ...added, ...shipment, ...store };
}

function page(name: string, all: Json[], query: URLSearchParams, start: string): PeerAnswer {
	const by = query.get('sort_by') ?? 'created_at';
	const since = Date.parse(query.get(start) ?? '1970-01-01T00:00:00Z');
	const size = Number(query.get('page_size') ?? 25);
	const number = Number(query.get('page') ?? 1);
	const sign = query.get('sort_dir') === 'asc' ? 1 : -1;
	const moment = (entry: Json) => Date.parse(String(entry[by]));
	const found = all
		.filter((entry) => Date.parse(String(entry[start === 'modified_at_start' ? 'modified_at' : 'created_at'])) >= since)
		.sort((a, b) => sign * (moment(a) - moment(b)));
	const pages = Math.max(1, Math.ceil(found.length / size));
	const link = (to: number): Json =>
		to < 1 || to > pages ? {} : { href: `https://api.shipstation.com/v2/${name}?page=${to}&page_size=${size}` };
	return {
		body: {
			[name]: structuredClone(found.slice((number - 1) * size, number * size)),
			total: found.length,
			page: number,
			pages,
			links: { first: link(1), last: link(pages), prev: link(number - 1), next: link(number + 1) },
		},
	};
}

const refusal = (status: number, code: string, message: string, field?: string): PeerAnswer => ({
	status,
	body: {
		request_id: randomUUID(),
		errors: [
			{
				error_source: 'ShipStation',
				error_type: 'validation',
				error_code: code,
				message,
				...(field !== undefined && { field_name: field }),
			},
		],
	},
});
