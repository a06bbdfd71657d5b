/** A warehouse as its own people see it, past our package. */
import type { Credential } from '../n8n/setUp';

export interface HeldOrder {
	reference: string;
	/** Pieces by SKU, of all that it was asked to ship and did not cancel. */
	pieces: Record<string, number>;
}

export interface Warehouse {
	/** As WMS Send calls it. */
	readonly code: string;
	readonly credential: Credential;
	/** Every order that it has, as often as it has it, without those that were canceled. */
	orders(): Promise<HeldOrder[]>;
	/** Packs these pieces of an order into a parcel and hands it to the carrier. */
	ship(reference: string, pieces: Record<string, number>, tracking: string): Promise<void>;
}
