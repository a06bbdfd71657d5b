/** What of an order a warehouse is asked to ship: where the request of every adapter begins. Pure. */
import { outstanding } from '../../order/derive';
import { FieldLimitError, type FieldProblem } from '../../order/errors';
import type { Address, Order } from '../../order/order';
import { fieldProblems } from './limits';
import type { FieldLimit } from '../Wms';

interface ToShip {
	/** The lines of which something is left, with that as their quantity. */
	lines: Order['lines'];
	to: Address;
}

interface Checks {
	limits: readonly FieldLimit[];
	/** As this warehouse is given the address; default: as the order has it. */
	to?: Address | null;
	/** What else is wrong with the order, for this warehouse. */
	problems?: readonly FieldProblem[];
}

/** Throws FieldLimitError with every problem, so that a person corrects them in one go. */
export function toShip(order: Order, { limits, to = order.shippingAddress, problems: others = [] }: Checks): ToShip {
	const lines = stillToShip(order);
	const checked = { ...order, shippingAddress: to, lines };
	const problems = fieldProblems(checked, limits);
	if (lines.length === 0) problems.push({ field: 'lines', problem: 'no line is left to ship', code: 'missing_field' });
	problems.push(...others);
	if (problems.length > 0 || to === null) throw new FieldLimitError(problems);
	return { lines, to };
}

const stillToShip = (order: Order): Order['lines'] =>
	order.lines.map((line) => ({ ...line, quantity: outstanding(line) })).filter(({ quantity }) => quantity > 0);

/** Warehouses want a name; a package to a company goes to the company. */
export const addressedTo = (address: Address | null): Address | null =>
	address === null ? null : { ...address, name: filled(address.name) ?? filled(address.company) };

const filled = (text: string | null): string | null => (text?.trim() ? text.trim() : null);
