/** The parcels that Shopify knows of an order. */
import type { Http } from '../../http/Http';
import { FULFILLMENT_LINES, ORDER_FULFILLMENTS } from './documents';
import { graphql } from './graphql';
import { gid, numberOf } from './ids';
import type { Connection } from './raw';
import { allOf } from './reading';

/** Quantities by the number of the line. */
export type Quantities = ReadonlyMap<string, number>;

export interface KnownParcel {
	id: string;
	tracking: Array<{ company: string | null; number: string | null; url: string | null }>;
	/** Read when first asked for. */
	quantities(): Promise<Quantities>;
}

interface RawFulfillment {
	id: string;
	status: string;
	trackingInfo: KnownParcel['tracking'];
}

interface RawParcelLine {
	quantity: number | null;
	lineItem: { id: string };
}

/** A parcel that was canceled or failed is none. null = Shopify does not know the order (any more). */
export async function readParcels(http: Http, externalId: string): Promise<{ canceled: boolean; parcels: KnownParcel[] } | null> {
	const { order } = await graphql<{ order: { cancelledAt: string | null; fulfillments: RawFulfillment[] } | null }>(http, ORDER_FULFILLMENTS, { id: gid('Order', externalId) });
	if (order === null) return null;
	const parcels = order.fulfillments
		.filter(({ status }) => !['CANCELLED', 'ERROR', 'FAILURE'].includes(status))
		.map(({ id, trackingInfo }): KnownParcel => {
			let quantities: Promise<Quantities> | null = null;
			return { id, tracking: trackingInfo, quantities: async () => await (quantities ??= readQuantities(http, id)) };
		});
	return { canceled: order.cancelledAt !== null, parcels };
}

async function readQuantities(http: Http, id: string): Promise<Quantities> {
	const { nodes } = await allOf<RawParcelLine>({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } }, async (after) => {
		const { fulfillment } = await graphql<{ fulfillment: { fulfillmentLineItems: Connection<RawParcelLine> } | null }>(http, FULFILLMENT_LINES, { id, after });
		return fulfillment?.fulfillmentLineItems ?? null;
	});
	return sumsOf(nodes.map(({ quantity, lineItem }) => ({ externalId: numberOf(lineItem.id), quantity: quantity ?? 0 })));
}

export function sumsOf(lines: ReadonlyArray<{ externalId: string; quantity: number }>): Map<string, number> {
	const sums = new Map<string, number>();
	for (const { externalId, quantity } of lines) sums.set(externalId, (sums.get(externalId) ?? 0) + quantity);
	return sums;
}

export const sameQuantities = (left: Quantities, right: Quantities): boolean => left.size === right.size && [...left].every(([key, quantity]) => right.get(key) === quantity);
