/** Operations that workflows run: import, claim due work, abandon overdue orders. */
import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { orderFromJson } from '../../../lib/carts/file/json';
import { claimDueWork, DUE_KINDS, HAND_OUT_LEASE_MS, type DueKind } from '../../../lib/fulfillment/dueWork';
import type { ImportedOrder } from '../../../lib/order/order';
import { nodeActor, toItem, toNodeError, workerName } from '../../shared/context';
import { storeNameFrom } from '../../shared/importOptions';
import { failedItem } from '../../shared/orderIds';
import { storesAt, storesProperty, type StoreOperation } from './operation';

const IMPORT_BATCH = 250;

const importOrders: StoreOperation = {
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
	async once(context, store) {
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
		for (const [storeName, orders] of byStore) {
			for (let start = 0; start < orders.length; start += IMPORT_BATCH) {
				const batch = orders.slice(start, start + IMPORT_BATCH);
				const imported = await store.importPage({
					source: `items:${storeName}`,
					cursorFrom: null,
					cursorTo: null,
					store: storeName,
					cart: 'items',
					orders: batch.map(({ order }) => order),
					failures: [],
					abandonAfterDays: context.getNodeParameter('abandonAfterDays', 0, 45) as number,
					onChange: 'replace',
					actor: nodeActor(context),
				});
				const known = new Map((await store.getMany(imported.flatMap(({ orderId }) => orderId ?? []))).map((order) => [order.id, order]));
				imported.forEach(({ orderId, kind, reason, externalId }, index) => {
					const { itemIndex } = batch[index]!;
					const order = orderId === null ? null : known.get(orderId);
					results[itemIndex] = [toItem({ ...(order ?? { externalId }), importResult: kind, importReason: reason }, itemIndex)];
				});
			}
		}
		return results.flat();
	},
};

const claimDue: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Claim Due',
		value: 'claimDue',
		action: 'Claim orders that are due',
		description: 'Hand out orders that wait for a workflow: holds that are over, tries that are due, what was left behind. Each goes to one run.',
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
		{ displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' },
		storesProperty,
	],
	async once(context, store) {
		const kinds = (context.getNodeParameter('kinds', 0) as string[]).filter((kind): kind is DueKind =>
			(DUE_KINDS as readonly string[]).includes(kind),
		);
		if (kinds.length === 0) {
			throw new NodeOperationError(context.getNode(), 'No kind of work was chosen.', { description: 'Choose at least one under "Work".' });
		}
		const work = await claimDueWork({
			store,
			kinds,
			stores: storesAt(context, 0).stores ?? [],
			limit: context.getNodeParameter('limit', 0, 50) as number,
			leaseMs: HAND_OUT_LEASE_MS,
			worker: workerName(context),
			actor: nodeActor(context),
		});
		return work.map(({ order, kind, reason }) => toItem({ ...order, dueFor: kind, dueReason: reason }, 0));
	},
};


const abandonOverdue: StoreOperation = {
	resource: 'order',
	option: {
		name: 'Abandon Overdue',
		value: 'abandonOverdue',
		action: 'Abandon orders that never shipped',
		description: 'Move every order without shipment data to Abandoned once its time is over (45 days after import, unless its trigger says otherwise)',
	},
	properties: [
		storesProperty,
		{
			displayName: 'Also Partially Shipped Orders',
			name: 'includePartiallyShipped',
			type: 'boolean',
			default: false,
			description: 'Whether orders of which a part was shipped are abandoned as well',
		},
	],
	async once(context, store) {
		const results: INodeExecutionData[] = [];
		const request = {
			...storesAt(context, 0),
			includePartiallyShipped: context.getNodeParameter('includePartiallyShipped', 0, false) as boolean,
			limit: 1000,
			actor: nodeActor(context),
		};
		for (;;) {
			const ids = await store.abandonOverdue(request);
			for (const order of await store.getMany(ids)) results.push(toItem(order, 0));
			if (ids.length < request.limit) return results;
		}
	},
};

export const choreActions: StoreOperation[] = [abandonOverdue, claimDue, importOrders];
