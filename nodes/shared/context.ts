/** What every node needs from n8n: the store, the exchange folder, who acts, and errors as n8n shows them. */
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
import { openLocalFolder } from '../../lib/files/localFolder';
import { asError, FulfillmentError, shown } from '../../lib/order/errors';
import { SFTP_CREDENTIAL, sftpFolderOf } from './exchange';
import type { Actor } from '../../lib/order/timeline';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import type { OrderStore } from '../../lib/store/OrderStore';

export type NodeContext = IExecuteFunctions | IPollFunctions;

export const STORE_CREDENTIAL = 'orderStoreApi';
export const FOLDER_CREDENTIAL = 'fileExchangeApi';

/** n8n's own folder, as n8n finds it. */
const n8nFolder = (): string => path.join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n');

/** Where the embedded store is when nobody says otherwise: a folder of its own, which updates of the package leave alone. */
export const defaultStoreFile = (): string => path.join(n8nFolder(), 'n8n-nodes-order-fulfillment', 'orders.sqlite');

/** Turns the credential's fields into what the store needs. Throws FulfillmentError for a file outside the allowed folders. */
export async function storeConfig(data: ICredentialDataDecryptedObject | null): Promise<StoreConfig> {
	if (data === null || data.database !== 'postgres') {
		const file = typeof data?.file === 'string' ? data.file.trim() : '';
		if (file === '') return { kind: 'sqlite', file: defaultStoreFile() };
		// The real path, so that what was checked is what is opened, and two names of one file are one store.
		return { kind: 'sqlite', file: path.isAbsolute(file) ? await assertFileAccess(file) : file };
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
export async function openStore(context: NodeContext | ILoadOptionsFunctions): Promise<OrderStore> {
	const chosen = context.getNode().credentials?.[STORE_CREDENTIAL] !== undefined;
	const config = await storeConfig(chosen ? await credentialData(context, STORE_CREDENTIAL) : null);
	// Loaded when first needed: it brings the database drivers, and n8n's start should not wait for them.
	const { getOrderStore } = await import('../../lib/store/typeorm/connect');
	return await getOrderStore(config);
}

/** The exchange folder that the node's credential names. */
export async function openFolder(context: NodeContext): Promise<Folder> {
	// As it stands, for triggers and actions alike: the parameter takes no expressions.
	if (context.getNode().parameters.exchange === 'sftp') return await sftpFolderOf(await credentialData(context, SFTP_CREDENTIAL));
	const { folder } = await credentialData(context, FOLDER_CREDENTIAL);
	return await openLocalFolder(String(folder ?? '').trim());
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

/** Who the timeline names for what a node does. */
export const nodeActor = (context: NodeContext): Actor => ({
	kind: 'node',
	name: `${context.getWorkflow().name ?? 'workflow'} / ${context.getNode().name}`,
});

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
export const toJson = (value: object): IDataObject => value as IDataObject;

export const toItem = (value: object, itemIndex?: number): INodeExecutionData => ({
	json: toJson(value),
	...(itemIndex === undefined ? {} : { pairedItem: { item: itemIndex } }),
});
