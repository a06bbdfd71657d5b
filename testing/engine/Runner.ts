/** Runs single executions with n8n-core, and keeps what n8n would keep in its database: static data and execution numbers. */
import './core';
import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { Workflow, createRunExecutionData, deepCopy } from 'n8n-workflow';
import type {
	ExecutionError,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { CredentialStore } from './CredentialStore';
import { Execution } from './Execution';
import type { NodeRegistry } from './NodeRegistry';
import { workflowId } from './types';
import type { WorkflowJson } from './types';

export interface RunOptions {
	/** Node to start from; else the one that n8n would choose. */
	startNode?: string;
	/** What the start node gives out (a trigger) or takes in (any other node); else one empty item. */
	items?: INodeExecutionData[];
	/** The same for each output of a trigger with several; `items` is then not looked at. */
	outputs?: INodeExecutionData[][];
	/** `manual` for a manual trigger, else `trigger`. In manual mode polling nodes poll unless items are given. */
	mode?: WorkflowExecuteMode;
}

export class Runner {
	private readonly staticData = new Map<string, IDataObject>();
	private executions = 0;

	constructor(
		private readonly nodeTypes: NodeRegistry,
		private readonly credentials: CredentialStore,
		private readonly onExecution?: (execution: Execution) => void,
	) {}

	/** A workflow of its own for every use, as n8n builds one from the database; the JSON that was given is left alone. */
	workflow(json: WorkflowJson): Workflow {
		const { nodes, connections, settings } = deepCopy(json);
		return new Workflow({
			id: workflowId(json),
			name: json.name,
			nodes,
			connections,
			active: false,
			nodeTypes: this.nodeTypes,
			settings: { ...settings },
			staticData: this.savedStaticData(json),
		});
	}

	/** The saved static data of a workflow, a copy; at first what its JSON brings. */
	savedStaticData(json: WorkflowJson): IDataObject {
		return deepCopy(this.staticData.get(workflowId(json)) ?? json.staticData ?? {});
	}

	/** Saves the static data of a workflow whole when it has changed, as n8n does. */
	saveStaticData(workflow: Workflow): void {
		if (workflow.staticData['__dataChanged'] !== true) return;
		this.staticData.set(workflow.id, deepCopy({ ...workflow.staticData }));
		workflow.staticData['__dataChanged'] = false;
	}

	/** Runs a workflow to its end. An error of a node, or of the start, is part of the answer and not thrown. */
	async run(json: WorkflowJson, options: RunOptions = {}): Promise<Execution> {
		const workflow = this.workflow(json);
		const start = options.startNode === undefined ? workflow.getStartNode() : workflow.getNode(options.startNode);
		if (!start)
			throw new Error(
				`The workflow "${json.name}" has no node ${options.startNode === undefined ? 'to start from' : `"${options.startNode}"`}`,
			);
		const mode = options.mode ?? (start.type === 'n8n-nodes-base.manualTrigger' ? 'manual' : 'trigger');
		const id = this.nextId();
		const hooks = new ExecutionLifecycleHooks(mode, id, record(json));
		const order: string[] = [];
		hooks.addHandler('nodeExecuteAfter', (name) => void order.push(name));
		const given = options.outputs ?? [options.items ?? [{ json: {} }]];
		// A trigger that would fetch by itself in manual mode gives out pinned items instead, as in the editor.
		const pinned = mode === 'manual' && options.items !== undefined && isTrigger(workflow, start);
		const data = createRunExecutionData({
			startData: {},
			resultData: { ...(pinned ? { pinData: { [start.name]: options.items ?? [] } } : {}) },
			executionData: { nodeExecutionStack: [{ node: start, data: { main: deepCopy(given) }, source: null }] },
		});
		const startedAt = new Date();
		let run: IRun;
		try {
			run = await new WorkflowExecute(this.additionalData(json, id, hooks), mode, data).processRunExecutionData(workflow);
			if (mode !== 'manual') this.saveStaticData(workflow);
		} catch (error) {
			run = failedRun(error, undefined, mode, startedAt);
		}
		return this.finish(new Execution(id, { id: workflow.id, name: json.name }, start.name, order, run));
	}

	/** The execution that n8n records when a trigger fails, with no other node run. */
	recordFailure(json: WorkflowJson, node: INode, error: unknown, startedAt: Date): Execution {
		return this.finish(
			new Execution(this.nextId(), { id: workflowId(json), name: json.name }, node.name, [], failedRun(error, node, 'trigger', startedAt)),
		);
	}

	/** What n8n hands to every node context. Both waiting addresses must be valid addresses. */
	additionalData(json: WorkflowJson, executionId?: string, hooks?: ExecutionLifecycleHooks): IWorkflowExecuteAdditionalData {
		const base = 'http://localhost:5678';
		const absent = (what: string) => async (): Promise<never> => {
			throw new Error(`The engine has no ${what}`);
		};
		return {
			...(executionId === undefined ? {} : { executionId }),
			...(hooks === undefined ? {} : { hooks }),
			workflowId: workflowId(json),
			credentialsHelper: this.credentials,
			externalSecretsProxy: new ExternalSecretsProxy(),
			currentNodeExecutionIndex: 0,
			variables: {},
			restApiUrl: `${base}/rest`,
			instanceBaseUrl: `${base}/`,
			formBaseUrl: `${base}/form`,
			formWaitingBaseUrl: `${base}/form-waiting`,
			formTestBaseUrl: `${base}/form-test`,
			webhookBaseUrl: `${base}/webhook`,
			webhookWaitingBaseUrl: `${base}/webhook-waiting`,
			webhookTestBaseUrl: `${base}/webhook-test`,
			mcpBaseUrl: `${base}/mcp`,
			mcpTestBaseUrl: `${base}/mcp-test`,
			executeWorkflow: absent('sub-workflows'),
			getRunExecutionData: async () => undefined,
			getRuntimeCredential: async () => undefined,
			startRunnerTask: absent('task runner'),
			logAiEvent: () => undefined,
		};
	}

	private nextId(): string {
		this.executions += 1;
		return String(this.executions);
	}

	private finish(execution: Execution): Execution {
		this.onExecution?.(execution);
		return execution;
	}
}

function isTrigger(workflow: Workflow, node: INode): boolean {
	const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	return type.poll !== undefined || type.trigger !== undefined;
}

function record(json: WorkflowJson): IWorkflowBase {
	const now = new Date();
	const { nodes, connections, settings } = deepCopy(json);
	return {
		id: workflowId(json),
		name: json.name,
		nodes,
		connections,
		settings: settings ?? {},
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
	};
}

function failedRun(thrown: unknown, node: INode | undefined, mode: WorkflowExecuteMode, startedAt: Date): IRun {
	const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
	const error = Object.assign(Object.create(Object.getPrototypeOf(cause)) as ExecutionError, cause, {
		name: cause.name,
		message: cause.message,
		stack: cause.stack,
	});
	const task = {
		startTime: startedAt.getTime(),
		executionIndex: 0,
		executionTime: Date.now() - startedAt.getTime(),
		source: [],
		error,
		executionStatus: 'error' as const,
	};
	return {
		data: createRunExecutionData({
			resultData: {
				error,
				runData: node === undefined ? {} : { [node.name]: [task] },
				...(node === undefined ? {} : { lastNodeExecuted: node.name }),
			},
		}),
		mode,
		startedAt,
		stoppedAt: new Date(),
		status: 'error',
		storedAt: 'db',
	};
}
