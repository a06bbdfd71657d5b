/**
 * A process that polls an inbox of a local folder or an SFTP server, and dies (SIGKILL, no clean-up) before or after the n-th change that it makes.
 * Argument: the task as JSON.
 */
import path from 'node:path';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import type { SftpAccount } from '../../lib/files/sftpAccount';
import { openSftpFolder } from '../../lib/files/sftpFolder';
import { openOrderStore } from '../../lib/store/connect';
import { Points, watched } from '../fault/points';
import { POLLS, type SceneName } from './scenePolls';

export interface PollTask {
	scene: SceneName;
	root: string;
	storeFile: string;
	/** Where it is to be reached by SFTP. */
	account?: SftpAccount;
	killAt: number;
}

async function main(): Promise<void> {
	const { scene, root, storeFile, account, killAt } = JSON.parse(process.argv[2]!) as PollTask;
	const points = new Points(killAt, null);
	const orderStore = await openOrderStore({ kind: 'sqlite', file: storeFile });
	const remote = account && openSftpFolder(account);
	const folder = remote ?? openLocalFolder(path.resolve(root), unrestrictedFileAccess);
	points.arm();
	await POLLS[scene](watched(orderStore, 'store', points), watched(folder, 'folder', points));
	await remote?.close();
	await orderStore.close();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
