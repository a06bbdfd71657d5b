import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { fileCart } from '../../lib/carts/file';
import { pollCart } from '../shared/cartPolling';
import { openFolder } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest, sftpExchangeTest } from '../shared/credentialTests';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { exchangeProperty } from '../shared/exchange';
import { importOptionsWith, onlyTagsOption } from '../shared/importOptions';
import { fileFormatProperties, fileOptions, readFileSettings } from './parameters';

export class FileOrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'File Order Import Trigger',
		name: 'fileOrderImportTrigger',
		icon: { light: 'file:../../icons/fileOrderImportTrigger.svg', dark: 'file:../../icons/fileOrderImportTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}',
		description: 'Imports orders from files that a shop exports, each order once',
		defaults: { name: 'File Order Import Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['New Orders'],
		credentials: [
			{ name: 'fileExchangeApi', displayName: 'Shop Folder', required: true, testedBy: 'fileExchangeTest', displayOptions: { show: { '/exchange': ['local'] } } },
			{
				name: 'sftpExchangeApi',
				displayName: 'Shop Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { '/exchange': ['sftp'] } },
			},
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			storeProperty,
			exchangeProperty,
			...fileFormatProperties,
			importOptionsWith([...fileOptions, onlyTagsOption]),
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest, sftpExchangeTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollCart(this, fileCart, async (store) => fileCart.open(await openFolder(this), { ...readFileSettings(this), store }));
	}
}
