/** The shipments that Shopify knows of an order. */
import type { Http } from '../../http/Http';
import { ORDER_FULFILLMENTS } from './documents';
import { graphql } from './graphql';
import { gid, numberOf } from './ids';
import { isShipment } from './quantities';
import { linesOfFulfillment } from './reading';

/** Quantities by the number of the line. */
export type Quantities = ReadonlyMap<string, number>;

export interface KnownFulfillment {
	id: string;
	tracking: Array<{ company: string | null; number: string | null; url: string | null }>;
	/** Read when first asked for. */
	quantities(): Promise<Quantities>;
}

interface RawFulfillment {
	id: string;
	status: string;
	trackingInfo: KnownFulfillment['tracking'];
}

/** A shipment that was canceled or failed is none. null = Shopify does not know the order (any more). */
export async function readFulfillments(
	http: Http,
	externalId: string,
): Promise<{ canceled: boolean; fulfillments: KnownFulfillment[] } | null> {
	const { order } = await graphql<{ order: { cancelledAt: string | null; fulfillments: RawFulfillment[] } | null }>(
		http,
		ORDER_FULFILLMENTS,
		{ id: gid('Order', externalId) },
	);
	if (order === null) return null;
	const fulfillments = order.fulfillments
		.filter(({ status }) => isShipment(status))
		.map(({ id, trackingInfo }): KnownFulfillment => {
			let quantities: Promise<Quantities> | null = null;
			return { id, tracking: trackingInfo, quantities: async () => await (quantities ??= readQuantities(http, id)) };
		});
	return { canceled: order.cancelledAt !== null, fulfillments };
}

async function readQuantities(http: Http, id: string): Promise<Quantities> {
	const { nodes } = await linesOfFulfillment(http, id);
	return sumsOf(nodes.map(({ quantity, lineItem }) => ({ externalId: numberOf(lineItem.id), quantity: quantity ?? 0 })));
}

export function sumsOf(lines: ReadonlyArray<{ externalId: string; quantity: number }>): Map<string, number> {
	const sums = new Map<string, number>();
	for (const { externalId, quantity } of lines) sums.set(externalId, (sums.get(externalId) ?? 0) + quantity);
	return sums;
}

export const sameQuantities = (left: Quantities, right: Quantities): boolean =>
	left.size === right.size && [...left].every(([key, quantity]) => right.get(key) === quantity);
