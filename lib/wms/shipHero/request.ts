/** What ShipHero takes as an order: its `CreateOrderInput`, in which money is text. */
import type { FieldProblem } from '../../order/errors';
import type { Address, Order } from '../../order/order';
import { toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import { given } from '../common/given';

interface ShipHeroAddress {
	first_name: string;
	last_name: string;
	company?: string;
	address1: string;
	address2?: string;
	city: string;
	state?: string;
	zip?: string;
	country: string;
	email?: string;
	phone?: string;
}

export interface ShipHeroRequest {
	partner_order_id: string;
	order_number: string;
	shop_name: string;
	fulfillment_status: 'pending';
	order_date?: string;
	required_ship_date?: string;
	currency?: string;
	total_tax?: string;
	total_discounts?: string;
	email?: string;
	gift_note?: string;
	packing_note?: string;
	require_signature?: true;
	insurance?: true;
	tags?: string[];
	shipping_lines: { title: string; price: string; carrier?: string; method?: string };
	shipping_address: ShipHeroAddress;
	billing_address?: ShipHeroAddress;
	line_items: Array<{ sku: string; partner_line_item_id: string; quantity: number; price: string; product_name: string }>;
}

/** The schema requires hardly anything; without these no label can be made. It names no lengths. */
export const LIMITS: readonly FieldLimit[] = [
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): ShipHeroRequest {
	const method = (order.serviceLevel ?? order.shippingMethod ?? '').trim();
	const problems: FieldProblem[] =
		method === ''
			? [{ field: 'serviceLevel', problem: 'is missing: ShipHero chooses the carrier by its name', code: 'unmapped_shipping_method' }]
			: [];
	const { lines, to } = toShip(order, { limits: LIMITS, problems });
	const email = to.email ?? order.customer.email;
	const phone = to.phone ?? order.customer.phone;
	return {
		partner_order_id: order.reference,
		order_number: order.orderNumber,
		shop_name: order.store,
		fulfillment_status: 'pending',
		...given('order_date', order.orderedAt),
		...given('required_ship_date', order.requestedShipDate),
		...given('currency', order.currency),
		...given('total_tax', order.taxAmount),
		...given('total_discounts', order.discountAmount),
		...given('email', email),
		...given('gift_note', order.giftMessage),
		...given('packing_note', order.shippingNotes),
		...(order.signatureRequired ? { require_signature: true as const } : {}),
		...(order.insuredAmount !== null && Number(order.insuredAmount) > 0 ? { insurance: true as const } : {}),
		...(order.tags.length > 0 ? { tags: [...order.tags] } : {}),
		shipping_lines: {
			title: method,
			price: order.shippingAmount ?? '0.00',
			...given('carrier', order.carrier),
			...(order.carrier === null ? {} : given('method', order.serviceLevel)),
		},
		shipping_address: { ...addressOf(to), ...given('email', email), ...given('phone', phone) },
		...(order.billingAddress === null ? {} : { billing_address: addressOf(order.billingAddress) }),
		line_items: lines.map(({ id, sku, name, quantity, unitPrice }) => ({
			sku: sku ?? '',
			partner_line_item_id: id,
			quantity,
			price: unitPrice ?? '0.00',
			product_name: name,
		})),
	};
}

/** ShipHero has a first and a last name; printed together they are what we have. */
function addressOf(address: Address): ShipHeroAddress {
	const words = (address.name ?? '').trim().split(/\s+/);
	const last = words.length > 1 ? (words.pop() ?? '') : '';
	return {
		first_name: words.join(' '),
		last_name: last,
		...given('company', address.company),
		address1: address.address1 ?? '',
		...given('address2', [address.address2, address.address3].filter(Boolean).join(', ')),
		city: address.city ?? '',
		...given('state', address.region),
		...given('zip', address.postalCode),
		country: address.country ?? '',
		...given('email', address.email),
		...given('phone', address.phone),
	};
}
