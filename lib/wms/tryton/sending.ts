/**
 * Hands an order to Tryton, once. The reference of a shipment is not unique there, so the consignee is what makes an order unique: each order
 * has a party of its own, whose code `order:<reference>` is unique, and its shipment belongs to that party.
 *
 * 1. The party is made. Of any number of runs one succeeds, and that run alone makes the shipment, by one call, lines included.
 * 2. A run that finds a party without a shipment waits for a moment, then takes the order over: it deletes the party and begins anew. Postgres
 *    deletes no party that a shipment belongs to, and makes no shipment for a party that is gone. So the call of a run that was
 *    killed, or that a network delivers late, either was first or fails.
 * 3. The shipment is a draft until it is told to wait for its goods. One that was left behind as a draft is told so when it is found; of two
 *    that a network made by delivering one call twice, one is canceled (only administrators of stock may delete shipments). The call may
 *    also come when all is done: nobody at the warehouse works on its draft, and the next poll cancels it.
 *
 * On SQLite, which Tryton offers for trials, codes are not unique; there it is only looked up before.
 */
import type { Clock } from '../../http/clock';
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, textOf, type JsonObject } from '../json';
import { nothingSent } from '../outcomes';
import type { SendOutcome, WaitingOrder } from '../Wms';
import { decimalValue, dateValue, momentText } from './values';
import { createdId, isConflict, notData, recordsOf } from './rpc';
import type { Company, Records, Resolved } from './records';
import type { TrytonRequest } from './request';

export const CODE_PREFIX = 'order:';
export const codeOf = (reference: string): string => `${CODE_PREFIX}${reference}`;

/** How long a run that finds a party without a shipment leaves it to whoever made it. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 400;
/** Somebody else is at the same order again and again: it is for a later try. */
const MOST_ROUNDS = 6;

const STATE_FIELDS = ['number', 'state', 'customer', 'customer.create_uid', 'create_uid', 'write_date', 'create_date', '_timestamp'];

export interface SendingOptions {
	/** Whether people see the reference in the shipment as well; modules of carriers want the field for themselves. */
	fillReference: boolean;
	clock: Clock;
}

export interface Sending {
	create(request: TrytonRequest): Promise<SendOutcome>;
	find(reference: string): Promise<{ wmsOrderId: string } | null>;
	cancel(order: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'>;
}

export function sendingTo(records: Records, { fillReference, clock }: SendingOptions): Sending {
	const shipmentsOf = async ({ id, rpc }: Company, reference: string): Promise<JsonObject[]> =>
		await recordsOf(rpc, 'stock.shipment.out.search_read', [[['customer.code', '=', codeOf(reference)], ['company', '=', id]], 0, null, [['id', 'ASC']], STATE_FIELDS]);

	const partyOf = async ({ rpc }: Company, reference: string): Promise<number | null> => {
		const [found] = await recordsOf(rpc, 'party.party.search_read', [[['code', '=', codeOf(reference)], ['active', 'in', [true, false]]], 0, 1, null, ['code']]);
		return typeof found?.id === 'number' ? found.id : null;
	};

	/**
	 * The shipment that is not canceled, after it was told to wait; null = there is none. A network may have carried the call that made it out
	 * twice: of several drafts one stays. Whoever comes at the same time decides alike, or finds the draft changed.
	 */
	async function live(company: Company, reference: string, shipments: readonly JsonObject[]): Promise<{ wmsOrderId: string } | null> {
		for (let now = shipments, tries = 1; ; tries += 1) {
			const there = now.filter(({ state }) => state !== 'cancelled');
			const one = there.find((shipment) => !isUnfinished(shipment)) ?? there[0];
			if (one === undefined) return null;
			try {
				for (const draft of there) if (draft !== one && isUnfinished(draft)) await onUnchanged(company, 'cancel', draft);
				if (isUnfinished(one)) await onUnchanged(company, 'wait', one);
				return { wmsOrderId: nameOf(one) };
			} catch (error) {
				const again = isConflict(error) || (error instanceof PartnerError && error.details.received === 'refused');
				if (!again || tries === MOST_ROUNDS) throw asError(error);
				now = await shipmentsOf(company, reference);
			}
		}
	}

	async function onUnchanged({ rpc }: Company, method: 'cancel' | 'wait', shipment: JsonObject): Promise<void> {
		const timestamp = textOf(shipment._timestamp);
		await rpc(`stock.shipment.out.${method}`, [[idOf(shipment)]], timestamp === null ? {} : { unchanged: { [`stock.shipment.out,${idOf(shipment)}`]: timestamp } });
	}

	/** False = a shipment belongs to it, or somebody else was faster. */
	async function removeParty({ rpc }: Company, party: number): Promise<boolean> {
		try {
			await rpc('party.party.delete', [[party]]);
			return true;
		} catch (error) {
			if (error instanceof PartnerError && (error.details.received === 'refused' || isConflict(error))) return false;
			throw asError(error);
		}
	}

	/** Null = somebody else has made it meanwhile. */
	async function makeParty(company: Company, request: TrytonRequest, resolved: Resolved): Promise<number | null> {
		try {
			return createdId('party.party.create', await company.rpc('party.party.create', [[partyValues(request, resolved)]]));
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received !== 'refused') throw asError(error);
			// The words of a refusal are in the language of the user; whether the code is taken is a fact.
			if ((await nothingSent(partyOf(company, request.reference))) !== null) return null;
			throw asError(error);
		}
	}

	/** Null = another run has taken the order over. */
	async function makeShipment(company: Company, party: number, request: TrytonRequest, resolved: Resolved): Promise<SendOutcome | null> {
		const { rpc } = company;
		const [made] = await nothingSent(recordsOf(rpc, 'party.party.read', [[party], ['customer_location', 'addresses']]));
		if (made === undefined) return null;
		const { carrier, service } = await nothingSent(records.modules());
		const values = shipmentValues({ company, party: made, request: fillReference ? request : { ...request, reference: '' }, resolved, now: clock.now() });
		if (carrier && resolved.carrier !== null) values.carrier = resolved.carrier;
		if (service && request.service !== null) values.shipping_description = request.service;
		try {
			createdId('stock.shipment.out.create', await rpc('stock.shipment.out.create', [[values]]));
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'maybe') throw asError(error);
			if ((await partyOf(company, request.reference)) !== party) return null;
			await removeParty(company, party);
			throw asError(error);
		}
		const found = await live(company, request.reference, await shipmentsOf(company, request.reference));
		return found === null ? { kind: 'unknown', cause: 'Tryton made a shipment and does not show it.' } : { kind: 'accepted', ...found };
	}

	/** Gives whoever has begun with the order a moment to end, and the shipments that there are then. */
	async function settled(company: Company, reference: string): Promise<JsonObject[]> {
		let shipments = await shipmentsOf(company, reference);
		for (let pause = LOOK_AGAIN_MS, spent = 0; spent < PATIENCE_MS; spent += pause, pause *= 2) {
			if (shipments.length > 0 ? !shipments.some(isUnfinished) : (await partyOf(company, reference)) === null) break;
			await clock.sleep(pause);
			shipments = await shipmentsOf(company, reference);
		}
		return shipments;
	}

	async function create(request: TrytonRequest): Promise<SendOutcome> {
		const { reference } = request;
		const company = await nothingSent(records.company());
		const resolved = await nothingSent(records.resolve(request));
		if ('problems' in resolved) return { kind: 'rejected', ...resolved };
		for (let round = 0; round < MOST_ROUNDS; round += 1) {
			const earlier = await nothingSent(partyOf(company, reference));
			const shipments = earlier === null ? await nothingSent(shipmentsOf(company, reference)) : await nothingSent(settled(company, reference));
			const there = await live(company, reference, shipments);
			if (there !== null) return { kind: 'duplicate', ...there };
			if (earlier === null) {
				const party = await makeParty(company, request, resolved);
				const outcome = party === null ? null : await makeShipment(company, party, request, resolved);
				if (outcome !== null) return outcome;
				continue;
			}
			const canceled = shipments.find(({ customer }) => customer === earlier);
			// A canceled shipment keeps its party, under another code; the order goes out anew.
			if (canceled === undefined) await removeParty(company, earlier);
			else await company.rpc('party.party.write', [[earlier], { code: `${codeOf(reference)}/${nameOf(canceled)}` }]);
		}
		return { kind: 'unavailable', cause: 'Other runs are sending the same order to Tryton.' };
	}

	async function cancel({ reference }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const company = await records.company();
		let all = await shipmentsOf(company, reference);
		if (all.length === 0) {
			const party = await partyOf(company, reference);
			// What a run left half done must not become a shipment later.
			if (party === null || (await removeParty(company, party))) return 'not_found';
			all = await shipmentsOf(company, reference);
			if (all.length === 0) throw inUse(reference);
		}
		const waiting = all.filter(({ state }) => state !== 'cancelled');
		if (waiting.some(hasLeft)) return 'too_late';
		if (waiting.length === 0) return 'canceled';
		let failure: PartnerError | null = null;
		try {
			await company.rpc('stock.shipment.out.cancel', [waiting.map(idOf)]);
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
			failure = error;
		}
		// Tryton says nothing of a shipment that cannot be canceled any more.
		const left = (await shipmentsOf(company, reference)).filter(({ state }) => state !== 'cancelled');
		if (left.length === 0) return 'canceled';
		if (left.some(hasLeft)) return 'too_late';
		throw failure ?? notData('stock.shipment.out.cancel', null);
	}

	async function find(reference: string): Promise<{ wmsOrderId: string } | null> {
		const company = await records.company();
		return await live(company, reference, await shipmentsOf(company, reference));
	}

	return { create, find, cancel };
}

/** From Tryton 6.8 on, `shipped` stands before `done`. */
export const hasLeft = ({ state }: JsonObject): boolean => state === 'done' || state === 'shipped';

/**
 * A draft that nobody has touched since the user who made its party made it: that run did not get further. One that people put back to draft
 * was changed, and a copy is of their own making.
 */
export function isUnfinished({ state, write_date: written, create_date: made, create_uid: by, 'customer.': party }: JsonObject): boolean {
	if (state !== 'draft' || !isObject(party) || party.create_uid !== by) return false;
	return momentText(written) === null || momentText(written) === momentText(made);
}

export const nameOf = (shipment: JsonObject): string => textOf(shipment.number) ?? String(shipment.id);

const inUse = (reference: string): PartnerError =>
	new PartnerError('partner_unavailable', `Tryton keeps the party ${codeOf(reference)}, which has no shipment.`, 'It is tried again later by itself; if it stays so, look in Tryton for what uses the party.', { received: 'no' });

function idOf({ id }: JsonObject): number {
	if (typeof id !== 'number') throw notData('stock.shipment.out.search_read', id);
	return id;
}

function partyValues({ reference, name, address, phone, email }: TrytonRequest, { country, subdivision }: Resolved): JsonValue {
	// Tryton refuses phone numbers that are not valid in the country of the company; of the type "other" it takes all.
	const mechanisms: JsonValue[] = [...(phone === null ? [] : [{ type: 'other', name: 'Phone', value: phone }]), ...(email === null ? [] : [{ type: 'email', value: email }])];
	const { street, postalCode, city, region } = address;
	return {
		name,
		code: codeOf(reference),
		addresses: [['create', [{
			street, postal_code: postalCode, country, subdivision,
			// A region that Tryton does not know still stands in the address.
			city: subdivision === null && region !== null ? `${city}, ${region}` : city,
		}]]],
		contact_mechanisms: mechanisms.length === 0 ? [] : [['create', mechanisms]],
	};
}

interface ShipmentParts {
	company: Company;
	party: JsonObject;
	request: TrytonRequest;
	resolved: Resolved;
	now: number;
}

function shipmentValues({ company, party, request, resolved, now }: ShipmentParts): Record<string, JsonValue> {
	const { customer_location: to, addresses, id } = party;
	const address: unknown = Array.isArray(addresses) ? addresses[0] : null;
	if (typeof to !== 'number' || typeof address !== 'number' || typeof id !== 'number') throw notData('party.party.read', party);
	const moves = request.lines.map(({ sku, quantity, unitPrice }): JsonValue => {
		const product = resolved.products.get(sku);
		const priced = resolved.currency !== null && unitPrice !== null;
		return {
			product: product?.id ?? null, uom: product?.uom ?? null, quantity, from_location: resolved.warehouse.output, to_location: to, company: company.id,
			currency: resolved.currency ?? company.currency, unit_price: decimalValue(priced ? Number(unitPrice).toFixed(4) : '0'),
		};
	});
	return {
		customer: id, delivery_address: address, warehouse: resolved.warehouse.id, company: company.id,
		...(request.reference === '' ? {} : { reference: request.reference }),
		planned_date: dateValue(request.plannedDate ?? new Date(now).toISOString()),
		outgoing_moves: [['create', moves]],
	};
}

/** Our reference of a shipment that was read with `customer.code`. */
export function referenceOf(shipment: JsonObject): string | null {
	const customer = shipment['customer.'];
	const code = isObject(customer) ? textOf(customer.code) : null;
	// The party of an order that was canceled and sent anew: "order:<reference>/<number>".
	return code?.startsWith(CODE_PREFIX) === true ? code.slice(CODE_PREFIX.length).replace(/\/.*$/s, '') : null;
}
