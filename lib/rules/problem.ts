/** How rules say what is wrong: the field, the value and the remedy, always with the name of the rule in the end. */
import type { Alert } from '../order/alerts';
import { FulfillmentError, shown } from '../order/errors';
import type { JsonValue } from '../order/order';

/** Longest text of a person that is taken over into a message. */
const TEXT_LIMIT = 500;

/** An error that puts the order in Error `rule_failed`. @param remedy what the person can do, one sentence */
export const ruleProblem = (message: string, remedy: string, cause?: unknown): FulfillmentError =>
	new FulfillmentError('rule_failed', message, remedy, { cause });

/** What a rule found wrong with the order itself: the alert names that, not the rule. */
export class OrderProblem extends FulfillmentError {
	override readonly name = 'OrderProblem';

	constructor(
		readonly alertCode: 'field_too_long' | 'invalid_address',
		message: string,
		remedy: string,
	) {
		super('rule_failed', message, remedy);
	}
}

/** The alert of a rule that failed, whatever it threw. */
export function failureAlert(rule: string, error: unknown): Alert {
	const text =
		error instanceof FulfillmentError
			? `${error.message} ${error.remedy}`
			: `${cleanText(String(error))}. Check the values of this rule; if they are right, please report this text.`;
	return { code: error instanceof OrderProblem ? error.alertCode : 'rule_failed', message: `${ruleLabel(rule)}: ${text}` };
}

/** @example ruleLabel('EU to Berlin') // Rule "EU to Berlin" */
export const ruleLabel = (rule: string): string => (isSimple(rule) ? `Rule "${rule}"` : `Rule ${shown(rule, 120)}`);

/** A person's text on one line, bounded. */
export const cleanText = (text: string): string => unquoted(shown(text, TEXT_LIMIT + 2));

/** A value as people read it: texts without quotes, everything short and on one line. */
export function plain(value: JsonValue): string {
	if (typeof value !== 'string' || value === '') return shown(value);
	return isSimple(value) ? value : unquoted(shown(value));
}

/** Short printable ASCII without quotes and backslashes: shown as it is, which spares most texts of a trace the long way. */
const isSimple = (text: string): boolean => text.length <= 78 && /^[ !#-[\]-~]+$/.test(text);

const unquoted = (text: string): string => text.replace(/^"|"$/g, '').replaceAll('\\"', '"');

/** A value for the trace: numbers, booleans and short texts as they are, everything else shortened. */
export function brief(value: unknown): JsonValue {
	if (value === null || value === undefined) return null;
	if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
	if (typeof value === 'string' && value.length <= 80 && !/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(value)) {
		return value;
	}
	// A whole order's worth of JSON must not be built only to be cut to 80 characters.
	return shown(typeof value === 'string' ? value.slice(0, 100) : Array.isArray(value) ? value.slice(0, 10) : value);
}
