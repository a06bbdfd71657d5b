import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { openStore, toNodeError } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest, sftpExchangeTest } from '../shared/credentialTests';
import { cartConnectionTests } from '../shared/cartConnectionTests';
import { storeNotice } from '../shared/descriptions';
import { failedItem } from '../shared/orderIds';
import { operationFor, operationProperties, resourceProperty } from './actions';

export class OrderStore implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Order Store',
		name: 'orderStore',
		icon: { light: 'file:../../icons/orderStore.svg', dark: 'file:../../icons/orderStore.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ($parameter["operation"] + ": " + $parameter["resource"]).replace(/([A-Z])/g, " $1").toLowerCase() }}',
		description: 'Finds, edits, reprocesses and archives the orders of the order store, and does its chores',
		defaults: { name: 'Order Store' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Shop Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['file'], '/exchange': ['local'] } },
			},
			{
				name: 'sftpExchangeApi',
				displayName: 'Shop Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['file'], '/exchange': ['sftp'] } },
			},
			{ name: 'bigCommerceOrdersApi', displayName: 'BigCommerce', required: true, testedBy: 'bigCommerceConnectionTest', displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['bigCommerce'] } } },
			{ name: 'magentoOrdersApi', displayName: 'Magento', required: true, testedBy: 'magentoConnectionTest', displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['magento'] } } },
			{
				name: 'medusaOrdersApi',
				displayName: 'Medusa',
				required: true,
				testedBy: 'medusaConnectionTest',
				displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['medusa'] } },
			},
			{
				name: 'shopifyOrdersApi',
				displayName: 'Shopify',
				required: true,
				testedBy: 'shopifyConnectionTest',
				displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['shopify'] } },
			},
			{
				name: 'vendureOrdersApi',
				displayName: 'Vendure',
				required: true,
				testedBy: 'vendureConnectionTest',
				displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['vendure'] } },
			},
			{ name: 'wooCommerceOrdersApi', displayName: 'WooCommerce', required: true, testedBy: 'wooCommerceConnectionTest', displayOptions: { show: { operation: ['importFromCart', 'reconcile'], '/cart': ['wooCommerce'] } } },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		usableAsTool: true,
		properties: [storeNotice, resourceProperty, ...operationProperties],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest, sftpExchangeTest, ...cartConnectionTests } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = operationFor(
			this.getNodeParameter('resource', 0) as string,
			this.getNodeParameter('operation', 0) as string,
		);
		try {
			const store = await openStore(this);
			if ('once' in operation) return [await operation.once(this, store)];
			const results: INodeExecutionData[] = [];
			for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex += 1) {
				try {
					results.push(...(await operation.each(this, store, itemIndex)));
				} catch (error) {
					const shown = toNodeError(this.getNode(), error, itemIndex);
					if (!this.continueOnFail()) throw shown;
					results.push(failedItem(shown, itemIndex));
				}
			}
			return [results];
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}
