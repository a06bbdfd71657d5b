import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Chooses the warehouse. A later rule may choose another one; whether it is listed is checked at the end. */
export const route: ActionDefinition<ActionOf<'route'>> = {
	compile(action) {
		const warehouse = typeof action.warehouse === 'string' ? action.warehouse.trim() : '';
		if (warehouse === '') throw ruleProblem('The route action names no warehouse.', 'Enter the code of the warehouse.');
		return (content) => ({ content: content.warehouse === warehouse ? content : { ...content, warehouse } });
	},
};
