import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { cartCredentials, cartTests } from '../partners/lists';
import { checkParameters } from '../shared/checkParameters';
import { openOrderStore, toNodeError } from '../shared/context';
import { storeNotice } from '../shared/descriptions';
import { failedItem } from '../shared/orderIds';
import { operationFor, operationProperties, resourceProperty } from './actions';
import { ASKING_CART, searchStores } from './actions/storeLocator';

export class OrderStore implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Order Store',
		name: 'orderStore',
		icon: { light: 'file:../../icons/orderStore.svg', dark: 'file:../../icons/orderStore.dark.svg' },
		group: ['transform'],
		version: [1, 2],
		subtitle: '={{ ($parameter["operation"] + ": " + $parameter["resource"]).replace(/([A-Z])/g, " $1").toLowerCase() }}',
		description: 'Finds, edits, reprocesses and archives orders in the order store, and maintains the store',
		defaults: { name: 'Order Store' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: cartCredentials({ operation: [...ASKING_CART] }),
		usableAsTool: true,
		properties: [storeNotice, resourceProperty, ...operationProperties],
	};

	methods = { credentialTest: cartTests, listSearch: { searchStores } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = operationFor(this.getNodeParameter('resource', 0) as string, this.getNodeParameter('operation', 0) as string);
		try {
			const orderStore = await openOrderStore(this);
			if ('once' in operation) return [await operation.once(this, orderStore)];
			const results: INodeExecutionData[] = [];
			for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex += 1) {
				try {
					results.push(...(await operation.each(this, orderStore, itemIndex)));
				} catch (error) {
					const shown = toNodeError(this.getNode(), error, itemIndex);
					if (!this.continueOnFail()) throw shown;
					results.push(failedItem(shown, itemIndex));
				}
			}
			return [results];
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}

checkParameters(OrderStore);
