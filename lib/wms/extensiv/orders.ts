/** The orders of one customer of a warehouse, looked up. Orders that are split there are numbered: "1001-1" is a part of "1001". */
import type { Http, HttpRequest, HttpResponse } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { isObject, textOf, type JsonObject } from '../common/json';
import { callWith, ordersIn, readOnlyOf, rqlValue } from './hal';
import { referenceOf, stateOf } from './reports';

export const PAGE_SIZE = 100;

export interface Orders {
	call(request: HttpRequest): Promise<HttpResponse>;
	/** A page of those that the filter meets. */
	list(rql: string, more?: Record<string, string | number>): Promise<unknown[]>;
	/** The order and, if it was split, its parts; the order itself first. */
	find(reference: string): Promise<JsonObject[]>;
	read(key: string): Promise<{ order: JsonObject; etag: string }>;
}

/** @param http signed in with a bearer token */
export function ordersOf(http: Http, customerId: string): Orders {
	const call = callWith(http);
	const list = async (rql: string, more: Record<string, string | number> = {}): Promise<unknown[]> =>
		ordersIn(
			(
				await call({
					method: 'GET',
					url: '/orders',
					query: { rql: `${rql};readOnly.customerIdentifier.id==${customerId}`, pgsiz: PAGE_SIZE, pgnum: 1, ...more },
				})
			).body,
		);
	return {
		call,
		list,
		async find(reference) {
			const name = rqlValue(reference);
			const found = await list(`(referenceNum==${name},referenceNum==${name}-*)`);
			// Extensiv does not tell capitals from small letters.
			return found
				.filter(isObject)
				.filter((order) => referenceOf(order).reference === reference)
				.sort((a, b) => Number(referenceOf(a).part) - Number(referenceOf(b).part));
		},
		async read(key) {
			const { body, headers } = await call({ method: 'GET', url: `/orders/${encodeURIComponent(key)}` });
			if (!isObject(body))
				throw new PartnerError(
					'unexpected_answer',
					`Extensiv answered with something that is not the order ${key}.`,
					'It is retried automatically.',
					{ received: 'maybe', body },
				);
			return { order: body, etag: headers.etag ?? '*' };
		},
	};
}

/** A canceled one is not coming back: as far as sending is concerned, it is not there. */
export async function findLive(orders: Orders, reference: string): Promise<{ wmsOrderId: string } | null> {
	const order = (await orders.find(reference)).find((each) => stateOf(each) !== 'canceled');
	if (order === undefined) return null;
	const wmsOrderId = textOf(readOnlyOf(order).orderId);
	if (wmsOrderId !== null) return { wmsOrderId };
	throw new PartnerError(
		'unexpected_answer',
		`Extensiv has the order ${reference}, but gave it without its number.`,
		'It is retried automatically.',
		{ received: 'maybe' },
	);
}
