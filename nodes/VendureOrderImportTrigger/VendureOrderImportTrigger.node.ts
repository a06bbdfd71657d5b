import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { vendureCart } from '../../lib/carts/vendure';
import { pollCart } from '../shared/cartPolling';
import { openVendure } from '../shared/carts/vendure';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith } from '../shared/importOptions';
import { vendureConnectionTest } from '../shared/vendureTest';
import { vendureImportOptions } from './parameters';

export class VendureOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vendure Order Import Trigger',
		name: 'vendureOrderImportTrigger',
		icon: { light: 'file:../../icons/vendureOrderImportTrigger.svg', dark: 'file:../../icons/vendureOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders of a Vendure shop, each order once',
		defaults: { name: 'Vendure Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'vendureOrdersApi', displayName: 'Vendure', required: true, testedBy: 'vendureConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith(vendureImportOptions),
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, vendureConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, vendureCart, async (store) => await openVendure(this, {}, store));
	}
}
