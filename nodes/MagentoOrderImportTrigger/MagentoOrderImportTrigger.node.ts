import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { magentoCart } from '../../lib/carts/magento';
import { pollCart } from '../shared/cartPolling';
import { openMagento } from '../shared/carts/magento';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith } from '../shared/importOptions';
import { magentoConnectionTest } from '../shared/magentoTest';
import { magentoImportOptions } from './parameters';

export class MagentoOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Magento Order Import Trigger',
		name: 'magentoOrderImportTrigger',
		icon: { light: 'file:../../icons/magentoOrderImportTrigger.svg', dark: 'file:../../icons/magentoOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders of a Magento shop, each order once',
		defaults: { name: 'Magento Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'magentoOrdersApi', displayName: 'Magento', required: true, testedBy: 'magentoConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith(magentoImportOptions),
		],
	};

	methods = { credentialTest: { magentoConnectionTest, orderStoreConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, magentoCart, async (store) => await openMagento(this, {}, store));
	}
}
