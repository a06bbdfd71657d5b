import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { fileShop } from '../partners/file/cart';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(fileShop);

export class FileOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/fileOrderImportTrigger.svg', dark: 'file:../../icons/fileOrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Shop Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { '/exchange': ['local'] } },
			},
			{
				name: 'sftpExchangeApi',
				displayName: 'Shop Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { '/exchange': ['sftp'] } },
			},
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(FileOrderImportTrigger);
