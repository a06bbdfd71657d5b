import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { shopify } from '../partners/shopify';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(shopify);

export class ShopifyOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/shopifyOrderImportTrigger.svg', dark: 'file:../../icons/shopifyOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'shopifyOrdersApi', displayName: 'Shopify', required: true, testedBy: 'shopifyConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(ShopifyOrderImportTrigger);
