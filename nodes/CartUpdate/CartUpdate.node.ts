import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { CART_LABELS, type CartCode } from '../../lib/carts/registry';
import type { Order } from '../../lib/order/order';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { addCartNote, cancelInCart, uploadTracking, type CartUpdateRequest, type CartUpdateResult, type ShipmentRulesRequest } from '../../lib/fulfillment/updateCart';
import { CART_SESSIONS, type CartUpdateOptions } from '../shared/carts';
import { cartUpdateOptions } from './options';
import { nodeActor, openStore, toNodeError, workerName } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest, sftpExchangeTest } from '../shared/credentialTests';
import { exchangeFor } from '../shared/exchange';
import { storeNotice } from '../shared/descriptions';
import { cartConnectionTests } from '../shared/cartConnectionTests';
import { orderBatch, orderIdProperty, resultItem, toOutputs } from '../shared/orderIds';
import { ruleSetProperty, rulesFromProperty, ruleSetsOf } from '../shared/orderRules/ruleSetReader';
import { shipmentRulesProperty } from '../shared/shipmentRules/parameters';
import { shipmentRulesOf } from '../shared/shipmentRules/readRules';

const OUTPUT = { done: 0, delayed: 1, error: 2 } as const;
const OUTPUT_NAMES = ['Done', 'Delayed', 'Error'];
/** Only uploads go through rules. */
const uploading = { operation: ['uploadTracking'] };

export class CartUpdate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cart Update',
		name: 'cartUpdate',
		icon: { light: 'file:../../icons/cartUpdate.svg', dark: 'file:../../icons/cartUpdate.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ ({ acknowledge: "acknowledge", addNote: "add note", cancel: "cancel", uploadTracking: "upload tracking" })[$parameter["operation"]] }}',
		description: 'Tells the cart that the warehouse has an order, what was shipped, or that it is canceled, each once',
		defaults: { name: 'Cart Update' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: OUTPUT_NAMES,
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Shop Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { '/cart': ['file'], '/exchange': ['local'] } },
			},
			{
				name: 'sftpExchangeApi',
				displayName: 'Shop Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { '/cart': ['file'], '/exchange': ['sftp'] } },
			},
			{ name: 'bigCommerceOrdersApi', displayName: 'BigCommerce', required: true, testedBy: 'bigCommerceConnectionTest', displayOptions: { show: { '/cart': ['bigCommerce'] } } },
			{ name: 'magentoOrdersApi', displayName: 'Magento', required: true, testedBy: 'magentoConnectionTest', displayOptions: { show: { '/cart': ['magento'] } } },
			{ name: 'medusaOrdersApi', displayName: 'Medusa', required: true, testedBy: 'medusaConnectionTest', displayOptions: { show: { '/cart': ['medusa'] } } },
			{ name: 'shopifyOrdersApi', displayName: 'Shopify', required: true, testedBy: 'shopifyConnectionTest', displayOptions: { show: { '/cart': ['shopify'] } } },
			{ name: 'vendureOrdersApi', displayName: 'Vendure', required: true, testedBy: 'vendureConnectionTest', displayOptions: { show: { '/cart': ['vendure'] } } },
			{ name: 'wooCommerceOrdersApi', displayName: 'WooCommerce', required: true, testedBy: 'wooCommerceConnectionTest', displayOptions: { show: { '/cart': ['wooCommerce'] } } },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		usableAsTool: true,
		properties: [
			storeNotice,
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
				options: cartUpdateOptions,
			},
		],
	};

	methods = {
		credentialTest: { orderStoreConnectionTest, fileExchangeTest, sftpExchangeTest, ...cartConnectionTests },
		loadOptions: { getRuleSets: ruleSetsOf('shipment') },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { orderIds, itemIndexes, itemOf: indexOf, refused } = orderBatch(this);
		const outputs: INodeExecutionData[][] = [[], [], refused];
		if (orderIds.length === 0) return toOutputs(this, outputs, OUTPUT_NAMES);
		const options = this.getNodeParameter('options', 0, {}) as CartUpdateOptions & { notifyCustomer?: boolean; leaseSeconds?: number; ruleSetVersion?: number };
		const cart = this.getNodeParameter('cart', 0, 'file') as CartCode;
		const operation = this.getNodeParameter('operation', 0) as string;
		try {
			const request = {
				store: await openStore(this),
				session: await CART_SESSIONS[cart](this, options),
				worker: workerName(this),
				actor: nodeActor(this),
				leaseMs: (options.leaseSeconds ?? 300) * 1000,
				retry: DEFAULT_RETRY,
				orderIds,
			};
			// An order that came in a bundle has the item of the bundle.
			const itemOf = ({ id, bundledInto }: Order): number => indexOf.get(id) ?? indexOf.get(bundledInto ?? '') ?? 0;
			const rules = operation === 'uploadTracking' ? await shipmentRulesOf(this, request.store, itemIndexes, Number(options.ruleSetVersion ?? 0)) : null;
			const results = await tellCart(operation, request, {
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
			});
			const hints = rules?.hints() ?? [];
			if (hints.length > 0) this.addExecutionHints(...hints.map((message) => ({ message, type: 'warning' as const, location: 'outputPane' as const })));
			results.forEach((result, index) => {
				outputs[OUTPUT[result.output]]!.push(resultItem(this, result, itemIndexes[index]!));
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		return toOutputs(this, outputs, OUTPUT_NAMES);
	}
}

async function tellCart(
	operation: string,
	request: CartUpdateRequest & { orderIds: string[] },
	{ reason, noteOf, ...uploading }: { notifyCustomer: boolean; shipmentRules?: ShipmentRulesRequest; reason(): string; noteOf(orderId: string): string },
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
