import type { CarrierNames } from '../common/carriers';

/** How WooCommerce is read and written to. */
export interface WooCommerceSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store: string;
	/** Which of a bundle ships where the shop does not say that it ships assembled: its parts (default), or the bundle as one piece. */
	bundles?: 'parts' | 'container';
	/** Keys of order meta that are kept in `custom` although they are hidden or hold more than a plain value. */
	keepMeta?: readonly string[];
	/**
	 * meta = the order's meta `_wc_shipment_tracking_items`, which Shipment Tracking and Advanced Shipment Tracking show;
	 * plugin = the REST endpoint of Shipment Tracking. Default: meta.
	 */
	tracking?: 'meta' | 'plugin';
	/** From the warehouse's name to one of the plugin's providers; others are written as custom providers, with their link. */
	carriers?: CarrierNames;
	/** Status of an order once all of it is shipped and its tracking is there; '' = it is left. Default: completed. */
	shippedStatus?: string;
	/** Whether the customer gets a note with each tracking number, which WooCommerce mails. Default: false. */
	noteToCustomer?: boolean;
	/** meta = a hidden value at the order (default); status = a status of the shop; note = a note for the shop. */
	acknowledgeBy?: 'meta' | 'status' | 'note';
	/** For `acknowledgeBy: 'status'`. */
	acknowledgeStatus?: string;
}
