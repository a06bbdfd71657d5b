/** What Tryton is to make of an order, before the ids of its own records are looked up. */
import type { Money, Order } from '../../order/order';
import { addressedTo, toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';

interface TrytonLine {
	sku: string;
	quantity: number;
	unitPrice: Money | null;
}

export interface TrytonRequest {
	reference: string;
	name: string;
	address: {
		/** Line by line; the company first, which has no place of its own in Tryton's formats. */
		street: string;
		postalCode: string | null;
		city: string;
		region: string | null;
		country: string;
	};
	phone: string | null;
	email: string | null;
	lines: TrytonLine[];
	currency: string | null;
	/** "2026-11-25"; null = the day of sending. */
	plannedDate: string | null;
	/** Given by rules: code of a warehouse in Tryton, or of none. */
	warehouse: string | null;
	carrier: string | null;
	service: string | null;
}

/** Tryton's texts have no limits. */
export const LIMITS: readonly FieldLimit[] = [
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): TrytonRequest {
	const { lines, to } = toShip(order, { limits: LIMITS, to: addressedTo(order.shippingAddress) });
	const company = filled(to.company);
	return {
		reference: order.reference,
		name: to.name ?? '',
		address: {
			street: [company === to.name ? null : company, to.address1, to.address2, to.address3]
				.map(filled)
				.filter((line) => line !== null)
				.join('\n'),
			postalCode: filled(to.postalCode),
			city: to.city ?? '',
			region: filled(to.region),
			country: to.country ?? '',
		},
		phone: filled(to.phone) ?? filled(order.customer.phone),
		email: filled(to.email) ?? filled(order.customer.email),
		lines: lines.map(({ sku, quantity, unitPrice }) => ({ sku: sku?.trim() ?? '', quantity, unitPrice })),
		currency: filled(order.currency),
		plannedDate: order.requestedShipDate?.slice(0, 10) ?? null,
		warehouse: filled(order.warehouse),
		carrier: filled(order.carrier),
		service: filled(order.serviceLevel) ?? filled(order.shippingMethod),
	};
}

const filled = (value: string | null): string | null => (value?.trim() ? value.trim() : null);
