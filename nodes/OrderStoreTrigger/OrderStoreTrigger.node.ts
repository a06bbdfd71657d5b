import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { claimDueWork, HAND_OUT_LEASE_MS, type DueKind } from '../../lib/fulfillment/dueWork';
import { readEvents } from '../../lib/fulfillment/readEvents';
import type { TimelineKind } from '../../lib/order/timeline';
import { EXISTING_STATUSES, isOrderStatus, statusLabel } from '../../lib/order/status';
import { presentStoreNames, storesOfWorkflow, storesToServe } from '../../lib/fulfillment/workScope';
import { checkParameters } from '../shared/checkParameters';
import { nodeActor, openOrderStore, toItem, workerName, workflowScope } from '../shared/context';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice } from '../shared/descriptions';
import { list } from '../shared/importOptions';
import { polled } from '../shared/polling';

export class OrderStoreTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Order Store Trigger',
		name: 'orderStoreTrigger',
		icon: { light: 'file:../../icons/orderStoreTrigger.svg', dark: 'file:../../icons/orderStoreTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["on"] === "due" ? "due: " + $parameter["kinds"].join(", ") : "events: " + $parameter["events"].join(", ").replace(/_/g, " ") }}',
		description: 'Starts when orders are due for work, or when something happened to an order or an import',
		defaults: { name: 'Order Store Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' }],
		properties: [
			storeNotice,
			{
				displayName: 'Trigger On',
				name: 'on',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Due Work', value: 'due', description: 'Orders that wait for a workflow, each handed to one run' },
					{ name: 'Events', value: 'events', description: 'What happened to orders or imports, each event once' },
				],
				default: 'due',
			},
			{
				displayName: 'Work',
				name: 'kinds',
				type: 'multiOptions',
				options: [
					{
						name: 'Acknowledgement',
						value: 'acknowledgement',
						description: 'For Cart Update: Open orders that the cart was not told about',
					},
					{
						name: 'Cancellation',
						value: 'cancellation',
						description: 'For WMS Send, Cancel: orders that the cart canceled after they were sent',
					},
					{ name: 'Rules', value: 'rules', description: 'For Order Rules: holds that are over, and New orders that were left behind' },
					{ name: 'Sending', value: 'sending', description: 'For WMS Send: tries that are due, and sends that never came back' },
					{ name: 'Upload', value: 'upload', description: 'For Cart Update: shipments that were not uploaded to the cart' },
				],
				default: ['rules', 'sending'],
				required: true,
				displayOptions: { show: { on: ['due'] } },
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: [
					{ name: 'Alert Raised', value: 'alert_raised' },
					{
						name: 'Import Failed',
						value: 'import_failed',
						description: 'An order of the cart, or a report of a warehouse, could not be read. It is kept as an import failure.',
					},
					{ name: 'Order Edited', value: 'edited' },
					{ name: 'Shipment Recorded', value: 'shipment_recorded' },
					{ name: 'Status Changed', value: 'status_changed' },
					{ name: 'Tracking Uploaded', value: 'tracking_uploaded' },
				],
				default: ['alert_raised'],
				required: true,
				displayOptions: { show: { on: ['events'] } },
			},
			{
				displayName: 'Only Changes To',
				name: 'toStatuses',
				type: 'multiOptions',
				options: EXISTING_STATUSES.map((status) => ({ name: statusLabel(status), value: status })),
				default: [],
				description: 'Which new statuses start the workflow; none chosen = all',
				displayOptions: { show: { on: ['events'], events: ['status_changed'] } },
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Max Items per Run',
						name: 'maxItems',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 10000 },
						default: 200,
						description: 'The most items that one run passes on; the next run passes on the rest',
					},
					{
						displayName: 'Only Stores',
						name: 'stores',
						type: 'string',
						default: '',
						placeholder: 'acme-us, acme-eu',
						description:
							'Orders of these stores, separated by commas. If empty: for due work, the stores that this workflow imports, or the only store; for events, the stores that this workflow imports, or all stores.',
					},
				],
			},
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await polled(this, async () => {
			const orderStore = await openOrderStore(this);
			const options = this.getNodeParameter('options', {}) as { maxItems?: number; stores?: string };
			const stores = await presentStoreNames(orderStore, list(options.stores));
			const limit = options.maxItems ?? 200;
			const manual = this.getMode() === 'manual';
			const scope = workflowScope(this);
			// Who only listens does not work for them.
			const serves = this.getNodeParameter('on') === 'due' ? stores : [];
			if (!manual && scope.workflow !== '') await orderStore.serve({ workflow: scope.workflow, node: this.getNode().id, stores: serves });
			let items: INodeExecutionData[];
			if (this.getNodeParameter('on') === 'due') {
				const kinds = this.getNodeParameter('kinds') as DueKind[];
				if (manual) {
					// A look at some orders: nothing is claimed.
					const { items: orders } = await orderStore.search({ ...(stores.length > 0 ? { stores } : {}), limit: 3 });
					items = orders.map((order) => toItem({ ...order, dueFor: kinds[0] ?? null, dueReason: 'Sample' }));
				} else {
					const own = await storesToServe(orderStore, scope, stores, nodeActor(this), 'serve');
					const request = {
						orderStore,
						kinds,
						stores: own ?? [],
						limit,
						leaseMs: HAND_OUT_LEASE_MS,
						worker: workerName(this),
						actor: nodeActor(this),
					};
					items = (await claimDueWork(request)).map(({ order, kind, reason }) => toItem({ ...order, dueFor: kind, dueReason: reason }));
				}
			} else {
				const statuses = (this.getNodeParameter('toStatuses', []) as string[]).filter(isOrderStatus);
				const found = await readEvents({
					orderStore,
					// One position a trigger, kept in the store: n8n's own memory of a node is lost when the node is made anew.
					consumer: `${this.getWorkflow().id ?? ''}:${this.getNode().id}`,
					kinds: this.getNodeParameter('events') as TimelineKind[],
					toStatuses: statuses,
					stores: stores.length > 0 ? stores : ((await storesOfWorkflow(orderStore, scope)) ?? []),
					limit,
					peek: manual,
				});
				items = found.map((event) => toItem(event));
			}
			return items.length > 0 ? [items] : null;
		});
	}
}

checkParameters(OrderStoreTrigger);
