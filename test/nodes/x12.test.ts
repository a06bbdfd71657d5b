/** WMS Send and WMS Shipment Poll Trigger with an EDI partner, on n8n's engine, with the store's control numbers; over SFTP against a real OpenSSH server. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeCredentialTestResult } from 'n8n-workflow';
import { WmsSend } from '../../nodes/WmsSend/WmsSend.node';
import { put } from '../files/openLocal';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import type { Site } from '../templates/site';
import { advice, madeByAnother } from '../wms/x12Harness';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const PARTNER = { ourId: 'MERCHANT', theirId: 'WAREHOUSE3PL', firstControlNumber: 4711 };
const partner = { orderStoreApi: { id: null, name: 'Order Store' }, x12PartnerApi: { id: null, name: 'EDI' } };

async function thereAndBack(root: string, exchange: 'local' | 'sftp', credentials: object): Promise<void> {
	site.engine.credentials.set({ type: 'x12PartnerApi', name: 'EDI', data: PARTNER });
	const more = { credentials: { ...partner, ...credentials } };
	const list = await orders(site, {}, {});
	await run(site, 'orderRules', {}, itemsOf(list));
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', { wms: 'x12', exchange }, itemsOf(list), more);
	const sent = readdirSync(path.join(root, 'to-warehouse'))
		.filter((name) => name.endsWith('.edi'))
		.sort();
	expect(sent).toEqual(list.map(({ reference }) => `${reference}.edi`).sort());
	const numbers = sent.map((name) => readFileSync(path.join(root, 'to-warehouse', name), 'latin1').slice(90, 99)).sort();
	expect(numbers).toEqual(['000004711', '000004712']);

	put(root, { 'from-warehouse/a.edi': madeByAnother([advice(list[0]!.reference, 'S1', [['RED-MUG', 2, 2]])]) });
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'x12', exchange, options: { settleSeconds: 0 } }, more);
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event'])).toEqual(['shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect((await (await site.store()).get(list[0]!.id))?.shipments).toMatchObject([
		{ trackingNumber: '1Z999AA10123456784', externalId: 'S1' },
	]);
	expect(readdirSync(path.join(root, 'to-warehouse')).filter((name) => name.startsWith('997'))).toEqual(['997-000004713.edi']);
	const canceled = await run(site, 'wmsSend', { wms: 'x12', exchange, operation: 'cancel' }, [{ id: list[1]!.id }], more);
	expect(canceled.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
}

it('sends once, polls the shipment once, answers it, and cancels what is not taken yet', async () => {
	await thereAndBack(path.join(site.folder, 'warehouse'), 'local', { fileExchangeApi: { id: null, name: 'Warehouse folder' } });
});

const missing = sshdMissing();
if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else {
	it('does the same over SFTP', async () => {
		const server = await Sshd.open();
		try {
			const { host, port = 22, user, privateKey = '', directory } = server.account;
			site.engine.credentials.set({
				type: 'sftpExchangeApi',
				name: 'SFTP',
				data: {
					host,
					port,
					username: user,
					signIn: 'privateKey',
					privateKey,
					passphrase: '',
					password: '',
					fingerprint: server.fingerprint,
					directory,
				},
			});
			await thereAndBack(server.root, 'sftp', { sftpExchangeApi: { id: null, name: 'SFTP' } });
		} finally {
			await server.close();
		}
	});
}

it.each([
	[PARTNER, 'OK', 'ZZ/MERCHANT to ZZ/WAREHOUSE3PL'],
	[{ ...PARTNER, ourId: '' }, 'Error', 'our ID'],
	[{ ...PARTNER, elementSeparator: 'X' }, 'Error', 'separator'],
	[{ ...PARTNER, trackingAt: 'W06' }, 'Error', 'Write MAN*CP'],
])('tests the partner: %j', async (data, status, words) => {
	const { x12PartnerTest } = new WmsSend().methods.credentialTest;
	const result: INodeCredentialTestResult = await x12PartnerTest!.call({} as never, { id: '1', name: 'EDI', type: 'x12PartnerApi', data });
	expect(result).toEqual({ status, message: expect.stringContaining(words) });
});
