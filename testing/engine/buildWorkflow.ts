/** Writes workflow JSON for tests in a few words. */
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import { PACKAGE_NAME } from './types';
import type { WorkflowJson } from './types';

/** A node by its type; a type without a package is one of ours. */
export function node(name: string, type: string, parameters: INodeParameters = {}, more: Partial<INode> = {}): INode {
	return {
		id: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
		name,
		type: type.includes('.') ? type : `${PACKAGE_NAME}.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...more,
	};
}

/** Connections as lines: `A -> B` from the first output, `A[1] -> B` from the second, `A -> B[1]` into the second input. */
export function connect(...lines: string[]): IConnections {
	const connections: IConnections = {};
	for (const line of lines) {
		const [from, to] = line.split('->').map(endpoint);
		if (from === undefined || to === undefined) throw new Error(`Not a connection: ${line}`);
		const outputs = ((connections[from.node] ??= {})['main'] ??= []);
		while (outputs.length <= from.index) outputs.push([]);
		outputs[from.index]?.push({ node: to.node, type: 'main', index: to.index });
	}
	return connections;
}

/** A workflow that is ready to run, its nodes from left to right: n8n runs branches in the order of their positions. */
export function workflow(name: string, nodes: INode[], ...lines: string[]): WorkflowJson {
	return {
		name,
		nodes: nodes.map((one, index) => ({ ...one, position: [index * 220, 0] })),
		connections: connect(...lines),
		settings: { executionOrder: 'v1' },
	};
}

function endpoint(written: string): { node: string; index: number } {
	const [, name = '', index = '0'] = /^\s*(.+?)(?:\[(\d+)\])?\s*$/.exec(written) ?? [];
	return { node: name, index: Number(index) };
}
