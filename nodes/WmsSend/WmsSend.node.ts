import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { cancelOrders, type CancelResult } from '../../lib/fulfillment/cancelOrders';
import { sendOrders, type SendResult } from '../../lib/fulfillment/sendOrders';
import type { WmsCode } from '../../lib/wms/registry';
import { nodeActor, openStore, toNodeError, workerName } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest, sftpExchangeTest } from '../shared/credentialTests';
import { storeNotice } from '../shared/descriptions';
import { orderBatch, orderIdProperty, resultItem, toOutputs } from '../shared/orderIds';
import { WAREHOUSES, type WmsOptions } from '../shared/warehouses';
import { x12PartnerTest } from '../shared/warehouses/x12';
import { exchangeFor } from '../shared/exchange';
import { genericHttpSendProperties } from '../shared/genericHttpParameters';
import { wmsLabel, wmsProperty } from '../shared/wmsParameters';
import { wmsSendOptions } from './options';

const OUTPUT = { open: 0, canceled: 0, delayed: 1, error: 2 } as const;

/** The names of the outputs. n8n evaluates the source of this function in the editor and in the engine, so it must stand on its own. */
const outputsOf = (parameters: { operation?: unknown }) =>
	[parameters.operation === 'cancel' ? 'Canceled' : 'Open', 'Delayed', 'Error'].map((displayName) => ({ type: 'main', displayName }));

export class WmsSend implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WMS Send',
		name: 'wmsSend',
		icon: { light: 'file:../../icons/wmsSend.svg', dark: 'file:../../icons/wmsSend.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: `={{ ($parameter["operation"] === "cancel" ? "cancel via " : "send via ") + ${wmsLabel} }}`,
		description: 'Sends routed orders to the warehouse, each once, or cancels them there',
		defaults: { name: 'WMS Send' },
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{(${outputsOf.toString()})($parameter)}}`,
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Warehouse Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { '/wms': ['file', 'x12'], '/exchange': ['local'] } },
			},
			{
				name: 'sftpExchangeApi',
				displayName: 'Warehouse Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { '/wms': ['file', 'x12'], '/exchange': ['sftp'] } },
			},
			{ name: 'extensivApi', displayName: 'Extensiv', required: true, displayOptions: { show: { '/wms': ['extensiv'] } } },
			{ name: 'warehouseHttpApi', displayName: 'Warehouse HTTP API', required: true, displayOptions: { show: { '/wms': ['genericHttp'] } } },
			{ name: 'amazonMcfApi', displayName: 'Amazon MCF', required: true, displayOptions: { show: { '/wms': ['amazonMcf'] } } },
			{ name: 'shipBobApi', displayName: 'ShipBob', required: true, displayOptions: { show: { '/wms': ['shipBob'] } } },
			{ name: 'shipStationApi', displayName: 'ShipStation', required: true, displayOptions: { show: { '/wms': ['shipStation'] } } },
			{ name: 'shipHeroApi', displayName: 'ShipHero', required: true, displayOptions: { show: { '/wms': ['shipHero'] } } },
			{ name: 'trytonApi', displayName: 'Tryton', required: true, displayOptions: { show: { '/wms': ['tryton'] } } },
			{ name: 'x12PartnerApi', displayName: 'EDI Partner', required: true, testedBy: 'x12PartnerTest', displayOptions: { show: { '/wms': ['x12'] } } },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		usableAsTool: true,
		properties: [
			storeNotice,
			wmsProperty,
			exchangeFor('wms'),
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Cancel',
						value: 'cancel',
						action: 'Cancel orders at the warehouse',
						description: 'Ask the warehouse to cancel; an order that it does not have is canceled here alone',
					},
					{
						name: 'Send',
						value: 'send',
						action: 'Send orders to the warehouse',
						description: 'Hand each order to the warehouse, once',
					},
				],
				default: 'send',
			},
			{
				displayName: 'Reason',
				name: 'reason',
				type: 'string',
				default: '',
				placeholder: 'Canceled by the customer',
				description: 'Stands in the timeline of the order',
				displayOptions: { show: { operation: ['cancel'] } },
			},
			...genericHttpSendProperties,
			orderIdProperty,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: wmsSendOptions,
			},
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest, sftpExchangeTest, x12PartnerTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0, 'send') as string;
		const names = outputsOf({ operation }).map(({ displayName }) => displayName);
		const { orderIds, itemIndexes, refused } = orderBatch(this);
		const outputs: INodeExecutionData[][] = [[], [], refused];
		if (orderIds.length === 0) return toOutputs(this, outputs, names);
		const options = this.getNodeParameter('options', 0, {}) as WmsOptions & { leaseSeconds?: number; concurrency?: number };
		try {
			const opened = await WAREHOUSES[this.getNodeParameter('wms', 0, 'file') as WmsCode](this, options);
			const request = {
				store: await openStore(this),
				orderIds,
				worker: workerName(this),
				actor: nodeActor(this),
				leaseMs: (options.leaseSeconds ?? 300) * 1000,
			};
			const reason = String(this.getNodeParameter('reason', 0, '') ?? '').trim();
			const results: Array<SendResult | CancelResult> =
				operation === 'cancel'
					? await cancelOrders({ ...request, warehouse: opened, reason: reason === '' ? null : reason })
					: await sendOrders({ ...request, ...opened, concurrency: options.concurrency ?? 4, retry: DEFAULT_RETRY });
			results.forEach((result, index) => {
				outputs[OUTPUT[result.output]]!.push(resultItem(this, result, itemIndexes[index]!));
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		return toOutputs(this, outputs, names);
	}
}
