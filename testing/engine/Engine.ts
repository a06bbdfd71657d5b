/**
 * Runs workflow JSON in this process with n8n's own execution engine: no server, no database. The tests, the template checks
 * and the demo use it. Node types come from classes or from a package folder; built-in nodes are stand-ins (see builtins.ts).
 */
import { startCore, startExpressions, stopExpressions } from './core';
import type { ExpressionEngine } from './core';
import type { INodeExecutionData, WorkflowActivateMode } from 'n8n-workflow';
import { addBuiltins } from './builtins';
import type { SentMessage } from './builtins';
import { CredentialStore } from './CredentialStore';
import type { Execution } from './Execution';
import { NodeRegistry } from './NodeRegistry';
import { PublishedWorkflow } from './PublishedWorkflow';
import type { TickOptions } from './PublishedWorkflow';
import { Runner } from './Runner';
import type { RunOptions } from './Runner';
import { PACKAGE_NAME, workflowId } from './types';
import type { CredentialClass, NodeClass, StoredCredential, WorkflowJson } from './types';

export interface EngineOptions {
	/** Node classes, registered under `<packageName>.<name>`. */
	nodeTypes?: NodeClass[];
	credentialTypes?: CredentialClass[];
	/** Credentials of the instance; nodes refer to them by type and name. */
	credentials?: StoredCredential[];
	/** Parent of `.n8n`; else a temporary folder that is removed when the process ends. */
	userFolder?: string;
	packageName?: string;
	/** `vm` is what n8n uses by default and must be closed with `close()`; `legacy` starts at once and is the default here. */
	expressions?: ExpressionEngine;
	/** Called at the end of every execution. */
	onExecution?: (execution: Execution) => void;
}

export class Engine {
	readonly nodeTypes = new NodeRegistry();
	readonly credentials: CredentialStore;
	/** What the stand-ins for e-mail, Slack and HTTP were asked to send, in order. */
	readonly sent: SentMessage[] = [];
	/** Parent of `.n8n`. */
	readonly userFolder: string;
	private readonly runner: Runner;
	private readonly published = new Map<string, PublishedWorkflow>();

	constructor(private readonly options: EngineOptions = {}) {
		this.userFolder = startCore(options.userFolder);
		addBuiltins(this.nodeTypes, this.sent);
		for (const nodeClass of options.nodeTypes ?? []) this.nodeTypes.addClass(nodeClass, options.packageName ?? PACKAGE_NAME);
		for (const type of options.credentialTypes ?? []) this.nodeTypes.addCredential(new type());
		this.credentials = new CredentialStore(this.nodeTypes.credentialTypes, [...(options.credentials ?? [])]);
		this.runner = new Runner(this.nodeTypes, this.credentials, options.onExecution);
	}

	/** Loads a built or installed package folder with n8n's own loader; gives the full node types. */
	async loadPackage(directory: string): Promise<string[]> {
		return await this.nodeTypes.loadPackage(directory);
	}

	/** Runs a workflow once from one node. Errors are in the answer; only a start node that does not exist is thrown. */
	async runWorkflow(json: WorkflowJson, options: RunOptions = {}): Promise<Execution> {
		return await this.runner.run(json, options);
	}

	/**
	 * Polls one trigger and gives its items of all outputs, or null; no execution follows and a throw is passed on. In mode
	 * `manual` static data is not kept, as in the editor.
	 */
	async poll(
		json: WorkflowJson,
		node: string,
		mode: 'trigger' | 'manual' = 'trigger',
		activation: WorkflowActivateMode = mode === 'manual' ? 'manual' : 'activate',
	): Promise<INodeExecutionData[] | null> {
		const target = mode === 'manual' ? new PublishedWorkflow(json, this.runner, activation) : this.open(json, activation);
		const outputs = await target.poll(node, mode, activation);
		return outputs === null ? null : outputs.flat();
	}

	/**
	 * Publishes a workflow. As in n8n every polling trigger is polled at once: a throw makes publishing fail, items start an
	 * execution (see `executions`). Publishing again replaces the workflow and goes on from the saved static data.
	 */
	async publish(json: WorkflowJson, activation: WorkflowActivateMode = 'activate'): Promise<PublishedWorkflow> {
		const workflow = new PublishedWorkflow(json, this.runner, activation);
		await workflow.activate();
		this.published.set(workflow.id, workflow);
		return workflow;
	}

	unpublish(json: WorkflowJson | PublishedWorkflow): void {
		this.published.delete(json instanceof PublishedWorkflow ? json.id : workflowId(json));
	}

	/**
	 * One round of the clock: polls every polling trigger, fires every schedule, and runs an execution for each that has items.
	 * A poll that throws is an execution in status `error`; the others go on. A workflow that is not published is taken as it is,
	 * without the polls of publishing.
	 */
	async tick(workflow: WorkflowJson | PublishedWorkflow, options: TickOptions = {}): Promise<Execution[]> {
		return await (workflow instanceof PublishedWorkflow ? workflow : this.open(workflow, 'activate')).tick(options);
	}

	/** The static data of a workflow as n8n would have saved it. */
	savedStaticData(json: WorkflowJson): Record<string, unknown> {
		return this.runner.savedStaticData(json);
	}

	/** Lets go of everything that would keep the process alive. */
	async close(): Promise<void> {
		this.published.clear();
		if (this.options.expressions === 'vm') await stopExpressions();
	}

	private open(json: WorkflowJson, activation: WorkflowActivateMode): PublishedWorkflow {
		const id = workflowId(json);
		const known = this.published.get(id) ?? new PublishedWorkflow(json, this.runner, activation);
		this.published.set(id, known);
		return known;
	}
}

/** An engine that is ready to run workflows. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
	const engine = new Engine(options);
	await startExpressions(options.expressions ?? 'legacy');
	return engine;
}
