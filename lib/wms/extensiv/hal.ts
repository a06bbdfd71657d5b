/** The forms of Extensiv's API: HAL with documentation addresses as keys, RQL filters, errors as .NET writes them. */
import type { Http, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, PartnerError } from '../../http/partner';
import { shown, type FieldProblem } from '../../order/errors';
import { objectsOf } from '../common/entries';
import { isList, isObject, type JsonObject, meaningOf, objectsIn, piecesOf, textOf } from '../common/json';

const REL = 'http://api.3plCentral.com/rels/orders/';

export const EMBEDDED_ITEMS = `${REL}item`;

/** What stands in an order beside its own fields. Throws MappingError for what is no list of objects. @param name "order", "item", "package", "packagecontent" */
export function embedded(from: unknown, name: string): JsonObject[] {
	const { all, key } = placeOf(from, name);
	return key === undefined ? [] : objectsOf(all, key, 'Look at the order in Extensiv; record it by hand with Order Store if it left.');
}

function placeOf(from: unknown, name: string): { all: JsonObject; key: string | undefined } {
	const all = isObject(from) && isObject(from._embedded) ? from._embedded : {};
	// Letter case of the host differs between their pages and their answers.
	return { all, key: Object.keys(all).find((one) => one.toLowerCase() === `${REL}${name}`.toLowerCase()) };
}

/** The list of orders in an answer. Throws when it holds none, which is not the same as an empty one. */
export function ordersIn(body: unknown): unknown[] {
	const { all, key } = placeOf(body, 'order');
	const orders: unknown = key === undefined ? [] : all[key];
	if (
		!isList(orders) ||
		(orders.length === 0 && !(isObject(body) && piecesOf(body.totalResults) === 0) && !(isObject(body) && isObject(body._embedded)))
	) {
		throw new PartnerError(
			'unexpected_answer',
			'Extensiv answered /orders with something that is not a list of orders.',
			'It is retried automatically.',
			{ received: 'maybe', body },
		);
	}
	return orders;
}

export const readOnlyOf = (order: JsonObject): JsonObject => (isObject(order.readOnly) ? order.readOnly : {});

/** A value in a filter: what has a meaning there is encoded, and once more with the address, since Extensiv decodes twice. */
export const rqlValue = (text: string): string =>
	text.replace(/[%!()*=,;'"\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

const REMEDY =
	'Check the Extensiv credential: client ID and secret, the user login, and the roles of the connection (OrderView, OrderWrite, OrderEdit). Work resumes automatically afterwards.';

type Call = (request: HttpRequest) => Promise<HttpResponse>;

/** @param http signed in with a bearer token */
export const callWith =
	(http: Http): Call =>
	async (request) =>
		await callPartner(
			async (each) => withHttpStatus(await http(each)),
			{
				...request,
				headers: {
					accept: 'application/hal+json',
					...(request.body === undefined ? {} : { 'content-type': 'application/hal+json' }),
					...request.headers,
				},
			},
			{ label: 'Extensiv', credentialsRemedy: REMEDY, messageOf },
		);

/** 403 is the answer to a missing role, and to what an order's state does not allow: only the first is about credentials. */
function withHttpStatus(response: HttpResponse): HttpResponse {
	return response.status === 403 && String(isObject(response.body) ? response.body.$type : '').includes('OperationException')
		? { ...response, status: 409 }
		: response;
}

export const errorCodeOf = (error: unknown): string =>
	error instanceof PartnerError && isObject(error.details.body) ? (textOf(error.details.body.ErrorCode) ?? '') : '';

function messageOf(body: unknown): string | null {
	if (!isObject(body)) return typeof body === 'string' && !body.trim().startsWith('<') ? body.trim() || null : null;
	const said = [
		textOf(body.ErrorCode),
		textOf(body.Hint),
		textOf(body.Message) ?? textOf(body.error_description) ?? textOf(body.error),
	].filter((part) => part !== null);
	return said.length === 0 ? null : said.join(': ');
}

const CODES: Readonly<Record<string, FieldProblem['code']>> = { Required: 'missing_field', DoesNotExist: 'rejected_by_wms' };

/** The fields that Extensiv names when it refuses an order. */
export function problemsOf(error: PartnerError): FieldProblem[] {
	const { body } = error.details;
	const properties = objectsIn(isObject(body) ? body.Properties : null);
	const code = errorCodeOf(error);
	if (properties.length === 0) return [{ field: 'order', problem: error.message, code: 'rejected_by_wms' }];
	return properties.map(({ Name: name, Value: value }) => ({
		field: textOf(name) ?? 'order',
		...(value === null || value === undefined ? {} : { value }),
		problem: `Extensiv: ${shown(messageOf(body) ?? code, 200)}`,
		code: code === 'DoesNotExist' && /ItemIdentifier/i.test(String(name)) ? 'unknown_sku' : (meaningOf(CODES, code) ?? 'rejected_by_wms'),
	}));
}
