/** Where the files of an exchange are: a folder of this machine, or an SFTP server. */
import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import type { SftpFolder } from '../../lib/files/sftpFolder';

export const SFTP_CREDENTIAL = 'sftpExchangeApi';

export const exchangeProperty: INodeProperties = {
	displayName: 'Exchange Through',
	name: 'exchange',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Local Folder', value: 'local', description: 'A folder of the machine that runs n8n, or a share that is mounted there' },
		{ name: 'SFTP', value: 'sftp', description: 'A folder on an SFTP server' },
	],
	default: 'local',
	description: 'Where the files are',
};

/** For nodes in which only some carts or warehouses exchange files. */
export const exchangeFor = (parameter: 'cart' | 'wms'): INodeProperties => ({ ...exchangeProperty, displayOptions: { show: { [parameter]: parameter === 'wms' ? ['file', 'x12'] : ['file'] } } });

/** The folder that an SFTP credential names; the server is reached at the first call. */
export async function sftpFolderOf(data: ICredentialDataDecryptedObject): Promise<SftpFolder> {
	const text = (name: string): string => String(data[name] ?? '').trim();
	// Loaded when first needed: n8n's start should not wait for it.
	const { openSftpFolder } = await import('../../lib/files/sftpFolder');
	return openSftpFolder({
		host: text('host'),
		port: Number(data.port ?? 22),
		user: text('username'),
		...(data.signIn === 'privateKey' ? { privateKey: `${text('privateKey')}\n`, passphrase: String(data.passphrase ?? '') } : { password: String(data.password ?? '') }),
		fingerprint: text('fingerprint'),
		directory: text('directory'),
	});
}
