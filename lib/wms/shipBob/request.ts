/** What ShipBob takes as an order (REST 2026-01, `CreateOrderModel`). */
import type { FieldProblem } from '../../order/errors';
import type { Order } from '../../order/order';
import { toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import { given } from '../common/given';

interface ShipBobProduct {
	/** ShipBob's key of a product in a channel, "also known as sku". */
	reference_id: string;
	sku: string;
	name: string;
	quantity: number;
	unit_price?: number;
	/** ShipBob takes a number only: our line id where it is one. */
	external_line_id?: number;
}

export interface ShipBobRequest {
	reference_id: string;
	order_number: string;
	type: 'DTC';
	shipping_method: string;
	purchase_date?: string;
	gift_message?: string;
	recipient: {
		name: string;
		email?: string;
		phone_number?: string;
		address: {
			address1: string;
			address2?: string;
			company_name?: string;
			city: string;
			state?: string;
			zip_code?: string;
			country: string;
		};
	};
	products: ShipBobProduct[];
}

/** The description requires these; it names no lengths. */
export const LIMITS: readonly FieldLimit[] = [
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): ShipBobRequest {
	const method = order.serviceLevel ?? order.shippingMethod ?? '';
	const problems: FieldProblem[] =
		method.trim() === ''
			? [{ field: 'serviceLevel', problem: 'is missing: ShipBob needs the name of a shipping method', code: 'unmapped_shipping_method' }]
			: [];
	const { lines, to } = toShip(order, { limits: LIMITS, problems });
	return {
		reference_id: order.reference,
		order_number: order.orderNumber,
		type: 'DTC',
		shipping_method: method,
		...given('purchase_date', order.orderedAt),
		...given('gift_message', order.giftMessage),
		recipient: {
			name: to.name ?? '',
			...given('email', to.email ?? order.customer.email),
			...given('phone_number', to.phone ?? order.customer.phone),
			address: {
				address1: to.address1 ?? '',
				...given('address2', [to.address2, to.address3].filter(Boolean).join(', ')),
				...given('company_name', to.company),
				city: to.city ?? '',
				...given('state', to.region),
				...given('zip_code', to.postalCode),
				country: to.country ?? '',
			},
		},
		products: lines.map(({ id, sku, name, quantity, unitPrice }) => ({
			reference_id: sku ?? '',
			sku: sku ?? '',
			name,
			quantity,
			...(unitPrice === null ? {} : { unit_price: Number(unitPrice) }),
			...(/^\d{1,9}$/.test(id) ? { external_line_id: Number(id) } : {}),
		})),
	};
}
