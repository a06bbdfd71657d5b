/** What ShipStation takes as an order: a shipment that makes its sales order (API V2, `create_shipment_request`). */
import type { Address, Money, Order } from '../../order/order';
import { toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import { given } from '../common/given';

export interface ShipStationSettings {
	/** The store of ShipStation that orders belong to; default: the account's store for manual orders. */
	storeId?: string;
	/** Where orders without a warehouse of their own ("se-…") ship from; default: the account's default. */
	warehouseId?: string;
	/** For orders without one: ShipStation wants a phone number in every address. */
	defaultPhone?: string;
}

interface Amount {
	currency: string;
	amount: number;
}

interface ShipStationItem {
	name: string;
	sku: string;
	quantity: number;
	/** Our reference: it stays with the item when people split or merge shipments. */
	external_order_id: string;
	/** "<reference>/<line id>", by which we know items as ours. */
	external_order_item_id: string;
	unit_price?: number;
	weight?: { value: number; unit: 'gram' };
	options?: Array<{ name: string; value: string }>;
}

export interface ShipStationRequest {
	external_shipment_id: string;
	shipment_number: string;
	create_sales_order: true;
	shipment_status: 'pending';
	validate_address: 'no_validation';
	store_id?: string;
	warehouse_id?: string;
	requested_shipment_service?: string;
	ship_by_date?: string;
	confirmation?: 'signature';
	notes_for_gift?: string;
	is_gift: boolean;
	amount_paid?: Amount;
	shipping_paid?: Amount;
	tax_paid?: Amount;
	ship_to: {
		name: string;
		phone: string;
		email?: string;
		company_name?: string;
		address_line1: string;
		address_line2?: string;
		address_line3?: string;
		city_locality: string;
		state_province: string;
		postal_code: string;
		country_code: string;
		address_residential_indicator: 'unknown';
		/** How to handle the shipment at this address: the only text for the warehouse that the description of a new shipment has. */
		instructions?: string;
	};
	items: ShipStationItem[];
	packages?: Array<{ weight: { value: number; unit: 'gram' } }>;
}

export const LIMITS: readonly FieldLimit[] = [
	{ path: 'reference', maxLength: 50 },
	{ path: 'orderNumber', maxLength: 50 },
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.phone', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.postalCode', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order, { storeId, warehouseId, defaultPhone }: ShipStationSettings): ShipStationRequest {
	const { lines, to } = toShip(order, { limits: LIMITS, to: addressee(order, defaultPhone) });
	const weights = lines.map(({ weight, quantity }) => (weight === null ? Number.NaN : weight * quantity));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	// A code of a rule that is the id of a warehouse in ShipStation is that warehouse.
	const from = /^se-/.test(order.warehouse ?? '') ? (order.warehouse ?? '') : (warehouseId ?? '');
	return {
		external_shipment_id: order.reference,
		shipment_number: order.orderNumber,
		create_sales_order: true,
		shipment_status: 'pending',
		validate_address: 'no_validation',
		...given('store_id', storeId ?? null),
		...given('warehouse_id', from),
		...given('requested_shipment_service', order.serviceLevel ?? order.shippingMethod),
		...given('ship_by_date', order.requestedShipDate),
		...(order.signatureRequired ? { confirmation: 'signature' as const } : {}),
		...given('notes_for_gift', order.giftMessage),
		is_gift: (order.giftMessage ?? '') !== '',
		...amount('amount_paid', order, order.total),
		...amount('shipping_paid', order, order.shippingAmount),
		...amount('tax_paid', order, order.taxAmount),
		ship_to: {
			name: to.name ?? '',
			phone: to.phone ?? '',
			...given('email', to.email ?? order.customer.email),
			...given('company_name', to.company),
			address_line1: to.address1 ?? '',
			...given('address_line2', to.address2),
			...given('address_line3', to.address3),
			city_locality: to.city ?? '',
			// It must be filled, and many countries have no regions.
			state_province: filled(to.region) ?? to.city ?? '',
			postal_code: to.postalCode ?? '',
			country_code: to.country ?? '',
			address_residential_indicator: 'unknown',
			...given('instructions', order.shippingNotes),
		},
		items: lines.map(({ id, sku, name, quantity, unitPrice, weight, options }) => ({
			name,
			sku: sku ?? '',
			quantity,
			external_order_id: order.reference,
			external_order_item_id: `${order.reference}/${id}`,
			...(unitPrice === null ? {} : { unit_price: Number(unitPrice) }),
			...(weight !== null && weight > 1 ? { weight: { value: weight, unit: 'gram' as const } } : {}),
			...(Object.keys(options).length === 0
				? {}
				: { options: Object.entries(options).map(([option, value]) => ({ name: option, value })) }),
		})),
		...(total > 1 ? { packages: [{ weight: { value: total, unit: 'gram' as const } }] } : {}),
	};
}

const filled = (value: string | null | undefined): string | null => (value?.trim() ? value : null);

function addressee({ shippingAddress: to, customer }: Order, defaultPhone: string | undefined): Address | null {
	if (to === null) return null;
	return { ...to, name: filled(to.name) ?? filled(to.company), phone: filled(to.phone) ?? filled(customer.phone) ?? filled(defaultPhone) };
}

const amount = <Name extends string>(name: Name, { currency }: Order, value: Money | null): { [N in Name]?: Amount } =>
	given(
		name,
		currency === null || value === null || !(Number(value) >= 0) ? null : { currency: currency.toLowerCase(), amount: Number(value) },
	);
