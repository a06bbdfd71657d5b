import type { CarrierNames } from '../common/carriers';

/** How Medusa is read and written to. */
export interface MedusaSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store: string;
	/** Keys of the sales channels whose orders are meant; none = all. */
	channels?: readonly string[];
	/** Keys of the regions whose orders are meant; none = all. */
	regions?: readonly string[];
	/** From the warehouse's name of a carrier to the shop's; others are sent as they are. */
	carriers?: CarrierNames;
	/** Key of the stock location that goods leave from; '' = that of the way to ship. */
	location?: string;
}

export const LABEL = 'Medusa';

/** Of the payment: Medusa's status of an order tells nothing of it. */
export const DEFAULT_STATUSES: readonly string[] = ['captured'];

/** In the metadata of an order: what the warehouse has it as, and what people of the warehouse say. */
export const REFERENCE_KEY = 'warehouse_reference';
export const NOTES_KEY = 'warehouse_notes';

/** In the metadata of a fulfillment: the warehouse's key of the shipment, and how much of each line is in it. */
export const SHIPMENT_KEY = 'warehouse_shipment';
export const QUANTITIES_KEY = 'warehouse_quantities';
