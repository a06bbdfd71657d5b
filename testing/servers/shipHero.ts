/**
 * ShipHero as its documentation has it: documents are executed on its published schema, credits are counted, errors come in a 200, an order
 * is created as often as it is sent, and access tokens expire.
 */
import {
	defaultFieldResolver,
	execute,
	getNamedType,
	GraphQLError,
	GraphQLObjectType,
	Kind,
	parse,
	type FieldNode,
	type GraphQLFieldResolver,
	type GraphQLNamedType,
	type OperationDefinitionNode,
	type SelectionSetNode,
} from 'graphql';
import { documentsOf } from './documents';
import { Peer, type PeerAnswer, type PeerRequest } from './Peer';
import { shipHeroSchema } from './shipHeroSchema';

type Json = Record<string, unknown>;

interface ShipHeroLine extends Json {
	id: string;
	sku: string;
	quantity: number;
}

export interface ShipHeroOrder {
	id: string;
	partner_order_id: string;
	fulfillment_status: string;
	customer_account_id: string | null;
	lines: ShipHeroLine[];
	shipments: ShipHeroShipment[];
	given: Json;
	updatedAt: number;
}

interface ShipHeroShipment extends Json {
	id: string;
	labels: Json[];
	held: Array<{ line: ShipHeroLine; quantity: number; label?: string | undefined }>;
}

export const REFRESH_TOKEN = 'refresh-test';
const schema = shipHeroSchema();
const read = documentsOf(schema);

/** An error as ShipHero's resolvers report it. */
class Refusal extends GraphQLError {
	constructor(
		message: string,
		readonly number: number,
	) {
		super(message);
	}
}

export class ShipHeroPeer {
	readonly orders: ShipHeroOrder[] = [];
	/** Names of the operations that were carried out. */
	readonly operations: string[] = [];
	tokens = new Set<string>(['access-0']);
	credits = { level: 1_000_000, capacity: 1_000_000, perSecond: 1_000_000 };
	throttled = 0;
	/** Errors beside whatever is answered. */
	complaints: Json[] = [];
	/** Long past by our clock, so that tests may let time pass there. */
	now = Date.now() - 86_400_000;
	peer!: Peer;
	private keys = 100;

	static async open(): Promise<ShipHeroPeer> {
		const shipHero = new ShipHeroPeer();
		shipHero.peer = await Peer.open(async (request) => {
			const answer = await shipHero.answer(request);
			return { ...answer, headers: { date: new Date(shipHero.now).toUTCString(), ...answer.headers } };
		});
		return shipHero;
	}

	references(): string[] {
		return this.orders
			.filter(({ fulfillment_status: status }) => status !== 'canceled')
			.map(({ partner_order_id: reference }) => reference);
	}

	add(reference: string, products: Array<[sku: string, quantity: number]>, customer: string | null = null): ShipHeroOrder {
		const lines = products.map(([sku, quantity], index) => ({
			id: `line-${(this.keys += 1)}`,
			sku,
			partner_line_item_id: `L${index + 1}`,
			quantity,
			quantity_shipped: 0,
			fulfillment_status: 'pending',
		}));
		const order = {
			id: `order-${(this.keys += 1)}`,
			partner_order_id: reference,
			fulfillment_status: 'pending',
			customer_account_id: customer,
			lines,
			shipments: [],
			given: {},
			updatedAt: this.tick(),
		};
		this.orders.push(order);
		return order;
	}

	/** @param held by SKU, with the label whose parcel it is in */
	ship(
		order: ShipHeroOrder,
		id: string,
		labels: Json[],
		held: Array<[sku: string, quantity: number, label?: string]>,
		changes: Json = {},
	): void {
		const lines = held.map(([sku, quantity, label]) => ({ line: order.lines.find((line) => line.sku === sku)!, quantity, label }));
		const shipment = {
			id,
			labels,
			held: lines,
			created_date: '2026-09-05T12:00:00',
			completed: false,
			dropshipment: false,
			shipped_off_shiphero: false,
			...changes,
		};
		order.shipments = [...order.shipments.filter((one) => one.id !== id), shipment];
		order.updatedAt = this.tick();
	}

	touch(order: ShipHeroOrder): void {
		order.updatedAt = this.tick();
	}

	private tick(): number {
		return (this.now += 1000);
	}

	private async answer(request: PeerRequest): Promise<PeerAnswer> {
		const { method, path, headers, body } = request;
		if (method === 'POST' && path === '/auth/refresh') {
			if ((body as Json).refresh_token !== REFRESH_TOKEN)
				return { status: 403, body: { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' } };
			const token = `access-${(this.keys += 1)}`;
			this.tokens.add(token);
			return { body: { access_token: token, expires_in: 2419200, scope: 'openid profile offline_access', token_type: 'Bearer' } };
		}
		if (method !== 'POST' || path !== '/graphql') return { status: 404 };
		if (!this.tokens.has(String(headers.authorization).replace('Bearer ', '')))
			return { status: 401, body: { code: 'token_expired', description: 'token is expired' } };
		return await this.execute(body as { query: string; variables?: Json; operationName?: string });
	}

	private async execute({
		query,
		variables = {},
		operationName,
	}: {
		query: string;
		variables?: Json;
		operationName?: string;
	}): Promise<PeerAnswer> {
		const { document, mistakes } = read(query);
		if (mistakes.length > 0) return { status: 400, body: { errors: mistakes.map(({ message }) => ({ message })) } };
		const operation = document.definitions[0] as OperationDefinitionNode;
		const required =
			complexity(operation.selectionSet, operation.operation === 'mutation' ? schema.getMutationType()! : schema.getQueryType()!) +
			(operation.operation === 'mutation' ? 10 : 0);
		const { credits } = this;
		if (credits.level < required) {
			this.throttled += 1;
			const seconds = Math.ceil((required - credits.level) / credits.perSecond);
			const message = `There are not enough credits to perform the requested operation, which requires ${required} credits, but the are only ${credits.level} left. In ${seconds} seconds you will have enough credits to perform the operation`;
			return {
				body: {
					errors: [
						{
							code: 30,
							message,
							required_credits: required,
							remaining_credits: credits.level,
							max_available: credits.capacity,
							increment_rate: credits.perSecond,
							time_remaining: `${seconds} seconds`,
							operation: operationName,
							request_id: 'r',
						},
					],
				},
			};
		}
		this.operations.push(String(operationName));
		const result = await execute({ schema, document, rootValue: this.root(), variableValues: variables, fieldResolver: modelled });
		const errors = [...(result.errors ?? []).map((error) => inWords(error)), ...this.complaints];
		return { body: { ...(errors.length === 0 ? {} : { errors }), data: result.data } };
	}

	private root() {
		const { credits } = this;
		const known = (id: string): ShipHeroOrder => {
			const order = this.orders.find((one) => one.id === id);
			if (order === undefined) throw new Refusal('Order not found', 5);
			return order;
		};
		return {
			user_quota: { credits_remaining: credits.level, max_available: credits.capacity, increment_rate: credits.perSecond },
			orders: ({
				partner_order_id: reference,
				updated_from: from,
				customer_account_id: customer,
			}: Record<string, string | null | undefined>) => ({
				request_id: 'r',
				complexity: 1,
				data: (page: Page) =>
					connection(
						this.orders
							// As many filters do, it matches the beginning of a value.
							.filter(
								(order) =>
									(reference ? order.partner_order_id.startsWith(reference) : true) && (from ? order.updatedAt > Date.parse(from) : true),
							)
							.filter((order) => (customer ? order.customer_account_id === customer : true))
							.map(orderView),
						page,
					),
			}),
			order: ({ id }: { id: string }) => ({ request_id: 'r', complexity: 1, data: orderView(known(id)) }),
			shipment: ({ id }: { id: string }) => ({
				request_id: 'r',
				complexity: 1,
				data: shipmentView(this.orders.flatMap(({ shipments }) => shipments).find((one) => one.id === id)!),
			}),
			order_create: ({ data }: { data: Json }) => {
				const items = data.line_items as Json[] | undefined;
				if (!items || items.length === 0) throw new Refusal('At least one line item is required', 4);
				if ((data.shipping_address as Json).zip === '00000') throw new Refusal('shipping_address.zip: invalid value', 4);
				const order = this.add(
					String(data.partner_order_id),
					items.map(({ sku, quantity }): [string, number] => [String(sku), Number(quantity)]),
					(data.customer_account_id as string | undefined) ?? null,
				);
				order.given = data;
				items.forEach((item, index) => (order.lines[index]!.partner_line_item_id = item.partner_line_item_id));
				return { request_id: 'r', complexity: 10, order: orderView(order) };
			},
			order_cancel: ({ data }: { data: { order_id: string; force?: boolean } }) => {
				const order = known(data.order_id);
				if (data.force !== true && order.shipments.some(({ labels }) => labels.some(({ status }) => status === 'valid')))
					throw new Refusal('The order has a valid label', 4);
				order.fulfillment_status = 'canceled';
				this.touch(order);
				return { request_id: 'r', complexity: 10, order: orderView(order) };
			},
		};
	}
}

interface Page {
	first?: number | null;
	after?: string | null;
}

function connection<T>(all: readonly T[], { first, after }: Page) {
	const start = after ? Number(Buffer.from(after, 'base64').toString().replace('arrayconnection:', '')) + 1 : 0;
	const cursor = (index: number) => Buffer.from(`arrayconnection:${index}`).toString('base64');
	const nodes = all.slice(start, start + (first ?? 100));
	return {
		pageInfo: {
			hasNextPage: start + nodes.length < all.length,
			hasPreviousPage: start > 0,
			startCursor: cursor(start),
			endCursor: nodes.length === 0 ? null : cursor(start + nodes.length - 1),
		},
		edges: nodes.map((node, index) => ({ node, cursor: cursor(start + index) })),
	};
}

const orderView = (order: ShipHeroOrder) => ({
	id: order.id,
	partner_order_id: order.partner_order_id,
	fulfillment_status: order.fulfillment_status,
	line_items: (page: Page) => connection(order.lines, page),
	shipments: order.shipments.map(shipmentView),
});

const shipmentView = ({ labels, held, ...shipment }: ShipHeroShipment) => ({
	...shipment,
	shipping_labels: labels.map((label) => ({
		carrier: null,
		shipping_name: null,
		shipping_method: null,
		created_date: null,
		refunded: false,
		tracking_number: null,
		...label,
	})),
	line_items: (page: Page) =>
		connection(
			held.map(({ line, quantity, label }) => ({ quantity, shipping_label_id: label ?? null, line_item: line })),
			page,
		),
});

const inWords = (error: GraphQLError): Json => ({
	message: error.message,
	operation: error.path?.[0] ?? null,
	field: error.path?.[0] ?? null,
	request_id: 'r',
	code: error.originalError instanceof Refusal ? error.originalError.number : error instanceof Refusal ? error.number : 1,
});

/** A field that the peer does not know would silently be null. */
const modelled: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
	if (typeof source === 'object' && source !== null && !(info.fieldName in source))
		throw new GraphQLError(`peer: ${info.parentType.name}.${info.fieldName} is not modelled`);
	return defaultFieldResolver(source, args, context, info);
};

/** A list costs its length times what an entry costs; without `first` it counts as 100. */
function complexity(set: SelectionSetNode, parent: GraphQLNamedType): number {
	if (!(parent instanceof GraphQLObjectType)) return 0;
	return set.selections.reduce((sum, selection) => (selection.kind === Kind.FIELD ? sum + fieldComplexity(selection, parent) : sum), 0);
}

function fieldComplexity(field: FieldNode, parent: GraphQLObjectType): number {
	if (field.selectionSet === undefined) return 0;
	const type = getNamedType(parent.getFields()[field.name.value]!.type);
	const inner = complexity(field.selectionSet, type);
	if (!type.name.endsWith('Connection')) return inner;
	const first = field.arguments?.find(({ name }) => name.value === 'first')?.value;
	return (first?.kind === Kind.INT ? Number(first.value) : 100) * (1 + inner);
}

/** What a document reserves. */
export function requiredCredits(text: string): number {
	const operation = parse(text).definitions[0] as OperationDefinitionNode;
	return operation.operation === 'mutation'
		? 10 + complexity(operation.selectionSet, schema.getMutationType()!)
		: complexity(operation.selectionSet, schema.getQueryType()!);
}
