/** How a partner that exchanges files is reached: through a folder of this machine, or an SFTP server. */
import { fileExchangeTest, sftpExchangeTest } from '../../shared/credentialTests';
import { FOLDER_CREDENTIAL } from '../../shared/context';
import { SFTP_CREDENTIAL } from '../../shared/exchange';
import type { SignIn } from '../Partner';

/** @param folder whose folder it is. @example folderSignIns('Shop Folder') */
export const folderSignIns = (folder: string): SignIn[] => [
	{
		name: FOLDER_CREDENTIAL,
		displayName: folder,
		testedBy: { name: 'fileExchangeTest', test: fileExchangeTest },
		show: { '/exchange': ['local'] },
	},
	{
		name: SFTP_CREDENTIAL,
		displayName: `${folder} (SFTP)`,
		testedBy: { name: 'sftpExchangeTest', test: sftpExchangeTest },
		show: { '/exchange': ['sftp'] },
	},
];
