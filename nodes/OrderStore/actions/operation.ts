import type { IExecuteFunctions, INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { OperationRequest } from '../../../lib/fulfillment/operation';
import { nodeActor } from '../../shared/context';
import { list } from '../../shared/importOptions';
import { orderIdAt } from '../../shared/orderIds';
import type { OrderStore } from '../../../lib/store/OrderStore';

export type Resource = 'connection' | 'order' | 'shipment' | 'timeline' | 'importFailure' | 'recovery' | 'ruleSet';

/** One operation of the node: how it looks, and what it does for each item or once for all of them. */
export type OrderStoreOperation = {
	resource: Resource;
	option: INodePropertyOptions & { value: string; action: string };
	properties: INodeProperties[];
} & (
	| { each(context: IExecuteFunctions, orderStore: OrderStore, itemIndex: number): Promise<INodeExecutionData[]> }
	| { once(context: IExecuteFunctions, orderStore: OrderStore): Promise<INodeExecutionData[]> }
);

/** What a person asks of the order of an item. */
export const requestAt = (context: IExecuteFunctions, orderStore: OrderStore, itemIndex: number): OperationRequest => ({
	orderStore,
	orderId: orderIdAt(context, itemIndex),
	actor: nodeActor(context),
	force: context.getNodeParameter('force', itemIndex, false) as boolean,
});

export const storesProperty: INodeProperties = {
	displayName: 'Only Stores',
	name: 'stores',
	type: 'string',
	default: '',
	placeholder: 'acme-us, acme-eu',
	description: 'Only orders of these stores, separated by commas; empty = all',
};

/** `{ stores: [...] }`, or nothing when the parameter is empty. */
export function storesAt(context: IExecuteFunctions, itemIndex: number, value?: unknown): { stores?: string[] } {
	const stores = list(value ?? context.getNodeParameter('stores', itemIndex, ''));
	return stores.length > 0 ? { stores } : {};
}

export const returnAllProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** Reads page after page until the limit is reached; pages are of bounded size. */
export async function readAll<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	page: (limit: number, after: string | null) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
	const all = context.getNodeParameter('returnAll', itemIndex, false) as boolean;
	const wanted = all ? Number.POSITIVE_INFINITY : (context.getNodeParameter('limit', itemIndex, 50) as number);
	let results: T[] = [];
	let after: string | null = null;
	do {
		const { items, next } = await page(Math.min(PAGE_SIZE, wanted - results.length), after);
		results = results.concat(items);
		after = next;
	} while (after !== null && results.length < wanted);
	return results;
}

const PAGE_SIZE = 250;
