import { compileLineConditions } from '../conditions';
import { orderScope } from '../paths';
import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Chooses the warehouse of the lines that meet the conditions. Lines for different warehouses split the order. */
export const routeLines: ActionDefinition<ActionOf<'routeLines'>> = {
	compile(action) {
		const conditions = compileLineConditions(action.lines);
		const warehouse = typeof action.warehouse === 'string' ? action.warehouse.trim() : '';
		if (warehouse === '') throw ruleProblem('The action "route lines" names no warehouse.', 'Enter the code of the warehouse.');
		return (content, context) => {
			const scope = orderScope(content, context);
			const lines = content.lines.map((line) => (line.warehouse !== warehouse && conditions.check({ ...scope, line }) ? { ...line, warehouse } : line));
			return lines.every((line, index) => line === content.lines[index]) ? { content } : { content: { ...content, lines } };
		};
	},
};
