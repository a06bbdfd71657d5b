/** A warehouse of any kind that speaks JSON over HTTP: people describe its requests and answers (settings.ts). */
import { shortHash } from '../../files/names';
import type { HttpAccount, HttpRequest } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { readingClock } from '../../http/readingClock';
import { asError, shown, type FieldProblem } from '../../order/errors';
import { textOf } from '../common/json';
import { sendOutcome } from '../common/outcomes';
import { toShip } from '../common/toShip';
import type { CancelOutcome, FieldLimit, SendOutcome, WaitingOrder, Wms, WmsSession } from '../Wms';
import { changes } from './polling';
import { valueAt } from './reports';
import { DEFAULTS, readyRequests, type HttpWmsSettings } from './settings';
import { findOrder, isCanceled, saidIn, warehouseAt, type Warehouse } from './warehouse';

export { DEFAULTS, type HttpWmsSettings, type LookUpSettings, type Paging, type ShipmentSettings } from './settings';

export interface HttpWmsRequest {
	reference: string;
	request: HttpRequest;
}

const LABEL = 'HTTP API';

/** What no package goes out without. */
const LIMITS: readonly FieldLimit[] = [
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** The adapter as people described it; `httpWms` is for the API in the documentation. Throws FulfillmentError `invalid_input`. */
export function httpWmsFor(settings: HttpWmsSettings): Wms<HttpAccount, HttpWmsRequest, HttpWmsSettings> {
	const ready = readyRequests(settings);
	const limits = [...LIMITS, ...settings.limits];
	return {
		code: 'genericHttp',
		label: LABEL,
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
	const warehouse = warehouseAt(http, settings);
	const { cancel, shipments } = settings;
	return {
		account: `wms:genericHttp:${account}`,
		// Two triggers of one account may read two lists.
		source: `wms:genericHttp:${account}:${shortHash(JSON.stringify([shipments.method, shipments.path, shipments.body ?? '']), 8)}`,
		findOrder: async (reference) => await findOrder(warehouse, reference),
		createOrder: async (request) => await sendOutcome(async () => await send(warehouse, request)),
		listShipments(cursor, waiting) {
			const clock = readingClock(http, cursor);
			return changes(warehouseAt(clock.http, settings).call, clock, warehouse.ready.shipments, shipments, cursor, waiting);
		},
		...(cancel === null ? {} : { cancelOrder: async (order: WaitingOrder) => await cancelOrder(warehouse, order) }),
	};
}

async function send(warehouse: Warehouse, { reference, request }: HttpWmsRequest): Promise<SendOutcome> {
	const { create, lookUp } = warehouse.settings;
	let refusal: PartnerError | FieldProblem;
	try {
		// Without a path for the key nobody has said that there is a body.
		const { status, body } = await warehouse.call({ ...request, mayBeEmpty: create.idPath.trim() === '' });
		// A proxy may say so in the warehouse's place.
		if (body === null && status === 200 && lookUp !== null) return { kind: 'unknown', cause: 'The warehouse answered with nothing.' };
		const said = saidIn(body, warehouse.settings);
		if (said === null) {
			const key = create.idPath.trim() === '' ? reference : textOf(valueAt(body, create.idPath));
			return key === null
				? { kind: 'unknown', cause: `The warehouse answered without the key of the order at ${create.idPath}.` }
				: { kind: 'accepted', wmsOrderId: key };
		}
		refusal = { field: 'order', problem: `The warehouse refused it: ${shown(said, 300)}`, code: 'rejected_by_wms' };
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received !== 'refused') throw asError(error);
		refusal = error;
	}
	// The texts of refusals differ; whether it has the order is a fact.
	const there = lookUp === null ? null : await findOrder(warehouse, reference);
	if (there !== null) return { kind: 'duplicate', ...there };
	if (refusal instanceof PartnerError) {
		// "There already" cannot be verified without a look-up: it may be this order or another.
		if (lookUp === null && refusal.details.status === 409) return { kind: 'unknown', cause: refusal.message };
		throw refusal;
	}
	return { kind: 'rejected', problems: [refusal] };
}

async function cancelOrder(warehouse: Warehouse, { reference, wmsOrderId }: WaitingOrder): Promise<CancelOutcome> {
	const { lookUp } = warehouse.settings;
	const there = lookUp === null ? { wmsOrderId } : await findOrder(warehouse, reference);
	if (there === null) return 'not_found';
	if ((await isCanceled(warehouse, reference)) === true) return 'canceled';
	const request = warehouse.ready.cancel?.render({ reference, wmsOrderId: there.wmsOrderId ?? wmsOrderId });
	if (request === undefined) return 'too_late';
	try {
		await warehouse.call({ ...request, mayBeEmpty: true });
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
		const canceled = await isCanceled(warehouse, reference);
		if (canceled === true) return 'canceled';
		if (error.details.received === 'maybe') throw asError(error);
		return error.details.status === 404 && lookUp === null ? 'not_found' : 'too_late';
	}
	return (await isCanceled(warehouse, reference)) === false ? 'too_late' : 'canceled';
}
