import type { CarrierNames } from '../common/carriers';

/** What a person chooses for a Shopify shop. Trigger and Cart Update must agree on the tag. */
export interface ShopifySettings {
	/** Added to an order once the warehouse has it; '' = the order is not marked. */
	acknowledgeTag?: string;
	/** Name or id of the location that ships; '' = every location. */
	location?: string;
	/** Also orders of the shop's payment test mode. Default: false. */
	testOrders?: boolean;
	/** Also orders of which others shipped a part before they were imported: what remains is imported. Default: false. */
	partiallyFulfilled?: boolean;
	/** Also what the shop delivers itself. Default: false. */
	localDeliveries?: boolean;
	/** Orders with any of these tags are left out; those that the store has wait. */
	withoutTags?: readonly string[];
	/** The carrier as the warehouse calls it → as Shopify spells it. Goes before our own table. */
	carriers?: CarrierNames;
	/** What `cancel` does with money and stock. Default: no refund, restocked, customer not told. */
	cancel?: { refund?: boolean; restock?: boolean; notifyCustomer?: boolean };
}

export const DEFAULT_TAG = 'sent-to-warehouse';

/** Payment statuses of orders to import when nobody says otherwise. */
export const DEFAULT_STATUSES: readonly string[] = ['paid', 'partially_refunded'];

/** Every payment status that Shopify has, as the trigger offers them. */
export const PAYMENT_STATUSES = [
	'authorized',
	'expired',
	'paid',
	'partially_paid',
	'partially_refunded',
	'pending',
	'refunded',
	'voided',
] as const;

export const tagOf = ({ acknowledgeTag = DEFAULT_TAG }: ShopifySettings): string => acknowledgeTag.trim();
