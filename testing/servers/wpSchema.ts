/** The arguments that a WordPress site says it takes, route by route, from its own index (`/wp-json/wc/v3?context=help`). */
import fs from 'node:fs';
import Ajv from 'ajv';
import type { PeerRequest } from './Peer';
import { specFile } from './openApi';

type Json = Record<string, unknown>;
interface Index {
	routes: Record<string, { endpoints: Array<{ methods: string[]; args: Json }> }>;
}

let index: Index | null | undefined;

/** What is wrong with the arguments of a request, WordPress's 400; nothing when the index is not on this machine. @param more statuses of plugins */
export function wooArguments({ method, path, query, body }: PeerRequest, more: readonly string[]): string[] {
	if (index === undefined) {
		const file = specFile('woocommerce/wc-v3-index-9.9.5.json');
		index = file === null ? null : (JSON.parse(fs.readFileSync(file, 'utf8')) as Index);
	}
	if (index === null) return [];
	const route = path.replace(/^\/wp-json/, '');
	const found = Object.entries(index.routes).find(([pattern]) => new RegExp(`^${pattern.replaceAll('(?P<', '(?<')}$`).test(route));
	const endpoint = found?.[1].endpoints.find(({ methods }) => methods.includes(method));
	if (found === undefined || endpoint === undefined) return [`${method} ${route}: rest_no_route`];
	const inPath = new RegExp(`^${found[0].replaceAll('(?P<', '(?<')}$`).exec(route)?.groups ?? {};
	const properties = Object.fromEntries(Object.entries(endpoint.args).map(([name, schema]) => [name, cleaned(schema, more)]));
	const given = {
		...inPath,
		...Object.fromEntries([...query].map(([name, value]) => [name, listed(properties[name], value)])),
		...(body as Json | null),
	};
	// WordPress takes `_fields` everywhere.
	// Of a batch the index names what one order of it takes; WordPress does not look at the values.
	const names = Object.fromEntries(Object.keys(properties).map((name) => [name, {}]));
	const parts = route.endsWith('/batch')
		? {
				update: {
					type: 'array',
					items: { type: 'object', properties: { ...names, id: { type: 'integer' } }, required: ['id'], additionalProperties: false },
				},
			}
		: {};
	const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, coerceTypes: true, logger: false });
	const validate = ajv.compile({
		type: 'object',
		properties: {
			...properties,
			...parts,
			id: { type: 'integer' },
			order_id: { type: 'integer' },
			product_id: { type: 'integer' },
			_fields: { type: 'string' },
			consumer_key: { type: 'string' },
			consumer_secret: { type: 'string' },
		},
		additionalProperties: false,
	});
	return validate(structuredClone(given))
		? []
		: (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
}

const listed = (schema: unknown, value: string): unknown => ((schema as Json | undefined)?.type === 'array' ? value.split(',') : value);

/** WordPress writes `required` as a flag of the argument, and types of its own. */
function cleaned(schema: unknown, more: readonly string[]): unknown {
	if (typeof schema !== 'object' || schema === null) return schema;
	const { type, enum: values, items, properties, minimum, maximum } = schema as Json;
	const known = typeof type === 'string' && ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null'].includes(type);
	return {
		...(known ? { type } : {}),
		...(Array.isArray(values) ? { enum: [...new Set([...(values as unknown[]), ...(values.includes('processing') ? more : [])])] } : {}),
		...(items === undefined ? {} : { items: cleaned(items, more) }),
		...(typeof properties === 'object' && properties !== null && !Array.isArray(properties)
			? {
					properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, cleaned(part, more)])),
					additionalProperties: false,
				}
			: {}),
		...(minimum === undefined ? {} : { minimum }),
		...(maximum === undefined ? {} : { maximum }),
	};
}
