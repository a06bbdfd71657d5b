/** Runs one node by itself, for tests of a single node class. */
import './core';
import { ExecuteContext } from 'n8n-core';
import { Workflow, createRunExecutionData } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { startCore } from './core';
import { CredentialStore } from './CredentialStore';
import { NodeRegistry } from './NodeRegistry';
import { Runner } from './Runner';
import { PACKAGE_NAME } from './types';
import type { CredentialClass, NodeClass, WorkflowJson } from './types';

export interface NodeOptions {
	parameters?: INodeParameters;
	/** Input items; plain JSON objects are enough. One empty item when left out. */
	items?: Array<INodeExecutionData | IDataObject>;
	/** Values by credential type. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	credentialTypes?: CredentialClass[];
	/** Other settings of the node: typeVersion, onError, name … */
	node?: Partial<INode>;
	mode?: WorkflowExecuteMode;
}

/**
 * Gives what `execute` returned, output by output, before the engine moves failed items to an error output; what it throws is
 * thrown. Expressions in the parameters see the items.
 */
export async function executeNode(nodeClass: NodeClass, options: NodeOptions = {}): Promise<INodeExecutionData[][]> {
	startCore();
	const registry = new NodeRegistry();
	for (const type of options.credentialTypes ?? []) registry.addCredential(new type());
	const type = registry.addClass(nodeClass, PACKAGE_NAME);
	const secrets = Object.entries(options.credentials ?? {});
	const versions = [registry.getByName(type)].flatMap((known) =>
		'nodeVersions' in known ? known.currentVersion : known.description.version,
	);
	const json: WorkflowJson = {
		name: 'One node',
		nodes: [
			{
				id: 'node',
				name: 'Node',
				type,
				typeVersion: Math.max(...versions),
				position: [0, 0],
				parameters: options.parameters ?? {},
				...(secrets.length === 0 ? {} : { credentials: Object.fromEntries(secrets.map(([name]) => [name, { id: null, name }])) }),
				...options.node,
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	};
	const runner = new Runner(
		registry,
		new CredentialStore(
			registry.credentialTypes,
			secrets.map(([name, data]) => ({ name, type: name, data })),
		),
	);
	return await execute(runner.workflow(json), runner, json, (options.items ?? [{ json: {} }]).map(toItem), options.mode ?? 'trigger');
}

async function execute(
	workflow: Workflow,
	runner: Runner,
	json: WorkflowJson,
	items: INodeExecutionData[],
	mode: WorkflowExecuteMode,
): Promise<INodeExecutionData[][]> {
	const [node] = Object.values(workflow.nodes);
	const run = node === undefined ? undefined : workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion).execute;
	if (node === undefined || run === undefined) throw new Error('The node has no execute function');
	const data = { main: [items] };
	const context = new ExecuteContext(
		workflow,
		node,
		runner.additionalData(json, '1'),
		mode,
		createRunExecutionData(),
		0,
		items,
		data,
		{ node, data, source: null },
		[],
	);
	const outputs = await workflow.expression.withIsolate(async () => await run.call(context as unknown as IExecuteFunctions));
	if (!Array.isArray(outputs)) throw new Error('The node gave no items');
	return outputs;
}

function toItem(given: INodeExecutionData | IDataObject): INodeExecutionData {
	return isItem(given) ? given : { json: given };
}

function isItem(given: INodeExecutionData | IDataObject): given is INodeExecutionData {
	return typeof given.json === 'object' && given.json !== null;
}
