/** An order as rules judge it: its content, and some facts that stand beside it. */
import type { Address, OrderContent } from '../../order/order';
import { LINE_FIELDS, type Scope } from '../paths';
import type { Splitter } from '../parts';
import type { Decision, RuleContext } from '../run';
import { DERIVED, LINE } from './line';
import { fieldsNamed, scopeOf, type Fields, type Subject } from './subject';

export interface OnOrders {
	content: OrderContent;
	context: RuleContext;
	decision: Decision;
	splitter: Splitter;
}

const ADDRESS: Record<keyof Address, Fields> = {
	name: 'leaf',
	company: 'leaf',
	address1: 'leaf',
	address2: 'leaf',
	address3: 'leaf',
	city: 'leaf',
	region: 'leaf',
	postalCode: 'leaf',
	country: 'leaf',
	phone: 'leaf',
	email: 'leaf',
};

const BELOW: Record<keyof OrderContent, Fields> = {
	orderNumber: 'leaf',
	merchant: 'leaf',
	orderedAt: 'leaf',
	customer: { email: 'leaf', phone: 'leaf' },
	billingAddress: ADDRESS,
	shippingAddress: ADDRESS,
	lines: LINE,
	shippingMethod: 'leaf',
	carrier: 'leaf',
	serviceLevel: 'leaf',
	warehouse: 'leaf',
	requestedShipDate: 'leaf',
	signatureRequired: 'leaf',
	insuredAmount: 'leaf',
	thirdPartyAccount: 'leaf',
	giftMessage: 'leaf',
	shippingNotes: 'leaf',
	currency: 'leaf',
	subtotal: 'leaf',
	shippingAmount: 'leaf',
	taxAmount: 'leaf',
	discountAmount: 'leaf',
	total: 'leaf',
	discountCodes: 'leaf',
	tags: 'leaf',
	notes: 'leaf',
	custom: 'free',
};

/** The fields of an order's content with what is below each. */
export const CONTENT_FIELDS = Object.entries(BELOW) as ReadonlyArray<[keyof OrderContent, Fields]>;

/** What rules may read of an order besides its content; `applyRules` gives the values. */
export const FACT_NAMES = ['id', 'store', 'cart', 'externalId', 'reference', 'attempts', 'importedAt', 'description'] as const;

export const ORDER: Subject<OnOrders> = {
	label: 'an order',
	fields: {
		...fieldsNamed<(typeof FACT_NAMES)[number], OnOrders>(FACT_NAMES, (name) => ({
			below: 'leaf',
			read: (_, { facts }) => (Object.hasOwn(facts, name) ? facts[name] : undefined),
		})),
		...DERIVED,
		...Object.fromEntries(CONTENT_FIELDS.map(([name, below]) => [name, { below, read: (content: OrderContent) => content[name] }])),
	},
	ofLines: Object.fromEntries(LINE_FIELDS.map((name) => [name, LINE[name]])),
	aliases: {},
	describe(decision) {
		switch (decision.kind) {
			case 'skip':
				return `skipped: ${decision.reason}`;
			case 'hold':
				return decision.until === null ? `held ${decision.reason}` : `held until ${decision.until}`;
			case 'bundle':
				return `waits until ${decision.until} ${decision.reason}`;
			case 'archive':
				return `archived: ${decision.reason}`;
			case 'error':
				return decision.alert.message;
			case 'route':
				return `routed to ${decision.warehouse}`;
		}
	},
};

/** The scope of conditions on the order, and of the values of actions. */
export const orderScope = (content: OrderContent, context: RuleContext): Scope => scopeOf(ORDER, content, context);
