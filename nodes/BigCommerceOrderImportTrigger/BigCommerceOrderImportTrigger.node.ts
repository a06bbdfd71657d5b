import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { bigCommerceConnectionTest } from '../shared/bigCommerceTest';
import { pollCart } from '../shared/cartPolling';
import { openBigCommerce } from '../shared/carts/bigCommerce';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith } from '../shared/importOptions';
import { bigCommerceImportOptions } from './parameters';

export class BigCommerceOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'BigCommerce Order Import Trigger',
		name: 'bigCommerceOrderImportTrigger',
		icon: { light: 'file:../../icons/bigCommerceOrderImportTrigger.svg', dark: 'file:../../icons/bigCommerceOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders of a BigCommerce store, each order once',
		defaults: { name: 'BigCommerce Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'bigCommerceOrdersApi', displayName: 'BigCommerce', required: true, testedBy: 'bigCommerceConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith(bigCommerceImportOptions),
		],
	};

	methods = { credentialTest: { bigCommerceConnectionTest, orderStoreConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, bigCommerceCart, async (store) => await openBigCommerce(this, {}, store));
	}
}
