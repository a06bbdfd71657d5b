/** The credentials of the instance, found by type and name, with n8n's rules for defaults, authentication and missing ones. */
import { ICredentialsHelper, NodeHelpers, UserError, deepCopy, isExpression } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';
import type { StoredCredential } from './types';

export class CredentialStore extends ICredentialsHelper {
	constructor(
		private readonly types: ReadonlyMap<string, ICredentialType>,
		private readonly stored: StoredCredential[] = [],
	) {
		super();
	}

	/** Adds a credential, or replaces the one of the same type and name. */
	set(credential: StoredCredential): void {
		const at = this.stored.findIndex(({ type, name }) => type === credential.type && name === credential.name);
		if (at === -1) this.stored.push(credential);
		else this.stored[at] = credential;
	}

	/** Deletes a credential; nodes that have it chosen keep its name. */
	remove(type: string, name: string): void {
		const at = this.stored.findIndex((stored) => stored.type === type && stored.name === name);
		if (at !== -1) this.stored.splice(at, 1);
	}

	override getParentTypes(name: string): string[] {
		const parents = this.types.get(name)?.extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	override isCredentialUsableByNode(type: string, nodeType: string): boolean {
		const known = this.types.get(type);
		return known?.restrictToSupportedNodes !== true || (known.supportedNodes ?? []).includes(nodeType);
	}

	/** Own properties win over those of the types that it extends. */
	override getCredentialsProperties(type: string): INodeProperties[] {
		const known = this.types.get(type);
		if (known === undefined) return [];
		const properties = new Map<string, INodeProperties>();
		for (const parent of known.extends ?? [])
			for (const property of this.getCredentialsProperties(parent)) properties.set(property.name, property);
		for (const property of known.properties) properties.set(property.name, property);
		return [...properties.values()];
	}

	/** Values with the defaults of the type, as n8n gives them to a node: a key that the type does not declare is dropped. */
	override async getDecrypted(
		_data: IWorkflowExecuteAdditionalData,
		wanted: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const { data } = this.find(wanted, type);
		const properties = this.getCredentialsProperties(type);
		if (properties.length === 0) return { ...data };
		const values = NodeHelpers.getNodeParameters(properties, deepCopy(data) as INodeParameters, true, false, null, null);
		return (values ?? {}) as ICredentialDataDecryptedObject;
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const options = requestOptions as IHttpRequestOptions;
		const rule = this.types.get(typeName)?.authenticate;
		if (rule === undefined) return options;
		if (typeof rule === 'function') return await rule(credentials, options);
		const resolve = (value: unknown): string => {
			if (typeof value !== 'string' || !isExpression(value) || workflow === undefined || node === undefined) return String(value);
			const resolved = workflow.expression.getSimpleParameterValue(node, value, 'internal', { $credentials: credentials }, undefined, '');
			return resolved ? String(resolved) : '';
		};
		const target = options as unknown as Record<string, Record<string, unknown>>;
		target['headers'] ??= {};
		for (const [part, values] of Object.entries(rule.properties)) {
			const section = (target[part] ??= {});
			for (const [key, value] of Object.entries(values ?? {})) section[resolve(key)] = resolve(value);
		}
		return options;
	}

	/** Asks the credential type for a token when the stored one is empty or expired, and keeps the answer. */
	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const token = this.types
			.get(typeName)
			?.properties.find(({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable === true);
		if (token === undefined || (credentials[token.name] !== '' && !expired)) return undefined;
		const all = await this.runPreAuthentication(helpers, credentials, typeName);
		const wanted = node.credentials?.[typeName];
		if (all?.[token.name] === undefined || wanted === undefined) return undefined;
		await this.updateCredentials(wanted, typeName, all);
		return all;
	}

	override async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const output = await this.types.get(typeName)?.preAuthentication?.call(helpers, credentials);
		return output === undefined ? undefined : ({ ...credentials, ...output } as ICredentialDataDecryptedObject);
	}

	override async updateCredentials(wanted: INodeCredentialsDetails, type: string, data: ICredentialDataDecryptedObject): Promise<void> {
		const found = this.find(wanted, type);
		this.set({ ...found, data: { ...found.data, ...data } });
	}

	override async updateCredentialsOauthTokenData(
		wanted: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		await this.updateCredentials(wanted, type, data);
	}

	/** n8n gives the encrypted record here; nothing in an execution asks for it. */
	override async getCredentials(): Promise<ICredentials> {
		throw new UserError('The engine keeps no encrypted credentials');
	}

	private find(wanted: INodeCredentialsDetails, type: string): StoredCredential {
		const found = this.stored.find(
			(one) => one.type === type && (one.name === wanted.name || (one.id !== undefined && one.id === wanted.id)),
		);
		if (found === undefined)
			throw new UserError(`Credential with ID "${wanted.id ?? wanted.name}" does not exist for type "${type}".`, { level: 'warning' });
		return found;
	}
}
