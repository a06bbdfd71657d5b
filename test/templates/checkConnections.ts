/** Checks that the connections of a template lead from outputs that exist to inputs that exist. */
import { NodeHelpers, Workflow, deepCopy } from 'n8n-workflow';
import type { INode, INodeInputConfiguration, INodeOutputConfiguration, INodeTypes, NodeConnectionType } from 'n8n-workflow';
import { isRecord } from './finding';
import type { Finding } from './finding';
import type { WorkflowJson } from '../../testing/engine/types';

type Ports = Array<NodeConnectionType | INodeOutputConfiguration | INodeInputConfiguration>;

/** `nodes` are those of known type; notes are not connected. */
export function checkConnections(json: WorkflowJson, nodes: INode[], nodeTypes: INodeTypes): Finding[] {
	const findings: Finding[] = [];
	const copy = deepCopy(json);
	const workflow = new Workflow({ nodes: copy.nodes.filter((node) => nodes.some(({ id }) => id === node.id)), connections: copy.connections, active: false, nodeTypes, settings: {} });
	const portsOf = (name: string, side: 'in' | 'out', type: string): number | undefined => {
		const node = workflow.nodes[name];
		if (node === undefined) return undefined;
		const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const ports: Ports = side === 'in' ? NodeHelpers.getNodeInputs(workflow, node, description) : NodeHelpers.getNodeOutputs(workflow, node, description);
		return ports.filter((port) => (typeof port === 'string' ? port : port.type) === type).length;
	};
	const exists = (name: string) => json.nodes.some((node) => node.name === name);
	const reached = new Set<string>();
	for (const [from, byType] of Object.entries(json.connections)) {
		const report = (message: string) => void findings.push({ rule: 'connection', message, node: from });
		if (!exists(from)) {
			report(`connections start at "${from}", which is not a node`);
			continue;
		}
		for (const [type, outputs] of Object.entries(byType)) {
			const available = portsOf(from, 'out', type) ?? Infinity;
			for (const [index, targets] of outputs.entries()) {
				const used = targets ?? [];
				if (used.length > 0 && index >= available) report(`output ${index} (${type}) is connected; the node has ${available}`);
				for (const target of used) {
					reached.add(target.node);
					if (!exists(target.node)) report(`output ${index} leads to "${target.node}", which is not a node`);
					else if (target.index >= (portsOf(target.node, 'in', target.type) ?? Infinity)) report(`output ${index} leads to input ${target.index} (${target.type}) of "${target.node}", which it does not have`);
				}
			}
		}
	}
	for (const node of nodes) {
		const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const standsAlone = description.group.includes('trigger') || (Array.isArray(description.inputs) && description.inputs.length === 0);
		if (!standsAlone && !reached.has(node.name) && !startsOther(json, node.name)) findings.push({ rule: 'not-connected', message: 'nothing leads to this node', node: node.name });
	}
	return findings;
}

/** Sub-nodes of AI nodes have no main input; they lead to their parent by another type of connection. */
function startsOther(json: WorkflowJson, name: string): boolean {
	const connections: unknown = json.connections[name];
	return isRecord(connections) && Object.keys(connections).some((type) => type !== 'main');
}
