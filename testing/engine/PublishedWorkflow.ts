/** A published workflow: its triggers, with the static data that n8n keeps in memory for them while it is active. */
import './core';
import { PollContext } from 'n8n-core';
import { deepCopy } from 'n8n-workflow';
import type { IDataObject, INode, INodeExecutionData, INodeType, IPollFunctions, Workflow, WorkflowActivateMode } from 'n8n-workflow';
import { SCHEDULE_TRIGGER, scheduleItem } from './builtins';
import type { Execution } from './Execution';
import type { Runner } from './Runner';
import type { WorkflowJson } from './types';

export interface TickOptions {
	/** Runs the triggers side by side, as n8n does when they are due at the same time; else one after the other. */
	concurrent?: boolean;
	/** Only these triggers. */
	nodes?: string[];
	/** Whether schedules fire too; they do by default. */
	schedules?: boolean;
	/** The time that schedules give out; else now. */
	now?: Date;
}

export class PublishedWorkflow {
	readonly id: string;
	readonly name: string;
	/** Executions that the polls at publishing started. */
	readonly executions: Execution[] = [];
	private readonly workflow: Workflow;
	/** Uses of the workflow's isolate; it is given back when the last one ends, as triggers may run side by side. */
	private evaluating = 0;
	/** One for each trigger, made when it is activated; n8n polls with it until the trigger is deactivated. */
	private readonly contexts = new Map<string, PollContext>();

	constructor(
		readonly json: WorkflowJson,
		private readonly runner: Runner,
		private readonly activation: WorkflowActivateMode,
	) {
		this.workflow = runner.workflow(json);
		this.id = this.workflow.id;
		this.name = json.name;
	}

	/** Names of the triggers that a tick can fire. */
	get triggers(): string[] {
		return this.triggerNodes().map(({ name }) => name);
	}

	/** The polls of publishing; a throw is passed on. */
	async activate(): Promise<void> {
		for (const node of this.triggerNodes()) {
			if (node.type === SCHEDULE_TRIGGER) continue;
			const outputs = await this.poll(node.name, 'trigger', this.activation);
			if (outputs !== null) this.executions.push(await this.start(node, outputs));
		}
	}

	async tick({ concurrent = false, nodes, schedules = true, now = new Date() }: TickOptions): Promise<Execution[]> {
		const due = this.triggerNodes().filter(
			({ name, type }) => (nodes === undefined || nodes.includes(name)) && (schedules || type !== SCHEDULE_TRIGGER),
		);
		const results: Array<Execution | undefined> = [];
		if (concurrent) results.push(...(await Promise.all(due.map(async (node) => await this.fire(node, now)))));
		else for (const node of due) results.push(await this.fire(node, now));
		return results.flatMap((execution) => execution ?? []);
	}

	/** Calls `poll` of a node with n8n's own context; gives the items of each output, or null. */
	async poll(name: string, mode: 'trigger' | 'manual', activation: WorkflowActivateMode): Promise<INodeExecutionData[][] | null> {
		const node = this.workflow.getNode(name);
		const poll = node === null ? undefined : this.typeOf(node).poll;
		if (node === null || poll === undefined) throw new Error(`The workflow "${this.name}" has no polling node "${name}"`);
		const context =
			(mode === 'trigger' ? this.contexts.get(name) : undefined) ??
			new PollContext(this.workflow, node, this.runner.additionalData(this.json), mode, activation);
		if (mode === 'trigger') this.contexts.set(name, context);
		return await this.whileEvaluating(async () => await poll.call(context as unknown as IPollFunctions));
	}

	private async fire(node: INode, now: Date): Promise<Execution | undefined> {
		const startedAt = new Date();
		if (node.type === SCHEDULE_TRIGGER) return await this.start(node, [[{ json: scheduleItem(now, this.workflow.timezone) }]]);
		let outputs: INodeExecutionData[][] | null;
		try {
			outputs = await this.poll(node.name, 'trigger', this.activation);
		} catch (error) {
			return this.runner.recordFailure(this.json, node, error, startedAt);
		}
		return outputs === null ? undefined : await this.start(node, outputs);
	}

	/** As in n8n: static data is saved first, then the execution starts; null from a poll saves nothing. */
	private async start(node: INode, outputs: INodeExecutionData[][]): Promise<Execution> {
		this.runner.saveStaticData(this.workflow);
		return await this.runner.run(this.json, { startNode: node.name, outputs, mode: 'trigger' });
	}

	private triggerNodes(): INode[] {
		return Object.values(this.workflow.nodes).filter(
			(node) => node.disabled !== true && (node.type === SCHEDULE_TRIGGER || this.typeOf(node).poll !== undefined),
		);
	}

	private typeOf(node: INode): INodeType {
		return this.workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	}

	private async whileEvaluating<T>(work: () => Promise<T>): Promise<T> {
		this.evaluating += 1;
		try {
			await this.workflow.expression.acquireIsolate();
			return await work();
		} finally {
			this.evaluating -= 1;
			if (this.evaluating === 0) await this.workflow.expression.releaseIsolate();
		}
	}

	/** Static data as the triggers see it now, saved or not. */
	liveStaticData(): IDataObject {
		return deepCopy({ ...this.workflow.staticData });
	}
}
