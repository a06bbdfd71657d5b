/** What a user sets up by hand in a new n8n: credentials, and the templates with these credentials chosen. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FILE_TEMPLATES, type TemplateNumber } from '../../../demo/fileTemplates';
import { ROOT } from './tarball';
import type { Rest, WorkflowJson } from './Rest';

export interface Credential {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** The credentials that the templates ask for, by the names that they use. */
export function templateCredentials(folders: {
	shop: string;
	warehouse: string;
	store?: Record<string, unknown>;
	smtpPort?: number;
}): Credential[] {
	return [
		{ name: 'Shop folder', type: 'fileExchangeApi', data: { folder: folders.shop } },
		{ name: 'Warehouse folder', type: 'fileExchangeApi', data: { folder: folders.warehouse } },
		{ name: 'Order Store', type: 'orderStoreApi', data: folders.store ?? { database: 'sqlite', file: '' } },
		{
			name: 'SMTP',
			type: 'smtp',
			data: {
				user: '',
				password: '',
				host: '127.0.0.1',
				port: folders.smtpPort ?? 1025,
				secure: false,
				disableStartTls: true,
				hostName: '',
			},
		},
	];
}

export async function createCredentials(rest: Rest, credentials: Credential[]): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	for (const { name, type, data } of credentials) ids.set(name, await rest.createCredential(name, type, data));
	return ids;
}

/** The templates of the file exchange with these numbers. */
export const fileTemplates = (...numbers: TemplateNumber[]): WorkflowJson[] =>
	numbers.map((number) => JSON.parse(readFileSync(path.join(ROOT, 'templates', FILE_TEMPLATES[number]), 'utf8')) as WorkflowJson);

export interface TemplateJson extends WorkflowJson {
	/** The name of its file. */
	file: string;
}

export const readTemplates = (): TemplateJson[] =>
	readdirSync(path.join(ROOT, 'templates'))
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((file) => ({ ...(JSON.parse(readFileSync(path.join(ROOT, 'templates', file), 'utf8')) as WorkflowJson), file }));

/** Credentials with sample data for everything that these workflows name and that is not `known`: enough to open and save them. */
export async function sampleCredentials(
	rest: Rest,
	workflows: readonly WorkflowJson[],
	known: readonly Credential[],
): Promise<Credential[]> {
	const wanted = new Map(
		workflows.flatMap(({ nodes }) =>
			nodes.flatMap(({ credentials = {} }) => Object.entries(credentials).map(([type, { name }]) => [name, type] as const)),
		),
	);
	for (const { name } of known) wanted.delete(name);
	if (wanted.size === 0) return [];
	const types = new Map((await rest.credentialTypes()).map((type) => [type.name, type.properties ?? []]));
	return [...wanted].map(([name, type]) => ({
		name,
		type,
		data: Object.fromEntries(
			(types.get(type) ?? []).map((property) => [
				property.name,
				property.default !== '' ? property.default : property.placeholder || 'sample',
			]),
		),
	}));
}

/** The workflow with its credentials chosen by name, as a user does in the editor. Throws for a name that nobody made. */
export function withCredentials(workflow: WorkflowJson, ids: ReadonlyMap<string, string>): WorkflowJson {
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(node.credentials === undefined
			? {}
			: {
					credentials: Object.fromEntries(
						Object.entries(node.credentials).map(([type, { name }]) => {
							const id = ids.get(name);
							if (id === undefined) throw new Error(`"${workflow.name}", node "${node.name}": there is no credential "${name}".`);
							return [type, { id, name }];
						}),
					),
				}),
	}));
	return { ...workflow, nodes };
}
