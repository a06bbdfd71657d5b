import { conditionSet, type ConditionSet } from '../conditionSet';
import { compileLineConditions } from '../conditions';
import { countingLines } from '../paths';
import { object } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleAction } from './common/action';
import { lineConditions } from './common/fields';

interface RemoveLines {
	lines: ConditionSet;
}

/** Removes the lines that meet the conditions. An order of which nothing is left to ship is skipped. */
export const removeLines: RuleAction<RemoveLines> = {
	option: { name: 'Remove Lines', action: 'Remove lines', description: 'Lines that meet conditions; an order without lines is skipped' },
	shape: object<RemoveLines>({ lines: conditionSet }),
	fields: [lineConditions],
	read: (given) => ({ lines: given.conditions('lineConditions') }),
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
