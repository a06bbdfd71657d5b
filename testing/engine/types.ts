/** What the engine takes: workflows as n8n exports them, node and credential classes, stored credentials. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IConnections,
	IDataObject,
	INode,
	INodeType,
	IVersionedNodeType,
	IWorkflowSettings,
} from 'n8n-workflow';

export type NodeClass = new () => INodeType | IVersionedNodeType;
export type CredentialClass = new () => ICredentialType;

/** A workflow as exported from the editor or shipped as a template; nodes name their credentials and give no id. */
export interface WorkflowJson {
	id?: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
	active?: boolean;
}

/** A credential of the instance. Nodes refer to it by type and name. */
export interface StoredCredential {
	name: string;
	type: string;
	data: ICredentialDataDecryptedObject;
	id?: string;
}

/** The package whose node types the templates use. */
export const PACKAGE_NAME = 'n8n-nodes-order-fulfillment';

/** The id under which the engine keeps a workflow: its own, else one made from its name. */
export function workflowId(json: WorkflowJson): string {
	return json.id ?? json.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
