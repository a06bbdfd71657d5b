/** What a rule is. Plain data: it comes from a node's parameters, later also from a rule set kept in the store. */
import type { Alert } from '../order/alerts';
import type { BundleTerms } from '../order/bundles';
import type { IsoDate, JsonValue, OrderContent } from '../order/order';
import type { OrderPart } from '../order/parts';
import type { FieldChange } from '../order/timeline';

/**
 * The value of n8n's condition builder (`filter` parameter), sides unresolved where they are plain paths
 * (`={{ $json.shippingAddress.country }}`). Other expressions are resolved before; what
 * they gave goes through `resolved` of paths.ts, so that a text of a customer is never taken for an expression.
 */
export interface ConditionSet {
	options: { caseSensitive: boolean; leftValue: string; typeValidation: 'strict' | 'loose'; version: 1 | 2 | 3 };
	conditions: Array<{
		id: string;
		leftValue: unknown;
		operator: { type: string; operation: string; rightType?: string; singleValue?: boolean };
		rightValue: unknown;
	}>;
	combinator: 'and' | 'or';
}

export type LineQuantifier = 'any' | 'all' | 'none';

export type Action =
	| { kind: 'skip'; reason: string | null }
	/** Removes the lines that meet the conditions; none left = Skipped. */
	| { kind: 'removeLines'; lines: ConditionSet }
	/**
	 * Sets a settable field (see SETTABLE_PATHS, `custom.<name>`, `lines.<id>.<field>`); null clears it. A value that is a plain
	 * path expression is read from the order as it is at that moment.
	 */
	| { kind: 'setField'; path: string; value: JsonValue }
	| { kind: 'mapShippingMethod'; map: ShippingMethodMap }
	| { kind: 'route'; warehouse: string }
	/** Chooses the warehouse of the lines that meet the conditions; lines for different warehouses split the order. */
	| { kind: 'routeLines'; lines: ConditionSet; warehouse: string }
	/** Divides what each warehouse gets into parts that are sent by themselves. */
	| { kind: 'split'; by: SplitBy }
	| { kind: 'hold'; until: HoldUntil }
	/** Waits for other orders of the store with the same key, and merges them into one order; see docs/rules.md. */
	| { kind: 'bundle'; by: BundleBy }
	| { kind: 'fail'; message: string }
	| { kind: 'clearField'; path: string }
	| { kind: 'addTags'; tags: string[] }
	| { kind: 'removeTags'; tags: string[] }
	/** Adds a line. Values that are plain path expressions are read from the order; an empty name is the SKU. */
	| { kind: 'addLine'; line: { sku: JsonValue; name: JsonValue; quantity: JsonValue; unitPrice: JsonValue } }
	| { kind: 'replaceSkus'; table: SkuTable }
	| { kind: 'archive'; reason: string | null }
	| { kind: 'fitAddress'; fit: AddressFit }
	/** No later action or rule runs. */
	| { kind: 'stop' };

export type SplitBy =
	/** The lines that meet the conditions are a part of their own. */
	| { kind: 'lines'; lines: ConditionSet }
	/** Lines of which the field of the line has the same value go together; mostly a plain path. */
	| { kind: 'key'; key: JsonValue }
	/** The most pieces of a part. */
	| { kind: 'quantity'; most: number }
	/** The most grams of a part. */
	| { kind: 'weight'; most: number };

export type HoldUntil =
	| { kind: 'duration'; minutes: number }
	| { kind: 'date'; date: IsoDate }
	/** A date of the order, mostly a plain path, or so many days before it. Empty = the order is not held. */
	| { kind: 'field'; date: JsonValue; daysBefore: number }
	/**
	 * The next `opens` ("09:00") on one of the weekdays (1 = Monday … 7 = Sunday) that is no holiday ("2026-12-25", or "12-25"
	 * for every year), by the clock of the zone. With `closes` an order within the hours of such a day is not held.
	 */
	| { kind: 'opening'; weekdays: number[]; opens: string; closes: string | null; zone: string; holidays: string[] }
	| { kind: 'tag'; tag: string };

export interface BundleBy {
	/** How long an order waits for others; the first one decides for all. */
	minutes: number;
	/** Only orders for the same recipient at the same place go together. */
	sameAddress: boolean;
	/** Values that have to be the same besides, mostly plain paths. An order for which one is empty is not bundled. */
	keys: JsonValue[];
	/** The most orders of a bundle. */
	mostOrders: number | null;
	mostLines: number | null;
	/** The most that the totals of its orders may add up to. */
	mostTotal: number | null;
}

export interface AddressFit {
	addresses: 'shipping' | 'billing' | 'both';
	/** The most characters of a field. */
	limits: Array<{ field: 'name' | 'company' | 'address1' | 'address2' | 'address3' | 'city' | 'region' | 'postalCode' | 'phone' | 'email'; limit: number }>;
	/** What happens to a longer text. wrap = the street goes on in the next address line; where that does not do, fail. */
	overflow: 'fail' | 'truncate' | 'wrap';
	upperCase: boolean;
	/** Writes all letters in ASCII. */
	ascii: boolean;
	/** Country names become ISO codes; an unknown one is an error. */
	countryCodes: boolean;
	/** Names of states and provinces become codes; an unknown one stays. */
	regionCodes: boolean;
	/** A postal code that the country cannot have is an error. */
	postalCodes: boolean;
}

export interface SkuTable {
	caseSensitive: boolean;
	/** Rows of one SKU together are a kit; a single row with quantity 1 translates the SKU. */
	entries: Array<{ sku: string; component: string; quantity: number; name: string | null }>;
}

export interface ShippingMethodMap {
	/** True = compared as it stands. False = letter case and the amount of white space do not matter. */
	caseSensitive: boolean;
	/**
	 * The first entry that fits counts. A `null` leaves the field as it is. An empty method fits orders without one.
	 */
	entries: Array<{ method: string; carrier: string | null; serviceLevel: string | null; warehouse: string | null }>;
	/** What happens to a method that is not in the table. */
	unmapped: { kind: 'error' } | { kind: 'leave' } | { kind: 'default'; carrier: string | null; serviceLevel: string | null };
}

export type Rule = RuleOf<Action>;

/** Rules for orders and rules for shipments differ in what they can do. */
export interface RuleOf<A> {
	name: string;
	enabled: boolean;
	/** No conditions = applies to every order. */
	conditions: ConditionSet | null;
	/** How conditions on fields of a line are meant. */
	lineQuantifier: LineQuantifier;
	actions: A[];
	/** No later rule runs when this one applied. */
	stop: boolean;
}

export interface RuleContext {
	/** The clock of the run. */
	now: Date;
	/** IANA zone in which weekdays and hours of dates are meant; absent = UTC. Given with the rules: `RuleSettings`. */
	zone?: string;
	/** Warehouses that the node lists; one = the default for orders that no rule routes. */
	warehouses: string[];
	/** Names of the rules whose hold was served. */
	servedHolds: string[];
	/** The order bundles others already: it is not bundled again. */
	isBundle?: boolean;
	/** What conditions may read besides the content: store, cart, externalId, attempts, … */
	facts: Record<string, JsonValue>;
}

/** What happens to an order that no rule decided about: none chose its warehouse, none stopped. */
export type Undecided = 'accept' | 'skip' | 'error';

/** What belongs to a set of rules besides the rules. */
export interface RuleSettings {
	/** IANA zone in which weekdays and hours of dates are meant. Default: UTC. */
	zone?: string;
	/** Default: accept. */
	undecided?: Undecided;
}

export type Decision =
	/** `parts`: only when the order is split, and then at least two. */
	| { kind: 'route'; warehouse: string; parts?: OrderPart[] }
	/** `rule` is null when no rule decided it: there is nothing to ship. */
	| { kind: 'skip'; rule: string | null; reason: string }
	/** `until` null = no end in time; `reason` says what it waits for. */
	| { kind: 'hold'; rule: string; until: IsoDate; reason?: undefined }
	| { kind: 'hold'; rule: string; until: null; reason: string }
	/** Waits until then for orders with the same key. `reason` says for which. */
	| { kind: 'bundle'; rule: string; until: IsoDate; key: string; terms: BundleTerms; reason: string }
	| { kind: 'archive'; rule: string; reason: string }
	| { kind: 'error'; rule: string | null; alert: Alert };

export interface ConditionTrace {
	/** The path that was read, "shippingAddress.country" or "lines[].sku"; a fixed value as text. */
	left: string;
	/** "string equals" */
	operator: string;
	/** The compared values, shortened. A condition on a line shows the values of that line, or of the first lines (as a list). */
	leftValue: JsonValue;
	rightValue: JsonValue;
	/** Id of the line that decided a condition on line fields; null = a condition on the order, or no single line decided it. */
	line: string | null;
	/** Whether the condition held for the values shown; null = not looked at, as an earlier condition had decided already. */
	met: boolean | null;
}

export interface RuleTrace {
	rule: string;
	/**
	 * off = switched off; stopped = an earlier rule stopped the processing; hold_served = applied, but its hold was served
	 * before or is over already.
	 */
	result: 'applied' | 'not_met' | 'off' | 'stopped' | 'failed' | 'hold_served';
	conditions: ConditionTrace[];
	changes: FieldChange[];
	/** What the rule decided, for people; null = it went on to the next rule. */
	decided: string | null;
}

export interface RuleOutcome {
	decision: Decision;
	/**
	 * The order as the rules left it (also when they skip or hold it); what a failing rule had changed is dropped. A routed
	 * order has its warehouse set. The very object that was given when nothing changed.
	 */
	content: OrderContent;
	trace: RuleTrace[];
}
