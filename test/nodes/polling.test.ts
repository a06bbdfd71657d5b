/** Errors of triggers as people see them: at publishing, at n8n's start, and later. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NodeOperationError } from 'n8n-workflow';
import { FulfillmentError } from '../../lib/order/errors';
import { defaultOrderStoreFile, toNodeError } from '../../nodes/shared/context';
import { NodeSqlite } from '../../lib/store/database/nodeSqlite';
import { node } from '../../testing/engine/buildWorkflow';
import type { Site } from '../templates/site';
import { eachTest, run, triggerOf } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const TRIGGERS: Array<[type: string, parameters: object]> = [
	['fileOrderImportTrigger', { store: 'acme' }],
	['orderStoreTrigger', {}],
	['wmsShipmentPollTrigger', {}],
];

/** The store as a newer version would have left it; the result puts that right. */
async function usedByNewerVersion(): Promise<() => void> {
	await (await site.store()).close();
	const change = (sql: string): void => {
		const database = new NodeSqlite(defaultOrderStoreFile());
		database.prepare(sql).run();
		database.close();
	};
	change(`INSERT INTO oms_migrations (timestamp, name) VALUES (1999999999999, 'Future1999999999999')`);
	return () => change(`DELETE FROM oms_migrations WHERE timestamp = 1999999999999`);
}

describe.each(TRIGGERS)('%s', (type, parameters) => {
	const trigger = () => triggerOf(type, { ...parameters });

	it('cannot be published while the store is of a newer version, and the one text that n8n shows says what to do', async () => {
		const update = await usedByNewerVersion();
		await expect(site.engine.publish(trigger())).rejects.toMatchObject({
			message: expect.stringMatching(/made by a newer version .*Update the community node/),
		});
		update();
		await site.engine.publish(trigger());
	});

	it('is started by n8n although the store cannot be used, fails in the open at every poll, and goes on once it can', async () => {
		const update = await usedByNewerVersion();
		const published = await site.engine.publish(trigger(), 'init');
		expect(published.executions).toEqual([]);
		site.exports({ orderNumber: '1' });
		for (let time = 0; time < 2; time += 1) {
			const [failed] = await site.engine.tick(published);
			expect(failed?.status).toBe('error');
			expect(failed?.error).toMatchObject({
				message: expect.stringMatching(/^The order store was made by a newer version of [^ ]+ \([^)]+\)\.$/),
				description: expect.stringContaining('Update the community node'),
			});
		}
		update();
		expect((await site.engine.tick(published)).filter(({ status }) => status === 'error')).toEqual([]);
		expect(Object.keys(await site.statuses())).toEqual(type === 'fileOrderImportTrigger' ? ['1'] : []);
	});
});

it('names the credential that was deleted, in triggers and in actions', async () => {
	site.engine.credentials.remove('orderStoreApi', 'Order Store');
	const deleted = {
		message: expect.stringMatching(/^The credential "Order Store" of the node "Node" cannot be used: /),
		description: expect.stringContaining('Choose a credential in the node'),
	};
	await expect(site.engine.publish(triggerOf('orderStoreTrigger', {}))).rejects.toMatchObject(deleted);
	expect((await run(site, 'orderStore', { resource: 'order', operation: 'getAll' }, [{}])).error).toMatchObject(deleted);
});

it.each([
	'ECONNREFUSED',
	'ECONNRESET',
	'ENOTFOUND',
	'ETIMEDOUT',
	'EHOSTUNREACH',
	'ENOENT',
	'EISDIR',
	'ENOTDIR',
	'EACCES',
	'EEXIST',
	'EPERM',
])('keeps our sentence with %s in it', (code) => {
	const message = `Cannot create /exchange/orders/1.csv: something happened (${code}).`;
	const own = node('Node', 'wmsSend');
	// What n8n makes of it: a general sentence that says neither where nor what to do.
	expect(new NodeOperationError(own, message).message).not.toBe(message);
	expect(toNodeError(own, new FulfillmentError('file_access', message, 'Do this.'))).toMatchObject({ message, description: 'Do this.' });
});

it('says what keeps the file of the embedded store from being used', async () => {
	await (await site.store()).close();
	const search = async () => (await run(site, 'orderStore', { resource: 'order', operation: 'getAll' }, [{}])).error;
	const file = defaultOrderStoreFile();
	rmSync(path.dirname(file), { recursive: true });
	mkdirSync(file, { recursive: true });
	expect(await search()).toMatchObject({
		message: expect.stringContaining('its file cannot be opened ('),
		description: expect.stringContaining('Check the path'),
	});
	rmSync(file, { recursive: true });
});
