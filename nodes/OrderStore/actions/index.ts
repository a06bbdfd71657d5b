/** All operations of the node. A new one is an object in one of these files; the parameters follow from it. */
import type { INodeProperties } from 'n8n-workflow';
import { choreActions } from './orderChores';
import { orderActions } from './order';
import { readingActions } from './orderReading';
import type { Resource, StoreOperation } from './operation';

const OPERATIONS: StoreOperation[] = [...orderActions, ...readingActions, ...choreActions];

const RESOURCES: Array<{ name: string; value: Resource; first: string }> = [
	{ name: 'Import Failure', value: 'importFailure', first: 'getAll' },
	{ name: 'Order', value: 'order', first: 'getAll' },
	{ name: 'Shipment', value: 'shipment', first: 'getAll' },
	{ name: 'Timeline', value: 'timeline', first: 'get' },
];

export const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: RESOURCES.map(({ name, value }) => ({ name, value })),
	default: 'order',
};

const ofResource = (resource: Resource): StoreOperation[] => OPERATIONS.filter((operation) => operation.resource === resource);

export const operationProperties: INodeProperties[] = RESOURCES.flatMap(({ value: resource, first }) => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: ofResource(resource)
			.map(({ option }) => option)
			.sort((left, right) => left.name.localeCompare(right.name)),
		default: first,
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
export function operationFor(resource: string, name: string): StoreOperation {
	const found = OPERATIONS.find((operation) => operation.resource === resource && operation.option.value === name);
	if (!found) throw new Error(`Order Store has no operation "${name}" for "${resource}".`);
	return found;
}
