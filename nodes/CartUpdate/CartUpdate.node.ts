import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Order } from '../../lib/order/order';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { addCartNote } from '../../lib/fulfillment/addCartNote';
import { cancelInCart } from '../../lib/fulfillment/cancelInCart';
import { unknownOrder } from '../../lib/fulfillment/orderResult';
import { refreshOrders, type RefreshResult } from '../../lib/fulfillment/refreshOrders';
import { uploadTracking, type ShipmentRulesRequest } from '../../lib/fulfillment/uploadTracking';
import type { CartUpdateRequest, CartUpdateResult } from '../../lib/fulfillment/cartUpdate';
import { workScopeOf } from '../../lib/fulfillment/workScope';
import type { OrderStore } from '../../lib/store/OrderStore';
import { cartOf } from '../partners';
import { carrierNamesOption } from '../partners/carriers';
import { cartCredentials, cartProperty, cartTests, exchangeFor, sorted, updateOptions, withoutCarrierNames } from '../partners/lists';
import { checkParameters } from '../shared/checkParameters';
import { nodeActor, openOrderStore, toNodeError, workerName, workflowScope } from '../shared/context';
import { storeNotice } from '../shared/descriptions';
import { keptSettings, openShop } from '../shared/shop';
import { orderBatch, orderIdProperty, resultItem, toOutputs } from '../shared/orderIds';
import { ruleSetProperty, rulesFromProperty, ruleSetsOf, ruleSetVersionProperty } from '../shared/orderRules/ruleSetReader';
import { shipmentRulesProperty } from '../shared/shipmentRules/parameters';
import { shipmentRulesOf } from '../shared/shipmentRules/readRules';

/** Where a result goes, by the operations that give it. */
const OUTPUT = { done: 0, delayed: 1, error: 2 } as const;
const REFRESHED = { ready: 0, waiting: 1, canceled: 2, error: 3 } as const;

/** The names of the outputs. n8n evaluates the source of this function in the editor and in the engine, so it must stand on its own. */
const outputsOf = (parameters: { operation?: unknown }) =>
	(parameters.operation === 'refresh' ? ['Ready', 'Waiting', 'Canceled', 'Error'] : ['Done', 'Delayed', 'Error']).map((displayName) => ({
		type: 'main',
		displayName,
	}));

/** Only uploads go through rules. */
const uploading = { operation: ['uploadTracking'] };

/** The options for every cart. */
const ofEvery: INodeProperties[] = [
	{
		displayName: 'Lease (Seconds)',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 30, maxValue: 3600 },
		default: 300,
		description:
			'How long shipments are reserved for this run. After a crash they are looked up and uploaded again when this time is over; no request lasts longer than half of it, or than a minute.',
	},
	{
		displayName: 'Notify Customer',
		name: 'notifyCustomer',
		type: 'boolean',
		default: true,
		description: 'Whether the cart should tell the customer, if it can',
	},
	{ ...ruleSetVersionProperty, displayOptions: { show: { '/operation': ['uploadTracking'], '/rulesFrom': ['ruleSet'] } } },
];

export class CartUpdate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cart Update',
		name: 'cartUpdate',
		icon: { light: 'file:../../icons/cartUpdate.svg', dark: 'file:../../icons/cartUpdate.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ ({ acknowledge: "acknowledge", addNote: "add note", cancel: "cancel", refresh: "refresh", uploadTracking: "upload tracking" })[$parameter["operation"]] }}',
		description:
			'Asks the cart whether an order may still be sent; tells it, each once, that the warehouse has the order, what was shipped, or that it is canceled',
		defaults: { name: 'Cart Update' },
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{(${outputsOf.toString()})($parameter)}}`,
		credentials: cartCredentials(),
		usableAsTool: true,
		properties: [
			storeNotice,
			cartProperty,
			exchangeFor('cart'),
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Acknowledge',
						value: 'acknowledge',
						action: 'Tell the cart that the warehouse has the order',
						description: 'Tell the cart that the warehouse has the order',
					},
					{
						name: 'Add Note',
						value: 'addNote',
						action: 'Add a note to the order in the cart',
						description: 'Write a note that the people of the shop see, not the customer',
					},
					{
						name: 'Cancel',
						value: 'cancel',
						action: 'Cancel the order in the cart',
						description: 'Cancel an order in the cart that will not be shipped any more',
					},
					{
						name: 'Refresh',
						value: 'refresh',
						action: 'Read the order anew from the cart before it is sent',
						description:
							'Read the orders anew from the cart, right before WMS Send: what the cart has put on hold, changed or canceled meanwhile is not sent as it was. Connect Ready to WMS Send. Waiting needs nothing: the order comes back when the cart is ready or, if it could not be asked, five minutes later.',
					},
					{
						name: 'Upload Tracking',
						value: 'uploadTracking',
						action: 'Upload the tracking of what was shipped',
						description: 'Upload the tracking of every shipment that the cart was not told about',
					},
				],
				default: 'uploadTracking',
			},
			{ ...rulesFromProperty, displayOptions: { show: uploading } },
			{ ...ruleSetProperty, displayOptions: { show: { ...uploading, rulesFrom: ['ruleSet'] } } },
			{ ...shipmentRulesProperty, displayOptions: { show: { ...uploading, rulesFrom: ['node'] } } },
			orderIdProperty,
			{
				displayName: 'Note',
				name: 'note',
				type: 'string',
				typeOptions: { rows: 3 },
				default: '',
				required: true,
				displayOptions: { show: { operation: ['addNote'] } },
			},
			{
				displayName: 'Reason',
				name: 'reason',
				type: 'string',
				default: 'Canceled at the warehouse',
				description: 'What the cart shows as the reason, if it shows one',
				displayOptions: { show: { operation: ['cancel'] } },
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: sorted([carrierNamesOption(withoutCarrierNames), ...ofEvery, ...updateOptions()]),
			},
		],
	};

	methods = {
		credentialTest: cartTests,
		loadOptions: { getRuleSets: ruleSetsOf('shipment') },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0, 'uploadTracking') as string;
		const names = outputsOf({ operation }).map(({ displayName }) => displayName);
		const { orderIds, itemIndexes, itemOf: indexOf, refused } = orderBatch(this);
		const outputs: INodeExecutionData[][] = [...names.slice(1).map(() => []), refused];
		if (orderIds.length === 0) return toOutputs(this, outputs, names);
		const options = this.getNodeParameter('options', 0, {}) as { notifyCustomer?: boolean; leaseSeconds?: number; ruleSetVersion?: number };
		const partner = cartOf(this.getNodeParameter('cart', 0, 'file'));
		try {
			const orderStore = await openOrderStore(this);
			const common = {
				orderStore,
				cart: partner.cart.code,
				work: await workScopeOf(orderStore, workflowScope(this)),
				worker: workerName(this),
				actor: nodeActor(this),
				leaseMs: (options.leaseSeconds ?? 300) * 1000,
				retry: DEFAULT_RETRY,
			};
			// An order that came in a bundle has the item of the bundle.
			const itemOf = ({ id, bundledInto }: Order): number => indexOf.get(id) ?? indexOf.get(bundledInto ?? '') ?? 0;
			const rules =
				operation === 'uploadTracking' ? await shipmentRulesOf(this, orderStore, itemIndexes, Number(options.ruleSetVersion ?? 0)) : null;
			const terms: Terms = {
				notifyCustomer: options.notifyCustomer ?? true,
				...(rules === null
					? {}
					: {
							shipmentRules: {
								evaluate: (order, shipment, given) => rules.rulesFor(itemOf(order)).evaluate(order, shipment, given),
								ruleSet: (order) => rules.labelFor(itemOf(order)),
							},
						}),
				reason: () => String(this.getNodeParameter('reason', 0, '') ?? '').trim() || 'Canceled at the warehouse',
				noteOf: (orderId) => String(this.getNodeParameter('note', indexOf.get(orderId) ?? 0, '') ?? ''),
			};
			const results = new Map<string, CartUpdateResult | RefreshResult>();
			for (const [storeName, ids] of await byStore(orderStore, orderIds)) {
				// What this node says comes before what the import trigger of the store is set to.
				const kept = await keptSettings(orderStore, partner, storeName);
				const shop = await openShop(this, partner, storeName, {
					options: { ...kept?.options, ...options },
					parameters: kept?.parameters ?? {},
				});
				const { session } = shop;
				if (operation === 'refresh')
					for (const result of await refreshOrders({ ...common, ...shop, orderIds: ids })) results.set(result.orderId, result);
				else
					for (const result of await tellCart(operation, { ...common, session, orderIds: ids }, terms)) results.set(result.orderId, result);
			}
			const hints = rules?.hints() ?? [];
			if (hints.length > 0)
				this.addExecutionHints(...hints.map((message) => ({ message, type: 'warning' as const, location: 'outputPane' as const })));
			orderIds.forEach((orderId, index) => {
				const result = results.get(orderId) ?? unknownOrder(orderId);
				outputs[placeOf(result.output, operation)]!.push(resultItem(this, result, itemIndexes[index]!));
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		return toOutputs(this, outputs, names);
	}
}

checkParameters(CartUpdate);

const placeOf = (output: CartUpdateResult['output'] | RefreshResult['output'], operation: string): number => {
	const places: Readonly<Partial<Record<string, number>>> = operation === 'refresh' ? REFRESHED : OUTPUT;
	return places[output] ?? OUTPUT.error;
};

interface Terms {
	notifyCustomer: boolean;
	shipmentRules?: ShipmentRulesRequest;
	reason(): string;
	noteOf(orderId: string): string;
}

/** The shop is opened by the name of the store; orders that are not there have none. */
async function byStore(orderStore: OrderStore, orderIds: string[]): Promise<Map<string, string[]>> {
	const groups = new Map<string, string[]>();
	for (const order of await orderStore.getMany(orderIds)) groups.set(order.store, [...(groups.get(order.store) ?? []), order.id]);
	return groups;
}

async function tellCart(
	operation: string,
	request: CartUpdateRequest & { orderIds: string[] },
	{ reason, noteOf, ...uploading }: Terms,
): Promise<CartUpdateResult[]> {
	switch (operation) {
		case 'acknowledge':
			return await acknowledge(request);
		case 'addNote':
			return await addCartNote({ ...request, textOf: noteOf });
		case 'cancel':
			return await cancelInCart({ ...request, reason: reason() });
		default:
			return await uploadTracking({ ...request, ...uploading });
	}
}
