import { MappingError } from '../../order/errors';
import type { ImportedOrder } from '../../order/order';

/** What a file leaves open about an order of which something is to be shipped. */
export interface Doubt {
	reason: string;
	/** The same with its place. */
	error: MappingError;
}

/** What one order of a file says. */
export interface FileOrder {
	order: ImportedOrder;
	/** Of an order that the store does not know it is a failure, for a person. null = nothing. */
	doubt: Doubt | null;
}

export const doubtAbout = (place: string, value: string, reason: string, remedy: string): Doubt => ({
	reason,
	error: new MappingError(place, value, reason, remedy),
});
