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
import type { JsonObject } from '../common/json';
import { nothingSent } from '../common/outcomes';
import type { CancelOutcome, SendOutcome, WaitingOrder } from '../Wms';
import { partyValues, shipmentValues } from './drafts';
import type { Company, Records, Resolved } from './records';
import type { TrytonRequest } from './request';
import { createdId, notData, recordsOf } from './rpc';
import { codeOf, hasLeft, idOf, isUnfinished, live, MOST_ROUNDS, nameOf, partyOf, removeParty, shipmentsOf } from './shipments';

/** How long a run that finds a party without a shipment leaves it to whoever made it. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 400;
interface SendingOptions {
	/** Whether people see the reference in the shipment as well; modules of carriers want the field for themselves. */
	fillReference: boolean;
	clock: Clock;
}

interface TrytonSite extends SendingOptions {
	records: Records;
}

interface Sending {
	create(request: TrytonRequest): Promise<SendOutcome>;
	find(reference: string): Promise<{ wmsOrderId: string } | null>;
	cancel(order: WaitingOrder): Promise<CancelOutcome>;
}

export function sendingTo(records: Records, options: SendingOptions): Sending {
	const site: TrytonSite = { records, ...options };
	return {
		create: async (request) => await create(site, request),
		find: async (reference) => await find(site, reference),
		cancel: async (order) => await cancel(site, order),
	};
}

async function create(site: TrytonSite, request: TrytonRequest): Promise<SendOutcome> {
	const { records } = site;
	const { reference } = request;
	const company = await nothingSent(records.company());
	const resolved = await nothingSent(records.resolve(request));
	if ('problems' in resolved) return { kind: 'rejected', ...resolved };
	for (let round = 0; round < MOST_ROUNDS; round += 1) {
		const earlier = await nothingSent(partyOf(company, reference));
		const shipments =
			earlier === null ? await nothingSent(shipmentsOf(company, reference)) : await nothingSent(settled(site, company, reference));
		const there = await live(company, reference, shipments);
		if (there !== null) return { kind: 'duplicate', ...there };
		if (earlier === null) {
			const party = await makeParty(company, request, resolved);
			const outcome = party === null ? null : await makeShipment(site, company, party, request, resolved);
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
async function makeShipment(
	{ records, fillReference, clock }: TrytonSite,
	company: Company,
	party: number,
	request: TrytonRequest,
	resolved: Resolved,
): Promise<SendOutcome | null> {
	const { rpc } = company;
	const [made] = await nothingSent(recordsOf(rpc, 'party.party.read', [[party], ['customer_location', 'addresses']]));
	if (made === undefined) return null;
	const { carrier, service } = await nothingSent(records.modules());
	const values = shipmentValues({
		company,
		party: made,
		request: fillReference ? request : { ...request, reference: '' },
		resolved,
		now: clock.now(),
	});
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
async function settled({ clock }: TrytonSite, company: Company, reference: string): Promise<JsonObject[]> {
	let shipments = await shipmentsOf(company, reference);
	for (let pause = LOOK_AGAIN_MS, spent = 0; spent < PATIENCE_MS; spent += pause, pause *= 2) {
		if (shipments.length > 0 ? !shipments.some(isUnfinished) : (await partyOf(company, reference)) === null) break;
		await clock.sleep(pause);
		shipments = await shipmentsOf(company, reference);
	}
	return shipments;
}

async function cancel({ records }: TrytonSite, { reference }: WaitingOrder): Promise<CancelOutcome> {
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

async function find({ records }: TrytonSite, reference: string): Promise<{ wmsOrderId: string } | null> {
	const company = await records.company();
	return await live(company, reference, await shipmentsOf(company, reference));
}

const inUse = (reference: string): PartnerError =>
	new PartnerError(
		'partner_unavailable',
		`Tryton keeps the party ${codeOf(reference)}, which has no shipment.`,
		'It is retried automatically; if it stays so, look in Tryton for what uses the party.',
		{ received: 'no' },
	);
