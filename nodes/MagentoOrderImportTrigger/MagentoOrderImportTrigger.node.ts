import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { magento } from '../partners/magento';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(magento);

export class MagentoOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/magentoOrderImportTrigger.svg', dark: 'file:../../icons/magentoOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'magentoOrdersApi', displayName: 'Magento', required: true, testedBy: 'magentoConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(MagentoOrderImportTrigger);
