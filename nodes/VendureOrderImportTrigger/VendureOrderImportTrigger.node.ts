import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { vendure } from '../partners/vendure';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(vendure);

export class VendureOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/vendureOrderImportTrigger.svg', dark: 'file:../../icons/vendureOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: 'vendureOrdersApi', displayName: 'Vendure', required: true, testedBy: 'vendureConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(VendureOrderImportTrigger);
