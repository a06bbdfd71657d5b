/** Small nodes for the tests of the engine, as a package would ship them. */
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IAuthenticateGeneric,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

/** What the shop of `ShopTrigger` answers to each poll, one after the other; an error is thrown. */
export const shop: { answers: Array<IDataObject[] | null | Error>; modes: string[] } = { answers: [], modes: [] };

function describe(name: string, properties: INodeProperties[], more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
		...more,
	};
}

/** Polls the shop above; counts its polls in static data. */
export class ShopTrigger implements INodeType {
	description = describe('shopTrigger', [{ displayName: 'Tag', name: 'tag', type: 'string', default: 'none' }], {
		group: ['trigger'],
		inputs: [],
		polling: true,
	});

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		shop.modes.push(`${this.getMode()}/${this.getActivationMode()}`);
		const memory = this.getWorkflowStaticData('node');
		const answer = shop.answers.shift() ?? null;
		memory['polls'] = Number(memory['polls'] ?? 0) + 1;
		if (answer instanceof Error) throw answer;
		const tag = String(this.getNodeParameter('tag'));
		return answer === null ? null : [answer.map((json) => ({ json: { ...json, tag, polls: Number(memory['polls']) } }))];
	}
}

/** Items above the limit leave by the second output; one without a total is an error of that item. */
export class Split implements INodeType {
	description = describe(
		'split',
		[
			{ displayName: 'Limit', name: 'limit', type: 'number', default: 100 },
			{ displayName: 'Error in JSON Only', name: 'errorInJson', type: 'boolean', default: false },
		],
		{
			outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
			outputNames: ['Small', 'Large'],
		},
	);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const outputs: [INodeExecutionData[], INodeExecutionData[]] = [[], []];
		for (const [item, { json }] of this.getInputData().entries()) {
			const limit = Number(this.getNodeParameter('limit', item));
			if (typeof json['total'] !== 'number') {
				const error = new NodeOperationError(this.getNode(), 'The order has no total', { itemIndex: item, description: 'Give it one' });
				if (!this.continueOnFail()) throw error;
				outputs[0].push(
					this.getNodeParameter('errorInJson', item) === true
						? { json: { error: error.message }, pairedItem: { item } }
						: { json, error, pairedItem: { item } },
				);
				continue;
			}
			outputs[json['total'] > limit ? 1 : 0].push({ json: { ...json }, pairedItem: { item } });
		}
		return outputs;
	}
}

const namedOutputs = (parameters: { names: string }) => parameters.names.split(',').map((displayName) => ({ type: 'main', displayName }));

/** As many outputs as it is given names; every item goes to the output whose name is its colour. */
export class Named implements INodeType {
	description = describe('named', [{ displayName: 'Names', name: 'names', type: 'string', default: 'red,green' }], {
		outputs: `={{(${String(namedOutputs)})($parameter)}}`,
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const names = String(this.getNodeParameter('names', 0)).split(',');
		const items = this.getInputData().map(({ json }, item) => ({ json, pairedItem: { item } }));
		return names.map((name) => items.filter(({ json }) => json['colour'] === name));
	}
}

/** Gives out its text and the key of its credential. */
export class Label implements INodeType {
	description = describe('label', [{ displayName: 'Text', name: 'text', type: 'string', default: '' }], {
		credentials: [{ name: 'tinyApi', required: true }],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { key, region } = await this.getCredentials('tinyApi');
		return [
			this.getInputData().map((_, item) => ({
				json: { text: this.getNodeParameter('text', item) as string, key: String(key), region: String(region) },
				pairedItem: { item },
			})),
		];
	}
}

/** Asks a server with its credential. */
export class Fetch implements INodeType {
	description = describe('fetch', [{ displayName: 'URL', name: 'url', type: 'string', default: '', required: true }], {
		credentials: [{ name: 'tinyApi', required: true }],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const url = String(this.getNodeParameter('url', 0));
		const answer = (await this.helpers.httpRequestWithAuthentication.call(this, 'tinyApi', { url, json: true })) as IDataObject;
		return [[{ json: answer, pairedItem: { item: 0 } }]];
	}
}

export class TinyApi implements ICredentialType {
	name = 'tinyApi';
	displayName = 'Tiny API';
	properties: INodeProperties[] = [
		{ displayName: 'Key', name: 'key', type: 'string', typeOptions: { password: true }, default: '' },
		{ displayName: 'Region', name: 'region', type: 'string', default: 'eu' },
	];
	authenticate: IAuthenticateGeneric = { type: 'generic', properties: { headers: { 'X-Key': '={{$credentials.key}}' } } };
}
