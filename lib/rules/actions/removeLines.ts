import { compileLineConditions } from '../conditions';
import { countingLines } from '../paths';
import { ruleLabel } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Removes the lines that meet the conditions. An order of which nothing is left to ship is skipped. */
export const removeLines: ActionDefinition<ActionOf<'removeLines'>> = {
	compile(action, rule) {
		const conditions = compileLineConditions(action.lines);
		const reason = `${ruleLabel(rule)} removed all lines.`;
		return (before, { facts }) => {
			const lines = before.lines.filter((line) => !conditions.check({ content: before, facts, line }));
			if (lines.length === before.lines.length) return { content: before };
			const content = { ...before, lines };
			const emptied = countingLines(before).length > 0 && countingLines(content).length === 0;
			return emptied ? { content, decision: { kind: 'skip', rule, reason } } : { content };
		};
	},
};
