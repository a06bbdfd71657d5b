import { shown } from '../../order/errors';
import { textOf } from '../../order/json';
import type { JsonValue, OrderedLine } from '../../order/order';
import { valueReader } from '../paths';
import { ruleProblem } from '../problem';
import { object, otherwise, valueOrField } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleAction } from './common/action';
import { checkedQuantity, freeId, lineIdsOf, LINES_LIMIT } from './common/lines';

const MONEY = /^\d{1,12}(\.\d{1,4})?$/;

interface AddLine {
	/** Values that are plain path expressions are read from the order; an empty name is the SKU. */
	line: { sku: JsonValue; name: JsonValue; quantity: JsonValue; unitPrice: JsonValue };
}

/**
 * Adds a line, such as a gift or an insert. Rules start from the order as it was imported and edited, so running them again
 * does not add it twice. The line has no key of the cart, for the cart does not know it.
 */
export const addLine: RuleAction<AddLine> = {
	option: { name: 'Add Line', action: 'Add a line', description: 'Such as a gift or an insert, once for each order' },
	shape: object<AddLine>({
		line: object<AddLine['line']>({
			sku: valueOrField,
			name: otherwise(valueOrField, null),
			quantity: otherwise(valueOrField, 1),
			unitPrice: otherwise(valueOrField, null),
		}),
	}),
	fields: [
		{ displayName: 'SKU', name: 'lineSku', type: 'string', default: '', placeholder: 'GIFT-CARD' },
		{
			displayName: 'Name',
			name: 'lineName',
			type: 'string',
			default: '',
			description: 'Empty = the SKU',
		},
		{
			displayName: 'Quantity',
			name: 'lineQuantity',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description: 'A field dragged here, such as totalQuantity, is read when the rule runs',
		},
		{
			displayName: 'Price',
			name: 'linePrice',
			type: 'string',
			default: '',
			placeholder: '0.00',
			description: 'Of one unit; empty = none',
		},
	],
	read: (given) => ({
		line: {
			sku: given.value('lineSku'),
			name: given.value('lineName'),
			quantity: given.value('lineQuantity'),
			unitPrice: given.value('linePrice'),
		},
	}),
	compile({ line }) {
		if (typeof line !== 'object' || line === null) throw ruleProblem('The line to add is empty.', 'Enter at least its SKU.');
		const [sku, name] = [valueReader(line.sku, 'fixed'), valueReader(line.name, 'fixed')];
		const [quantity, unitPrice] = [valueReader(line.quantity, 'fixed'), valueReader(line.unitPrice, 'fixed')];
		// What can be checked is checked before any order meets it.
		if (sku.path === null && textOf(sku.value) === null) throw noSku();
		if (quantity.path === null) checkedQuantity(quantity.value, 'The quantity of the line to add');
		if (unitPrice.path === null) checkedPrice(unitPrice.value);
		return (content, context) => {
			const scope = orderScope(content, context);
			const code = textOf(sku.read(scope)) ?? '';
			if (code === '') throw noSku();
			if (content.lines.length >= LINES_LIMIT)
				throw ruleProblem(`The order has ${content.lines.length} lines already.`, 'Check the rules that add lines.');
			const added: OrderedLine = {
				id: freeId(`added-${code}`, lineIdsOf(content.lines)),
				externalId: null,
				sku: code,
				name: textOf(name.read(scope)) ?? code,
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

const noSku = () => ruleProblem('The line to add has no SKU.', 'Enter the SKU that the warehouse knows.');

function checkedPrice(value: unknown): string | null {
	const text = textOf(value);
	if (text === null && (typeof value === 'string' || value === null || value === undefined)) return null;
	if (text === null || !MONEY.test(text)) {
		throw ruleProblem(
			`The price of the line to add is not an amount (value: ${shown(value)}).`,
			'Enter a decimal number with a point, such as 19.90, or nothing.',
		);
	}
	return text;
}
