/** What every order import trigger does at a poll. */
import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import type { Cart, CartSession, ImportFilter } from '../../lib/carts/Cart';
import { importOrders, previewOrders } from '../../lib/fulfillment/importOrders';
import type { ImportedOrder } from '../../lib/order/order';
import { orderByNumber } from '../../lib/fulfillment/reconcile';
import { nodeActor, openStore, toItem } from './context';
import { readImportOptions, storeNameFrom } from './importOptions';
import { polled } from './polling';

/** A cart that is polled for changes starts at the present, where there is nothing to show yet; files are all shown. */
const monthAgo = (cart: string): string | null => (cart === 'file' ? null : new Date(Date.now() - 30 * 86_400_000).toISOString());

/**
 * Imports what is new. When a person tries the trigger in the editor, it only shows the newest
 * orders, or the one that they ask for: nothing is recorded.
 *
 * @param open opens the account; gets the name of the store
 */
export async function pollCart(
	context: IPollFunctions,
	cart: Pick<Cart<never, never>, 'code' | 'toOrder'>,
	open: (storeName: string) => Promise<CartSession>,
): Promise<INodeExecutionData[][] | null> {
	return await polled(context, async () => {
		const storeName = storeNameFrom(context, context.getNodeParameter('store'));
		const { testOrderNumber, ...options } = readImportOptions(context);
		const session = await open(storeName);
		if (context.getMode() === 'manual') {
			const shown = testOrderNumber === null ? await newest(context, cart, session, options.filter) : [await orderByNumber({ cart, session, orderNumber: testOrderNumber })];
			const items = shown.map(({ externalId, content }) => toItem({ store: storeName, cart: cart.code, externalId, status: 'new', ...content }));
			return items.length > 0 ? [items] : null;
		}
		const report = await importOrders({
			store: await openStore(context),
			cart,
			session,
			storeName,
			...options,
			actor: nodeActor(context),
			budgetMs: context.getPollBudgetMs() / 2,
		});
		return report.orders.length > 0 ? [report.orders.map((order) => toItem(order))] : null;
	});
}

async function newest(context: IPollFunctions, cart: Pick<Cart<never, never>, 'code' | 'toOrder'>, session: CartSession, filter: ImportFilter): Promise<ImportedOrder[]> {
	const { orders, failures } = await previewOrders({ cart, session, filter: { ...filter, earliestOrderDate: filter.earliestOrderDate ?? monthAgo(cart.code) } }, 5);
	const [failure] = failures;
	if (failure && orders.length === 0) throw new NodeOperationError(context.getNode(), failure.message, { description: failure.remedy });
	return orders;
}
