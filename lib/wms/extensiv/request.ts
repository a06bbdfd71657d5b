/** What Extensiv takes as an order (`POST /orders`, rels/orders/order). */
import type { Order } from '../../order/order';
import { addressedTo, toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import { given } from '../common/given';
import { EMBEDDED_ITEMS } from './hal';

export interface ExtensivSettings {
	/** Whose goods they are, by Extensiv's number. */
	customerId: string;
	/** Where orders without a facility of their own (a number) ship from. */
	facilityId: string;
	/** Extensiv gives times without a zone: that of the warehouse, "America/Los_Angeles". Default: UTC. */
	timeZone?: string;
}

interface ExtensivItem {
	itemIdentifier: { sku: string };
	qty: number;
	/** Our line id, which comes back with the item. */
	externalId: string;
}

export interface ExtensivRequest {
	referenceNum: string;
	/** Null = that of the credential. */
	facilityId: string | null;
	poNum: string;
	notes?: string;
	shippingNotes?: string;
	earliestShipDate?: string;
	routingInfo?: { carrier?: string; mode?: string; account?: string; requiresDeliveryConf?: true; isInsurance?: true };
	shipTo: {
		companyName?: string;
		name: string;
		address1: string;
		address2?: string;
		city: string;
		state?: string;
		zip?: string;
		country: string;
		phoneNumber?: string;
		emailAddress?: string;
	};
	_embedded: { [EMBEDDED_ITEMS]: ExtensivItem[] };
}

/** The pages of the API name no lengths. */
export const LIMITS: readonly FieldLimit[] = [
	// Extensiv numbers the parts of an order that it splits: "1001-1".
	{ path: 'reference', pattern: /(?!.*-\d+$).+/ },
	{ path: 'shippingAddress.name', required: true },
	{ path: 'shippingAddress.address1', required: true },
	{ path: 'shippingAddress.city', required: true },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', required: true },
];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): ExtensivRequest {
	const { lines, to } = toShip(order, { limits: LIMITS, to: addressedTo(order.shippingAddress) });
	const routing = {
		...given('carrier', order.carrier),
		...given('mode', order.serviceLevel ?? order.shippingMethod),
		...given('account', order.thirdPartyAccount),
		...(order.signatureRequired ? { requiresDeliveryConf: true as const } : {}),
		...(order.insuredAmount === null ? {} : { isInsurance: true as const }),
	};
	return {
		referenceNum: order.reference,
		// A code of a rule that is the number of a facility is that facility.
		facilityId: /^\d{1,10}$/.test(order.warehouse ?? '') ? order.warehouse : null,
		poNum: order.orderNumber,
		...given('notes', order.giftMessage === null ? null : `Gift message: ${order.giftMessage}`),
		...given('shippingNotes', order.shippingNotes),
		...given('earliestShipDate', order.requestedShipDate),
		...(Object.keys(routing).length === 0 ? {} : { routingInfo: routing }),
		shipTo: {
			...given('companyName', to.company),
			name: to.name ?? '',
			address1: to.address1 ?? '',
			...given('address2', [to.address2, to.address3].filter(Boolean).join(', ')),
			city: to.city ?? '',
			...given('state', to.region),
			...given('zip', to.postalCode),
			country: to.country ?? '',
			...given('phoneNumber', to.phone ?? order.customer.phone),
			...given('emailAddress', to.email ?? order.customer.email),
		},
		_embedded: {
			[EMBEDDED_ITEMS]: lines.map(({ id, sku, quantity }) => ({ itemIdentifier: { sku: sku ?? '' }, qty: quantity, externalId: id })),
		},
	};
}
