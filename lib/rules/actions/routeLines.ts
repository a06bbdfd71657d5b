import { conditionSet, type ConditionSet } from '../conditionSet';
import { compileLineConditions } from '../conditions';
import { ruleProblem } from '../problem';
import { object, text } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleAction } from './common/action';
import { lineConditions, warehouse } from './common/fields';

interface RouteLines {
	lines: ConditionSet;
	warehouse: string;
}

/** Chooses the warehouse of the lines that meet the conditions. Lines for different warehouses split the order. */
export const routeLines: RuleAction<RouteLines> = {
	option: { name: 'Route Lines', action: 'Route lines to a warehouse', description: 'Lines for different warehouses split the order' },
	shape: object<RouteLines>({ lines: conditionSet, warehouse: text({ least: 1 }) }),
	fields: [lineConditions, warehouse],
	read: (given) => ({ lines: given.conditions('lineConditions'), warehouse: given.text('warehouse').trim() }),
	compile(action) {
		const conditions = compileLineConditions(action.lines);
		const warehouse = typeof action.warehouse === 'string' ? action.warehouse.trim() : '';
		if (warehouse === '') throw ruleProblem('The action "route lines" names no warehouse.', 'Enter the code of the warehouse.');
		return (content, context) => {
			const scope = orderScope(content, context);
			const lines = content.lines.map((line) =>
				line.warehouse !== warehouse && conditions.check({ ...scope, line }) ? { ...line, warehouse } : line,
			);
			return lines.every((line, index) => line === content.lines[index]) ? { content } : { content: { ...content, lines } };
		};
	},
};
