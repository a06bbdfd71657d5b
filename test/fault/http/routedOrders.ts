import { READY } from '../../../lib/order/cartWord';
import { applyRules } from '../../../lib/fulfillment/applyRules';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { anOrder } from '../../carts/order';

const PAGE = 500;
const actor = { kind: 'node', name: 'Test' } as const;

/** Imports so many orders and routes them. Gives their references. */
export async function routedOrders(orderStore: OrderStore, count: number): Promise<string[]> {
	const {
		orderNumber: _,
		merchant,
		orderedAt,
		customer,
		billingAddress,
		shippingAddress,
		lines,
		shippingMethod,
		carrier,
		serviceLevel,
		requestedShipDate,
		signatureRequired,
		insuredAmount,
		thirdPartyAccount,
		giftMessage,
		shippingNotes,
		currency,
		subtotal,
		shippingAmount,
		taxAmount,
		discountAmount,
		total,
		discountCodes,
		tags,
		notes,
		custom,
	} = anOrder();
	const references: string[] = [];
	for (let at = 0; at < count; at += PAGE) {
		const orders = Array.from({ length: Math.min(PAGE, count - at) }, (_value, index) => ({
			externalId: `x${at + index}`,
			word: READY,
			raw: null,
			content: {
				orderNumber: `N${at + index}`,
				merchant,
				orderedAt,
				customer,
				billingAddress,
				shippingAddress,
				shippingMethod,
				carrier,
				serviceLevel,
				warehouse: null,
				requestedShipDate,
				signatureRequired,
				insuredAmount,
				thirdPartyAccount,
				giftMessage,
				shippingNotes,
				currency,
				subtotal,
				shippingAmount,
				taxAmount,
				discountAmount,
				total,
				discountCodes,
				tags,
				notes,
				custom,
				lines: lines.map(({ quantityShipped: _shipped, quantityCanceled: _canceled, ...line }) => line),
			},
		}));
		const imported = await orderStore.importPage({
			source: 'test',
			cursorFrom: null,
			cursorTo: null,
			store: 'acme',
			cart: 'file',
			failures: [],
			abandonAfterDays: 45,
			onChange: 'ignore',
			actor,
			orders,
		});
		const routed = await applyRules({
			orderStore,
			orderIds: imported.flatMap(({ orderId }) => orderId ?? []),
			warehouses: ['main'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: (_id, content) => ({
				decision: { kind: 'route', warehouse: 'main' },
				content: { ...content, warehouse: 'main' },
				trace: [],
			}),
		});
		references.push(...routed.map(({ order }) => order.reference));
	}
	return references;
}
