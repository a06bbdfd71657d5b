import { shown } from '../../order/errors';
import { checkedValue, valueAt, withValue } from '../../order/layers';
import type { OrderContent } from '../../order/order';
import { ruleLabel, ruleProblem } from '../problem';
import { boolean, choice, list, nullable, object, otherwise, text, type Shape } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import type { Field } from './common/field';
import { caseSensitive } from './common/fields';
import type { FieldReader } from './common/reading';

const TARGETS = ['carrier', 'serviceLevel', 'warehouse'] as const;
type Target = Partial<Record<(typeof TARGETS)[number], string | null>>;

export interface ShippingMethodMap {
	/** True = compared as it stands. False = letter case and the amount of white space do not matter. */
	caseSensitive: boolean;
	/**
	 * The first entry that fits counts. A `null` leaves the field as it is. An empty method fits orders without one.
	 */
	entries: Array<{ method: string; carrier: string | null; serviceLevel: string | null; warehouse: string | null }>;
	/** What happens to a method that is not in the table. */
	unmapped: { kind: 'error' } | { kind: 'leave' } | { kind: 'default'; carrier: string | null; serviceLevel: string | null };
}

const shippingMethodMap: Shape<ShippingMethodMap> = object<ShippingMethodMap>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<ShippingMethodMap['entries'][number]>({
			method: text(),
			carrier: nullable(text()),
			serviceLevel: nullable(text()),
			warehouse: nullable(text()),
		}),
		{ most: 5_000 },
	),
	unmapped: otherwise(
		choice<'kind', ShippingMethodMap['unmapped']>('kind', {
			error: object({}),
			leave: object({}),
			default: object({ carrier: nullable(text()), serviceLevel: nullable(text()) }),
		}),
		{ kind: 'error' },
	),
});

const ROW: readonly Field[] = [
	{
		displayName: 'Shipping Method of the Cart',
		name: 'method',
		type: 'string',
		default: '',
		placeholder: 'DHL Express (2-3 days)',
		description: 'The cart’s text, all of it. Spaces at the ends do not matter.',
	},
	{ displayName: 'Carrier', name: 'carrier', type: 'string', default: '', placeholder: 'DHL' },
	{ displayName: 'Service Level', name: 'serviceLevel', type: 'string', default: '', placeholder: 'EXPRESS' },
	{
		displayName: 'Warehouse',
		name: 'warehouse',
		type: 'string',
		default: '',
		description: 'Routes the order as well; empty = leaves that to other rules',
	},
];

/** Translates the cart's text into carrier, service level and warehouse. */
export const mapShippingMethod: RuleAction<{ map: ShippingMethodMap }> = {
	option: {
		name: 'Map Shipping Method',
		action: 'Map the shipping method',
		description: 'From the cart’s text to carrier and service level',
	},
	shape: object<{ map: ShippingMethodMap }>({ map: shippingMethodMap }),
	fields: [
		{
			displayName: 'Shipping Methods',
			name: 'methods',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Shipping Method',
			default: {},
			options: [{ displayName: 'Shipping Method', name: 'list', values: ROW }],
		},
		{
			displayName: 'When a Method Is Not in the Table',
			name: 'unmapped',
			type: 'options',
			options: [
				{ name: 'Leave the Order as It Is', value: 'leave' },
				{ name: 'Put It in Error', value: 'error', description: 'With the alert "unmapped shipping method"' },
				{ name: 'Use a Default', value: 'default' },
			],
			default: 'error',
			belowTables: true,
		},
		{
			displayName: 'Default Carrier',
			name: 'defaultCarrier',
			type: 'string',
			default: '',
			show: { unmapped: ['default'] },
			belowTables: true,
		},
		{
			displayName: 'Default Service Level',
			name: 'defaultServiceLevel',
			type: 'string',
			default: '',
			show: { unmapped: ['default'] },
			belowTables: true,
		},
		caseSensitive,
	],
	read: (given) => ({
		map: {
			caseSensitive: given.boolean('caseSensitive'),
			entries: given.rows('methods').map((row) => ({
				method: row.text('method'),
				carrier: row.textOrNull('carrier'),
				serviceLevel: row.textOrNull('serviceLevel'),
				warehouse: row.textOrNull('warehouse'),
			})),
			unmapped: readUnmapped(given),
		},
	}),
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
			const named =
				method === ''
					? 'The order has no shipping method, and the table has no row for that'
					: `The shipping method ${shown(method, 200)} is not in the table`;
			const message = `${ruleLabel(rule)}: ${named}.`;
			return { content, decision: { kind: 'error', rule, alert: { code: 'unmapped_shipping_method', message } } };
		};
	},
};

function readUnmapped(given: FieldReader): ShippingMethodMap['unmapped'] {
	switch (given.text('unmapped')) {
		case 'default':
			return { kind: 'default', carrier: given.textOrNull('defaultCarrier'), serviceLevel: given.textOrNull('defaultServiceLevel') };
		case 'leave':
			return { kind: 'leave' };
		default:
			return { kind: 'error' };
	}
}

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
