import type { OrderContent, OrderedLine } from '../../lib/order/order';
import type { Action } from '../../lib/rules/actions/registry';
import type { ConditionSet } from '../../lib/rules/conditionSet';
import type { Rule } from '../../lib/rules/rule';
import type { RuleContext } from '../../lib/rules/run';

export const NOW = new Date('2026-11-23T12:00:00.000Z');

export const line = (id: string, sku: string, more: Partial<OrderedLine> = {}): OrderedLine => ({
	id,
	externalId: `x-${id}`,
	sku,
	name: `Item ${sku}`,
	quantity: 1,
	unitPrice: '10.00',
	weight: 100,
	options: {},
	custom: {},
	...more,
});

const ADDRESS = {
	name: 'Ada Lovelace',
	company: null,
	address1: '1 Main St',
	address2: null,
	address3: null,
	city: 'Berlin',
	region: null,
	postalCode: '10115',
	country: 'DE',
	phone: null,
	email: null,
};

export const order = (more: Partial<OrderContent> = {}): OrderContent => ({
	orderNumber: '1001',
	merchant: null,
	orderedAt: '2026-11-20T10:00:00.000Z',
	customer: { email: 'ada@example.com', phone: null },
	billingAddress: null,
	shippingAddress: { ...ADDRESS },
	lines: [line('1', 'RED-MUG', { quantity: 2 }), line('2', 'TEE-L', { unitPrice: '19.90' })],
	shippingMethod: 'DHL Express (2-3 days)',
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
	subtotal: '39.90',
	shippingAmount: '5.00',
	taxAmount: '0.00',
	discountAmount: '0.00',
	total: '44.90',
	discountCodes: [],
	tags: ['vip', 'Wholesale'],
	notes: null,
	custom: { giftWrap: true, 'Gift wrap': 'red' },
	...more,
});

export const context = (more: Partial<RuleContext> = {}): RuleContext => ({
	now: NOW,
	warehouses: ['BER'],
	servedHolds: [],
	facts: { store: 'acme-eu', cart: 'file', externalId: 'e1', attempts: 0 },
	...more,
});

export type Test = [left: unknown, operator: string, right?: unknown];

/** @example where(['={{ $json.carrier }}', 'string equals', 'DHL']) */
export const where = (...tests: Test[]): ConditionSet => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 3 },
	combinator: 'and',
	conditions: tests.map(([leftValue, operator, rightValue = ''], index) => {
		const [type, operation] = operator.split(' ') as [string, string];
		const rightType = type === 'array' ? (operation.startsWith('length') ? 'number' : 'any') : undefined;
		return { id: String(index), leftValue, operator: { type, operation, ...(rightType && { rightType }) }, rightValue };
	}),
});

export const whereAny = (...tests: Test[]): ConditionSet => ({ ...where(...tests), combinator: 'or' });

export const loose = (set: ConditionSet): ConditionSet => ({ ...set, options: { ...set.options, typeValidation: 'loose' } });

export const ignoringCase = (set: ConditionSet): ConditionSet => ({ ...set, options: { ...set.options, caseSensitive: false } });

export const rule = (name: string, actions: Action | Action[], more: Partial<Rule> = {}): Rule => ({
	name,
	enabled: true,
	conditions: null,
	lineQuantifier: 'any',
	actions: Array.isArray(actions) ? actions : [actions],
	stop: false,
	...more,
});

export const set = (path: string, value: Extract<Action, { kind: 'setField' }>['value']): Action => ({ kind: 'setField', path, value });

/** Freezes everything below, so that a change in place throws. */
export function frozen<T>(value: T): T {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		Object.values(value).forEach(frozen);
	}
	return value;
}
