/** All operations of the node. A new one is an object in one of these files; the parameters follow from it. */
import type { INodeProperties } from 'n8n-workflow';
import { connectionActions } from './connections';
import { exportingActions } from './exportAndRetry';
import { cartActions } from './importFromCart';
import { choreActions } from './importAndDueWork';
import { orderActions } from './order';
import { readingActions } from './readOrders';
import { recoveryActions } from './recovery';
import { ruleSetActions } from './ruleSets';
import { statement } from './statement';
import type { Resource, OrderStoreOperation } from './operation';

const OPERATIONS: OrderStoreOperation[] = [
	...orderActions,
	...readingActions,
	...choreActions,
	...cartActions,
	...connectionActions,
	...exportingActions,
	...recoveryActions,
	...ruleSetActions,
	statement,
];

const RESOURCES: Array<{ name: string; value: Resource }> = [
	{ name: 'Connection', value: 'connection' },
	{ name: 'Import Failure', value: 'importFailure' },
	{ name: 'Order', value: 'order' },
	{ name: 'Recovery', value: 'recovery' },
	{ name: 'Rule Set', value: 'ruleSet' },
	{ name: 'Shipment', value: 'shipment' },
	{ name: 'Timeline', value: 'timeline' },
];

export const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: RESOURCES,
	default: 'order',
};

const ofResource = (resource: Resource): OrderStoreOperation[] => OPERATIONS.filter((operation) => operation.resource === resource);

const firstOf = (resource: Resource): string => (resource === 'timeline' || resource === 'recovery' ? 'get' : 'getAll');

export const operationProperties: INodeProperties[] = RESOURCES.flatMap(({ value: resource }) => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: ofResource(resource)
			.map(({ option }) => option)
			.sort((left, right) => left.name.localeCompare(right.name)),
		default: firstOf(resource),
	} satisfies INodeProperties,
	...ofResource(resource).flatMap(({ option, properties }) =>
		properties.map((property): INodeProperties => ({
			...property,
			displayOptions: {
				...property.displayOptions,
				show: { ...property.displayOptions?.show, resource: [resource], operation: [option.value] },
			},
		})),
	),
]);

/** The operation that the node is set to. The editor offers no other, so an unknown one is a broken workflow file. */
export function operationFor(resource: string, name: string): OrderStoreOperation {
	const found = OPERATIONS.find((operation) => operation.resource === resource && operation.option.value === name);
	if (!found) throw new Error(`Order Store has no operation "${name}" for "${resource}".`);
	return found;
}
