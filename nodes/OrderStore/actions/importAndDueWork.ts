/** Operations that workflows run: import, claim due work, abandon overdue orders. */
import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { orderFromJson } from '../../../lib/carts/file/json';
import { abandonOverdue } from '../../../lib/fulfillment/abandonOverdue';
import { claimDueWork, DUE_KINDS, HAND_OUT_LEASE_MS, type DueKind } from '../../../lib/fulfillment/dueWork';
import { importItems } from '../../../lib/fulfillment/importItems';
import type { ImportedOrder } from '../../../lib/order/order';
import { storesOfWorkflow, storesToServe } from '../../../lib/fulfillment/workScope';
import { nodeActor, toItem, toNodeError, workerName, workflowScope } from '../../shared/context';
import { storeNameFrom } from '../../shared/importOptions';
import { failedItem } from '../../shared/orderIds';
import { storesAt, storesProperty, type OrderStoreOperation } from './operation';

const importOrders: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Import',
		value: 'import',
		action: 'Import orders from the input items',
		description: 'Record orders in the shape of this package, each once per store; known ones are updated while unsent',
	},
	properties: [
		{
			displayName: 'Store',
			name: 'store',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'acme-us',
			description: 'The name you give to this sales channel; orders are unique per store',
		},
		{
			displayName: 'Abandon After (Days)',
			name: 'abandonAfterDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3650 },
			default: 45,
			description: 'An order without any shipment this many days after its import becomes Abandoned',
		},
	],
	async once(context, orderStore) {
		const results: INodeExecutionData[][] = [];
		const byStore = new Map<string, Array<{ order: ImportedOrder; itemIndex: number }>>();
		context.getInputData().forEach(({ json }, itemIndex) => {
			try {
				const storeName = storeNameFrom(context, context.getNodeParameter('store', itemIndex), itemIndex);
				const order = orderFromJson(json, `item ${itemIndex}`);
				const known = byStore.get(storeName) ?? [];
				known.push({ order, itemIndex });
				byStore.set(storeName, known);
			} catch (error) {
				const shown = toNodeError(context.getNode(), error, itemIndex);
				if (!context.continueOnFail()) throw shown;
				results[itemIndex] = [failedItem(shown, itemIndex)];
			}
		});
		for (const [storeName, given] of byStore) {
			const imported = await importItems({
				orderStore,
				storeName,
				orders: given.map(({ order }) => order),
				abandonAfterDays: context.getNodeParameter('abandonAfterDays', 0, 45) as number,
				actor: nodeActor(context),
			});
			imported.forEach(({ order, externalId, result, reason }, index) => {
				const { itemIndex } = given[index]!;
				results[itemIndex] = [toItem({ ...(order ?? { externalId }), importResult: result, importReason: reason }, itemIndex)];
			});
		}
		return results.flat();
	},
};

const claimDue: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Claim Due',
		value: 'claimDue',
		action: 'Claim orders that are due',
		description:
			'Pass on orders that wait for a workflow: holds that are over, retries that are due, orders left behind by a crash. Each goes to one run only.',
	},
	properties: [
		{
			displayName: 'Work',
			name: 'kinds',
			type: 'multiOptions',
			options: [
				{ name: 'Acknowledgement', value: 'acknowledgement', description: 'Open orders that the cart was not told about' },
				{ name: 'Cancellation', value: 'cancellation', description: 'Orders that the cart canceled after they were sent' },
				{ name: 'Rules', value: 'rules', description: 'Orders whose hold is over, and New ones that were left behind' },
				{ name: 'Sending', value: 'sending', description: 'Orders whose next try is due, and sends that never came back' },
				{ name: 'Upload', value: 'upload', description: 'Orders with a shipment that was not uploaded to the cart' },
			],
			default: ['rules', 'sending'],
			required: true,
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
		storesProperty,
	],
	async once(context, orderStore) {
		const kinds = (context.getNodeParameter('kinds', 0) as string[]).filter((kind): kind is DueKind =>
			(DUE_KINDS as readonly string[]).includes(kind),
		);
		if (kinds.length === 0) {
			throw new NodeOperationError(context.getNode(), 'No kind of work was chosen.', { description: 'Choose at least one under "Work".' });
		}
		const work = await claimDueWork({
			orderStore,
			kinds,
			stores: (await storesToServe(orderStore, workflowScope(context), storesAt(context, 0).stores ?? [], nodeActor(context))) ?? [],
			limit: context.getNodeParameter('limit', 0, 50) as number,
			leaseMs: HAND_OUT_LEASE_MS,
			worker: workerName(context),
			actor: nodeActor(context),
		});
		return work.map(({ order, kind, reason }) => toItem({ ...order, dueFor: kind, dueReason: reason }, 0));
	},
};

const abandon: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Abandon Overdue',
		value: 'abandonOverdue',
		action: 'Abandon orders that never shipped',
		description:
			'Move every order without shipment data to Abandoned once its time is over (45 days after import, unless its trigger says otherwise)',
	},
	properties: [
		storesProperty,
		{
			displayName: 'Also Partially Shipped Orders',
			name: 'includePartiallyShipped',
			type: 'boolean',
			default: false,
			description: 'Whether partially shipped orders are abandoned as well',
		},
	],
	async once(context, orderStore) {
		const { stores: named } = storesAt(context, 0);
		// To abandon what never ships needs nobody's account: without a name it is done for all.
		const own =
			named === undefined
				? await storesOfWorkflow(orderStore, workflowScope(context))
				: await storesToServe(orderStore, workflowScope(context), named, nodeActor(context));
		const abandoned = await abandonOverdue({
			orderStore,
			...(own === null ? {} : { stores: own }),
			includePartiallyShipped: context.getNodeParameter('includePartiallyShipped', 0, false) as boolean,
			actor: nodeActor(context),
		});
		return abandoned.map((order) => toItem(order, 0));
	},
};

export const choreActions: OrderStoreOperation[] = [abandon, claimDue, importOrders];
