/** What a run of the rules is given besides the order, and what it gives back. */
import type { Alert } from '../order/alerts';
import type { BundleTerms } from '../order/bundles';
import type { BegunHold } from '../order/holds';
import type { IsoDate, JsonValue, OrderContent } from '../order/order';
import type { OrderPart } from '../order/parts';
import type { FieldChange } from '../order/timeline';

export interface RunContext {
	/** The clock of the run. */
	now: Date;
	/** IANA zone in which weekdays and hours of dates are meant; absent = UTC. Given with the rules: `RuleSettings`. */
	zone?: string;
}

/** Of a run on an order. */
export interface RuleContext extends RunContext {
	/** Warehouses that the node lists; one = the default for orders that no rule routes. */
	warehouses: string[];
	/** Names of the rules whose hold was served. */
	servedHolds: string[];
	/** Holds and windows that began and are not served: the same rule goes on to the same moment. Default: none. */
	begunHolds?: readonly BegunHold[];
	/** The order bundles others already: it is not bundled again. */
	isBundle?: boolean;
	/** It is an order of lines that were added to another one, with which it stays: it is not bundled. */
	isOfAddedLines?: boolean;
	/** What conditions may read besides the content: store, cart, externalId, attempts, … */
	facts: Record<string, JsonValue>;
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

/** A rule that cannot do what it is to do, or is there to fail what it meets. */
export interface Failure {
	kind: 'error';
	rule: string;
	alert: Alert;
}

/** The cart is not told until somebody reprocesses the order. */
export type ShipmentDecision = { kind: 'hold_back'; rule: string; reason: string } | Failure;

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
