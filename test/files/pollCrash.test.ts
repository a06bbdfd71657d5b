/** A poll that is killed at every change, and a partner who then puts a new file over the old name: the next polls have both, once, and leave nothing behind. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Folder } from '../../lib/files/Folder';
import type { SftpAccount } from '../../lib/files/sftpAccount';
import { openSftpFolder, type SftpFolder } from '../../lib/files/sftpFolder';
import { openOrderStore } from '../../lib/store/connect';
import { childScript } from '../childScript';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { openTestStore } from '../store/harness';
import { expectQuiet } from './expectQuiet';
import { temporaryFolder } from './openLocal';
import type { PollTask } from './pollChild';
import type { SceneName } from './scenePolls';
import { partnerPuts, SCENES } from './scenes';

jest.setTimeout(300_000);

const child = async (task: PollTask): Promise<{ killed: boolean }> =>
	await new Promise((resolve, reject) => {
		const running = spawn(process.execPath, [...childScript(path.join(__dirname, 'pollChild.ts')), JSON.stringify(task)], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		running.on('error', reject);
		running.on('close', (code, signal) =>
			signal === 'SIGKILL' || code === 0 ? resolve({ killed: signal === 'SIGKILL' }) : reject(new Error(`exit ${code}`)),
		);
	});

interface Place {
	root: string;
	folder: Folder;
	account?: SftpAccount;
}

/** Gives the number of crashes. */
async function crashEverywhere(name: SceneName, open: () => Place): Promise<number> {
	const scene = SCENES[name];
	for (let killAt = 1; ; killAt += 1) {
		const { config } = await openTestStore('sqlite');
		const storeFile = config.kind === 'sqlite' ? config.file : '';
		const orderStore = await openOrderStore({ kind: 'sqlite', file: storeFile });
		const { root, folder, account } = open();
		await scene.prepare(orderStore, folder);
		partnerPuts(root, scene, scene.first);
		const { killed } = await child({ scene: name, root, storeFile, killAt, ...(account ? { account } : {}) });
		const overwritten = existsSync(path.join(root, scene.inbox, scene.file));
		partnerPuts(root, scene, scene.second);
		await scene.poll(orderStore, folder);
		await scene.poll(orderStore, folder);
		await expectQuiet(scene, root, orderStore, overwritten);
		await orderStore.close();
		if (!killed) return killAt - 1;
	}
}

it.each<SceneName>(['shop', 'shopByOrder', 'warehouse', 'edi'])('%s', async (name) => {
	expect(await crashEverywhere(name, temporaryFolder)).toBeGreaterThanOrEqual(4);
});

const missing = sshdMissing();

if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('over SFTP', () => {
		let server: Sshd;
		let folder: SftpFolder;
		beforeAll(async () => {
			server = await Sshd.open();
			folder = openSftpFolder(server.account);
		});
		afterAll(async () => {
			await folder.close();
			await server.close();
		});

		it.each<SceneName>(['shopByOrder', 'edi'])('%s', async (name) => {
			const remote = (): Place => {
				for (const entry of readdirSync(server.root)) rmSync(path.join(server.root, entry), { recursive: true });
				return { root: server.root, folder, account: server.account };
			};
			expect(await crashEverywhere(name, remote)).toBeGreaterThanOrEqual(4);
		});
	});
