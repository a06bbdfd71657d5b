/** Nodes for the tests of the template checks: one with parameters of many kinds, one with webhooks. */
import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';

const common = { group: ['transform' as const], version: [1, 2], description: '', defaults: {}, inputs: [NodeConnectionTypes.Main] };

/** Parameters of many kinds; as many outputs as `routes` says. */
export class Kinds implements INodeType {
	description: INodeTypeDescription = {
		...common,
		displayName: 'Kinds',
		name: 'kinds',
		outputs: '={{ Array.from({ length: $parameter.routes }, () => ({ type: "main" })) }}',
		credentials: [
			{ name: 'plainApi', required: true, displayOptions: { show: { mode: ['fast'] } } },
			{ name: 'slowApi', displayOptions: { show: { mode: ['slow'] } } },
		],
		properties: [
			{ displayName: 'Mode', name: 'mode', type: 'options', default: 'fast', options: [{ name: 'Fast', value: 'fast' }, { name: 'Slow', value: 'slow' }] },
			{ displayName: 'Wait', name: 'wait', type: 'number', default: 5, typeOptions: { minValue: 1 }, displayOptions: { show: { mode: ['slow'] } } },
			{ displayName: 'Routes', name: 'routes', type: 'number', default: 2 },
			{ displayName: 'Title', name: 'title', type: 'string', default: '', required: true },
			{ displayName: 'Loud', name: 'loud', type: 'boolean', default: false },
			{ displayName: 'Since Two', name: 'sinceTwo', type: 'string', default: '', displayOptions: { show: { '@version': [2] } } },
			{ displayName: 'Days', name: 'days', type: 'multiOptions', default: [], options: [{ name: 'Mon', value: 'mon' }, { name: 'Tue', value: 'tue' }] },
			{ displayName: 'Loaded', name: 'loaded', type: 'options', default: '', typeOptions: { loadOptionsMethod: 'get' } },
			{ displayName: 'More', name: 'more', type: 'collection', default: {}, options: [{ displayName: 'Depth', name: 'depth', type: 'number', default: 1 }] },
			{ displayName: 'Order', name: 'order', type: 'resourceLocator', default: { mode: 'list', value: '' }, modes: [{ displayName: 'ID', name: 'id', type: 'string' }] },
			{
				displayName: 'Rules',
				name: 'rules',
				type: 'fixedCollection',
				default: {},
				typeOptions: { multipleValues: true },
				options: [
					{
						displayName: 'Rule',
						name: 'rule',
						values: [
							{ displayName: 'Kind', name: 'kind', type: 'options', default: 'a', options: [{ name: 'A', value: 'a' }, { name: 'B', value: 'b' }] },
							{ displayName: 'Only B', name: 'onlyB', type: 'string', default: '', displayOptions: { show: { kind: ['b'] } } },
						],
					},
				],
			},
		],
	};
}

/** A node that answers web requests. */
export class Page implements INodeType {
	description: INodeTypeDescription = {
		...common,
		displayName: 'Page Trigger',
		name: 'pageTrigger',
		group: ['trigger'],
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		webhooks: [{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', path: 'page' }],
		properties: [],
	};
}
