/** The same rules three times: for our engine, for json-rules-engine, and as a loop written by hand. */
import { Engine, type RuleProperties } from 'json-rules-engine';
import type { OrderContent } from '../../lib/order/order';
import { compileRules } from '../../lib/rules/evaluate';
import type { ConditionSet } from '../../lib/rules/conditionSet';
import type { Rule } from '../../lib/rules/rule';
import type { RuleContext } from '../../lib/rules/run';

const COUNTRIES = ['DE', 'FR', 'US', 'GB', 'ES', 'IT', 'NL', 'PL', 'SE', 'JP'];
export const RULES = 20;

export function makeOrders(count: number): OrderContent[] {
	return Array.from({ length: count }, (_, index): OrderContent => ({
		orderNumber: String(index),
		merchant: null,
		orderedAt: '2026-11-20T10:00:00.000Z',
		customer: { email: `a${index}@example.com`, phone: null },
		billingAddress: null,
		shippingAddress: {
			name: 'Ada',
			company: null,
			address1: '1 Main St',
			address2: null,
			address3: null,
			city: 'Berlin',
			region: null,
			postalCode: '10115',
			country: COUNTRIES[index % COUNTRIES.length]!,
			phone: null,
			email: null,
		},
		lines: [
			{
				id: '1',
				externalId: '1',
				sku: `SKU-${index % 50}`,
				name: 'Item',
				quantity: 1 + (index % 3),
				unitPrice: '10.00',
				weight: null,
				options: {},
				custom: {},
			},
		],
		shippingMethod: index % 2 === 0 ? 'Standard' : 'DHL Express',
		carrier: null,
		serviceLevel: null,
		warehouse: null,
		requestedShipDate: null,
		signatureRequired: false,
		insuredAmount: null,
		thirdPartyAccount: null,
		giftMessage: null,
		shippingNotes: null,
		currency: 'EUR',
		subtotal: null,
		shippingAmount: null,
		taxAmount: null,
		discountAmount: null,
		total: `${(index * 7) % 300}.50`,
		discountCodes: [],
		tags: index % 10 === 0 ? ['vip'] : [],
		notes: null,
		custom: {},
	}));
}

/** Rule n asks for a country and a total; about one in forty tries meets both. */
const country = (rule: number): string => COUNTRIES[rule % COUNTRIES.length]!;
const least = (rule: number): number => 150 + rule * 5;

export type Decide = (orders: readonly OrderContent[]) => Promise<number>;

/** Our engine, with the trace of every rule and condition. Gives how many rules applied. */
export function ours(count = RULES): Decide {
	const rules = Array.from({ length: count }, (_, index): Rule => ({
		name: `Rule ${index}`,
		enabled: true,
		conditions: conditionsOf(index),
		lineQuantifier: 'any',
		actions: [{ kind: 'setField', path: 'carrier', value: `C${index}` }],
		stop: false,
	}));
	const compiled = compileRules(rules);
	const context: RuleContext = { now: new Date('2026-11-23T12:00:00Z'), warehouses: ['BER'], servedHolds: [], facts: {} };
	return async (orders) => {
		let applied = 0;
		for (const order of orders) for (const { result } of compiled.evaluate(order, context).trace) if (result === 'applied') applied++;
		return applied;
	};
}

export const conditionsOf = (rule: number): ConditionSet => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 3 },
	combinator: 'and',
	conditions: [
		{
			id: 'a',
			leftValue: '={{ $json.shippingAddress.country }}',
			operator: { type: 'string', operation: 'equals' },
			rightValue: country(rule),
		},
		{ id: 'b', leftValue: '={{ $json.total }}', operator: { type: 'number', operation: 'gte' }, rightValue: least(rule) },
	],
});

/** json-rules-engine: one engine with all rules; the total is given as a number, as it does not read decimal texts. */
export function peer(): Decide {
	const engine = new Engine(
		Array.from({ length: RULES }, (_, index): RuleProperties => ({
			name: `Rule ${index}`,
			conditions: {
				all: [
					{ fact: 'order', path: '$.shippingAddress.country', operator: 'equal', value: country(index), priority: 2 },
					{ fact: 'order', path: '$.amount', operator: 'greaterThanInclusive', value: least(index) },
				],
			},
			event: { type: 'set', params: { carrier: `C${index}` } },
		})),
	);
	return async (orders) => {
		let applied = 0;
		for (const order of orders) applied += (await engine.run({ order: { ...order, amount: Number(order.total) } })).events.length;
		return applied;
	};
}

/** What the least code would cost: no trace, no checks of types, no layers. */
export function byHand(): Decide {
	const rules = Array.from({ length: RULES }, (_, index) => ({ country: country(index), least: least(index), carrier: `C${index}` }));
	return async (orders) => {
		let applied = 0;
		for (const order of orders) {
			let content = order;
			for (const rule of rules) {
				if (content.shippingAddress?.country !== rule.country || Number(content.total) < rule.least) continue;
				content = { ...content, carrier: rule.carrier };
				applied++;
			}
		}
		return applied;
	};
}
