import {
	NodeConnectionTypes,
	NodeOperationError,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { fileCart } from '../../lib/carts/file';
import { importOrders, previewOrders } from '../../lib/fulfillment/importOrders';
import { nodeActor, openFolder, openStore, toItem, toNodeError } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest } from '../shared/credentialTests';
import { storeNotice } from '../shared/descriptions';
import { importOptions, readImportOptions, storeNameFrom } from '../shared/importOptions';
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
			{ name: 'fileExchangeApi', displayName: 'Shop Folder', required: true, testedBy: 'fileExchangeTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			{
				displayName: 'Store',
				name: 'store',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'acme-us',
				description:
					'The name you give to this sales channel. Orders are unique per store, so never change it while its orders are in progress.',
			},
			...fileFormatProperties,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [...importOptions, ...fileOptions].sort((left, right) => left.displayName.localeCompare(right.displayName)),
			},
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			const storeName = storeNameFrom(this, this.getNodeParameter('store'));
			const options = readImportOptions(this);
			const session = fileCart.open(await openFolder(this), { ...readFileSettings(this), store: storeName });
			if (this.getMode() === 'manual') {
				// A look at the newest orders: nothing is recorded, no file is moved.
				const { orders, failures } = await previewOrders({ cart: fileCart, session, filter: options.filter }, 5);
				const [failure] = failures;
				if (failure && orders.length === 0) throw new NodeOperationError(this.getNode(), failure.message, { description: failure.remedy });
				const items = orders.map(({ externalId, content }) =>
					toItem({ store: storeName, cart: fileCart.code, externalId, status: 'new', ...content }),
				);
				return items.length > 0 ? [items] : null;
			}
			const report = await importOrders({
				store: await openStore(this),
				cart: fileCart,
				session,
				storeName,
				...options,
				actor: nodeActor(this),
				budgetMs: this.getPollBudgetMs() / 2,
			});
			return report.orders.length > 0 ? [report.orders.map((order) => toItem(order))] : null;
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}
