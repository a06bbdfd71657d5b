import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { bigCommerce } from '../partners/bigCommerce';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(bigCommerce);

export class BigCommerceOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/bigCommerceOrderImportTrigger.svg', dark: 'file:../../icons/bigCommerceOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'bigCommerceOrdersApi', displayName: 'BigCommerce', required: true, testedBy: 'bigCommerceConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(BigCommerceOrderImportTrigger);
