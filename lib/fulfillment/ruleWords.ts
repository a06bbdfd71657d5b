/** What rules did and decided, in words. */
import type { JsonValue } from '../order/order';
import type { OrderPart } from '../order/parts';
import type { Decision, RuleTrace } from '../rules/run';

/** In words, for lists and the timeline. */
export function describeDecision(decision: Decision): string {
	switch (decision.kind) {
		case 'route':
			return decision.parts === undefined ? `Route to ${decision.warehouse}.` : `Split: ${inParts(decision.parts)}.`;
		case 'skip':
			return decision.rule === null ? decision.reason : `Skipped by rule "${decision.rule}": ${decision.reason}`;
		case 'hold':
			return `Held by rule "${decision.rule}" ${decision.until === null ? decision.reason : `until ${decision.until}`}.`;
		case 'bundle':
			return `Kept back by rule "${decision.rule}" until ${decision.until} ${decision.reason}.`;
		case 'archive':
			return `Archived by rule "${decision.rule}": ${decision.reason}`;
		case 'error':
			return decision.alert.message;
	}
}

/** @example inParts(parts) // "BER 3 pieces, NYC 1 piece" */
export const inParts = (parts: readonly OrderPart[]): string =>
	parts
		.map(({ warehouse, lines }) => {
			const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
			return `${warehouse} ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`;
		})
		.join(', ');

/** The timeline keeps what rules did, not the rules that were looked at in vain; the whole trace is in the node's output. */
export const compactTrace = (trace: readonly RuleTrace[]): JsonValue =>
	trace
		.filter(({ result }) => result !== 'not_met' && result !== 'off' && result !== 'stopped')
		.map(({ rule, result, changes, decided }) => ({ rule, result, changes: changes as unknown as JsonValue, decided }));
