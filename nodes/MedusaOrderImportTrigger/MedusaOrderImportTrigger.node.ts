import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { medusaCart } from '../../lib/carts/medusa';
import { pollCart } from '../shared/cartPolling';
import { openMedusa, readMedusaSettings } from '../shared/carts/medusa';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { importOptionsWith } from '../shared/importOptions';
import { medusaConnectionTest } from '../shared/medusaTest';
import { medusaImportOptions } from './parameters';

export class MedusaOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Medusa Order Import Trigger',
		name: 'medusaOrderImportTrigger',
		icon: { light: 'file:../../icons/medusaOrderImportTrigger.svg', dark: 'file:../../icons/medusaOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders of a Medusa shop once they are paid, each order once',
		defaults: { name: 'Medusa Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'medusaOrdersApi', displayName: 'Medusa', required: true, testedBy: 'medusaConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			importOptionsWith(medusaImportOptions),
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, medusaConnectionTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, medusaCart, async (store) => await openMedusa(this, readMedusaSettings(this), store));
	}
}
