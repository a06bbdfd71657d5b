import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { medusa } from '../partners/medusa';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(medusa);

export class MedusaOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/medusaOrderImportTrigger.svg', dark: 'file:../../icons/medusaOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'medusaOrdersApi', displayName: 'Medusa', required: true, testedBy: 'medusaConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(MedusaOrderImportTrigger);
