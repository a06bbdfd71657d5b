import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import type { WmsCode } from '../../lib/wms/registry';
import { nodeActor, openStore, toNodeError, workerName } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice } from '../shared/descriptions';
import { orderBatch, orderIdProperty, resultItem, toOutputs } from '../shared/orderIds';
import { WAREHOUSES, type WmsOptions } from '../shared/warehouses';
import { fileWmsOptions, wmsLabel, wmsProperty } from '../shared/wmsParameters';

const OUTPUT = { open: 0, delayed: 1, error: 2 } as const;
const OUTPUT_NAMES = ['Open', 'Delayed', 'Error'];

export class WmsSend implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WMS Send',
		name: 'wmsSend',
		icon: { light: 'file:../../icons/wmsSend.svg', dark: 'file:../../icons/wmsSend.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: `={{ "send via " + ${wmsLabel} }}`,
		description: 'Sends routed orders to the warehouse, each once',
		defaults: { name: 'WMS Send' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: OUTPUT_NAMES,
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Warehouse Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { wms: ['file'] } },
			},
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		usableAsTool: true,
		properties: [
			storeNotice,
			wmsProperty,
			orderIdProperty,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					...fileWmsOptions,
					{
						displayName: 'Lease (Seconds)',
						name: 'leaseSeconds',
						type: 'number',
						typeOptions: { minValue: 30, maxValue: 3600 },
						default: 300,
						description:
							'How long an order is reserved for this run. After a crash it is looked up and sent again when this time is over; it must be longer than the warehouse ever takes to answer.',
					},
					{
						displayName: 'Orders at Once',
						name: 'concurrency',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 50 },
						default: 4,
						description: 'How many orders are on their way to the warehouse at the same time',
					},
				],
			},
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { orderIds, itemIndexes, refused } = orderBatch(this);
		const outputs: INodeExecutionData[][] = [[], [], refused];
		if (orderIds.length === 0) return toOutputs(this, outputs, OUTPUT_NAMES);
		const options = this.getNodeParameter('options', 0, {}) as WmsOptions & { leaseSeconds?: number; concurrency?: number };
		const code = this.getNodeParameter('wms', 0, 'file') as WmsCode;
		try {
			const results = await sendOrders({
				store: await openStore(this),
				...(await WAREHOUSES[code](this, options)),
				orderIds,
				worker: workerName(this),
				actor: nodeActor(this),
				leaseMs: (options.leaseSeconds ?? 300) * 1000,
				concurrency: options.concurrency ?? 4,
				retry: DEFAULT_RETRY,
			});
			results.forEach((result, index) => {
				outputs[OUTPUT[result.output]]!.push(resultItem(this, result, itemIndexes[index]!));
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		return toOutputs(this, outputs, OUTPUT_NAMES);
	}
}
