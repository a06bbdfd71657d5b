/** Who can read what we write. */
import fs from 'node:fs';
import path from 'node:path';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import type { Folder } from '../../lib/files/Folder';
import { openLocalFolder } from '../../lib/files/localFolder';
import { directoryMode, fileMode, filePermissionsOf, type FilePermissions } from '../../lib/files/permissions';
import { openSftpFolder, type SftpFolder } from '../../lib/files/sftpFolder';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { put, temporaryDirectory } from './openLocal';

const octal = (mode: number): string => (mode & 0o7777).toString(8);
const modeOf = (...parts: string[]): string => octal(fs.statSync(path.join(...parts)).mode);

let umask: number;
beforeAll(() => {
	umask = process.umask(0o022);
});
afterAll(() => void process.umask(umask));

it.each<[FilePermissions, directory: string, mode: string]>([
	['automatic', '700', '600'],
	['automatic', '750', '660'],
	['automatic', '755', '664'],
	['automatic', '711', '664'],
	['automatic', '2770', '660'],
	['automatic', '744', '600'],
	['owner', '777', '600'],
	['group', '700', '660'],
	['system', '700', '664'],
])('%s: a file in a directory with mode %s has %s, before the umask', (permissions, directory, mode) => {
	expect(octal(fileMode(permissions, Number.parseInt(directory, 8)).mode)).toBe(mode);
});

it('is automatic in a credential that was saved before there was a choice', () => {
	for (const value of [undefined, null, '', 'other', 7]) expect(filePermissionsOf(value)).toBe('automatic');
	for (const value of ['automatic', 'owner', 'group', 'system'] as const) expect(filePermissionsOf(value)).toBe(value);
	expect(octal(directoryMode('automatic').mode)).toBe('700');
});

function promises(
	open: (permissions?: FilePermissions) => { root: string; folder: Folder },
	system: { file: string; directory: string },
): void {
	it('lets nobody else read what is written into directories that are made', async () => {
		const { root, folder } = open();
		await folder.create('orders/new', 'a.csv', 'x');
		expect([modeOf(root, 'orders'), modeOf(root, 'orders/new'), modeOf(root, 'orders/new/a.csv')]).toEqual(['700', '700', '600']);
		await folder.move('orders/new', 'a.csv', 'orders/archive');
		await folder.create('orders/new', 'b.csv', 'x');
		await folder.take('orders/new', 'b.csv', 'orders/reading', 'b');
		expect([
			modeOf(root, 'orders/archive'),
			modeOf(root, 'orders/reading'),
			modeOf(root, 'orders/archive/a.csv'),
			modeOf(root, 'orders/reading/b'),
		]).toEqual(['700', '700', '600', '600']);
	});

	it('changes nothing where a directory lets others in', async () => {
		const { root, folder } = open();
		fs.mkdirSync(path.join(root, 'orders'));
		fs.chmodSync(path.join(root, 'orders'), 0o755);
		await folder.create('orders', 'a.csv', 'x');
		expect(modeOf(root, 'orders/a.csv')).toBe(system.file);
	});

	it('does what was chosen', async () => {
		const modes = async (permissions: FilePermissions): Promise<string[]> => {
			const { root, folder } = open(permissions);
			await folder.create('orders', 'a.csv', 'x');
			fs.mkdirSync(path.join(root, 'open'));
			fs.chmodSync(path.join(root, 'open'), 0o777);
			await folder.create('open', 'a.csv', 'x');
			return [modeOf(root, 'orders'), modeOf(root, 'orders/a.csv'), modeOf(root, 'open/a.csv')];
		};
		expect(await modes('owner')).toEqual(['700', '600', '600']);
		expect(await modes('group')).toEqual(['770', '660', '660']);
		expect(await modes('system')).toEqual([system.directory, system.file, system.file]);
	});

	it('keeps the bit that hands down the group', async () => {
		const { root, folder } = open('group');
		fs.mkdirSync(path.join(root, 'shared'));
		fs.chmodSync(path.join(root, 'shared'), 0o2770);
		await folder.create('shared/orders', 'a.csv', 'x');
		expect([modeOf(root, 'shared/orders'), modeOf(root, 'shared/orders/a.csv')]).toEqual(['2770', '660']);
	});
}

describe('in a local folder', () => {
	promises(
		(permissions) => {
			const root = temporaryDirectory();
			return { root, folder: openLocalFolder(root, unrestrictedFileAccess, permissions) };
		},
		{ file: '644', directory: '755' },
	);

	it('leaves the files of a partner as they are', async () => {
		const root = temporaryDirectory();
		const folder = openLocalFolder(root, unrestrictedFileAccess);
		put(root, { 'orders/a.csv': 'x' });
		await folder.take('orders', 'a.csv', 'orders/reading', 'a');
		await folder.move('orders/reading', 'a', 'orders/archive', 'a.csv');
		expect(modeOf(root, 'orders/archive/a.csv')).toBe('644');
	});
});

const missing = sshdMissing();

if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('on an SFTP server', () => {
		let server: Sshd;
		let count = 0;
		const folders: SftpFolder[] = [];
		beforeAll(async () => {
			server = await Sshd.open();
		});
		afterAll(async () => {
			for (const folder of folders) await folder.close();
			await server.close();
		});

		// The stream sets the mode of a file itself, as it always did.
		promises(
			(permissions) => {
				const root = path.join(server.root, `place-${(count += 1)}`);
				fs.mkdirSync(root);
				const folder = openSftpFolder({ ...server.account, directory: root }, undefined, permissions);
				folders.push(folder);
				return { root, folder };
			},
			{ file: '664', directory: '755' },
		);
	});
