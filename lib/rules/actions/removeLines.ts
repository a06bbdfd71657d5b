import { compileLineConditions } from '../conditions';
import { countingLines, orderScope } from '../paths';
import type { ActionDefinition, ActionOf } from './action';

/** Removes the lines that meet the conditions. An order of which nothing is left to ship is skipped. */
export const removeLines: ActionDefinition<ActionOf<'removeLines'>> = {
	compile(action, rule) {
		const conditions = compileLineConditions(action.lines);
		return (before, context) => {
			const scope = orderScope(before, context);
			const lines = before.lines.filter((line) => !conditions.check({ ...scope, line }));
			if (lines.length === before.lines.length) return { content: before };
			const content = { ...before, lines };
			const emptied = countingLines(before).length > 0 && countingLines(content).length === 0;
			return emptied ? { content, decision: { kind: 'skip', rule, reason: 'all lines were removed' } } : { content };
		};
	},
};
