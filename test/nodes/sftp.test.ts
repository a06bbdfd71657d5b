/** The file nodes over SFTP: on n8n's engine, with the credential, against a real OpenSSH server. */
import { readdirSync } from 'node:fs';
import { sftpExchangeTest } from '../../nodes/shared/credentialTests';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { put, tree } from '../files/openLocal';
import { eachTest, itemsOf, orders, poll, run } from './operator';
import type { Site } from '../templates/site';

const missing = sshdMissing();
const STORE = { orderStoreApi: { id: null, name: 'Order Store' } };
const credentials = { ...STORE, sftpExchangeApi: { id: null, name: 'SFTP' } };

if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('the nodes over SFTP', () => {
		let site: Site;
		let server: Sshd;
		eachTest((opened) => (site = opened));
		beforeAll(async () => {
			server = await Sshd.open();
		});
		afterAll(async () => await server.close());

		const data = (fingerprint: string) => {
			const { host, port = 22, user, privateKey = '', directory } = server.account;
			return { host, port, username: user, signIn: 'privateKey', privateKey, passphrase: '', password: '', fingerprint, directory };
		};
		const test = async (fingerprint: string) =>
			await sftpExchangeTest.call({} as never, { id: '1', name: 'SFTP', type: 'sftpExchangeApi', data: data(fingerprint) });

		it('shows the fingerprint at the first connection test, and signs in once it is in the credential', async () => {
			expect(await test('')).toEqual({ status: 'Error', message: expect.stringContaining(server.fingerprint) });
			expect(await test(server.fingerprint)).toEqual({ status: 'OK', message: expect.stringContaining('sftp://') });
		});

		it('send, poll, import and upload', async () => {
			site.engine.credentials.set({ type: 'sftpExchangeApi', name: 'SFTP', data: data(server.fingerprint) });
			const list = await orders(site, {});
			await run(site, 'orderRules', {}, itemsOf(list));
			const sent = await run(site, 'wmsSend', { wms: 'file', exchange: 'sftp' }, itemsOf(list), { credentials });
			expect(sent.error).toBeUndefined();
			expect(sent.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
			const [file] = readdirSync(`${server.root}/orders`);
			expect(file).toBe(`${list[0]?.reference}.csv`);
			put(server.root, {
				'shipments/a.csv': `reference,shipment_id,carrier,tracking_number,sku,quantity\n${list[0]?.reference},S1,UPS,1Z1,RED-MUG,2\n`,
			});
			const shipped = await poll(
				site,
				'wmsShipmentPollTrigger',
				{ wms: 'file', exchange: 'sftp', options: { settleSeconds: 0 } },
				'trigger',
				{ credentials },
			);
			expect(shipped).toMatchObject([{ event: 'shipped', shipment: { trackingNumber: '1Z1' } }]);
			const told = await run(site, 'cartUpdate', { cart: 'file', exchange: 'sftp', operation: 'uploadTracking' }, itemsOf(list), {
				credentials,
			});
			expect(told.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
			expect(Object.keys(tree(server.root)).filter((name) => name.startsWith('tracking/'))).toHaveLength(1);
			put(server.root, { 'orders/new.json': JSON.stringify([{ orderNumber: 'N9', lines: [{ sku: 'RED-MUG', quantity: 1 }] }]) });
			const parameters = { store: 'acme', exchange: 'sftp', format: 'json', options: { settleSeconds: 0, inboxDirectory: 'orders' } };
			expect(await poll(site, 'fileOrderImportTrigger', parameters, 'trigger', { credentials })).toMatchObject([{ orderNumber: 'N9' }]);
		});
	});
