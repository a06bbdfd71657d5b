import type { CarrierNames } from '../common/carriers';

/** How Vendure is read and written to. */
export interface VendureSettings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store: string;
	/** Token of the channel that the credential names; '' = the default channel. */
	channel?: string;
	/** Names of the shop's own fields of an order that are imported. */
	customFields?: readonly string[];
	/** From the warehouse's name of a carrier to the shop's; others are sent as they are. */
	carriers?: CarrierNames;
	/** A field of the shop's own, of the type text, that gets the warehouse's reference; '' = a private note only. */
	acknowledgeField?: string;
	/** Code of the fulfillment handler. It must take the arguments `method` and `trackingCode`. */
	handler?: string;
	/** Settle authorized payments before the first shipment of an order is told. */
	settlePayments?: boolean;
}

export const DEFAULT_HANDLER = 'manual-fulfillment';

export const DEFAULT_STATUSES: readonly string[] = ['PaymentSettled'];

/** A name as GraphQL takes it. */
export const isFieldName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);
