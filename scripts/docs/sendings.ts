/** What is known of a sending, and what may be decided by it: the table of `lib/order/sending.ts`, written down. */
import { DECISION_NAMES, DECISIONS, verdictOn, VERDICTS } from '../../lib/order/sending';
import { SENDING_STATE_NAMES, SENDING_STATES } from '../../lib/order/sendingState';
import { table } from './markdown';

export const sendingStates = (): string =>
	table(
		['state', 'value', 'means'],
		SENDING_STATE_NAMES.map((state) => [`**${SENDING_STATES[state].label}**`, `\`${state}\``, SENDING_STATES[state].meaning]),
	);

export const decisionTable = (): string =>
	`${table(['decision', ...SENDING_STATE_NAMES.map((state) => SENDING_STATES[state].label)], DECISION_NAMES.map((decision) => [DECISIONS[decision].label, ...SENDING_STATE_NAMES.map((state) => verdictOn(decision, state))]))}\n\n` +
	Object.entries(VERDICTS)
		.map(([verdict, meaning]) => `- **${verdict}**: ${meaning}`)
		.join('\n');
