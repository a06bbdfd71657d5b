import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { wooCommerce } from '../partners/wooCommerce';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(wooCommerce);

export class WooCommerceOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/wooCommerceOrderImportTrigger.svg', dark: 'file:../../icons/wooCommerceOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'wooCommerceOrdersApi', displayName: 'WooCommerce', required: true, testedBy: 'wooCommerceConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(WooCommerceOrderImportTrigger);
