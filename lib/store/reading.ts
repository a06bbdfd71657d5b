/** What the store is asked for, and what it gives. */
import type { AlertCode } from '../order/alerts';
import type { IsoDate, JsonValue } from '../order/order';
import type { Standing } from '../order/statement';
import type { OrderStatus } from '../order/status';

export interface OrderQuery {
	ids?: string[];
	statuses?: OrderStatus[];
	stores?: string[];
	warehouses?: string[];
	/** Codes of the WMS adapters that have (or had) the order. */
	wms?: string[];
	alertCodes?: AlertCode[];
	/** Exact, but for a # in front: Shopify writes one, people leave it out. */
	orderNumber?: string;
	/** The cart's key: finds the order of the cart, not the parts of it. */
	externalId?: string;
	reference?: string;
	/** Found anywhere in number, reference, customer, address, SKUs, tracking numbers; case does not matter. */
	text?: string;
	/** Only orders whose due instant has passed. */
	due?: boolean;
	/** Only orders whose due instant has passed by so many milliseconds: nobody took them on. */
	overdueMs?: number;
	/** Only orders with a shipment whose upload to the cart is due. */
	uploadDue?: boolean;
	orderedFrom?: IsoDate;
	orderedTo?: IsoDate;
	importedFrom?: IsoDate;
	importedTo?: IsoDate;
	sort?: { by: 'importedAt' | 'orderedAt' | 'updatedAt' | 'orderNumber'; direction: 'asc' | 'desc' };
	limit: number;
	/** `next` of the page before. */
	after?: string | null;
}

export interface Page<T> {
	items: T[];
	/** Give it as `after` for the next page; `null` = this was the last. */
	next: string | null;
}

/** Counts orders of the cart: a part is counted with its order, a bundle with the orders in it. */
export interface StoreStatistics {
	stores: Array<{
		store: string;
		cart: string;
		counts: Partial<Record<OrderStatus, number>>;
		lastImportAt: IsoDate | null;
		openImportFailures: number;
		/** What waits for a person: all that is in Error, parts and bundles too, of which the counts say nothing. */
		inError: number;
		lastProblem: { orderId: string; orderNumber: string; code: string; message: string; at: IsoDate } | null;
	}>;
	totals: Record<OrderStatus, number>;
	/** One entry a day with orders, oldest first. */
	perDay: Array<{ day: string; imported: number; closed: number }>;
	/** Hours from import to closing, of orders closed in the period. */
	hoursToClose: { count: number; median: number | null; p90: number | null };
}

/** What the store knows of orders of the cart. */
export interface Standings {
	orders: Standing[];
	/** Open import failures of those that it does not have, by the key of the order. */
	failures: Array<{ key: string; message: string }>;
}

/** A version of a set of rules that many workflows use. */
export interface StoredRuleSet {
	name: string;
	/** Counts from 1 by name; a version that was saved never changes. */
	version: number;
	savedAt: IsoDate;
	savedBy: string;
	/** The rule set as JSON; what is in it is checked by who saves it. */
	content: JsonValue;
}
