/**
 * Walks a workflow template and reports what n8n would not accept, would silently drop, or a user would trip over. Node types come
 * from the engine's registry, so the same code that runs the templates also judges them.
 */
import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeType, INodeTypeDescription, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import type { WorkflowJson } from '../../testing/engine/types';
import { checkConnections } from './checkConnections';
import { checkLayout } from './checkLayout';
import { checkParameters, completeParameters } from './checkParameters';
import { isRecord } from './finding';
import type { Finding, Rule } from './finding';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const isNote = ({ type }: INode) => type === STICKY_NOTE;

/** Everything that is wrong with a template; nothing when it is fine. */
export function walkTemplate(template: unknown, nodeTypes: INodeTypes): Finding[] {
	const malformed = checkShape(template);
	if (malformed.length > 0) return malformed;
	const json = template as WorkflowJson;
	const findings = [...checkSettings(json), ...checkUnique(json.nodes)];
	const known: INode[] = [];
	for (const node of json.nodes) {
		const description = describe(node, nodeTypes, findings);
		if (description === undefined) continue;
		const values = completeParameters(node, description);
		if (values !== undefined) known.push(node);
		findings.push(...checkParameters(node, description), ...checkCredentials(node, description, values ?? node.parameters), ...checkWebhook(node, description), ...checkReferences(node, json.nodes));
	}
	findings.push(...checkConnections(json, known, nodeTypes), ...checkLayout(json.nodes, isNote));
	return findings;
}

/** Findings as text, one line each. */
export function formatFindings(findings: Finding[]): string {
	return findings.map(({ rule, node, message }) => `${rule}${node === undefined ? '' : ` (${node})`}: ${message}`).join('\n');
}

function checkShape(template: unknown): Finding[] {
	const wrong = (message: string): Finding[] => [{ rule: 'shape', message }];
	if (!isRecord(template)) return wrong('a template is a JSON object');
	if (typeof template['name'] !== 'string' || template['name'] === '') return wrong('the template has no name');
	if (!Array.isArray(template['nodes']) || !isRecord(template['connections'])) return wrong('the template has no list of nodes or no connections');
	return template['nodes'].flatMap((node: unknown, index) => {
		const complete = isRecord(node) && ['id', 'name', 'type'].every((key) => typeof node[key] === 'string' && node[key] !== '') && typeof node['typeVersion'] === 'number' && isRecord(node['parameters']);
		const placed = isRecord(node) && Array.isArray(node['position']) && node['position'].length === 2 && node['position'].every(Number.isFinite);
		return complete && placed ? [] : wrong(`node ${index} lacks an id, name, type, typeVersion, position or parameters`);
	});
}

function checkSettings(json: WorkflowJson): Finding[] {
	const findings: Finding[] = [];
	if (json.settings?.executionOrder !== 'v1') findings.push({ rule: 'execution-order', message: 'settings.executionOrder must be "v1"' });
	if (json.active !== false) findings.push({ rule: 'active', message: 'active must be false' });
	if (!json.nodes.some(isNote)) findings.push({ rule: 'sticky-note', message: 'no sticky note says how to set it up' });
	return findings;
}

function checkUnique(nodes: INode[]): Finding[] {
	const repeated = (values: Array<string | undefined>) => new Set(values.filter((value, index) => value !== undefined && values.indexOf(value) !== index));
	const report = (rule: Rule, what: string, values: Set<string | undefined>) => [...values].map((value): Finding => ({ rule, message: `${what} "${value}" is used more than once` }));
	return [
		...report('duplicate-id', 'the id', repeated(nodes.map(({ id }) => id))),
		...report('duplicate-name', 'the name', repeated(nodes.map(({ name }) => name))),
		...report('webhook-id', 'the webhookId', repeated(nodes.map(({ webhookId }) => webhookId))),
	];
}

function describe(node: INode, nodeTypes: INodeTypes, findings: Finding[]): INodeTypeDescription | undefined {
	const report = (rule: Rule, message: string) => void findings.push({ rule, message, node: node.name });
	if (node.type.startsWith('CUSTOM.')) {
		report('type', `${node.type} is only known where the node lies in the custom folder; use the name of the package`);
		return undefined;
	}
	let found: INodeType | IVersionedNodeType;
	try {
		found = nodeTypes.getByName(node.type);
	} catch {
		report('type', `${node.type} is not known`);
		return undefined;
	}
	const versions = 'nodeVersions' in found ? Object.keys(found.nodeVersions).map(Number) : [found.description.version].flat();
	if (!versions.includes(node.typeVersion)) {
		report('version', `${node.type} has no version ${node.typeVersion}; it has ${versions.join(', ')}`);
		return undefined;
	}
	return nodeTypes.getByNameAndVersion(node.type, node.typeVersion).description;
}

function checkCredentials(node: INode, description: INodeTypeDescription, values: INodeParameters): Finding[] {
	const findings: Finding[] = [];
	const report = (rule: Rule, message: string) => void findings.push({ rule, message, node: node.name });
	const wanted = (description.credentials ?? []).filter((credential) => NodeHelpers.displayParameter(values, credential, node, description));
	for (const [type, given] of Object.entries(node.credentials ?? {})) {
		if (!wanted.some(({ name }) => name === type)) report('credential', `the node does not use a credential of type ${type} here`);
		if (typeof given.name !== 'string' || given.name === '') report('credential', `the credential of type ${type} has no name`);
		if (given.id !== undefined && given.id !== null) report('credential-id', `the credential "${given.name}" has an id, which no other instance knows`);
	}
	for (const { name, required } of wanted) if (required === true && node.credentials?.[name] === undefined) report('credential', `the node needs a credential of type ${name}; give its name`);
	return findings;
}

function checkWebhook(node: INode, description: INodeTypeDescription): Finding[] {
	const needed = (description.webhooks ?? []).length > 0;
	return needed && !node.webhookId ? [{ rule: 'webhook-id', message: 'a node with webhooks needs a webhookId, else its address depends on the workflow', node: node.name }] : [];
}

/** Names of nodes in expressions, as `$('Name')`. */
function checkReferences(node: INode, nodes: INode[]): Finding[] {
	const names = new Set<string>();
	collect(node.parameters, (text) => {
		if (text.startsWith('=')) for (const [, , name = ''] of text.matchAll(/\$\((['"`])(.*?)\1\)/g)) names.add(name);
	});
	return [...names].filter((name) => !nodes.some((other) => other.name === name)).map((name): Finding => ({ rule: 'expression', message: `an expression asks for the node "${name}", which is not there`, node: node.name }));
}

function collect(value: unknown, use: (text: string) => void): void {
	if (typeof value === 'string') use(value);
	else if (Array.isArray(value)) for (const one of value) collect(one, use);
	else if (isRecord(value)) for (const one of Object.values(value)) collect(one, use);
}
