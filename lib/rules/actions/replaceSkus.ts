import { shown } from '../../order/errors';
import type { OrderedLine } from '../../order/order';
import { ruleProblem } from '../problem';
import type { SkuTable } from '../rule';
import type { ActionDefinition, ActionOf } from './action';
import { checkedQuantity, freeId, lineIdsOf, LINES_LIMIT, textOf } from './lines';

interface Component {
	sku: string;
	name: string | null;
	quantity: number;
}

/** Components of one kit after kits within kits are resolved. */
const COMPONENTS_LIMIT = 200;

/**
 * Translates SKUs and replaces kits by their components. A component may be a kit itself. Each component keeps the cart's key
 * of the line that it came from and how many of it one kit holds, so that tracking goes back to the right line with the right
 * quantity (`sourceQuantities`). SKU for SKU the line stays as it is otherwise; components
 * of a kit have no price or weight of their own, as those of the kit cannot be shared out.
 */
export const replaceSkus: ActionDefinition<ActionOf<'replaceSkus'>> = {
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
	if (components.length === 1 && first!.quantity === 1) return [{ ...line, sku: first!.sku, name: first!.name ?? line.name }];
	return components.map(({ sku, name, quantity }) => ({
		...line,
		id: freeId(`${line.id}-${sku}`, taken),
		sku,
		name: name ?? sku,
		quantity: line.quantity === 0 ? 0 : checkedQuantity(quantity * line.quantity, `The quantity of ${sku} for ${line.quantity} × ${line.sku}`),
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
		const [from, sku] = [textOf(entry?.sku), textOf(entry?.component)];
		if (from === '' || sku === '') throw ruleProblem(`Row ${index + 1} of the table of SKUs is not complete.`, 'Enter the SKU and what replaces it, or remove the row.');
		const component = { sku, name: textOf(entry.name) || null, quantity: checkedQuantity(entry.quantity, `The quantity of ${shown(sku)} in ${shown(from)}`) };
		rows.set(key(from), [...(rows.get(key(from)) ?? []), component]);
	});
	const kits = new Map<string, Component[]>();
	const resolve = (from: string, within: readonly string[]): Component[] => {
		const known = kits.get(from);
		if (known !== undefined) return known;
		if (within.includes(from)) throw containsItself([...within.slice(within.indexOf(from)), from]);
		const components = rows.get(from)!.flatMap(({ sku, name, quantity }): Component[] => {
			if (!rows.has(key(sku))) return [{ sku, name, quantity }];
			return resolve(key(sku), [...within, from]).map((inner) => ({ ...inner, quantity: checkedQuantity(inner.quantity * quantity, `The quantity of ${inner.sku}`) }));
		});
		const merged = mergedBySku(components, key);
		if (merged.length > COMPONENTS_LIMIT) throw ruleProblem(`The kit ${shown(from)} has ${merged.length} components.`, `A kit may have up to ${COMPONENTS_LIMIT}.`);
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
