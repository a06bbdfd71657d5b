import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { FulfillmentError } from '../../lib/order/errors';
import { orderStoreConfig } from './context';
import { localFolderOf, sftpFolderOf } from './exchange';

/** What came of a test, in the words of its error. */
export async function tested(test: () => Promise<string>): Promise<INodeCredentialTestResult> {
	try {
		return { status: 'OK', message: await test() };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { status: 'Error', message: error instanceof FulfillmentError ? `${message} ${error.remedy}` : message };
	}
}

/** Opens the order store (creating it on first use) and reads from it. */
export async function orderStoreConnectionTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const { testConnection } = await import('../../lib/store/connect');
		await testConnection(await orderStoreConfig(credential.data ?? null));
		return 'The order store is ready.';
	});
}

/** Lists the folder, after checking that n8n may use it. */
export async function fileExchangeTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const folder = localFolderOf(credential.data ?? {});
		await folder.list('');
		return `The folder ${folder.label} can be used.`;
	});
}

/** Signs in and lists the folder; on first use the answer names the fingerprint of the server's key. */
export async function sftpExchangeTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const folder = await sftpFolderOf(credential.data ?? {});
		try {
			await folder.list('');
			return `The folder ${folder.label} can be used.`;
		} finally {
			await folder.close();
		}
	});
}
