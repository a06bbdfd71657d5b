import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { shopifyCart } from '../../lib/carts/shopify';
import { openShopify, readShopifySettings } from '../shared/carts/shopify';
import { pollCart } from '../shared/cartPolling';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith, onlyTagsOption } from '../shared/importOptions';
import { shopifyConnectionTest } from '../shared/shopifyTest';
import { shopifyOptions } from './parameters';

export class ShopifyOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Shopify Order Import Trigger',
		name: 'shopifyOrderImportTrigger',
		icon: { light: 'file:../../icons/shopifyOrderImportTrigger.svg', dark: 'file:../../icons/shopifyOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports the orders of a Shopify shop that are ready to ship, each order once',
		defaults: { name: 'Shopify Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'shopifyOrdersApi', displayName: 'Shopify', required: true, testedBy: 'shopifyConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith([...shopifyOptions, onlyTagsOption]),
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, shopifyConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, shopifyCart, async () => await openShopify(this, readShopifySettings(this)));
	}
}
