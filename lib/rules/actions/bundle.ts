import { addressKey, BUNDLE_LIMIT, bundleKey, keyText, tooMuch, type BundleTerms } from '../../order/bundles';
import { shown } from '../../order/errors';
import type { OrderContent } from '../../order/order';
import { orderScope, valueReader } from '../paths';
import { ruleProblem } from '../problem';
import type { BundleBy, RuleContext } from '../rule';
import type { ActionDefinition, ActionOf, ActionResult } from './action';

const MINUTES_LIMIT = 60 * 24 * 366;
const KEYS_LIMIT = 10;

/**
 * Keeps the order back for a while, so that others with the same key can be merged with it. Whether there were any is found out when the window
 * is over; an order that remained alone, or that is a bundle already, is not kept back again.
 */
export const bundle: ActionDefinition<ActionOf<'bundle'>> = {
	compile({ by }, rule) {
		const terms = termsOf(by, rule);
		const keyOf = compileKey(by);
		return (content, context) => {
			if (context.isBundle) return notBundled(content, 'the order is a bundle already');
			if (context.servedHolds.includes(rule)) return notBundled(content, 'it waited for others before');
			const tooBig = tooMuch([{ content }], terms);
			if (tooBig !== null) return notBundled(content, `the order alone has ${tooBig}`);
			const found = keyOf(content, context);
			if ('missing' in found) return notBundled(content, `${found.missing} is empty`);
			const until = new Date(context.now.getTime() + by.minutes * 60_000).toISOString();
			const values = [rule, content.merchant ?? '', terms.mostTotal === null ? '' : (content.currency ?? ''), ...found.values];
			return { content, decision: { kind: 'bundle', rule, until, key: bundleKey(values), terms, reason: `for orders with the same ${found.names.join(' and ')}` } };
		};
	},
};

const notBundled = (content: OrderContent, why: string): ActionResult => ({ content, holdServed: true, note: `not bundled: ${why}` });

function termsOf(by: BundleBy, rule: string): BundleTerms {
	const { minutes, mostOrders, mostLines, mostTotal } = by ?? {};
	if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= MINUTES_LIMIT)) {
		throw ruleProblem(`The waiting time of the bundle is not a number of minutes from 1 to ${MINUTES_LIMIT} (value: ${shown(minutes)}).`, 'Enter for how long an order waits for others, such as 60.');
	}
	if (mostOrders !== null && !(Number.isInteger(mostOrders) && mostOrders >= 2 && mostOrders <= BUNDLE_LIMIT)) {
		throw ruleProblem(`The most orders of a bundle are not a number from 2 to ${BUNDLE_LIMIT} (value: ${shown(mostOrders)}).`, 'Correct the number, or leave it empty.');
	}
	if (mostLines !== null && !(Number.isInteger(mostLines) && mostLines >= 1)) {
		throw ruleProblem(`The most lines of a bundle are not a number from 1 (value: ${shown(mostLines)}).`, 'Correct the number, or leave it empty.');
	}
	if (mostTotal !== null && !(Number.isFinite(mostTotal) && mostTotal >= 0 && mostTotal < 1e12)) {
		throw ruleProblem(`The highest total of a bundle is no amount (value: ${shown(mostTotal)}).`, 'Enter an amount such as 250, or leave it empty.');
	}
	return { rule, mostOrders, mostLines, mostTotal: mostTotal === null ? null : mostTotal.toFixed(2) };
}

type Key = { values: string[]; names: string[] } | { missing: string };

function compileKey({ sameAddress, keys }: BundleBy): (content: OrderContent, context: RuleContext) => Key {
	if (!Array.isArray(keys) || keys.length > KEYS_LIMIT) throw ruleProblem('The fields of the key cannot be read.', `Enter up to ${KEYS_LIMIT} fields.`);
	if (!sameAddress && keys.length === 0) {
		throw ruleProblem('The bundle has no key: all orders of the store would go into one.', 'Bundle only orders with the same address, or add a field such as {{ $json.customer.email }}.');
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
