/** Where the files of an exchange are: a folder of this machine, or an SFTP server. */
import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import type { Folder } from '../../lib/files/Folder';
import { openLocalFolder } from '../../lib/files/localFolder';
import { filePermissionsOf } from '../../lib/files/permissions';
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

/** The folder of this machine that a credential names. Throws FulfillmentError `file_access` when that is no whole path. */
export const localFolderOf = ({ folder, filePermissions }: ICredentialDataDecryptedObject): Folder =>
	openLocalFolder(String(folder ?? '').trim(), undefined, filePermissionsOf(filePermissions));

/** The folder that an SFTP credential names; the server is reached at the first call. */
export async function sftpFolderOf(data: ICredentialDataDecryptedObject): Promise<SftpFolder> {
	const text = (name: string): string => String(data[name] ?? '').trim();
	// Loaded when first needed: n8n's start should not wait for it.
	const { openSftpFolder } = await import('../../lib/files/sftpFolder');
	const account = {
		host: text('host'),
		port: Number(data.port ?? 22),
		user: text('username'),
		...(data.signIn === 'password' || data.signIn === undefined
			? {}
			: { privateKey: text('privateKey'), passphrase: String(data.passphrase ?? '') }),
		...(data.signIn === 'privateKey' ? {} : { password: String(data.password ?? '') }),
		fingerprint: text('fingerprint'),
		directory: text('directory'),
	};
	return openSftpFolder(account, undefined, filePermissionsOf(data.filePermissions));
}
