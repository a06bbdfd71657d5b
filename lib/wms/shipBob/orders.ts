/** The orders of one channel, and how ShipBob is asked. */
import type { Http, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, PartnerError } from '../../http/partner';
import { isList, isObject, objectsIn, textOf, type JsonObject } from '../common/json';

export const LABEL = 'ShipBob';
const REMEDY =
	'Check the ShipBob credential: the token must be valid and have write access to the channel. Work resumes automatically afterwards.';

export interface Channel {
	call(request: HttpRequest): Promise<HttpResponse>;
	/** The list that ShipBob answers with. Throws when it is none: that would be taken for "none". */
	list(request: HttpRequest): Promise<unknown[]>;
	/** An account may have other channels. */
	owns(order: JsonObject): boolean;
	find(reference: string): Promise<JsonObject | null>;
	findOrder(reference: string): Promise<{ wmsOrderId: string } | null>;
}

export function channelOf(http: Http, channelId: string): Channel {
	const call = async (request: HttpRequest): Promise<HttpResponse> =>
		await callPartner(
			http,
			{ ...request, url: `/2026-01${request.url}`, headers: { shipbob_channel_id: channelId } },
			{ label: LABEL, credentialsRemedy: REMEDY },
		);
	const list = async (request: HttpRequest): Promise<unknown[]> => {
		const { body } = await call(request);
		if (!isList(body)) throw notAList(request.url, body);
		return body;
	};
	const owns = (order: JsonObject): boolean =>
		!isObject(order.channel) || order.channel.id === undefined || textOf(order.channel.id) === channelId;
	const find = async (reference: string): Promise<JsonObject | null> => {
		const orders = await list({ method: 'GET', url: '/order', query: { ReferenceIds: reference } });
		return objectsIn(orders).find((order) => order.reference_id === reference && owns(order)) ?? null;
	};
	return {
		call,
		list,
		owns,
		find,
		async findOrder(reference) {
			const key = textOf((await find(reference))?.id);
			return key === null ? null : { wmsOrderId: key };
		},
	};
}

export const notAList = (path: string, body: unknown): PartnerError =>
	new PartnerError('unexpected_answer', `ShipBob answered ${path} with something that is not a list.`, 'It is retried automatically.', {
		received: 'maybe',
		body,
	});
