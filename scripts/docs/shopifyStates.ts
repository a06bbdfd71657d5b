/** What the states of Shopify mean for us: the tables of `lib/carts/shopify/states.ts`, written down. */
import { DELIVERY_METHODS, FULFILLMENT_ORDER_STATES, ORDER_STATES, PAYMENT_STATES } from '../../lib/carts/shopify/states';
import { table } from './markdown';

const rows = (states: Readonly<Record<string, { label: string; means: string }>>): string[][] => Object.values(states).map(({ label, means }) => [label, means]);

export const shopifyStates = (): string =>
	[
		table(['order', 'means for us'], rows(ORDER_STATES)),
		table(['payment', 'means for us'], rows(PAYMENT_STATES)),
		table(['fulfillment order', 'means for us'], rows(FULFILLMENT_ORDER_STATES)),
		table(['delivery', 'means for us'], rows(DELIVERY_METHODS)),
	].join('\n\n');
