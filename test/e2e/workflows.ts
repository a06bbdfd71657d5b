/** The templates as the tests publish them, and a workflow that does what people do in the editor. */
import { randomUUID } from 'node:crypto';
import type { NodeJson, WorkflowJson } from './n8n/Rest';

const OURS = 'n8n-nodes-order-fulfillment';
const STORE = { orderStoreApi: { name: 'Order Store' } };

/** Nobody waits two hours here: large orders are held for minutes, and what never came back is looked up after 30 seconds. */
export function hurried(template: WorkflowJson, holdMinutes: number): WorkflowJson {
	const nodes = structuredClone(template.nodes);
	for (const { type, parameters } of nodes) {
		if (type === `${OURS}.wmsSend` || type === `${OURS}.cartUpdate`)
			parameters.options = { ...(parameters.options as object), leaseSeconds: 30 };
		if (type === `${OURS}.orderRules`) setDeep(parameters, 'holdMinutes', holdMinutes);
	}
	return { ...template, nodes };
}

function setDeep(value: unknown, key: string, to: unknown): void {
	if (typeof value !== 'object' || value === null) return;
	for (const [name, inner] of Object.entries(value)) {
		if (name === key) (value as Record<string, unknown>)[key] = to;
		else setDeep(inner, key, to);
	}
}

/** Sets options of all nodes of one of our types. */
export function withOptions(workflow: WorkflowJson, type: string, options: Record<string, unknown>): WorkflowJson {
	const nodes = workflow.nodes.map((node) =>
		node.type === `${OURS}.${type}`
			? { ...node, parameters: { ...node.parameters, options: { ...(node.parameters.options as object), ...options } } }
			: node,
	);
	return { ...workflow, nodes };
}

/** The same workflow for other stores: an import has the first of them, what works for stores has all. */
export function forStores(workflow: WorkflowJson, stores: readonly string[]): WorkflowJson {
	const nodes = structuredClone(workflow.nodes);
	for (const { parameters } of nodes) {
		setDeep(parameters, 'store', stores[0]);
		setDeep(parameters, 'stores', stores.join(', '));
	}
	return { ...workflow, nodes };
}

/** The same workflow as somebody imports it a second time: other node ids, another name. */
export const importedAgain = (workflow: WorkflowJson): WorkflowJson => ({
	...workflow,
	name: `${workflow.name} (imported again)`,
	nodes: workflow.nodes.map((node) => ({ ...node, id: randomUUID() })),
});

interface Operation {
	path: string;
	parameters: Record<string, unknown>;
}

const forOrder = (operation: string, more: Record<string, unknown> = {}): Operation => ({
	path: operation,
	parameters: { resource: 'order', operation, orderId: '={{ $json.body.orderId }}', ...more },
});

const OPERATIONS: Operation[] = [
	{ path: 'search', parameters: { resource: 'order', operation: 'getAll', returnAll: true } },
	{ path: 'failures', parameters: { resource: 'importFailure', operation: 'getAll', returnAll: true } },
	forOrder('edit', { fields: { list: [{ field: 'other', path: '={{ $json.body.path }}', value: '={{ $json.body.value }}' }] } }),
	forOrder('reprocess'),
	forOrder('archive', { reason: 'The customer called: not wanted any more.' }),
	forOrder('delete', { force: false }),
];

/** A webhook for each operation that people use; `prefix` keeps the addresses of two n8n apart. */
export function peopleWorkflow(credentials: NodeJson['credentials'] = STORE): WorkflowJson {
	const nodes: NodeJson[] = [];
	const connections: Record<string, unknown> = {};
	OPERATIONS.forEach(({ path, parameters }, index) => {
		nodes.push({
			id: randomUUID(),
			name: `Asked to ${path}`,
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, index * 200],
			webhookId: randomUUID(),
			parameters: { httpMethod: 'POST', path: `people-${path}`, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
		});
		nodes.push({
			id: randomUUID(),
			name: path,
			type: `${OURS}.orderStore`,
			typeVersion: 1,
			position: [300, index * 200],
			parameters,
			alwaysOutputData: true,
			...(credentials === undefined ? {} : { credentials }),
		});
		connections[`Asked to ${path}`] = { main: [[{ node: path, type: 'main', index: 0 }]] };
	});
	return { name: 'What people do', nodes, connections, settings: { executionOrder: 'v1' } };
}
