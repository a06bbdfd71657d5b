import { checkedValue, valueAt, withValue } from '../../order/layers';
import { shown } from '../../order/errors';
import type { OrderContent } from '../../order/order';
import { ruleLabel, ruleProblem } from '../problem';
import type { ShippingMethodMap } from '../rule';
import type { ActionDefinition, ActionOf } from './action';

const TARGETS = ['carrier', 'serviceLevel', 'warehouse'] as const;
type Target = Partial<Record<(typeof TARGETS)[number], string | null>>;

/** Translates the cart's text into carrier, service level and warehouse. */
export const mapShippingMethod: ActionDefinition<ActionOf<'mapShippingMethod'>> = {
	compile({ map }, rule) {
		if (typeof map !== 'object' || map === null || !Array.isArray(map.entries)) {
			throw ruleProblem('The table of shipping methods cannot be read.', 'Enter the table of this rule again.');
		}
		const key = map.caseSensitive ? (method: string) => method : normalized;
		const table = new Map<string, Array<[string, string]>>();
		for (const entry of map.entries) {
			if (typeof entry?.method !== 'string') {
				throw ruleProblem('A row of the table of shipping methods has no method.', 'Enter the method or remove the row.');
			}
			if (!table.has(key(entry.method))) table.set(key(entry.method), assignments(entry));
		}
		const unmapped = unmappedCase(map);
		return (content) => {
			const method = content.shippingMethod ?? '';
			const found = table.get(key(method)) ?? unmapped;
			if (found !== null) return { content: found.reduce(assign, content) };
			const named = method === '' ? 'The order has no shipping method, and the table has no row for that' : `The shipping method ${shown(method, 200)} is not in the table`;
			const message = `${ruleLabel(rule)}: ${named}.`;
			return { content, decision: { kind: 'error', rule, alert: { code: 'unmapped_shipping_method', message } } };
		};
	},
};

/** What is set for a method that is not in the table; null = the order goes to Error. */
function unmappedCase({ unmapped }: ShippingMethodMap): Array<[string, string]> | null {
	switch (unmapped?.kind) {
		case 'error':
			return null;
		case 'leave':
			return [];
		case 'default':
			return assignments({ carrier: unmapped.carrier, serviceLevel: unmapped.serviceLevel });
		default:
			throw ruleProblem(
				`The setting ${shown((unmapped as { kind?: unknown } | undefined)?.kind)} for unmapped methods is not known.`,
				'Choose error, leave or default.',
			);
	}
}

/** White space that only looks different, and letter case, do not matter: carts change them. */
const normalized = (method: string): string => method.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

const assignments = (entry: Target): Array<[string, string]> =>
	TARGETS.flatMap((target): Array<[string, string]> => {
		const value = checkedValue(target, entry[target] ?? null);
		return typeof value === 'string' && value.trim() !== '' ? [[target, value.trim()]] : [];
	});

const assign = (content: OrderContent, [path, value]: [string, string]): OrderContent =>
	valueAt(content, path) === value ? content : withValue(content, path, value);
