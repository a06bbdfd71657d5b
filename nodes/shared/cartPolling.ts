/** What every order import trigger does at a poll. */
import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import { importOrders, previewOrders } from '../../lib/fulfillment/importOrders';
import type { ImportSettings, ImportTrigger } from '../../lib/order/importSettings';
import { asError } from '../../lib/order/errors';
import type { ImportedOrder } from '../../lib/order/order';
import { orderByNumber } from '../../lib/fulfillment/reconcile';
import type { CartPartner } from '../partners/Partner';
import { nodeActor, openOrderStore, toItem, workflowScope } from './context';
import { optionsOfEvery, readImportOptions, storeNameFrom } from './importOptions';
import { polled } from './polling';
import { openShop, problemOf, type Shop, type ShopSettings } from './shop';

/** A cart that is polled for changes starts at the present, where there is nothing to show yet; files are all shown. */
const monthAgo = (cart: string): string | null => (cart === 'file' ? null : new Date(Date.now() - 30 * 86_400_000).toISOString());

/**
 * Imports what is new. When a person tries the trigger in the editor, it only shows the newest
 * orders, or the one that they ask for: nothing is recorded.
 */
export async function pollCart(context: IPollFunctions, partner: CartPartner): Promise<INodeExecutionData[][] | null> {
	return await polled(context, async () => {
		const storeName = storeNameFrom(context, context.getNodeParameter('store'));
		const settings = settingsOf(context, partner);
		const open = async () => await openShop(context, partner, storeName, settings);
		if (context.getMode() === 'manual') {
			const shop = await open();
			const { cart, session } = shop;
			const { testOrderNumber } = readImportOptions(context, settings.options);
			const shown =
				testOrderNumber === null ? await newest(context, shop) : [await orderByNumber({ cart, session, orderNumber: testOrderNumber })];
			const items = shown.map(({ externalId, content }) =>
				toItem({ store: storeName, cart: cart.code, externalId, status: 'new', ...content }),
			);
			return items.length > 0 ? [items] : null;
		}
		const orderStore = await openOrderStore(context);
		const { workflow } = workflowScope(context);
		const trigger = workflow === '' ? undefined : triggerOf(context, partner, settings);
		const shop = await open().catch(async (error: unknown) => {
			const poll = { store: storeName, partner: partner.cart.code, account: '', scope: '', actor: nodeActor(context) };
			if (trigger !== undefined) await orderStore.recordImport({ ...poll, trigger, problem: problemOf(error) }).catch(() => undefined);
			throw asError(error);
		});
		const report = await importOrders({
			orderStore,
			...shop,
			...(trigger === undefined ? {} : { trigger }),
			whenAllowed: async () => {
				if (workflow !== '') await orderStore.serve({ workflow, node: context.getNode().id, stores: [storeName] });
			},
			actor: nodeActor(context),
			budgetMs: context.getPollBudgetMs() / 2,
		});
		return report.orders.length > 0 ? [report.orders.map((order) => toItem(order))] : null;
	});
}

const settingsOf = (context: IPollFunctions, { importProperties = [] }: CartPartner): ShopSettings => ({
	options: context.getNodeParameter('options', {}) as Record<string, unknown>,
	parameters: Object.fromEntries(importProperties.map(({ name, default: fallback }) => [name, context.getNodeParameter(name, fallback)])),
});

/** The trigger as the order store keeps it. The order that the editor shows is none of it. */
function triggerOf(context: IPollFunctions, partner: CartPartner, { options, parameters }: ShopSettings): ImportTrigger {
	const { workflow, name } = workflowScope(context);
	const { id, name: nodeName } = context.getNode();
	const kept = Object.fromEntries(Object.entries(options).filter(([option]) => option !== 'testOrderNumber'));
	// What an expression gave may be an object of n8n; in JSON, a date is its text.
	const settings = JSON.parse(JSON.stringify({ ...parameters, options: kept })) as ImportSettings;
	return { workflow, workflowName: name, node: id, nodeName, settings, labels: labelsOf(partner) };
}

const labelsOf = ({ importProperties = [], importOptions }: CartPartner): Record<string, string> =>
	Object.fromEntries([...optionsOfEvery, ...importProperties, ...importOptions].map(({ name, displayName }) => [name, displayName]));

async function newest(context: IPollFunctions, { cart, session, filter }: Shop): Promise<ImportedOrder[]> {
	const { orders, failures } = await previewOrders(
		{ session, filter: { ...filter, earliestOrderDate: filter.earliestOrderDate ?? monthAgo(cart.code) } },
		5,
	);
	const [failure] = failures;
	if (failure && orders.length === 0) throw new NodeOperationError(context.getNode(), failure.message, { description: failure.remedy });
	return orders;
}
