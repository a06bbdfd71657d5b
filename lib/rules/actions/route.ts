import { NAME_LENGTH } from '../../order/texts';
import { ruleProblem } from '../problem';
import { object, text } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import { warehouse } from './common/fields';

interface Route {
	warehouse: string;
}

/** Chooses the warehouse. A later rule may choose another one; whether it is listed is checked at the end. */
export const route: RuleAction<Route> = {
	option: { name: 'Route to Warehouse', action: 'Route the order to a warehouse', description: 'To the output of that warehouse' },
	shape: object<Route>({ warehouse: text({ least: 1 }) }),
	fields: [warehouse],
	read: (given) => ({ warehouse: given.text('warehouse').trim() }),
	compile(action) {
		const warehouse = typeof action.warehouse === 'string' ? action.warehouse.trim() : '';
		if (warehouse === '') throw ruleProblem('The route action names no warehouse.', 'Enter the code of the warehouse.');
		if (warehouse.length > NAME_LENGTH)
			throw ruleProblem(
				`The name of the warehouse has ${warehouse.length} characters, at most ${NAME_LENGTH} are allowed.`,
				'Enter the code of the warehouse.',
			);
		return (content) => ({ content: content.warehouse === warehouse ? content : { ...content, warehouse } });
	},
};
