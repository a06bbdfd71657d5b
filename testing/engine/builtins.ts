/**
 * Stand-ins for the nodes of n8n-nodes-base that the templates use. The real package is not installed: 88 dependencies, another
 * licence. Each has the type name, versions, inputs and outputs of the real node; those that would send something record it instead.
 */
import { DateTime } from 'luxon';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import * as properties from './builtinProperties';
import type { NodeRegistry } from './NodeRegistry';

/** Something that a template would have sent: the node, and its parameters with expressions resolved for the item. */
export interface SentMessage {
	node: string;
	type: string;
	parameters: IDataObject;
}

export const SCHEDULE_TRIGGER = 'n8n-nodes-base.scheduleTrigger';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

const MAIN = NodeConnectionTypes.Main;
const trigger = { group: ['trigger'], inputs: [] } satisfies Partial<INodeTypeDescription>;

function description(
	name: string,
	displayName: string,
	version: number[],
	declared: INodeProperties[],
	more: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName,
		name,
		group: ['transform'],
		version,
		description: `Stand-in for ${displayName}`,
		defaults: { name: displayName },
		inputs: [MAIN],
		outputs: [MAIN],
		properties: declared,
		...more,
	};
}

/** Registers the stand-ins; what they would send goes to `sent`. */
export function addBuiltins(registry: NodeRegistry, sent: SentMessage[]): void {
	const nodes: Array<INodeType & { execute?: Execute }> = [
		// Fired by the engine's tick; it gives out what it was started with.
		{
			description: description('scheduleTrigger', 'Schedule Trigger', [1, 1.1, 1.2, 1.3], properties.scheduleProperties, trigger),
			trigger: async () => ({}),
		},
		{
			description: description('manualTrigger', 'Manual Trigger', [1], [], { ...trigger, maxNodes: 1 }),
			async trigger() {
				return { manualTriggerFunction: async () => this.emit([[{ json: {} }]]) };
			},
		},
		{ description: description('errorTrigger', 'Error Trigger', [1], [], { ...trigger, maxNodes: 1 }), execute: passOn },
		{ description: description('noOp', 'No Operation, do nothing', [1], []), execute: passOn },
		{
			description: description('stickyNote', 'Sticky Note', [1], properties.stickyProperties, {
				group: ['input'],
				inputs: [],
				outputs: [],
			}),
			execute: passOn,
		},
		{
			description: description('if', 'If', [2, 2.1, 2.2, 2.3], properties.ifProperties, {
				outputs: [MAIN, MAIN],
				outputNames: ['true', 'false'],
			}),
			execute: executeIf,
		},
		{ description: description('set', 'Edit Fields (Set)', [3.3, 3.4], properties.setProperties), execute: executeSet },
		{
			description: description('merge', 'Merge', [3, 3.1, 3.2], properties.mergeProperties, {
				inputs:
					'={{ Array.from({ length: $parameter.numberInputs || 2 }, (_, i) => ({ type: "main", displayName: "Input " + (i + 1) })) }}',
			}),
			execute: executeMerge,
		},
		{ description: description('stopAndError', 'Stop and Error', [1], properties.stopProperties, { outputs: [] }), execute: executeStop },
		{
			description: description('emailSend', 'Send Email', [2, 2.1], properties.emailProperties, {
				credentials: [{ name: 'smtp', required: true }],
			}),
			execute: recorder(sent),
		},
		{
			description: description('slack', 'Slack', [2.1, 2.2, 2.3, 2.4], properties.slackProperties, {
				credentials: [
					{ name: 'slackApi', required: true, displayOptions: { show: { authentication: ['accessToken'] } } },
					{ name: 'slackOAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
				],
			}),
			execute: recorder(sent),
		},
		{ description: description('httpRequest', 'HTTP Request', [4.1, 4.2, 4.3, 4.4], properties.httpProperties), execute: recorder(sent) },
	];
	for (const node of nodes) registry.add(`n8n-nodes-base.${node.description.name}`, node);
}

/** The item of the real Schedule Trigger. */
export function scheduleItem(now: Date, zone: string): IDataObject {
	const time = DateTime.fromJSDate(now, { zone }).setLocale('en');
	return {
		timestamp: time.toISO() ?? '',
		'Readable date': time.toFormat('MMMM d, yyyy, h:mm:ss a'),
		'Readable time': time.toFormat('h:mm:ss a'),
		'Day of week': time.toFormat('cccc'),
		Year: time.toFormat('yyyy'),
		Month: time.toFormat('MMMM'),
		'Day of month': time.toFormat('dd'),
		Hour: time.toFormat('HH'),
		Minute: time.toFormat('mm'),
		Second: time.toFormat('ss'),
		Timezone: `${zone} (UTC${time.toFormat('ZZ')})`,
	};
}

async function passOn(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return [this.getInputData()];
}

/** The conditions are evaluated by n8n's own filter, through `extractValue`. */
async function executeIf(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const outputs: [INodeExecutionData[], INodeExecutionData[]] = [[], []];
	for (const [index, item] of this.getInputData().entries()) {
		try {
			const passes = this.getNodeParameter('conditions', index, false, { extractValue: true });
			outputs[passes === true ? 0 : 1].push({ ...item, pairedItem: { item: index } });
		} catch (error) {
			if (!this.continueOnFail()) throw new NodeOperationError(this.getNode(), asError(error), { itemIndex: index });
			outputs[1].push({ ...item, pairedItem: { item: index } });
		}
	}
	return outputs;
}

/** Manual assignments, or a JSON object; dots in names make nested objects, as by default in n8n. */
async function executeSet(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData().map((item, index): INodeExecutionData => {
		const json: IDataObject = this.getNodeParameter('includeOtherFields', index, false) === true ? structuredClone(item.json) : {};
		if (this.getNodeParameter('mode', index) === 'raw') {
			const raw = this.getNodeParameter('jsonOutput', index);
			Object.assign(json, typeof raw === 'string' ? (JSON.parse(raw) as IDataObject) : raw);
		} else {
			const given = this.getNodeParameter('assignments', index, {}) as {
				assignments?: Array<{ name: string; value: IDataObject[string]; type: string }>;
			};
			const nested = this.getNodeParameter('options.dotNotation', index, true) !== false;
			for (const { name, value } of given.assignments ?? []) place(json, nested ? name.split('.') : [name], value);
		}
		return { json, pairedItem: { item: index } };
	});
	return [items];
}

function place(target: IDataObject, keys: string[], value: IDataObject[string]): void {
	const [key = '', ...rest] = keys;
	if (rest.length === 0) {
		target[key] = value;
		return;
	}
	const inner = target[key];
	const next: IDataObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as IDataObject) : {};
	target[key] = next;
	place(next, rest, value);
}

/** Mode append: the items of all inputs one after the other. */
async function executeMerge(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const count = Number(this.getNodeParameter('numberInputs', 0, 2));
	const inputs = Array.from({ length: count }, (_, input) =>
		this.getInputData(input).map((item, index) => ({ ...item, pairedItem: { item: index, input } })),
	);
	return [inputs.flat()];
}

async function executeStop(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const kind = this.getNodeParameter('errorType', 0) === 'errorObject' ? 'errorObject' : 'errorMessage';
	throw new NodeOperationError(this.getNode(), String(this.getNodeParameter(kind, 0)));
}

/** Records what would be sent, per item, after asking for the credentials as the real node does; passes a short answer on. */
function recorder(sent: SentMessage[]): Execute {
	return async function (this: IExecuteFunctions) {
		const node = this.getNode();
		const items = this.getInputData();
		const needed = credentialOf(node);
		if (needed !== undefined) await this.getCredentials(needed);
		const output = items.map((_, index): INodeExecutionData => {
			const parameters = Object.fromEntries(
				Object.keys(node.parameters).map((name) => [name, this.getNodeParameter(name, index) as IDataObject[string]]),
			);
			sent.push({ node: node.name, type: node.type, parameters });
			return { json: { recorded: true }, pairedItem: { item: index } };
		});
		return [output];
	};
}

function credentialOf({ type, parameters }: INode): string | undefined {
	if (type === 'n8n-nodes-base.emailSend') return 'smtp';
	if (type === 'n8n-nodes-base.slack') return parameters['authentication'] === 'oAuth2' ? 'slackOAuth2Api' : 'slackApi';
	return undefined;
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
