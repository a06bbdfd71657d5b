/** One execution of a workflow, with what a test or the demo asks of it. */
import type { ExecutionError, ExecutionStatus, IDataObject, INodeExecutionData, IRun, ITaskData, WorkflowExecuteMode } from 'n8n-workflow';

/** An error in plain values. `node` is missing when the workflow as a whole could not start. */
export interface Problem {
	name: string;
	message: string;
	description?: string;
	node?: string;
	itemIndex?: number;
	httpCode?: string;
}

/** One run of one node: what it gave on each output, how it ended. */
export interface NodeRun {
	status: ExecutionStatus;
	outputs: INodeExecutionData[][];
	error?: Problem;
	durationMs: number;
}

export class Execution {
	constructor(
		readonly id: string,
		readonly workflow: { id: string; name: string },
		readonly startNode: string,
		/** Names of the nodes in the order in which they ended. */
		readonly order: string[],
		/** n8n's own record, for what is not covered here. */
		readonly run: IRun,
	) {}

	get status(): ExecutionStatus {
		return this.run.status;
	}

	get mode(): WorkflowExecuteMode {
		return this.run.mode;
	}

	get durationMs(): number {
		return (this.run.stoppedAt ?? this.run.startedAt).getTime() - this.run.startedAt.getTime();
	}

	/** The error that ended the execution. */
	get error(): Problem | undefined {
		const { error, lastNodeExecuted } = this.run.data.resultData;
		return error === undefined ? undefined : toProblem(error, nodeOf(error) ?? lastNodeExecuted);
	}

	/** Every error of a node, also those after which the workflow went on. */
	get errors(): Problem[] {
		return Object.keys(this.run.data.resultData.runData).flatMap((node) =>
			this.runs(node).flatMap(({ error }) => (error === undefined ? [] : [error])),
		);
	}

	ran(node: string): boolean {
		return this.runs(node).length > 0;
	}

	/** The runs of a node; none when the execution did not reach it. */
	runs(node: string): NodeRun[] {
		return (this.run.data.resultData.runData[node] ?? []).map((task) => toRun(task, node));
	}

	/** Items that a node gave on an output, over all its runs. */
	items(node: string, output = 0): INodeExecutionData[] {
		return this.runs(node).flatMap(({ outputs }) => outputs[output] ?? []);
	}

	/** The JSON of these items. */
	json(node: string, output = 0): IDataObject[] {
		return this.items(node, output).map(({ json }) => json);
	}
}

function toRun(task: ITaskData, node: string): NodeRun {
	return {
		status: task.executionStatus ?? (task.error === undefined ? 'success' : 'error'),
		outputs: (task.data?.['main'] ?? []).map((items) => items ?? []),
		...(task.error === undefined ? {} : { error: toProblem(task.error, node) }),
		durationMs: task.executionTime,
	};
}

function nodeOf(error: ExecutionError): string | undefined {
	const node: unknown = 'node' in error ? error.node : undefined;
	return typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string' ? node.name : undefined;
}

function toProblem(error: ExecutionError, node: string | undefined): Problem {
	const itemIndex = error.context?.itemIndex;
	const httpCode: unknown = 'httpCode' in error ? error.httpCode : undefined;
	return {
		name: error.name,
		message: error.message,
		...(error.description ? { description: error.description } : {}),
		...(node === undefined ? {} : { node }),
		...(typeof itemIndex === 'number' ? { itemIndex } : {}),
		...(typeof httpCode === 'string' ? { httpCode } : {}),
	};
}
