/** Shopify's Admin API as it is published: what a document asks for must be in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { API_VERSION } from '../../../lib/carts/shopify/graphql';

let built: GraphQLSchema | null = null;

/** Takes two or three seconds the first time. */
export function adminSchema(): GraphQLSchema {
	if (built !== null) return built;
	const locate = createRequire(__filename)(path.join(__dirname, '../../../scripts/shopify-schema.cjs')) as (version: string) => string;
	const { data } = JSON.parse(gunzipSync(readFileSync(locate(API_VERSION))).toString('utf8')) as { data: IntrospectionQuery };
	return (built = buildClientSchema(data, { assumeValid: true }));
}
