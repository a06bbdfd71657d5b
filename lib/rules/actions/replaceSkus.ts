import { shown } from '../../order/errors';
import { textOf } from '../../order/json';
import type { OrderedLine } from '../../order/order';
import { ruleProblem } from '../problem';
import { boolean, list, nullable, number, object, otherwise, text, type Shape } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import type { Field } from './common/field';
import { caseSensitive } from './common/fields';
import { checkedQuantity, freeId, lineIdsOf, LINES_LIMIT } from './common/lines';

interface Component {
	sku: string;
	name: string | null;
	quantity: number;
}

/** Components of one kit after kits within kits are resolved. */
const COMPONENTS_LIMIT = 200;

export interface SkuTable {
	caseSensitive: boolean;
	/** Rows of one SKU together are a kit; a single row with quantity 1 translates the SKU. */
	entries: Array<{ sku: string; component: string; quantity: number; name: string | null }>;
}

const skuTable: Shape<SkuTable> = object<SkuTable>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<SkuTable['entries'][number]>({
			sku: text({ least: 1 }),
			component: text({ least: 1 }),
			quantity: otherwise(number({ least: 1, whole: true }), 1),
			name: nullable(text()),
		}),
		{ most: 20_000 },
	),
});

const ROW: readonly Field[] = [
	{ displayName: 'SKU', name: 'sku', type: 'string', default: '', placeholder: 'GIFT-SET', description: 'As the cart has it' },
	{
		displayName: 'Replace By',
		name: 'component',
		type: 'string',
		default: '',
		placeholder: 'RED-MUG',
		description: 'The SKU of the warehouse; it may be a kit of this table itself',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'In one kit; multiplied by the quantity of the line',
	},
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		description: 'Empty = the SKU for a component of a kit, else the name of the line',
	},
];

/**
 * Translates SKUs and replaces kits by their components. A component may be a kit itself. Each component keeps the cart's key
 * of the line that it came from and how many of it one kit holds, so that tracking goes back to the right line with the right
 * quantity (`sourceQuantities`). SKU for SKU the line stays as it is otherwise; components
 * of a kit have no price or weight of their own, as those of the kit cannot be shared out.
 */
export const replaceSkus: RuleAction<{ table: SkuTable }> = {
	option: { name: 'Replace SKUs and Kits', action: 'Replace skus and kits', description: 'Other SKUs, or the components of a kit' },
	shape: object<{ table: SkuTable }>({ table: skuTable }),
	fields: [
		{
			displayName: 'SKUs',
			name: 'skus',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add SKU',
			default: {},
			description:
				'Rows with the same SKU together are a kit. Each component keeps the cart’s key of the line, so that tracking goes back to it.',
			options: [{ displayName: 'SKU', name: 'list', values: ROW }],
		},
		caseSensitive,
	],
	read: (given) => ({
		table: {
			caseSensitive: given.boolean('caseSensitive'),
			entries: given.rows('skus').map((row) => ({
				sku: row.text('sku'),
				component: row.text('component'),
				quantity: row.number('quantity'),
				name: row.textOrNull('name'),
			})),
		},
	}),
	compile({ table }) {
		const { key, kits } = compileTable(table);
		return (content) => {
			const taken = lineIdsOf(content.lines);
			let changed = false;
			const lines = content.lines.flatMap((line): OrderedLine[] => {
				const components = line.sku === null ? undefined : kits.get(key(line.sku));
				if (components === undefined) return [line];
				changed = true;
				return componentsOf(line, components, taken);
			});
			if (lines.length > LINES_LIMIT) throw ruleProblem(`The order would have ${lines.length} lines.`, 'Check the table of kits.');
			return { content: changed ? { ...content, lines } : content };
		};
	},
};

function componentsOf(line: OrderedLine, components: readonly Component[], taken: Set<string>): OrderedLine[] {
	const [first] = components;
	if (components.length === 1 && first?.quantity === 1) return [{ ...line, sku: first.sku, name: first.name ?? line.name }];
	return components.map(({ sku, name, quantity }) => ({
		...line,
		id: freeId(`${line.id}-${sku}`, taken),
		sku,
		name: name ?? sku,
		quantity:
			line.quantity === 0 ? 0 : checkedQuantity(quantity * line.quantity, `The quantity of ${sku} for ${line.quantity} × ${line.sku}`),
		unitPrice: null,
		weight: null,
		// Orders must not share an object, and neither must lines.
		options: { ...line.options },
		custom: structuredClone(line.custom),
		// A component that another rule takes apart again still belongs to the line that the cart sold.
		kit: { ...(line.kit ?? { lineId: line.id, sku: line.sku }), quantity: quantity * (line.kit?.quantity ?? 1) },
	}));
}

function compileTable(table: SkuTable): { key(sku: string): string; kits: Map<string, Component[]> } {
	if (typeof table !== 'object' || table === null || !Array.isArray(table.entries)) {
		throw ruleProblem('The table of SKUs cannot be read.', 'Enter the table of this rule again.');
	}
	const key = (sku: string): string => (table.caseSensitive ? sku.trim() : sku.trim().toLowerCase());
	const rows = new Map<string, Component[]>();
	table.entries.forEach((entry, index) => {
		const [from, sku] = [textOf(entry?.sku) ?? '', textOf(entry?.component) ?? ''];
		if (from === '' || sku === '')
			throw ruleProblem(`Row ${index + 1} of the table of SKUs is not complete.`, 'Enter the SKU and what replaces it, or remove the row.');
		const component = {
			sku,
			name: textOf(entry.name),
			quantity: checkedQuantity(entry.quantity, `The quantity of ${shown(sku)} in ${shown(from)}`),
		};
		rows.set(key(from), [...(rows.get(key(from)) ?? []), component]);
	});
	const kits = new Map<string, Component[]>();
	const resolve = (from: string, within: readonly string[]): Component[] => {
		const known = kits.get(from);
		if (known !== undefined) return known;
		if (within.includes(from)) throw containsItself([...within.slice(within.indexOf(from)), from]);
		const components = (rows.get(from) ?? []).flatMap(({ sku, name, quantity }): Component[] => {
			if (!rows.has(key(sku))) return [{ sku, name, quantity }];
			return resolve(key(sku), [...within, from]).map((inner) => ({
				...inner,
				quantity: checkedQuantity(inner.quantity * quantity, `The quantity of ${inner.sku}`),
			}));
		});
		const merged = mergedBySku(components, key);
		if (merged.length > COMPONENTS_LIMIT)
			throw ruleProblem(`The kit ${shown(from)} has ${merged.length} components.`, `A kit may have up to ${COMPONENTS_LIMIT}.`);
		kits.set(from, merged);
		return merged;
	};
	for (const from of rows.keys()) resolve(from, []);
	return { key, kits };
}

/** One line for each component, also when the kit has it several times. */
function mergedBySku(components: readonly Component[], key: (sku: string) => string): Component[] {
	const bySku = new Map<string, Component>();
	for (const component of components) {
		const same = bySku.get(key(component.sku));
		if (same === undefined) bySku.set(key(component.sku), { ...component });
		else same.quantity = checkedQuantity(same.quantity + component.quantity, `The quantity of ${component.sku}`);
	}
	return [...bySku.values()];
}

const containsItself = (chain: readonly string[]) =>
	ruleProblem(`The kit ${shown(chain[0])} contains itself: ${chain.join(' → ')}.`, 'Remove the row that leads back to it.');
