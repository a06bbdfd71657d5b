/** Node and credential types known to the engine: from classes, from a package folder, and the stand-ins. */
import { startCore } from './core';
import { DirectoryLoader, PackageDirectoryLoader, UnrecognizedNodeTypeError } from 'n8n-core';
import { NodeHelpers, cronNodeOptions } from 'n8n-workflow';
import type { ICredentialType, IDataObject, INodeProperties, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import Module from 'node:module';
import path from 'node:path';
import type { NodeClass } from './types';

/** What n8n's loader puts in front of the parameters of every polling node. */
const pollTimes: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Poll Time' },
	default: { item: [{ mode: 'everyMinute' }] },
	description: 'Time at which polling should occur',
	placeholder: 'Add Poll Time',
	options: cronNodeOptions,
};

export class NodeRegistry implements INodeTypes {
	readonly credentialTypes = new Map<string, ICredentialType>();
	private readonly nodes = new Map<string, INodeType | IVersionedNodeType>();

	/** Adds a class under `<package>.<name of its description>`, with what n8n's loader adds to it. Gives the full type. */
	addClass(nodeClass: NodeClass, packageName: string): string {
		const node = new nodeClass();
		for (const version of 'nodeVersions' in node ? Object.values(node.nodeVersions) : [node]) addSpecialParameters(version);
		const type = `${packageName}.${node.description.name}`;
		this.nodes.set(type, node);
		return type;
	}

	/** Adds a node under a full type name. */
	add(type: string, node: INodeType | IVersionedNodeType): void {
		this.nodes.set(type, node);
	}

	/** Adds a credential type. */
	addCredential(type: ICredentialType): void {
		this.credentialTypes.set(type.name, type);
	}

	/**
	 * Loads a built or installed package with n8n's own loader, by the `n8n` section of its package.json. As in n8n, a package
	 * outside this checkout finds `n8n-workflow` through the search path of the process (not under jest, which has its own resolver).
	 */
	async loadPackage(directory: string): Promise<string[]> {
		startCore();
		shareModules();
		const loader = new PackageDirectoryLoader(directory);
		await loader.loadAll();
		const types = Object.entries(loader.nodeTypes).map(([name, { type }]) => {
			this.nodes.set(`${loader.packageName}.${name}`, type);
			return `${loader.packageName}.${name}`;
		});
		for (const { type } of Object.values(loader.credentialTypes)) this.credentialTypes.set(type.name, type);
		return types;
	}

	/** All full type names. */
	typeNames(): string[] {
		return [...this.nodes.keys()];
	}

	has(type: string): boolean {
		return this.nodes.has(type);
	}

	getByName(type: string): INodeType | IVersionedNodeType {
		const node = this.nodes.get(type);
		if (node === undefined) {
			const [packageName = '', name = ''] = type.split('.');
			throw new UnrecognizedNodeTypeError(packageName, name);
		}
		return node;
	}

	getByNameAndVersion(type: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(type), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

function addSpecialParameters(node: INodeType): void {
	const { description } = node;
	if (description.polling && !description.properties.some(({ name }) => name === pollTimes.name)) description.properties.unshift(pollTimes);
	DirectoryLoader.applyDeclarativeNodeOptionParameters(node);
}

/** Puts the folder of n8n-workflow on the search path, as n8n does for its community nodes; the environment stays as it was. */
function shareModules(): void {
	const loader: typeof Module & { _initPaths?: () => void } = Module;
	if (loader._initPaths === undefined) return;
	const before = process.env.NODE_PATH;
	const modules = path.resolve(path.dirname(require.resolve('n8n-workflow/package.json')), '..');
	process.env.NODE_PATH = before === undefined ? modules : `${before}${path.delimiter}${modules}`;
	loader._initPaths();
	if (before === undefined) delete process.env.NODE_PATH;
	else process.env.NODE_PATH = before;
}
