/**
 * Checks what peers are asked, and what they answer, against a partner's published OpenAPI description (Swagger 2, OpenAPI 3.0 or
 * 3.1). The descriptions are not part of the repository: they are looked for in SPECS_DIR, else in `shared/specs` beside a folder
 * above. Without them nothing is checked, which is said in one line; in CI that is an error.
 *
 * Prism checks contract suites against the same descriptions (test/real/prism.ts). This stays for what Prism lets by, fields of a request and
 * query parameters that a description does not name, and because it needs no installation and so holds in every suite.
 */
import fs from 'node:fs';
import path from 'node:path';
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { parse } from 'yaml';
import type { PeerRequest } from './Peer';
import { leftOut } from '../../test/scope/leftOut';

type Json = Record<string, unknown>;

export interface OpenApi {
	/** False when the description is not on this machine: every check passes. */
	readonly available: boolean;
	/** What is wrong with a request, one text each: unknown path or query parameter, missing or mistyped value, unknown field. */
	check(request: Pick<PeerRequest, 'method' | 'path' | 'query' | 'body'>): string[];
	/** What is wrong with the body of an answer; fields that the description does not have are allowed. */
	checkAnswer(request: Pick<PeerRequest, 'method' | 'path'>, status: number, body: unknown): string[];
}

export interface OpenApiOptions {
	/** What comes before the paths of the description: "/stores/abc/v2". */
	prefix?: string;
	/** Brings names of query parameters into one form, for names that hold numbers. */
	queryName?: (name: string) => string;
	/** Problems that are faults of the description, by a part of their text. */
	known?: readonly (string | RegExp)[];
	/** Fields that the description forgot are allowed in request bodies. */
	openBodies?: boolean;
}

/** The path of a description, null when this machine does not have it. Throws in CI. @param name "bigcommerce/orders.v2.oas2.yml" */
export function specFile(name: string): string | null {
	for (const root of roots()) {
		const file = path.join(root, name);
		if (fs.existsSync(file)) return file;
	}
	leftOut(`checking requests against ${name}`, 'it is not on this machine: set SPECS_DIR to the folder that holds it');
	return null;
}

function* roots(): Generator<string> {
	if (process.env.SPECS_DIR) yield process.env.SPECS_DIR;
	for (let folder = path.resolve(__dirname, '../..'); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
		yield path.join(folder, 'shared/specs');
	}
}

const loaded = new Map<string, Json>();

/** Loads a description once for each test file. */
export function openApi(name: string, options: OpenApiOptions = {}): OpenApi {
	const file = specFile(name);
	if (file === null) return { available: false, check: () => [], checkAnswer: () => [] };
	const document = loaded.get(file) ?? (parse(fs.readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Json);
	loaded.set(file, document);
	return new Description(document, options);
}

const at = (value: unknown, ...keys: string[]): unknown =>
	keys.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), value);
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

class Description implements OpenApi {
	readonly available = true;
	private readonly compiled = new Map<string, ValidateFunction>();
	private readonly converter: Converter;

	constructor(
		private readonly document: Json,
		private readonly options: OpenApiOptions,
	) {
		this.converter = new Converter(document);
	}

	check({ method, path: whole, query, body }: Pick<PeerRequest, 'method' | 'path' | 'query' | 'body'>): string[] {
		const found = this.find(method, whole);
		if (found === null) return [`${method} ${whole}: no such operation`];
		const { operation, name, values, parameters } = found;
		const problems: string[] = [];
		const queryName = this.options.queryName ?? ((given: string) => given);
		const known = new Map(parameters.filter((one) => one.in === 'query').map((one) => [queryName(String(one.name)), one]));
		for (const parameter of parameters) {
			const key = String(parameter.name);
			if (parameter.in === 'path') problems.push(...this.value(`${name} path ${key}`, parameter, [values[key] ?? '']));
			if (
				parameter.in === 'query' &&
				parameter.required === true &&
				![...query.keys()].some((given) => queryName(given) === queryName(key))
			) {
				problems.push(`${name}: the query parameter ${key} is missing`);
			}
		}
		for (const given of new Set(query.keys())) {
			const parameter = known.get(queryName(given)) ?? known.get(given.replace(/\[\]$/, ''));
			if (parameter === undefined) problems.push(`${name}: the query parameter ${given} is not known`);
			else problems.push(...this.value(`${name} query ${given}`, parameter, query.getAll(given)));
		}
		problems.push(...this.body(name, operation, parameters, body));
		return problems.filter(
			(problem) => !(this.options.known ?? []).some((one) => (typeof one === 'string' ? problem.includes(one) : one.test(problem))),
		);
	}

	checkAnswer({ method, path: whole }: Pick<PeerRequest, 'method' | 'path'>, status: number, body: unknown): string[] {
		const found = this.find(method, whole);
		if (found === null) return [`${method} ${whole}: no such operation`];
		const responses = at(found.operation, 'responses');
		const response = this.converter.resolve(at(responses, String(status)) ?? at(responses, 'default'));
		if (!isObject(response)) return [`${found.name}: no answer ${status} is described`];
		const schema = response.schema ?? this.jsonContent(response.content);
		if (schema === undefined) return [];
		return this.run(`${found.name} answer ${status}`, schema, false, body);
	}

	private body(name: string, operation: Json, parameters: Json[], body: unknown): string[] {
		const inBody = parameters.find((one) => one.in === 'body');
		const requestBody = this.converter.resolve(operation.requestBody);
		const required = inBody?.required === true || at(requestBody, 'required') === true;
		const schema = inBody === undefined ? this.jsonContent(at(requestBody, 'content')) : inBody.schema;
		const absent = body === null || body === undefined || body === '';
		if (schema === undefined) return absent ? [] : [`${name}: takes no body`];
		if (absent) return required ? [`${name}: the body is missing`] : [];
		return this.run(`${name} body`, schema, this.options.openBodies !== true, body);
	}

	private jsonContent(content: unknown): unknown {
		if (!isObject(content)) return undefined;
		const type = Object.keys(content).find((one) => /json/.test(one)) ?? Object.keys(content)[0];
		return type === undefined ? undefined : at(content, type, 'schema');
	}

	/** A value of a path or of a query: text that must be readable as its type. */
	private value(where: string, parameter: Json, texts: string[]): string[] {
		const schema = isObject(parameter.schema)
			? parameter.schema
			: { type: parameter.type, items: parameter.items, enum: parameter.enum, format: parameter.format };
		const resolved = this.converter.resolve(schema);
		const isList = at(resolved, 'type') === 'array';
		const given = isList ? texts.flatMap((text) => text.split(',')) : texts[0];
		return this.run(where, schema, false, given, true);
	}

	private run(where: string, schema: unknown, closed: boolean, value: unknown, coerce = false): string[] {
		const key = `${where} ${closed} ${coerce}`;
		let validate = this.compiled.get(key);
		if (validate === undefined) {
			const ajv = new Ajv2020({
				strict: false,
				validateFormats: false,
				allErrors: true,
				coerceTypes: coerce ? 'array' : false,
				logger: false,
			});
			validate = ajv.compile(this.converter.schema(schema, closed));
			this.compiled.set(key, validate);
		}
		// Wrapped values are coerced in place.
		return validate({ value: structuredClone(value) }) ? [] : (validate.errors ?? []).map((error) => `${where}: ${inWords(error)}`);
	}

	private find(
		method: string,
		whole: string,
	): { name: string; operation: Json; values: Record<string, string>; parameters: Json[] } | null {
		const prefix = this.options.prefix ?? '';
		if (!whole.startsWith(prefix)) return null;
		const wanted = whole.slice(prefix.length).split('/');
		let best: { template: string; values: Record<string, string> } | null = null;
		for (const template of Object.keys(this.document.paths as Json)) {
			const parts = template.split('/');
			if (parts.length !== wanted.length || !isObject(at(this.document.paths, template, method.toLowerCase()))) continue;
			const values: Record<string, string> = {};
			const fits = parts.every((part, index) => {
				// "{orderId}:cancel" names an action behind the value.
				const [, name, action = ''] = /^\{([^}]+)\}(.*)$/.exec(part) ?? [];
				if (name === undefined) return part === wanted[index];
				if (!wanted[index]!.endsWith(action)) return false;
				values[name] = decodeURIComponent(wanted[index]!.slice(0, wanted[index]!.length - action.length));
				return values[name] !== '';
			});
			if (fits && (best === null || Object.keys(values).length < Object.keys(best.values).length)) best = { template, values };
		}
		if (best === null) return null;
		const item = at(this.document.paths, best.template) as Json;
		const operation = item[method.toLowerCase()] as Json;
		const own = list(operation.parameters).map((one) => this.converter.resolve(one) as Json);
		const shared = list(item.parameters).map((one) => this.converter.resolve(one) as Json);
		const parameters = [...own, ...shared.filter((one) => !own.some((other) => other.name === one.name && other.in === one.in))];
		return { name: `${method} ${best.template}`, operation, values: best.values, parameters };
	}
}

function inWords({ instancePath, message, params, keyword }: ErrorObject): string {
	const place = instancePath.replace(/^\/value/, '') || 'it';
	const more =
		keyword === 'unevaluatedProperties'
			? ` (${String(params.unevaluatedProperty)})`
			: keyword === 'additionalProperties'
				? ` (${String(params.additionalProperty)})`
				: keyword === 'enum'
					? ` (${String(params.allowedValues)})`
					: '';
	return `${place} ${message ?? keyword}${more}`;
}

/** From the dialects of OpenAPI to JSON Schema. A closed schema refuses fields that it does not name. */
class Converter {
	constructor(private readonly document: Json) {}

	resolve(value: unknown): unknown {
		let current = value;
		for (let depth = 0; isObject(current) && typeof current.$ref === 'string' && depth < 20; depth += 1)
			current = this.pointer(current.$ref);
		return current;
	}

	schema(schema: unknown, closed: boolean): Json {
		const definitions: Json = {};
		const value = this.convert(schema, closed, definitions);
		return { type: 'object', properties: { value }, required: ['value'], $defs: definitions };
	}

	private pointer(reference: string): unknown {
		if (!reference.startsWith('#/')) throw new Error(`reference outside the description: ${reference}`);
		const keys = reference
			.slice(2)
			.split('/')
			.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
		return keys.reduce<unknown>((part, key) => (Array.isArray(part) ? (part as unknown[])[Number(key)] : at(part, key)), this.document);
	}

	/** @param part of a composition: whether fields are too many is for the whole to say, though descriptions close their parts as well */
	private convert(schema: unknown, closed: boolean, definitions: Json, part = false): unknown {
		if (!isObject(schema)) return schema ?? true;
		if (typeof schema.$ref === 'string') {
			const name = `${schema.$ref.replace(/[^A-Za-z0-9]+/g, '_')}${closed ? '_closed' : ''}${part ? '_part' : ''}`;
			if (!(name in definitions)) {
				definitions[name] = true;
				definitions[name] = this.convert(this.pointer(schema.$ref), closed, definitions, part);
			}
			return { $ref: `#/$defs/${name}` };
		}
		const result: Json = {};
		for (const [key, value] of Object.entries(schema)) {
			if (key === 'properties' && isObject(value)) {
				result.properties = Object.fromEntries(
					Object.entries(value).map(([name, property]) => [name, this.convert(property, closed, definitions)]),
				);
			} else if (['allOf', 'anyOf', 'oneOf'].includes(key))
				result[key] = (value as unknown[]).map((one) => this.convert(one, false, definitions, key === 'allOf'));
			else if (key === 'items') result.items = this.convert(Array.isArray(value) ? value[0] : value, closed, definitions);
			else if (key === 'additionalProperties') {
				if (value !== false) result[key] = this.convert(value, closed, definitions);
				else if (!part) result.unevaluatedProperties = false;
			} else if (KEPT.has(key)) result[key] = value;
		}
		// Swagger and OpenAPI 3.0 write an exclusive bound as a flag.
		for (const [bound, exclusive] of [
			['minimum', 'exclusiveMinimum'],
			['maximum', 'exclusiveMaximum'],
		] as const) {
			if (typeof schema[exclusive] !== 'boolean') continue;
			delete result[exclusive];
			if (schema[exclusive] === true) {
				result[exclusive] = schema[bound];
				delete result[bound];
			}
		}
		if (typeof result.type === 'string' && !JSON_TYPES.has(result.type)) delete result.type;
		if (result.required !== undefined && !Array.isArray(result.required)) delete result.required;
		if (result.enum !== undefined && (!Array.isArray(result.enum) || result.enum.length === 0)) delete result.enum;
		const composed = schema.allOf !== undefined || schema.anyOf !== undefined || schema.oneOf !== undefined;
		if (closed && (isObject(schema.properties) || composed) && schema.additionalProperties === undefined)
			result.unevaluatedProperties = false;
		return schema.nullable === true ? { anyOf: [{ type: 'null' }, result] } : result;
	}
}

const JSON_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** Those that mean the same in each dialect; descriptions hold mistaken patterns and examples, which are left out. */
const KEPT = new Set([
	'type',
	'enum',
	'const',
	'required',
	'minimum',
	'maximum',
	'exclusiveMinimum',
	'exclusiveMaximum',
	'minLength',
	'maxLength',
	'minItems',
	'maxItems',
	'not',
]);
