import type { CarrierNames } from '../carriers';

/** How WooCommerce is written to. Reading needs none. */
export interface WooCommerceSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store?: string;
	/**
	 * meta = the order's meta `_wc_shipment_tracking_items`, which Shipment Tracking and Advanced Shipment Tracking show;
	 * plugin = the REST endpoint of Shipment Tracking. Default: meta.
	 */
	tracking?: 'meta' | 'plugin';
	/** From the warehouse's name to one of the plugin's providers; others are written as custom providers, with their link. */
	carriers?: CarrierNames;
	/** Status of an order once all of it is shipped and its tracking is there; '' = it is left. Default: completed. */
	shippedStatus?: string;
	/** meta = a hidden value at the order (default); status = a status of the shop; note = a note for the shop. */
	acknowledgeBy?: 'meta' | 'status' | 'note';
	/** For `acknowledgeBy: 'status'`. */
	acknowledgeStatus?: string;
}
