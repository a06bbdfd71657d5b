/** Operations that ask a cart: import one order by its number, compare the cart with the store. */
import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { CARTS, CART_LABELS, type CartCode } from '../../../lib/carts/registry';
import { importByNumber, reconcile as reconcileWithCart } from '../../../lib/fulfillment/reconcile';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { CART_SESSIONS } from '../../shared/carts';
import { nodeActor, toItem } from '../../shared/context';
import { exchangeFor } from '../../shared/exchange';
import { list, storeNameFrom } from '../../shared/importOptions';
import type { StoreOperation } from './operation';

const cartProperties: INodeProperties[] = [
	{
		displayName: 'Cart',
		name: 'cart',
		type: 'options',
		noDataExpression: true,
		options: CART_LABELS.map(({ code, label }) => ({ name: label, value: code })),
		default: 'file',
	},
	exchangeFor('cart'),
	{
		displayName: 'Store',
		name: 'store',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'acme-us',
		description: 'The name of the sales channel, as in its order import trigger',
	},
	{
		displayName: 'Location',
		name: 'location',
		type: 'string',
		default: '',
		description: 'Name or ID of the Shopify location that ships, as in the import trigger; empty = all locations',
		displayOptions: { show: { cart: ['shopify'] } },
	},
];

const abandonProperty: INodeProperties = {
	displayName: 'Abandon After (Days)',
	name: 'abandonAfterDays',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3650 },
	default: 45,
	description: 'An order without any shipment this many days after its import becomes Abandoned',
};

async function commonAt(context: IExecuteFunctions, store: OrderStore, itemIndex: number) {
	const code = context.getNodeParameter('cart', itemIndex) as CartCode;
	return {
		store,
		cart: CARTS[code],
		session: await CART_SESSIONS[code](context, code === 'shopify' ? { location: String(context.getNodeParameter('location', itemIndex, '') ?? '') } : {}),
		storeName: storeNameFrom(context, context.getNodeParameter('store', itemIndex), itemIndex),
		abandonAfterDays: context.getNodeParameter('abandonAfterDays', itemIndex, 45) as number,
		actor: nodeActor(context),
	};
}

const importFromCart: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Import From Cart',
		value: 'importFromCart',
		action: 'Import one order from the cart by its number',
		description: 'Bring one order by its number, whatever its status and date; one that is known is updated while unsent',
	},
	properties: [
		...cartProperties,
		{ displayName: 'Order Number', name: 'orderNumber', type: 'string', default: '', required: true, placeholder: '1001', description: 'As the cart shows it' },
		abandonProperty,
	],
	async each(context, store, itemIndex) {
		const orderNumber = String(context.getNodeParameter('orderNumber', itemIndex) ?? '').trim();
		if (orderNumber === '') {
			throw new NodeOperationError(context.getNode(), 'The order number is missing.', { itemIndex, description: 'Enter under "Order Number" the number as the cart shows it.' });
		}
		const { order, result, reason } = await importByNumber({ ...(await commonAt(context, store, itemIndex)), orderNumber });
		return [toItem({ ...(order ?? { orderNumber }), importResult: result, importReason: reason }, itemIndex)];
	},
};

const reconcile: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Reconcile',
		value: 'reconcile',
		action: 'Compare the cart with the order store',
		description: 'Look at the cart’s orders of the last hours and import what is missing. Gives a report; imported orders are handed on as due work.',
	},
	properties: [
		...cartProperties,
		{ displayName: 'Hours', name: 'hours', type: 'number', typeOptions: { minValue: 1, maxValue: 8784 }, default: 72, description: 'How far back to compare' },
		{
			displayName: 'Statuses',
			name: 'cartStatuses',
			type: 'string',
			default: '',
			description: 'The cart’s statuses that count, separated by commas, as in the import trigger; empty = its default',
		},
		abandonProperty,
	],
	async each(context, store, itemIndex) {
		const report = await reconcileWithCart({
			...(await commonAt(context, store, itemIndex)),
			hours: context.getNodeParameter('hours', itemIndex, 72) as number,
			filter: { earliestOrderDate: null, statuses: list(context.getNodeParameter('cartStatuses', itemIndex, '')), tags: [], skus: [], pageSize: 250 },
			budgetMs: RECONCILE_BUDGET_MS,
		});
		return [toItem(report, itemIndex)];
	},
};

/** Long enough for some ten thousand orders; what is left is compared the next night. */
const RECONCILE_BUDGET_MS = 15 * 60_000;

export const cartActions: StoreOperation[] = [importFromCart, reconcile];
