/** What every node needs from n8n: the order store, the exchange folder, who acts, and errors as n8n shows them. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type IPollFunctions,
} from 'n8n-workflow';
import { assertFileAccess } from '../../lib/files/fileAccess';
import type { Folder } from '../../lib/files/Folder';
import { asError, FulfillmentError, shown } from '../../lib/order/errors';
import type { WorkflowScope } from '../../lib/fulfillment/workScope';
import { localFolderOf, SFTP_CREDENTIAL, sftpFolderOf } from './exchange';
import type { Actor } from '../../lib/order/timeline';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import type { OrderStore } from '../../lib/store/OrderStore';

export type NodeContext = IExecuteFunctions | IPollFunctions;

const ORDER_STORE_CREDENTIAL = 'orderStoreApi';
export const FOLDER_CREDENTIAL = 'fileExchangeApi';

/** n8n's own folder, as n8n finds it. */
const n8nFolder = (): string => path.join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n');

/** Where the embedded store is when nobody says otherwise: a folder of its own, which updates of the package leave alone. */
export const defaultOrderStoreFile = (): string => path.join(n8nFolder(), 'n8n-nodes-order-fulfillment', 'orders.sqlite');

/** It must not even be opened: to close a file again ends the locks that n8n's own SQLite has on it in this process. */
async function isN8nDatabase(file: string): Promise<boolean> {
	const own = path.resolve(n8nFolder(), process.env.DB_SQLITE_DATABASE ?? 'database.sqlite');
	return file === own || file === (await realpath(own).catch(() => own));
}

const n8nDatabase = (file: string): FulfillmentError =>
	new FulfillmentError(
		'store_configuration',
		`The file ${shown(file, 200)} is the database of n8n itself.`,
		'Give another path in the Order Store credential, or none: then the file is made in a folder of its own.',
	);

/** Turns the credential's fields into what the order store needs. Throws FulfillmentError for a file outside the allowed folders. */
export async function orderStoreConfig(data: ICredentialDataDecryptedObject | null): Promise<StoreConfig> {
	if (data === null || data.database !== 'postgres') {
		const file = typeof data?.file === 'string' ? data.file.trim() : '';
		if (file === '') return { kind: 'sqlite', file: defaultOrderStoreFile() };
		// The real path, so that what was checked is what is opened, and two names of one file are one store.
		const real = path.isAbsolute(file) ? await assertFileAccess(file) : file;
		if (await isN8nDatabase(real)) throw n8nDatabase(real);
		return { kind: 'sqlite', file: real };
	}
	return {
		kind: 'postgres',
		host: String(data.host ?? 'localhost'),
		port: Number(data.port ?? 5432),
		database: String(data.databaseName ?? 'n8n'),
		user: String(data.user ?? ''),
		password: String(data.password ?? ''),
		ssl: data.ssl === 'on' ? true : data.ssl === 'no-verify' ? 'no-verify' : false,
		schema: String(data.schema ?? 'public'),
		tablePrefix: String(data.tablePrefix ?? 'oms_'),
	};
}

/** The store that the node's credential names; without one, the embedded store. One connection per process and store. */
export async function openOrderStore(context: NodeContext | ILoadOptionsFunctions): Promise<OrderStore> {
	const chosen = context.getNode().credentials?.[ORDER_STORE_CREDENTIAL] !== undefined;
	const config = await orderStoreConfig(chosen ? await credentialData(context, ORDER_STORE_CREDENTIAL) : null);
	// Loaded when first needed: it brings the database drivers, and n8n's start should not wait for them.
	const { getOrderStore } = await import('../../lib/store/connect');
	return await getOrderStore(config);
}

/** The exchange folder that the node's credential names. */
export async function openFolder(context: NodeContext): Promise<Folder> {
	// As it stands, for triggers and actions alike: the parameter takes no expressions.
	if (context.getNode().parameters.exchange === 'sftp') return await sftpFolderOf(await credentialData(context, SFTP_CREDENTIAL));
	return localFolderOf(await credentialData(context, FOLDER_CREDENTIAL));
}

/** The fields of a credential of the node. Throws FulfillmentError `credentials_invalid` when it was deleted or cannot be read. */
export async function credentialData(context: NodeContext | ILoadOptionsFunctions, type: string): Promise<ICredentialDataDecryptedObject> {
	try {
		return await context.getCredentials(type);
	} catch (error) {
		throw unusableCredential(context.getNode(), type, error);
	}
}

function unusableCredential({ name, credentials }: INode, type: string, error: unknown): FulfillmentError {
	const chosen = credentials?.[type]?.name;
	return new FulfillmentError(
		'credentials_invalid',
		`The credential${chosen === undefined ? '' : ` ${shown(chosen)}`} of the node "${name}" cannot be used: ${asError(error).message}`,
		'It may have been deleted. Choose a credential in the node, then publish the workflow again. Nothing is lost meanwhile: orders wait where they are.',
		{ cause: error },
	);
}

/** n8n's own name of a saved credential of the node. */
export const credentialId = (context: NodeContext, type: string): string | undefined =>
	context.getNode().credentials?.[type]?.id ?? undefined;

/** Who the timeline names for what a node does. */
export const nodeActor = (context: NodeContext): Actor => ({
	kind: 'node',
	name: `${context.getWorkflow().name ?? 'workflow'} / ${context.getNode().name}`,
});

/** The workflow that a node is in. */
export const workflowScope = (context: NodeContext): WorkflowScope => {
	const { id, name } = context.getWorkflow();
	return { workflow: id ?? '', name: name ?? 'workflow' };
};

/** Names this process and execution in claims. */
export const workerName = (context: NodeContext): string =>
	`${process.pid}:${context.getWorkflow().id ?? ''}:${context.getNode().id}:${safeExecutionId(context)}`;

function safeExecutionId(context: NodeContext): string {
	try {
		return context.getExecutionId() ?? '';
	} catch {
		return ''; // a poll has no execution yet
	}
}

/** One of our errors as n8n shows it: the message, and below it what to do. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const remedy = error instanceof FulfillmentError ? error.remedy : undefined;
	const message = error instanceof Error ? error.message : String(error);
	const nodeError = new NodeOperationError(node, error instanceof Error ? error : message, {
		message,
		...(remedy === undefined ? {} : { description: remedy }),
		...(itemIndex === undefined ? {} : { itemIndex }),
	});
	// n8n puts a sentence of its own in place of any message that has ECONNREFUSED, EACCES … in it: ours says what and where.
	nodeError.message = message;
	return nodeError;
}

/** Any of our plain objects as the JSON of an item. */
const toJson = (value: object): IDataObject => value as IDataObject;

export const toItem = (value: object, itemIndex?: number): INodeExecutionData => ({
	json: toJson(value),
	...(itemIndex === undefined ? {} : { pairedItem: { item: itemIndex } }),
});
