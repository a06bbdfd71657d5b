/**
 * A shop that executes our documents with graphql-js on the published schema of the Admin API, keeps state, pages by cursor and throttles by
 * cost as Shopify does. Written from Shopify's documentation.
 */
import { defaultFieldResolver, execute, GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { API_VERSION } from '../../../lib/carts/shopify/graphql';
import { documentsOf } from '../documents';
import { Peer, type PeerAnswer, type PeerRequest } from '../Peer';
import { actualCost, MAX_QUERY_COST, requestedCost } from './cost';
import { rootOf } from './root';
import { adminSchema } from './schema';
import { Shop } from './Shop';

export const TOKEN = 'shpat_test';

/** Built when a test file is loaded: the first time it may have to be installed. */
const schema = adminSchema();
const read = documentsOf(schema);

export interface ShopifyPeer {
	peer: Peer;
	shop: Shop;
	/** The bucket of points; the tests' clock is the real one. */
	bucket: { level: number; capacity: number; perSecond: number; at: number };
	/** Names of the operations so far. */
	operations: string[];
	/** What was refused for too many points. */
	throttled: number;
	/** The merchant closed the shop, or did not pay for it. */
	inactive: boolean;
	/** Runs before an operation is carried out. */
	before: (operation: string) => void;
}

export async function openShopify({ capacity = 1_000_000, perSecond = 1_000_000, now = () => Date.now() } = {}): Promise<ShopifyPeer> {
	const shop = new Shop();
	const root = rootOf(shop);
	const state: ShopifyPeer = {
		peer: await Peer.open(async (request) => ({ headers: { date: new Date(shop.now * 1000).toUTCString() }, ...(await answer(request)) })),
		shop,
		bucket: { level: capacity, capacity, perSecond, at: now() },
		operations: [],
		throttled: 0,
		inactive: false,
		before: () => undefined,
	};
	return state;

	async function answer(request: PeerRequest): Promise<PeerAnswer> {
		if (request.path !== `/admin/api/${API_VERSION}/graphql.json` || request.method !== 'POST')
			return { status: 404, body: { errors: 'Not Found' } };
		if (request.headers['x-shopify-access-token'] !== TOKEN) {
			return { status: 401, body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' } };
		}
		if (state.inactive)
			return {
				body: {
					errors: [
						{
							message: 'The shop is not active.',
							extensions: { code: 'SHOP_INACTIVE', documentation: 'https://shopify.dev/api/usage/response-codes' },
						},
					],
				},
			};
		const {
			query,
			variables = {},
			operationName,
		} = request.body as { query: string; variables?: Record<string, unknown>; operationName: string };
		const { document, mistakes } = read(query);
		if (mistakes.length > 0)
			return { body: { errors: mistakes.map(({ message }) => ({ message, extensions: { code: 'undefinedField' } })) } };
		const isMutation = /^\s*mutation/.test(query);
		const requested = requestedCost(schema, document, variables);
		if (requested > MAX_QUERY_COST) {
			return {
				body: {
					errors: [
						{
							message: `Query cost is ${requested}, which exceeds the single query max cost limit (${MAX_QUERY_COST}).`,
							extensions: { code: 'MAX_COST_EXCEEDED' },
						},
					],
				},
			};
		}
		const { bucket } = state;
		const time = now();
		bucket.level = Math.min(bucket.capacity, bucket.level + ((time - bucket.at) / 1000) * bucket.perSecond);
		bucket.at = time;
		const cost = (actual: number | null) => ({
			requestedQueryCost: requested,
			actualQueryCost: actual,
			throttleStatus: { maximumAvailable: bucket.capacity, currentlyAvailable: Math.floor(bucket.level), restoreRate: bucket.perSecond },
		});
		if (bucket.level < requested) {
			state.throttled += 1;
			return {
				body: {
					errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' } }],
					extensions: { cost: cost(null) },
				},
			};
		}
		state.before(operationName);
		state.operations.push(operationName);
		const result = await execute({ schema, document, rootValue: root, variableValues: variables, operationName, fieldResolver: modelled });
		const actual = actualCost(result.data, isMutation);
		bucket.level -= Math.min(actual, requested);
		return {
			body: {
				...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
				data: result.data,
				extensions: { cost: cost(actual) },
			},
		};
	}
}

/** A field that the peer does not know would silently be null. */
const modelled: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
	if (typeof source === 'object' && source !== null && !(info.fieldName in source))
		throw new GraphQLError(`peer: ${info.parentType.name}.${info.fieldName} is not modelled`);
	return defaultFieldResolver(source, args, context, info);
};
