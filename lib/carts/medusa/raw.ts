/** What Medusa gives, as far as the adapter looks at it. */
import { isObject } from '../../order/json';
import { SHIPMENT_KEY, QUANTITIES_KEY } from './settings';

export interface Fulfillment {
	id: string;
	shipped_at: string | null;
	canceled_at: string | null;
	metadata: Record<string, unknown> | null;
	labels?: Array<{ tracking_number?: string | null }> | null;
	/** Of a kit, of each of its parts. */
	items?: Array<{ line_item_id: string | null; quantity: number }> | null;
}

export interface OrderFulfillments {
	status: string;
	metadata: Record<string, unknown> | null;
	items: FulfillmentItem[];
	fulfillments: Fulfillment[];
	shipping_methods?: Array<{ shipping_option_id: string | null; created_at?: string }> | null;
}

export interface FulfillmentItem {
	id: string;
	quantity: number;
	detail: { fulfilled_quantity: number };
	requires_shipping?: boolean;
	/** null = it is no article of the shop's, or one that was deleted. */
	variant?: { product?: { shipping_profile?: { id: string } | null } | null } | null;
}

export const isLive = ({ canceled_at: canceledAt }: Pick<Fulfillment, 'canceled_at'>): boolean =>
	canceledAt === null || canceledAt === undefined;

/** Oldest first, as keys begin with the time: of two of the same, every run takes the same one for the double, so that no two take back each other's. */
export const liveOf = (fulfillments: readonly Fulfillment[]): Fulfillment[] =>
	fulfillments.filter(isLive).sort((left, right) => (left.id < right.id ? -1 : 1));

/** The warehouse's key of the shipment that the fulfillment was made for; null = we did not make it. */
export function shipmentKeyOf({ metadata }: Pick<Fulfillment, 'metadata'>): string | null {
	const key = metadata?.[SHIPMENT_KEY];
	return typeof key === 'string' ? key : null;
}

/** How much of each line we put into the fulfillment. */
function ownQuantities({ metadata }: Pick<Fulfillment, 'metadata'>): Map<string, number> {
	const quantities = metadata?.[QUANTITIES_KEY];
	if (typeof quantities !== 'object' || quantities === null) return new Map();
	return new Map(Object.entries(quantities).flatMap(([id, quantity]) => (typeof quantity === 'number' ? [[id, quantity] as const] : [])));
}

/** Whether any of these lines is in the fulfillment. */
export function holdsAny(fulfillment: Fulfillment, lines: ReadonlyArray<{ externalId: string }>): boolean {
	const own = ownQuantities(fulfillment);
	return lines.some(({ externalId }) => own.has(externalId) || (fulfillment.items ?? []).some((item) => item.line_item_id === externalId));
}

export const numbersOf = ({ labels }: Fulfillment): string[] => (labels ?? []).flatMap(({ tracking_number: number }) => number ?? []);

/** Without what an order has twice (each amount, as `raw_…`) and what nobody here asks for: a fifth of the size. */
export function slim<Value>(value: Value): Value {
	if (Array.isArray(value)) return value.map((one: unknown) => slim(one)) as Value;
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, one]) => (LEFT_OUT.has(name) || name.startsWith('raw_') ? [] : [[name, slim(one)]])),
	) as Value;
}

const LEFT_OUT = new Set([
	'tax_lines',
	'deleted_at',
	'summary',
	'delivery_address',
	'provider',
	'shipping_option',
	'credit_lines',
	'payment_collections',
	'variant',
	'thumbnail',
	'product_description',
]);
