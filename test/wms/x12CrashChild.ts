/**
 * A process that sends or polls by EDI on a real store and a real folder, and dies (SIGKILL, no clean-up) at the n-th change that it makes.
 * Arguments: root, what to do (send, poll), n.
 */
import path from 'node:path';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import { openOrderStore } from '../../lib/store/connect';
import { Points, watched } from '../fault/points';
import { storeFile, work, type Action } from './x12CrashWork';

async function main(): Promise<void> {
	const [root = '', action = '', step = '0'] = process.argv.slice(2);
	const points = new Points(Number(step), null);
	const orderStore = await openOrderStore({ kind: 'sqlite', file: storeFile(root) });
	const folder = openLocalFolder(path.join(root, 'warehouse'), unrestrictedFileAccess);
	points.arm();
	await work(action as Action, watched(orderStore, 'store', points), watched(folder, 'folder', points));
	await orderStore.close();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
