/**
 * Amazon's Fulfillment Outbound API (2020-07-01) as its documentation has it: one order for an id, a list by the last change of status only,
 * tokens of Login with Amazon that expire with a 403, so many requests a second for each operation; requests and answers are checked
 * against the published model.
 */
import { openApi } from './openApi';
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';

type Json = Record<string, unknown>;

export interface AmazonOrder extends Json {
	sellerFulfillmentOrderId: string;
	fulfillmentOrderStatus: string;
	statusUpdatedAt: number;
	items: Json[];
	shipments: Json[];
}

export const LWA = { clientId: 'client', clientSecret: 'secret', refreshToken: 'Atzr|test' };
const BASE = '/fba/outbound/2020-07-01/fulfillmentOrders';
const description = openApi('amazon-sp-api/fulfillmentOutbound_2020-07-01.json');

export class AmazonPeer {
	readonly orders = new Map<string, AmazonOrder>();
	skus = new Set(['RED-MUG', 'TEE-L', 'A', 'B']);
	tokens = new Set(['Atza|0']);
	/** Long past by our clock, so that tests may let time pass there. */
	now = Date.now() - 86_400_000;
	/** Requests that each operation has left; absent = enough. */
	left: Record<string, number> = {};
	/** How an order that is not there is answered. */
	unknown: PeerAnswer = { status: 404, body: { errors: [{ code: 'NotFound', message: 'The requested resource was not found.' }] } };
	/** A cancellation that is taken and not carried out at once. */
	slowCancel = false;
	pageSize = 50;
	peer!: Peer;
	private count = 0;

	static async open(): Promise<AmazonPeer> {
		const amazon = new AmazonPeer();
		amazon.peer = await Peer.open((request) => {
			const answer = amazon.answer(request);
			const problems =
				request.path.startsWith(BASE) && answer.status !== 403 ? description.checkAnswer(request, answer.status ?? 200, answer.body) : [];
			if (problems.length > 0) throw new Error(problems.join('; '));
			return { ...answer, headers: { date: new Date(amazon.now).toUTCString(), 'x-amzn-ratelimit-limit': '2.0', ...answer.headers } };
		});
		return amazon;
	}

	references(): string[] {
		return [...this.orders.values()]
			.filter(({ fulfillmentOrderStatus: status }) => status !== 'Cancelled')
			.map((order) => order.sellerFulfillmentOrderId);
	}

	add(reference: string, items: Array<[sku: string, quantity: number]>, status = 'Processing'): AmazonOrder {
		const order: AmazonOrder = {
			sellerFulfillmentOrderId: reference,
			fulfillmentOrderStatus: status,
			statusUpdatedAt: this.tick(),
			shipments: [],
			items: items.map(([sellerSku, quantity], index) => ({
				sellerSku,
				sellerFulfillmentOrderItemId: `L${index + 1}`,
				quantity,
				cancelledQuantity: 0,
				unfulfillableQuantity: 0,
			})),
		};
		this.orders.set(reference, order);
		return order;
	}

	set(order: AmazonOrder, status: string): void {
		order.fulfillmentOrderStatus = status;
		order.statusUpdatedAt = this.tick();
	}

	/** A shipment changes no status of its order. @param items by SKU, with the package that they are in */
	ship(
		order: AmazonOrder,
		id: string,
		items: Array<[sku: string, quantity: number, packageNumber?: number]>,
		packages: Json[] = [{ packageNumber: 1, carrierCode: 'UPS', trackingNumber: '1Z1' }],
		status = 'SHIPPED',
	): void {
		const held = items.map(([sellerSku, quantity, packageNumber = 1]) => ({
			sellerSku,
			quantity,
			packageNumber,
			sellerFulfillmentOrderItemId: order.items.find((item) => item.sellerSku === sellerSku)?.sellerFulfillmentOrderItemId ?? 'L?',
		}));
		order.shipments = [
			...order.shipments.filter((one) => one.amazonShipmentId !== id),
			{
				amazonShipmentId: id,
				fulfillmentCenterId: 'MKC6',
				fulfillmentShipmentStatus: status,
				shippingDate: '2026-09-05T12:00:00Z',
				fulfillmentShipmentItem: held,
				...(packages.length > 0 ? { fulfillmentShipmentPackage: packages } : {}),
			},
		];
	}

	private tick(): number {
		return (this.now += 1000);
	}

	private answer(request: PeerRequest): PeerAnswer {
		const { method, path, headers, query, body } = request;
		if (path === '/auth/o2/token') return this.token(request.text);
		if (!this.tokens.has(headers['x-amz-access-token'] ?? ''))
			return {
				status: 403,
				body: {
					errors: [
						{
							code: 'Unauthorized',
							message: 'Access to requested resource is denied.',
							details: 'The access token you provided has expired.',
						},
					],
				},
			};
		const problems = description.check(request);
		if (problems.length > 0) return refused(problems.join('; '));
		const [, id, action] = /^\/([^/]+)(\/cancel)?$/.exec(path.slice(BASE.length)) ?? [];
		const operation = `${method} ${id === undefined ? 'orders' : action === undefined ? 'order' : 'cancel'}`;
		if (this.left[operation] === 0)
			return { status: 429, body: { errors: [{ code: 'QuotaExceeded', message: 'You exceeded your quota for the requested resource.' }] } };
		if (this.left[operation] !== undefined) this.left[operation] -= 1;
		if (operation === 'POST orders') return this.create(body as Json);
		if (operation === 'GET orders') return this.list(query);
		const order = this.orders.get(decodeURIComponent(id ?? ''));
		if (order === undefined) return this.unknown;
		if (operation === 'GET order')
			return {
				body: {
					payload: {
						fulfillmentOrder: viewOf(order),
						fulfillmentOrderItems: order.items,
						fulfillmentShipments: order.shipments,
						returnItems: [],
						returnAuthorizations: [],
					},
				},
			};
		if (!['New', 'Received', 'Planning'].includes(order.fulfillmentOrderStatus))
			return refused(`Fulfillment order ${order.sellerFulfillmentOrderId} cannot be cancelled in status ${order.fulfillmentOrderStatus}.`);
		if (!this.slowCancel) this.set(order, 'Cancelled');
		return { body: {} };
	}

	private token(text: string): PeerAnswer {
		const form = new URLSearchParams(text);
		if (
			form.get('grant_type') !== 'refresh_token' ||
			form.get('client_id') !== LWA.clientId ||
			form.get('client_secret') !== LWA.clientSecret
		)
			return { status: 401, body: { error: 'invalid_client' } };
		if (form.get('refresh_token') !== LWA.refreshToken)
			return {
				status: 400,
				body: { error: 'invalid_grant', error_description: 'The request has an invalid grant parameter : refresh_token' },
			};
		const token = `Atza|${(this.count += 1)}`;
		this.tokens.add(token);
		return { body: { access_token: token, token_type: 'bearer', expires_in: 3600, refresh_token: LWA.refreshToken } };
	}

	private create(body: Json): PeerAnswer {
		const id = String(body.sellerFulfillmentOrderId);
		if (this.orders.has(id)) return refused(`A fulfillment order with the id ${id} was created before.`);
		const items = body.items as Json[];
		const wrong = items.find(({ sellerSku }) => !this.skus.has(String(sellerSku)));
		if (wrong) return refused(`the SellerSKU for Item Id: ${String(wrong.sellerFulfillmentOrderItemId)} is invalid.`);
		const order = this.add(
			id,
			items.map(({ sellerSku, quantity }): [string, number] => [String(sellerSku), Number(quantity)]),
			'New',
		);
		order.items.forEach((item, index) => (item.sellerFulfillmentOrderItemId = items[index]!.sellerFulfillmentOrderItemId));
		order.given = body;
		return { body: {} };
	}

	private list(query: URLSearchParams): PeerAnswer {
		const from = Date.parse(query.get('queryStartDate') ?? '1970-01-01T00:00:00Z');
		const found = [...this.orders.values()].filter(({ statusUpdatedAt: at }) => at >= from);
		const start = Number(query.get('nextToken') ?? 0);
		const next = start + this.pageSize < found.length ? { nextToken: String(start + this.pageSize) } : {};
		return { body: { payload: { ...next, fulfillmentOrders: found.slice(start, start + this.pageSize).map(viewOf) } } };
	}
}

const refused = (message: string): PeerAnswer => ({ status: 400, body: { errors: [{ code: 'InvalidInput', message, details: '' }] } });

const viewOf = (order: AmazonOrder): Json => ({
	sellerFulfillmentOrderId: order.sellerFulfillmentOrderId,
	marketplaceId: 'ATVPDKIKX0DER',
	displayableOrderId: '1',
	displayableOrderDate: '2026-09-03T14:14:00Z',
	displayableOrderComment: 'Thanks',
	shippingSpeedCategory: 'Standard',
	destinationAddress: { name: 'Ada', addressLine1: '12 Byron St', postalCode: '02134', countryCode: 'US' },
	receivedDate: '2026-09-03T14:15:00Z',
	fulfillmentOrderStatus: order.fulfillmentOrderStatus,
	statusUpdatedDate: new Date(order.statusUpdatedAt).toISOString(),
	notificationEmails: [],
});
