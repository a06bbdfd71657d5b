/** A warehouse of any kind that speaks JSON over HTTP: people describe its requests and answers (settings.ts). */
import { shortHash } from '../../files/names';
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, commonMessage, PartnerError } from '../../http/partner';
import { asError, shown, type FieldProblem } from '../../order/errors';
import { textOf, type JsonObject } from '../json';
import { sendOutcome } from '../outcomes';
import { toShip } from '../toShip';
import type { FieldLimit, SendOutcome, WaitingOrder, Wms, WmsSession } from '../Wms';
import { changes, isNone } from './polling';
import { listAt, valueAt } from './reports';
import { DEFAULTS, readyRequests, type HttpWmsSettings, type LookUpSettings } from './settings';

export { DEFAULT_BODY, DEFAULTS, type HttpWmsSettings, type LookUpSettings, type Paging, type ShipmentSettings } from './settings';

export interface HttpWmsRequest {
	reference: string;
	request: HttpRequest;
}

const LABEL = 'HTTP API';
const REMEDY = 'Check the Warehouse HTTP API credential. Everything goes on by itself afterwards.';

/** What no parcel goes out without. */
const LIMITS: readonly FieldLimit[] = [
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true },
	{ path: 'lines.sku', required: true },
];

/** The adapter as people described it; `httpWms` is for the API in the documentation. Throws FulfillmentError `invalid_input`. */
export function httpWmsFor(settings: HttpWmsSettings): Wms<HttpAccount, HttpWmsRequest, HttpWmsSettings> {
	const ready = readyRequests(settings);
	const limits = [...LIMITS, ...settings.limits];
	return {
		code: 'genericHttp',
		label: LABEL,
		credential: 'warehouseHttpApi',
		limits,
		capabilities: { uniqueReference: settings.uniqueReference, lookUp: settings.lookUp !== null, cancel: settings.cancel !== null },
		toRequest(order) {
			const { lines } = toShip(order, { limits });
			return { reference: order.reference, request: ready.create.render({ ...order, lines }) };
		},
		open: (account) => openSession(account, settings),
	};
}

export const httpWms = httpWmsFor(DEFAULTS);

function openSession({ http, account }: HttpAccount, settings: HttpWmsSettings): WmsSession<HttpWmsRequest> {
	const { create, lookUp, cancel, shipments } = settings;
	const ready = readyRequests(settings);
	const saidIn = (body: unknown): string | null => {
		const value = create.errorPath.trim() === '' ? null : valueAt(body, create.errorPath);
		if (typeof value !== 'object' || value === null) return value === 0 ? null : value === true ? 'true' : textOf(value);
		return Object.keys(value).length === 0 ? null : (commonMessage(value) ?? JSON.stringify(value));
	};
	const call = async (request: HttpRequest): Promise<HttpResponse> => await callPartner(http, request, { label: 'The warehouse', credentialsRemedy: REMEDY, messageOf: (body) => saidIn(body) ?? commonMessage(body) });

	async function find(reference: string, how: LookUpSettings): Promise<JsonObject | null> {
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
		if (orders === null) throw new PartnerError('unexpected_answer', `The warehouse's answer to the look-up has no order and no list at ${how.listPath || 'its top'}.`, 'Correct List Path of the Look-Up Request in WMS Send.', { received: 'maybe', body });
		return orders.find((order) => textOf(valueAt(order, how.referencePath)) === reference) ?? null;
	}

	function keyOf(order: JsonObject, reference: string, path: string): string {
		const key = path.trim() === '' ? reference : textOf(valueAt(order, path));
		if (key !== null) return key;
		throw new PartnerError('unexpected_answer', `The warehouse has the order, but its key is not at ${path}.`, 'Correct ID Path of the Look-Up Request in WMS Send.', { received: 'maybe' });
	}

	async function findOrder(reference: string): Promise<{ wmsOrderId: string } | null> {
		if (lookUp === null) throw new PartnerError('partner_refused', 'This warehouse cannot be asked for an order: no look-up request is set.', 'Set Look-Up Request in WMS Send if its API has one.', { received: 'no' });
		const order = await find(reference, lookUp);
		return order === null ? null : { wmsOrderId: keyOf(order, reference, lookUp.idPath) };
	}

	async function send({ reference, request }: HttpWmsRequest): Promise<SendOutcome> {
		let refusal: PartnerError | FieldProblem;
		try {
			const { body } = await call(request);
			const said = saidIn(body);
			if (said === null) {
				const key = create.idPath.trim() === '' ? reference : textOf(valueAt(body, create.idPath));
				return key === null ? { kind: 'unknown', cause: `The warehouse answered without the key of the order at ${create.idPath}.` } : { kind: 'accepted', wmsOrderId: key };
			}
			refusal = { field: 'order', problem: `The warehouse refused it: ${shown(said, 300)}`, code: 'rejected_by_wms' };
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received !== 'refused') throw asError(error);
			refusal = error;
		}
		// The texts of refusals differ; whether it has the order is a fact.
		const there = lookUp === null ? null : await findOrder(reference);
		if (there !== null) return { kind: 'duplicate', ...there };
		if (refusal instanceof PartnerError) {
			// "There already" cannot be verified without a look-up: it may be this order or another.
			if (lookUp === null && refusal.details.status === 409) return { kind: 'unknown', cause: refusal.message };
			throw refusal;
		}
		return { kind: 'rejected', problems: [refusal] };
	}

	/** Null = its status cannot be asked for. */
	async function isCanceled(reference: string): Promise<boolean | null> {
		if (lookUp === null || lookUp.statusPath.trim() === '') return null;
		const order = await find(reference, lookUp);
		const status = String(textOf(valueAt(order, lookUp.statusPath)) ?? '').toLowerCase();
		return order === null || lookUp.canceledStatuses.some((one) => one.toLowerCase() === status);
	}

	async function cancelOrder({ reference, wmsOrderId }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const there = lookUp === null ? { wmsOrderId } : await findOrder(reference);
		if (there === null) return 'not_found';
		if ((await isCanceled(reference)) === true) return 'canceled';
		const request = ready.cancel?.render({ reference, wmsOrderId: there.wmsOrderId ?? wmsOrderId });
		if (request === undefined) return 'too_late';
		try {
			await call(request);
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
			const canceled = await isCanceled(reference);
			if (canceled === true) return 'canceled';
			if (error.details.received === 'maybe') throw asError(error);
			return error.details.status === 404 && lookUp === null ? 'not_found' : 'too_late';
		}
		return (await isCanceled(reference)) === false ? 'too_late' : 'canceled';
	}

	return {
		// Two triggers of one account may read two lists.
		source: `wms:genericHttp:${account}:${shortHash(JSON.stringify([shipments.method, shipments.path, shipments.body ?? '']), 8)}`,
		findOrder,
		createOrder: async (request) => await sendOutcome(async () => await send(request)),
		listShipments: (cursor, waiting) => changes(call, ready.shipments, shipments, cursor, waiting),
		...(cancel === null ? {} : { cancelOrder }),
	};
}
