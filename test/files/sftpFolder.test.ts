/** The exchange folder over SFTP, on a real OpenSSH server. */
import fs from 'node:fs';
import path from 'node:path';
import { FolderFailure } from '../../lib/files/Folder';
import { openSftpFolder, type SftpFolder } from '../../lib/files/sftpFolder';
import { inTransactionScope } from '../../lib/order/transactionScope';
import { fileWms } from '../../lib/wms/file';
import { anOrder } from '../carts/order';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { takesEverything } from './hurriedPartner';
import { put, textOf, tree } from './openLocal';

const missing = sshdMissing();

if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('a folder on an SFTP server', () => {
		let server: Sshd;
		const folders: SftpFolder[] = [];
		const open = (changes: Partial<Sshd['account']> = {}): SftpFolder => {
			const folder = openSftpFolder({ ...server.account, ...changes });
			folders.push(folder);
			return folder;
		};

		beforeAll(async () => {
			server = await Sshd.open();
		});
		afterEach(async () => {
			for (const folder of folders.splice(0)) await folder.close();
			for (const name of fs.readdirSync(server.root)) fs.rmSync(path.join(server.root, name), { recursive: true });
		});
		afterAll(async () => await server.close());

		it('lists, looks at, reads, creates and moves files', async () => {
			const folder = open();
			put(server.root, { 'in/b.csv': 'bb', 'in/a.csv': 'ä', 'in/.hidden': 'x', 'in/c.TMP': 'x', 'in/sub/d.csv': 'd' });
			fs.symlinkSync('/etc/passwd', path.join(server.root, 'in/link.csv'));
			expect((await folder.list('in')).map(({ name, size }) => [name, size])).toEqual([
				['a.csv', 2],
				['b.csv', 2],
			]);
			expect(await folder.list('absent')).toEqual([]);
			expect(await folder.stat('in', 'link.csv')).toBeNull();
			expect(await folder.stat('in', 'gone.csv')).toBeNull();
			expect(await textOf(folder.read('in', 'a.csv'))).toBe('ä');
			await expect(textOf(folder.read('in', 'link.csv'))).rejects.toMatchObject({ code: 'file_access' });
			expect(await folder.create('out/orders', 'x.csv', 'first')).toBe('created');
			expect(await folder.create('out/orders', 'x.csv', 'second')).toBe('exists');
			expect(await folder.move('in', 'a.csv', 'out/orders')).toBe('a.csv');
			expect(await folder.move('in', 'a.csv', 'out/orders')).toBeNull();
			put(server.root, { 'in/a.csv': 'another' });
			expect(await folder.move('in', 'a.csv', 'out/orders')).toMatch(/^a-[0-9a-f]{8}\.csv$/);
			const now = tree(server.root);
			expect(now).toMatchObject({ 'out/orders/x.csv': 'first', 'out/orders/a.csv': 'ä' });
			expect(Object.keys(now).filter((name) => name.startsWith('out/'))).toHaveLength(3);
			expect(server.connections()).toBe(1);
		});

		it('creates a name once, and moves a file once, however many try at the same time', async () => {
			const several = [open(), open(), open()];
			const made = await Promise.all(several.map(async (folder, index) => await folder.create('orders', 'same.csv', `by ${index}`)));
			expect(made.sort()).toEqual(['created', 'exists', 'exists']);
			const moved = await Promise.all(several.map(async (folder) => await folder.move('orders', 'same.csv', 'taken')));
			expect(moved.filter((name) => name !== null)).toHaveLength(1);
			expect(Object.keys(tree(server.root))).toHaveLength(1);
		});

		it('loses no file of a partner in a hurry, who writes on the server itself', async () => await takesEverything(server.root, open()));

		it('refuses a server that is not known, and shows its fingerprint', async () => {
			await expect(open({ fingerprint: '' }).list('')).rejects.toMatchObject({
				code: 'credentials_invalid',
				message: expect.stringContaining(server.fingerprint),
			});
			await expect(open({ fingerprint: 'SHA256:somethingElse' }).list('')).rejects.toMatchObject({
				code: 'credentials_invalid',
				message: expect.stringMatching(/is not the server that it was/),
			});
		});

		it('says what is wrong with a sign-in, a key, a folder and a port', async () => {
			await expect(open({ privateKey: '', password: 'wrong' }).list('')).rejects.toMatchObject({
				code: 'credentials_invalid',
				message: expect.stringContaining('refused the sign-in'),
			});
			await expect(open({ privateKey: 'no key' }).list('')).rejects.toMatchObject({
				code: 'credentials_invalid',
				message: expect.stringContaining('private key'),
			});
			await expect(open({ directory: `${server.root}/absent` }).list('')).rejects.toMatchObject({
				code: 'file_access',
				message: expect.stringContaining('does not exist'),
			});
			await expect(open({ directory: `${server.root}/absent` }).create('a', 'b.csv', '')).rejects.toMatchObject({
				message: expect.stringContaining('does not exist'),
			});
			await expect(open({ port: 1 }).list('')).rejects.toMatchObject({ retryable: true, message: expect.stringContaining('ECONNREFUSED') });
			await expect(open().create('..', 'b.csv', '')).rejects.toMatchObject({ code: 'file_access' });
			await expect(open().create('a', '../b.csv', '')).rejects.toMatchObject({ code: 'file_access' });
		});

		it('goes on with a new connection after the old one broke', async () => {
			const folder = open();
			expect(await folder.create('orders', 'a.csv', '1')).toBe('created');
			await server.stop();
			await expect(folder.list('orders')).rejects.toBeInstanceOf(FolderFailure);
			await server.start();
			expect((await folder.list('orders')).map(({ name }) => name)).toEqual(['a.csv']);
		});

		it('closes an idle connection by itself', async () => {
			const folder = openSftpFolder(server.account, 10);
			folders.push(folder);
			await folder.list('');
			for (let left = 200; server.connections() > 0 && left > 0; left -= 1) await new Promise((resolve) => setTimeout(resolve, 50));
			expect(server.connections()).toBe(0);
			expect(await folder.list('')).toEqual([]);
		});

		it('makes no call inside a database transaction', async () => {
			await expect(inTransactionScope(async () => await open().list(''))).rejects.toMatchObject({ code: 'network_in_transaction' });
		});

		it('carries the file warehouse: an order once, shipments back, reports archived', async () => {
			const session = fileWms.open(open(), { settleMs: 0 });
			expect(await session.createOrder(fileWms.toRequest(anOrder()))).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
			expect(await session.createOrder(fileWms.toRequest(anOrder()))).toEqual({
				kind: 'duplicate',
				wmsOrderId: 'acme.1001',
				differs: null,
			});
			put(server.root, {
				'shipments/a.csv': 'reference,shipment_id,carrier,tracking_number,sku,quantity\nacme.1001,S1,UPS,1Z1,RED-MUG,2\n',
			});
			for await (const page of session.listShipments(null, async function* () {})) {
				expect(page.events).toMatchObject([{ kind: 'shipped', externalId: 'S1/1Z1', trackingNumber: '1Z1' }]);
				await page.afterRecorded?.();
			}
			expect(Object.keys(tree(server.root))).toEqual(['orders/acme.1001.csv', 'shipments/archive/a.csv']);
		});
	});
