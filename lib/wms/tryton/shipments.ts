/** Shipments of an order, and the party that makes them its own (see `sending.ts`). */
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import { isObject, textOf, type JsonObject } from '../common/json';
import type { Company } from './records';
import { isConflict, notData, recordsOf } from './rpc';
import { momentText } from './values';

export const CODE_PREFIX = 'order:';
export const codeOf = (reference: string): string => `${CODE_PREFIX}${reference}`;

/** Somebody else is at the same order again and again: it is for a later try. */
export const MOST_ROUNDS = 6;

const STATE_FIELDS = ['number', 'state', 'customer', 'customer.create_uid', 'create_uid', 'write_date', 'create_date', '_timestamp'];

export const shipmentsOf = async ({ id, rpc }: Company, reference: string): Promise<JsonObject[]> =>
	await recordsOf(rpc, 'stock.shipment.out.search_read', [
		[
			['customer.code', '=', codeOf(reference)],
			['company', '=', id],
		],
		0,
		null,
		[['id', 'ASC']],
		STATE_FIELDS,
	]);

export const partyOf = async ({ rpc }: Company, reference: string): Promise<number | null> => {
	const [found] = await recordsOf(rpc, 'party.party.search_read', [
		[
			['code', '=', codeOf(reference)],
			['active', 'in', [true, false]],
		],
		0,
		1,
		null,
		['code'],
	]);
	return typeof found?.id === 'number' ? found.id : null;
};

/**
 * The shipment that is not canceled, after it was told to wait; null = there is none. A network may have carried the call that made it out
 * twice: of several drafts one stays. Whoever comes at the same time decides alike, or finds the draft changed.
 */
export async function live(company: Company, reference: string, shipments: readonly JsonObject[]): Promise<{ wmsOrderId: string } | null> {
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
	await rpc(
		`stock.shipment.out.${method}`,
		[[idOf(shipment)]],
		timestamp === null ? {} : { unchanged: { [`stock.shipment.out,${idOf(shipment)}`]: timestamp } },
	);
}

/** False = a shipment belongs to it, or somebody else was faster. */
export async function removeParty({ rpc }: Company, party: number): Promise<boolean> {
	try {
		await rpc('party.party.delete', [[party]]);
		return true;
	} catch (error) {
		if (error instanceof PartnerError && (error.details.received === 'refused' || isConflict(error))) return false;
		throw asError(error);
	}
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

export function idOf({ id }: JsonObject): number {
	if (typeof id !== 'number') throw notData('stock.shipment.out.search_read', id);
	return id;
}

/** Our reference of a shipment that was read with `customer.code`. */
export function referenceOf(shipment: JsonObject): string | null {
	const customer = shipment['customer.'];
	const code = isObject(customer) ? textOf(customer.code) : null;
	// The party of an order that was canceled and sent anew: "order:<reference>/<number>".
	return code?.startsWith(CODE_PREFIX) === true ? code.slice(CODE_PREFIX.length).replace(/\/.*$/s, '') : null;
}
