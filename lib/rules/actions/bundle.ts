import { addressKey, BUNDLE_LIMIT, bundleKey, keyText, tooMuch, type BundleTerms } from '../../order/bundles';
import { shown } from '../../order/errors';
import type { JsonValue, OrderContent } from '../../order/order';
import { valueReader } from '../paths';
import { ruleProblem } from '../problem';
import { boolean, list, nullable, number, object, otherwise, valueOrField, type Shape } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleContext } from '../run';
import type { ActionResult, RuleAction } from './common/action';
import type { Field } from './common/field';

const MINUTES_LIMIT = 60 * 24 * 366;
const KEYS_LIMIT = 10;

export interface BundleBy {
	/** How long an order waits for others; the first one decides for all. */
	minutes: number;
	/** Only orders for the same recipient at the same place go together. */
	sameAddress: boolean;
	/** Values that have to be the same besides, mostly plain paths. An order for which one is empty is not bundled. */
	keys: JsonValue[];
	/** The most orders of a bundle. */
	mostOrders: number | null;
	mostLines: number | null;
	/** The most that the totals of its orders may add up to. */
	mostTotal: number | null;
}

const bundleBy: Shape<BundleBy> = object<BundleBy>({
	minutes: number({ least: 1 }),
	sameAddress: otherwise(boolean, true),
	keys: otherwise(list(valueOrField, { most: 10 }), []),
	mostOrders: nullable(number({ least: 2, whole: true })),
	mostLines: nullable(number({ least: 1, whole: true })),
	mostTotal: nullable(number({ least: 0 })),
});

const limit = (displayName: string, name: string, description: string): Field => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: `${description}; 0 = as many as come`,
});

/**
 * Keeps the order back for a while, so that others with the same key can be merged with it. Whether there were any is found out when the window
 * is over; an order that remained alone, or that is a bundle already, is not kept back again.
 */
export const bundle: RuleAction<{ by: BundleBy }> = {
	option: { name: 'Bundle Orders', action: 'Bundle orders', description: 'Waits for others with the same key and sends them as one' },
	shape: object<{ by: BundleBy }>({ by: bundleBy }),
	fields: [
		{
			displayName: 'Wait for Others (Minutes)',
			name: 'bundleMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 60,
			description: 'From the first order on; then all that came with the same key go to the warehouse as one order',
		},
		{
			displayName: 'Same Address Only',
			name: 'bundleSameAddress',
			type: 'boolean',
			default: true,
			description: 'Whether only orders for the same recipient at the same place go together; letter case, spaces and dots do not matter',
		},
		{
			displayName: 'Other Fields That Must Be the Same',
			name: 'bundleKeys',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Field',
			default: {},
			description: 'An order without one of them is not bundled',
			options: [
				{
					displayName: 'Field',
					name: 'list',
					values: [
						{
							displayName: 'Field',
							name: 'field',
							type: 'string',
							default: '={{ $json.customer.email }}',
							description: 'A field dragged here is read on the order as it is when the rule runs',
						},
					],
				},
			],
		},
		limit('Most Orders', 'bundleOrders', 'Of a bundle, at least 2'),
		limit('Most Lines', 'bundleLines', 'Of a bundle; an order that has more by itself does not wait'),
		limit('Highest Total', 'bundleTotal', 'That the orders may add up to; an order that costs more does not wait'),
	],
	read: (given) => ({
		by: {
			minutes: given.number('bundleMinutes'),
			sameAddress: given.boolean('bundleSameAddress'),
			keys: given.rows('bundleKeys').map((row) => row.value('field')),
			mostOrders: given.number('bundleOrders') || null,
			mostLines: given.number('bundleLines') || null,
			mostTotal: given.number('bundleTotal') || null,
		},
	}),
	compile({ by }, rule) {
		const terms = termsOf(by, rule);
		const keyOf = compileKey(by);
		return (content, context) => {
			if (context.isBundle) return notBundled(content, 'the order is a bundle already');
			if (context.isOfAddedLines) return notBundled(content, 'its lines were added to an order that was done');
			if (context.servedHolds.includes(rule)) return notBundled(content, 'it waited for others before');
			const tooBig = tooMuch([{ content }], terms);
			if (tooBig !== null) return notBundled(content, `the order alone has ${tooBig}`);
			const found = keyOf(content, context);
			if ('missing' in found) return notBundled(content, `${found.missing} is empty`);
			const begun = context.begunHolds?.find(
				(hold) => hold.kind === 'window' && hold.rule === rule && Date.parse(hold.until) > context.now.getTime(),
			);
			const until = begun?.until ?? new Date(context.now.getTime() + by.minutes * 60_000).toISOString();
			const values = [rule, content.merchant ?? '', terms.mostTotal === null ? '' : (content.currency ?? ''), ...found.values];
			return {
				content,
				decision: {
					kind: 'bundle',
					rule,
					until,
					key: bundleKey(values),
					terms,
					reason: `for orders with the same ${found.names.join(' and ')}`,
				},
			};
		};
	},
};

const notBundled = (content: OrderContent, why: string): ActionResult => ({ content, holdServed: true, note: `not bundled: ${why}` });

function termsOf(by: BundleBy, rule: string): BundleTerms {
	const { minutes, mostOrders, mostLines, mostTotal } = by ?? {};
	if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= MINUTES_LIMIT)) {
		throw ruleProblem(
			`The waiting time of the bundle is not a number of minutes from 1 to ${MINUTES_LIMIT} (value: ${shown(minutes)}).`,
			'Enter for how long an order waits for others, such as 60.',
		);
	}
	if (mostOrders !== null && !(Number.isInteger(mostOrders) && mostOrders >= 2 && mostOrders <= BUNDLE_LIMIT)) {
		throw ruleProblem(
			`The most orders of a bundle are not a number from 2 to ${BUNDLE_LIMIT} (value: ${shown(mostOrders)}).`,
			'Correct the number, or leave it empty.',
		);
	}
	if (mostLines !== null && !(Number.isInteger(mostLines) && mostLines >= 1)) {
		throw ruleProblem(
			`The most lines of a bundle are not a number from 1 (value: ${shown(mostLines)}).`,
			'Correct the number, or leave it empty.',
		);
	}
	if (mostTotal !== null && !(Number.isFinite(mostTotal) && mostTotal >= 0 && mostTotal < 1e12)) {
		throw ruleProblem(
			`The highest total of a bundle is no amount (value: ${shown(mostTotal)}).`,
			'Enter an amount such as 250, or leave it empty.',
		);
	}
	return { rule, mostOrders, mostLines, mostTotal: mostTotal === null ? null : mostTotal.toFixed(2) };
}

type Key = { values: string[]; names: string[] } | { missing: string };

function compileKey({ sameAddress, keys }: BundleBy): (content: OrderContent, context: RuleContext) => Key {
	if (!Array.isArray(keys) || keys.length > KEYS_LIMIT)
		throw ruleProblem('The fields of the key cannot be read.', `Enter up to ${KEYS_LIMIT} fields.`);
	if (!sameAddress && keys.length === 0) {
		throw ruleProblem(
			'The bundle has no key: all orders of the store would go into one.',
			'Bundle only orders with the same address, or add a field such as {{ $json.customer.email }}.',
		);
	}
	const readers = keys.map((key) => valueReader(key, 'fixed'));
	return (content, context) => {
		const [values, names]: [string[], string[]] = [[], []];
		if (sameAddress) {
			const address = addressKey(content.shippingAddress);
			if (address === null) return { missing: 'the shipping address' };
			values.push(address);
			names.push('recipient and address');
		}
		for (const reader of readers) {
			const value = reader.read(orderScope(content, context));
			const name = reader.path ?? 'value of an expression';
			const text = value === null || value === undefined ? '' : keyText(typeof value === 'string' ? value : JSON.stringify(value));
			if (text === '') return { missing: name };
			values.push(text);
			names.push(name);
		}
		return { values, names };
	};
}
