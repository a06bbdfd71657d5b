import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { cancelOrders, type CancelResult } from '../../lib/fulfillment/cancelOrders';
import { sendOrders, type SendResult } from '../../lib/fulfillment/sendOrders';
import { workScopeOf } from '../../lib/fulfillment/workScope';
import { wmsOf } from '../partners';
import { exchangeFor, sendOptions, sorted, wmsPartners, wmsCredentials, wmsLabel, wmsProperty, wmsTests } from '../partners/lists';
import { checkParameters } from '../shared/checkParameters';
import { nodeActor, openOrderStore, toNodeError, workerName, workflowScope } from '../shared/context';
import { storeNotice } from '../shared/descriptions';
import { orderBatch, orderIdProperty, resultItem, toOutputs } from '../shared/orderIds';

const OUTPUT = { open: 0, canceled: 0, delayed: 1, error: 2 } as const;

/** The names of the outputs. n8n evaluates the source of this function in the editor and in the engine, so it must stand on its own. */
const outputsOf = (parameters: { operation?: unknown }) =>
	[parameters.operation === 'cancel' ? 'Canceled' : 'Open', 'Delayed', 'Error'].map((displayName) => ({ type: 'main', displayName }));

/** The options for every WMS. */
const ofEvery: INodeProperties[] = [
	{
		displayName: 'Late Acceptance (Minutes)',
		name: 'lateMinutes',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1440 },
		default: 15,
		description:
			'How long after a request without an answer the warehouse may still take the order. Until then a look-up that finds nothing proves nothing, and the order is not sent in another way. Not set: 15 minutes, none for folders.',
	},
	{
		displayName: 'Lease (Seconds)',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 30, maxValue: 3600 },
		default: 300,
		description:
			'How long an order is reserved for this run. After a crash it is looked up and sent again when this time is over. No request lasts longer than half of it, or than a minute.',
	},
	{
		displayName: 'Orders at Once',
		name: 'concurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: 4,
		description:
			'How many requests are on their way to the warehouse at the same time. Each has one order; ShipStation takes up to 25 in one request.',
		displayOptions: { show: { '/operation': ['send'] } },
	},
];

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
		credentials: wmsCredentials(),
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
				description: 'Shown in the timeline of the order',
				displayOptions: { show: { operation: ['cancel'] } },
			},
			...wmsPartners.flatMap(([, { sendProperties = [] }]) => sendProperties),
			orderIdProperty,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: sorted([...ofEvery, ...sendOptions()]),
			},
		],
	};

	methods = { credentialTest: wmsTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0, 'send') as string;
		const names = outputsOf({ operation }).map(({ displayName }) => displayName);
		const { orderIds, itemIndexes, refused } = orderBatch(this);
		const outputs: INodeExecutionData[][] = [[], [], refused];
		if (orderIds.length === 0) return toOutputs(this, outputs, names);
		const options = this.getNodeParameter('options', 0, {}) as { leaseSeconds?: number; lateMinutes?: number; concurrency?: number };
		try {
			const opened = await wmsOf(this.getNodeParameter('wms', 0, 'file')).open(this, options);
			const orderStore = await openOrderStore(this);
			const request = {
				orderStore,
				orderIds,
				worker: workerName(this),
				actor: nodeActor(this),
				leaseMs: (options.leaseSeconds ?? 300) * 1000,
				...(options.lateMinutes === undefined ? {} : { lateMs: options.lateMinutes * 60_000 }),
			};
			const reason = String(this.getNodeParameter('reason', 0, '') ?? '').trim();
			const results: Array<SendResult | CancelResult> =
				operation === 'cancel'
					? await cancelOrders({ ...request, warehouse: opened, reason: reason === '' ? null : reason })
					: await sendOrders({
							...request,
							...opened,
							work: await workScopeOf(orderStore, workflowScope(this)),
							concurrency: options.concurrency ?? 4,
							retry: DEFAULT_RETRY,
						});
			results.forEach((result, index) => {
				outputs[OUTPUT[result.output]]!.push(resultItem(this, result, itemIndexes[index]!));
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		return toOutputs(this, outputs, names);
	}
}

checkParameters(WmsSend);
