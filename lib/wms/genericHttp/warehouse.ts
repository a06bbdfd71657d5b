/** One warehouse as people described it, asked for orders. */
import type { Http, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, commonMessage, PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import { isObject, textOf, type JsonObject } from '../common/json';
import { isNone } from './polling';
import { listAt, valueAt } from './reports';
import { readyRequests, type HttpWmsSettings, type LookUpSettings } from './settings';

const REMEDY = 'Check the Warehouse HTTP API credential. Work resumes automatically afterwards.';

export interface Warehouse {
	settings: HttpWmsSettings;
	ready: ReturnType<typeof readyRequests>;
	call(request: HttpRequest): Promise<HttpResponse>;
}

export function warehouseAt(http: Http, settings: HttpWmsSettings): Warehouse {
	const messageOf = (body: unknown): string | null => saidIn(body, settings) ?? commonMessage(body);
	return {
		settings,
		ready: readyRequests(settings),
		call: async (request) => await callPartner(http, request, { label: 'The warehouse', credentialsRemedy: REMEDY, messageOf }),
	};
}

/** What an answer says is wrong; null = nothing. */
export function saidIn(body: unknown, { create: { errorPath } }: HttpWmsSettings): string | null {
	const value = errorPath.trim() === '' ? null : valueAt(body, errorPath);
	if (typeof value !== 'object' || value === null) return value === 0 ? null : value === true ? 'true' : textOf(value);
	return Object.keys(value).length === 0 ? null : (commonMessage(value) ?? JSON.stringify(value));
}

export async function findOrder(warehouse: Warehouse, reference: string): Promise<{ wmsOrderId: string } | null> {
	const { lookUp } = warehouse.settings;
	if (lookUp === null)
		throw new PartnerError(
			'partner_refused',
			'This warehouse cannot be asked for an order: no look-up request is set.',
			'Set Look-Up Request in WMS Send if its API has one.',
			{ received: 'no' },
		);
	const order = await find(warehouse, reference, lookUp);
	return order === null ? null : { wmsOrderId: keyOf(order, reference, lookUp.idPath) };
}

/** Null = its status cannot be asked for. */
export async function isCanceled(warehouse: Warehouse, reference: string): Promise<boolean | null> {
	const { lookUp } = warehouse.settings;
	if (lookUp === null || lookUp.statusPath.trim() === '') return null;
	const order = await find(warehouse, reference, lookUp);
	const status = String(textOf(valueAt(order, lookUp.statusPath)) ?? '').toLowerCase();
	return order === null || lookUp.canceledStatuses.some((one) => one.toLowerCase() === status);
}

async function find({ ready, call }: Warehouse, reference: string, how: LookUpSettings): Promise<JsonObject | null> {
	const request = ready.lookUp?.render({ reference, wmsOrderId: null });
	if (request === undefined) return null;
	let body: unknown;
	try {
		({ body } = await call({ ...request, repeatable: true }));
	} catch (error) {
		if (isNone(error)) return null;
		throw asError(error);
	}
	const orders = listAt(body, how.listPath);
	if (orders === null)
		throw new PartnerError(
			'unexpected_answer',
			`The warehouse's answer to the look-up has no order and no list at ${how.listPath || 'its top'}.`,
			'Correct List Path of the Look-Up Request in WMS Send.',
			{ received: 'maybe', body },
		);
	return orders.filter(isObject).find((order) => textOf(valueAt(order, how.referencePath)) === reference) ?? null;
}

function keyOf(order: JsonObject, reference: string, path: string): string {
	const key = path.trim() === '' ? reference : textOf(valueAt(order, path));
	if (key !== null) return key;
	throw new PartnerError(
		'unexpected_answer',
		`The warehouse has the order, but its key is not at ${path}.`,
		'Correct ID Path of the Look-Up Request in WMS Send.',
		{ received: 'maybe' },
	);
}
