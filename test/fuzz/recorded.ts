/** What a partner answered once, so that it can be given again, changed at one place, some thousand times a second. */
import { responseFrom, type Http, type HttpRequest } from '../../lib/http/Http';
import { mutate, type Json, type Mutation, type Place } from './mutations';

export interface Answer {
	request: Pick<HttpRequest, 'method' | 'url' | 'query' | 'body'>;
	/** Default: 200. */
	status?: number;
	headers: Record<string, string>;
	body: Json;
}

/** Calls that pass through are written down. */
export function recording(http: Http, tape: Answer[]): Http {
	return async (request) => {
		const response = await http(request);
		const { method, url, query, body } = request;
		if (response.status < 300)
			tape.push(
				structuredClone({
					request: { method, url, ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) },
					...(response.status === 200 ? {} : { status: response.status }),
					headers: response.headers,
					body: response.body as Json,
				}),
			);
		return response;
	};
}

/** Moments differ from run to run, and may come from what is changed. */
const keyOf = ({ method, url, query, body }: Answer['request']): string =>
	JSON.stringify([method, url, query ?? null, body ?? null]).replaceAll(
		/[+-]?\d{4,6}-\d\d-\d\d[T ]\d\d(?::|%3A)?\d\d(?::|%3A)?\d\d(?:\.\d+)?Z?/g,
		'*',
	);

/** One operation of a GraphQL or RPC address, whatever it is asked about. */
const operationOf = ({ method, url, body }: Answer['request']): string | null =>
	typeof body !== 'object' || body === null || Array.isArray(body)
		? null
		: JSON.stringify([method, url, body.operationName ?? body.method ?? null]);

/** Gives what was recorded; of what was not, the partner knows nothing. */
export function replaying(tape: readonly Answer[]): Http {
	const exact = new Map(tape.map((answer) => [keyOf(answer.request), answer]));
	const alike = new Map([...tape].reverse().map((answer) => [operationOf(answer.request), answer]));
	return async (request) => {
		const operation = operationOf(request);
		const answer = exact.get(keyOf(request)) ?? (operation === null ? undefined : alike.get(operation));
		await Promise.resolve();
		if (answer === undefined && operation !== null)
			return responseFrom(
				200,
				{ 'content-type': 'application/json' },
				JSON.stringify({ errors: [{ message: 'There is no such thing.' }], error: ['UserError', ['There is no such thing.', '']] }),
			);
		const { headers, body } = (answer && onlyAsked(answer, request)) ?? { headers: {}, body: { message: 'There is no such thing.' } };
		return responseFrom(
			answer === undefined ? 404 : (answer.status ?? 200),
			{ ...headers, 'content-type': 'application/json' },
			body === null ? '' : JSON.stringify(body),
		);
	};
}

/** By "nodes(ids)" of GraphQL those are given that are asked for, each in its place. */
function onlyAsked(answer: Answer, { body }: HttpRequest): Answer {
	const idsIn = (request: unknown): unknown => ((request ?? {}) as { variables?: { ids?: unknown } }).variables?.ids;
	const [asked, known] = [idsIn(body), idsIn(answer.request.body)];
	const { data } = (answer.body ?? {}) as { data?: { nodes?: Json } };
	// A list by ids has one entry for each.
	const nodes =
		Array.isArray(data?.nodes) && Array.isArray(known) && data.nodes.length > known.length ? data.nodes.toSpliced(1, 1) : data?.nodes;
	if (!Array.isArray(asked) || !Array.isArray(known) || !Array.isArray(nodes)) return answer;
	return { ...answer, body: { data: { nodes: asked.map((id) => nodes[known.indexOf(id)] ?? null) } } };
}

/**
 * Where the second of three entries stands: in each list of three, and in each answer to a request that names it.
 *
 * @param tape a copy that may be changed
 * @param named what only requests about it have in their address
 */
function placesOf(tape: readonly Answer[], named: RegExp | null): Array<Place & { other?: Json }> {
	return tape.flatMap((answer, index): Array<Place & { other?: Json }> => {
		const { method, url } = answer.request;
		const at = `${index} ${method} ${url.slice(0, 60)}`;
		if (named?.test(url) === true) {
			const { body } = answer;
			if (Array.isArray(body)) return body.map((_, each) => ({ holder: body, key: each, path: `${at} [${each}]` }));
			return typeof body === 'object' && body !== null ? Object.keys(body).map((key) => ({ holder: body, key, path: `${at} ${key}` })) : [];
		}
		const found = listOfThree(answer.body, 0);
		return found === null ? [] : [{ holder: found, key: 1, path: `${at} [1]`, other: found[0]! }];
	});
}

function listOfThree(value: Json, depth: number): Json[] | null {
	if (typeof value !== 'object' || value === null || depth > 4) return null;
	if (Array.isArray(value)) return value.length === 3 && value.every((each) => typeof each === 'object' && each !== null) ? value : null;
	for (const inner of Object.values(value)) {
		const found = listOfThree(inner, depth + 1);
		if (found !== null) return found;
	}
	return null;
}

/** The tape with one place of the second entry changed, and which one. */
export function changedTape(tape: readonly Answer[], named: RegExp | null, mutation: Mutation): { changed: Answer[]; place: string } {
	const changed = structuredClone(tape) as Answer[];
	const places = placesOf(changed, named);
	if (places.length === 0) throw new Error('No entry stands in any answer');
	return { changed, place: mutate(places, mutation) };
}
