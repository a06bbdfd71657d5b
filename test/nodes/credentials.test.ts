/** The tests of credentials, and which folders and files of this machine the nodes may use. */
import '../../testing/engine/core';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, INodeCredentialTestResult } from 'n8n-workflow';
import { existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { OrderStore } from '../../nodes/OrderStore/OrderStore.node';
import { WmsSend } from '../../nodes/WmsSend/WmsSend.node';
import { Runner } from '../../testing/engine/Runner';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const allowed = () => path.join(site.folder, 'allowed');
const outside = () => path.join(site.folder, 'outside');
beforeEach(() => {
	for (const folder of [allowed(), outside()]) mkdirSync(folder);
	process.env.N8N_RESTRICT_FILE_ACCESS_TO = allowed();
});

const credential = (data: ICredentialDataDecryptedObject) => ({ id: '1', name: 'Test', type: 'any', data });
function context(): CredentialTestContext {
	const registry = new NodeRegistry();
	const runner = new Runner(registry, new CredentialStore(registry.credentialTypes));
	return new CredentialTestContext(runner.additionalData({ name: 'Test', nodes: [], connections: {} }));
}
const testStore = async (data: ICredentialDataDecryptedObject): Promise<INodeCredentialTestResult> =>
	await new OrderStore().methods.credentialTest['orderStoreConnectionTest']!.call(context(), credential(data));
const testFolder = async (folder: string): Promise<INodeCredentialTestResult> =>
	await new WmsSend().methods.credentialTest['fileExchangeTest']!.call(context(), credential({ folder }));

it('every credential type is tested, by itself or by every node that uses it', () => {
	const requests = new Map(
		loadSourceClasses()
			.credentialTypes.map((CredentialClass) => new CredentialClass())
			.map(({ name, test }) => [name, test]),
	);
	for (const NodeClass of loadSourceClasses().nodeTypes) {
		const node = new NodeClass();
		if (!('methods' in node)) throw new Error(`${node.description.name} has no methods`);
		if (!('credentials' in node.description)) continue;
		const tests = Object.keys(node.methods?.credentialTest ?? {});
		for (const { name, testedBy } of Array.isArray(node.description.credentials) ? node.description.credentials : []) {
			// One that a request tests brings its test with it.
			if (testedBy === undefined) expect({ name, test: requests.get(name) }).toEqual({ name, test: expect.anything() });
			else expect(tests).toContain(testedBy);
		}
	}
});

it('no test by a request takes the sign-in to another host', () => {
	const requests = loadSourceClasses().credentialTypes.flatMap((CredentialClass) => new CredentialClass().test ?? []);
	expect(requests.length).toBeGreaterThan(0);
	for (const { request } of requests) expect(request).toMatchObject({ disableFollowRedirect: true });
});

describe('File Exchange', () => {
	it.each<[string, () => string, 'OK' | 'Error', RegExp]>([
		['a folder that is allowed', allowed, 'OK', /can be used/],
		['white space around it', () => ` ${allowed()} `, 'OK', /can be used/],
		['a folder that is not there', () => path.join(allowed(), 'gone'), 'Error', /does not exist\. Create the folder/],
		['no folder', () => '', 'Error', /not an absolute path/],
		['a relative path', () => 'shop', 'Error', /not an absolute path\. Enter the whole path/],
		['a folder that is not allowed', outside, 'Error', /n8n does not allow access to .*outside.*N8N_RESTRICT_FILE_ACCESS_TO/],
		['a path that climbs out', () => `${allowed()}/../outside`, 'Error', /does not allow access/],
		[
			'a link that leads out',
			() => (symlinkSync(outside(), path.join(allowed(), 'link')), path.join(allowed(), 'link')),
			'Error',
			/link \(which leads to .*outside\)/,
		],
		['a neighbour with the same beginning', () => (mkdirSync(`${allowed()}-too`), `${allowed()}-too`), 'Error', /does not allow access/],
	])('%s', async (_, folder, status, message) =>
		expect(await testFolder(folder())).toEqual({ status, message: expect.stringMatching(message) }),
	);

	it('is kept by the nodes themselves', async () => {
		const [order] = await orders(site, {});
		await run(site, 'orderRules', {}, itemsOf(order ? [order] : []));
		for (const name of ['Warehouse folder', 'Shop folder'])
			site.engine.credentials.set({ type: 'fileExchangeApi', name, data: { folder: outside() } });
		const sent = await run(site, 'wmsSend', {}, itemsOf(order ? [order] : []));
		expect(sent.outputs[1]?.[0]?.json['message']).toMatch(/does not allow access/);
		await expect(poll(site, 'fileOrderImportTrigger', { store: 'acme' })).rejects.toMatchObject({
			message: expect.stringContaining('does not allow access'),
			description: expect.stringContaining('N8N_RESTRICT_FILE_ACCESS_TO'),
		});
		await expect(poll(site, 'wmsShipmentPollTrigger', {})).rejects.toMatchObject({
			message: expect.stringContaining('does not allow access'),
		});
		expect(existsSync(path.join(outside(), 'orders'))).toBe(false);
	});

	it.each<[string | undefined, directory: number, file: number]>([
		[undefined, 0o700, 0o600],
		['group', 0o770, 0o660],
		['system', 0o777 & ~process.umask(), 0o664 & ~process.umask()],
	])('has files and directories with the permissions that it says: %s', async (filePermissions, directory, file) => {
		const [order] = await orders(site, {});
		await run(site, 'orderRules', {}, itemsOf(order ? [order] : []));
		site.engine.credentials.set({
			type: 'fileExchangeApi',
			name: 'Warehouse folder',
			data: { folder: allowed(), ...(filePermissions === undefined ? {} : { filePermissions }) },
		});
		expect((await run(site, 'wmsSend', {}, itemsOf(order ? [order] : []))).outputs[0]).toHaveLength(1);
		const made = path.join(allowed(), 'orders');
		expect([statSync(made).mode & 0o777, statSync(path.join(made, `${order?.reference}.csv`)).mode & 0o777]).toEqual([directory, file]);
	});

	it('is not left through a link inside the folder', async () => {
		process.env.N8N_RESTRICT_FILE_ACCESS_TO = site.folder;
		const shop = path.join(allowed(), 'shop');
		mkdirSync(shop);
		symlinkSync(outside(), path.join(shop, 'orders'));
		site.put('outside', 'orders.json', '[]');
		site.engine.credentials.set({ type: 'fileExchangeApi', name: 'Shop folder', data: { folder: shop } });
		await expect(poll(site, 'fileOrderImportTrigger', { store: 'acme' })).rejects.toMatchObject({
			message: expect.stringContaining('leads out of the exchange folder'),
			description: expect.stringContaining('Remove the link'),
		});
		expect(existsSync(path.join(outside(), 'orders.json'))).toBe(true);
	});
});

describe('Order Store on SQLite', () => {
	it('takes the embedded file, and one in an allowed folder', async () => {
		expect(await testStore({})).toEqual({ status: 'OK', message: 'The order store is ready.' });
		expect(existsSync(path.join(site.folder, '.n8n', 'n8n-nodes-order-fulfillment', 'orders.sqlite'))).toBe(true);
		expect(await testStore({ database: 'sqlite', file: path.join(allowed(), 'deep', 'mine.sqlite') })).toMatchObject({ status: 'OK' });
		expect(existsSync(path.join(allowed(), 'deep', 'mine.sqlite'))).toBe(true);
	});

	it.each<[string, () => string, RegExp]>([
		['a file that is not allowed', () => path.join(outside(), 'a.sqlite'), /does not allow access .*N8N_RESTRICT_FILE_ACCESS_TO/],
		[
			'a link that leads out',
			() => (symlinkSync(outside(), path.join(allowed(), 'link')), path.join(allowed(), 'link', 'a.sqlite')),
			/which leads to/,
		],
		[
			'a file that is a dangling link',
			() => (symlinkSync(path.join(outside(), 'b'), path.join(allowed(), 'b.sqlite')), path.join(allowed(), 'b.sqlite')),
			/cannot be reached/,
		],
		['a relative path', () => 'orders.sqlite', /not an absolute path/],
		['a folder in place of the file', allowed, /cannot be used: its file cannot be opened/],
	])('refuses %s', async (_, file, message) => {
		expect(await testStore({ database: 'sqlite', file: file() })).toEqual({ status: 'Error', message: expect.stringMatching(message) });
		expect(existsSync(path.join(outside(), 'a.sqlite'))).toBe(false);
	});

	it('says that queue mode needs Postgres', async () => {
		process.env.EXECUTIONS_MODE = 'queue';
		try {
			expect((await run(site, 'orderStore', { resource: 'order', operation: 'getAll' }, [{}])).error).toMatchObject({
				message: expect.stringContaining('queue mode'),
				description: expect.stringContaining('Postgres'),
			});
		} finally {
			delete process.env.EXECUTIONS_MODE;
		}
	});
});

describe('Order Store on Postgres', () => {
	const secret = 'kEep-thIs-secret';
	const postgres = (port: number): ICredentialDataDecryptedObject => ({
		database: 'postgres',
		host: '127.0.0.1',
		port,
		databaseName: 'n8n',
		user: 'n8n',
		password: secret,
		ssl: 'off',
		schema: 'public',
		tablePrefix: 'oms_',
	});
	let server: Server | undefined;
	afterEach(async () => await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

	/** Asks for a password and refuses it, as a Postgres server does. */
	async function refusingServer(): Promise<number> {
		const message = (type: string, body: Buffer) =>
			Buffer.concat([Buffer.from(type), Buffer.from(Uint32Array.of(body.length + 4).buffer).reverse(), body]);
		server = createServer((socket) => {
			let asked = false;
			socket.on('error', () => undefined);
			socket.on('data', () => {
				if (asked) return void socket.end(message('E', Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed for user "n8n"\0\0')));
				asked = true;
				socket.write(message('R', Buffer.from([0, 0, 0, 3])));
			});
		});
		await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
		return (server?.address() as AddressInfo).port;
	}

	async function unusedPort(): Promise<number> {
		const probe = createServer();
		await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
		const { port } = probe.address() as AddressInfo;
		await new Promise((resolve) => probe.close(resolve));
		return port;
	}

	it('says that the server cannot be reached', async () => {
		const result = await testStore(postgres(await unusedPort()));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(/host|port|reach/) });
		expect(result.message).not.toContain(secret);
	});

	it('says that user or password are wrong, without the password', async () => {
		const port = await refusingServer();
		const result = await testStore(postgres(port));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(/password/) });
		expect(result.message).not.toContain(secret);
		site.engine.credentials.set({ type: 'orderStoreApi', name: 'Order Store', data: postgres(port) });
		const { error } = await run(site, 'orderStore', { resource: 'order', operation: 'getAll' }, [{}]);
		expect(error).toMatchObject({ name: 'NodeOperationError', description: expect.any(String) });
		expect(JSON.stringify(site.executions.map(({ run: record }) => record.data.resultData))).not.toContain(secret);
	});

	it('refuses names that would go into SQL', async () => {
		expect(await testStore({ ...postgres(1), tablePrefix: 'x"; DROP' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/table prefix .* not allowed\. Use/),
		});
	});
});
