import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import { pollCart } from '../shared/cartPolling';
import { openWooCommerce } from '../shared/carts/wooCommerce';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith } from '../shared/importOptions';
import { wooCommerceConnectionTest } from '../shared/wooCommerceTest';
import { wooCommerceImportOptions } from './parameters';

export class WooCommerceOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WooCommerce Order Import Trigger',
		name: 'wooCommerceOrderImportTrigger',
		icon: { light: 'file:../../icons/wooCommerceOrderImportTrigger.svg', dark: 'file:../../icons/wooCommerceOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders of a WooCommerce shop, each order once',
		defaults: { name: 'WooCommerce Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'wooCommerceOrdersApi', displayName: 'WooCommerce', required: true, testedBy: 'wooCommerceConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith(wooCommerceImportOptions),
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, wooCommerceConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, wooCommerceCart, async (store) => await openWooCommerce(this, {}, store));
	}
}
