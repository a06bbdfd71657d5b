import { shown } from '../../order/errors';
import type { OrderedLine } from '../../order/order';
import { orderScope, valueReader, type Scope } from '../paths';
import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';
import { checkedQuantity, freeId, lineIdsOf, LINES_LIMIT, textOf } from './lines';

const MONEY = /^\d{1,12}(\.\d{1,4})?$/;

/**
 * Adds a line, such as a gift or an insert. Rules start from the order as it was imported and edited, so running them again
 * does not add it twice. The line has no key of the cart, for the cart does not know it.
 */
export const addLine: ActionDefinition<ActionOf<'addLine'>> = {
	compile({ line }) {
		if (typeof line !== 'object' || line === null) throw ruleProblem('The line to add is empty.', 'Enter at least its SKU.');
		const [sku, name, quantity, unitPrice] = [line.sku, line.name, line.quantity, line.unitPrice].map((value) => valueReader(value, 'fixed')) as [Reader, Reader, Reader, Reader];
		// What can be checked is checked before any order meets it.
		if (sku.path === null && textOf(sku.read(NO_SCOPE)) === '') throw noSku();
		if (quantity.path === null) checkedQuantity(quantity.read(NO_SCOPE), 'The quantity of the line to add');
		if (unitPrice.path === null) checkedPrice(unitPrice.read(NO_SCOPE));
		return (content, context) => {
			const scope = orderScope(content, context);
			const code = textOf(sku.read(scope));
			if (code === '') throw noSku();
			if (content.lines.length >= LINES_LIMIT) throw ruleProblem(`The order has ${content.lines.length} lines already.`, 'Check the rules that add lines.');
			const added: OrderedLine = {
				id: freeId(`added-${code}`, lineIdsOf(content.lines)),
				externalId: null,
				sku: code,
				name: textOf(name.read(scope)) || code,
				quantity: checkedQuantity(quantity.read(scope), 'The quantity of the line to add'),
				unitPrice: checkedPrice(unitPrice.read(scope)),
				weight: null,
				options: {},
				custom: {},
			};
			return { content: { ...content, lines: [...content.lines, added] } };
		};
	},
};

type Reader = ReturnType<typeof valueReader>;
const NO_SCOPE = { content: { lines: [] }, facts: {} } as unknown as Scope;

const noSku = () => ruleProblem('The line to add has no SKU.', 'Enter the SKU that the warehouse knows.');

function checkedPrice(value: unknown): string | null {
	const text = textOf(value);
	if (text === '') return null;
	if (!MONEY.test(text)) {
		throw ruleProblem(`The price of the line to add is not an amount (value: ${shown(value)}).`, 'Enter a decimal number with a point, such as 19.90, or nothing.');
	}
	return text;
}
