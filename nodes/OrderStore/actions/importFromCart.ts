/** Operations that ask a cart: import one order by its number, compare the cart with the store. */
import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { importByNumber, reconcile as reconcileWithCart } from '../../../lib/fulfillment/reconcile';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { cartOf } from '../../partners';
import { cartProperty, exchangeFor, lookUpProperties } from '../../partners/lists';
import type { CartPartner } from '../../partners/Partner';
import { nodeActor, toItem } from '../../shared/context';
import { list } from '../../shared/importOptions';
import { keptSettings, openShop, type ShopSettings } from '../../shared/shop';
import type { OrderStoreOperation } from './operation';
import { beforeVersion2, storeAt, storeProperties } from './storeLocator';

/** Which cart, and which of its shops. */
export const cartProperties: INodeProperties[] = [
	cartProperty,
	exchangeFor('cart'),
	...storeProperties,
	...lookUpProperties().map(beforeVersion2),
];

const abandonProperty = beforeVersion2({
	displayName: 'Abandon After (Days)',
	name: 'abandonAfterDays',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3650 },
	default: 45,
	description:
		'An order without any shipment this many days after its import becomes Abandoned. Used only for a store without an import trigger; otherwise the trigger’s setting applies.',
});

/** The shop as its import trigger has it; what this node says counts for a store that no trigger has set. */
export async function shopAt(context: IExecuteFunctions, orderStore: OrderStore, itemIndex: number) {
	const partner = cartOf(context.getNodeParameter('cart', itemIndex));
	const storeName = storeAt(context, itemIndex);
	const settings = (await keptSettings(orderStore, partner, storeName)) ?? ownSettings(context, partner, itemIndex);
	return { orderStore, ...(await openShop(context, partner, storeName, settings)), actor: nodeActor(context) };
}

function ownSettings(context: IExecuteFunctions, { lookUpProperties: own = [] }: CartPartner, itemIndex: number): ShopSettings {
	const options = Object.fromEntries(own.map(({ name, default: value }) => [name, context.getNodeParameter(name, itemIndex, value)]));
	const statuses = list(context.getNodeParameter('cartStatuses', itemIndex, ''));
	return {
		options: { ...options, statuses, abandonAfterDays: context.getNodeParameter('abandonAfterDays', itemIndex, 45) },
		parameters: {},
	};
}

const importFromCart: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Import From Cart',
		value: 'importFromCart',
		action: 'Import one order from the cart by its number',
		description: 'Bring one order by its number, whatever its status and date; one that is known is updated while unsent',
	},
	properties: [
		...cartProperties,
		{
			displayName: 'Order Number',
			name: 'orderNumber',
			type: 'string',
			default: '',
			required: true,
			placeholder: '1001',
			description: 'As the cart shows it',
		},
		abandonProperty,
	],
	async each(context, orderStore, itemIndex) {
		const orderNumber = String(context.getNodeParameter('orderNumber', itemIndex) ?? '').trim();
		if (orderNumber === '') {
			throw new NodeOperationError(context.getNode(), 'The order number is missing.', {
				itemIndex,
				description: 'Enter under "Order Number" the number as the cart shows it.',
			});
		}
		const { order, result, reason } = await importByNumber({ ...(await shopAt(context, orderStore, itemIndex)), orderNumber });
		return [toItem({ ...(order ?? { orderNumber }), importResult: result, importReason: reason }, itemIndex)];
	},
};

export const cartStatusesProperty = beforeVersion2({
	displayName: 'Statuses',
	name: 'cartStatuses',
	type: 'string',
	default: '',
	description:
		'The cart’s statuses that count, separated by commas; empty = its default. Used only for a store without an import trigger; otherwise the trigger’s setting applies.',
});

const reconcile: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Reconcile',
		value: 'reconcile',
		action: 'Compare the cart with the order store',
		description:
			'Look at the cart’s orders of the last hours and import what is missing, with the settings of the store’s import trigger. Gives a report; imported orders follow as due work.',
	},
	properties: [
		...cartProperties,
		{
			displayName: 'Hours',
			name: 'hours',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 8784 },
			default: 72,
			description: 'How far back to compare',
		},
		cartStatusesProperty,
		abandonProperty,
	],
	async each(context, orderStore, itemIndex) {
		const report = await reconcileWithCart({
			...(await shopAt(context, orderStore, itemIndex)),
			hours: context.getNodeParameter('hours', itemIndex, 72) as number,
			budgetMs: RECONCILE_BUDGET_MS,
		});
		return [toItem(report, itemIndex)];
	},
};

/** Long enough for some ten thousand orders; what is left is compared the next night. */
const RECONCILE_BUDGET_MS = 15 * 60_000;

export const cartActions: OrderStoreOperation[] = [importFromCart, reconcile];
