/**
 * (i) Queue mode with one worker and with two: four shops with an inbox each, the orders of all of them from the first import to the last
 * order file. Both runs on the same Postgres and the same n8n; only the second worker comes in between.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { PartBody } from '../../test/e2e/main';
import type { Part } from '../../test/e2e/Part';
import { Rest } from '../../test/e2e/n8n/Rest';
import { createCredentials, fileTemplates, templateCredentials, withCredentials } from '../../test/e2e/n8n/setUp';
import { installInto } from '../../test/e2e/n8n/tarball';
import { ownDatabase, ownRedis, queueEnvironment } from '../../test/e2e/servers';
import { importedAgain, peopleWorkflow, withOptions } from '../../test/e2e/workflows';
import { exportOrders, lastWritten, plainOrders } from './folders';

const SHOPS = 4;
const ORDERS = 100;

export const workersPart: PartBody = async (part, { own }) => {
	const database = await ownDatabase(part);
	const env = queueEnvironment(database, await ownRedis(part));
	for (const name of ['main', 'worker-1', 'worker-2']) installInto(path.join(part.folder, name), own);
	const main = await part.start('main', { env });
	const rest = new Rest(main.url);
	await rest.signIn();
	await part.start('worker-1', { env, command: 'worker' });
	const store = {
		database: 'postgres',
		host: database.host,
		port: database.port,
		databaseName: database.name,
		user: database.user,
		password: database.password,
		ssl: 'off',
		schema: 'public',
		tablePrefix: 'oms_',
	};
	const one = await measure(part, rest, 'one', store);
	await part.start('worker-2', { env, command: 'worker' });
	const two = await measure(part, rest, 'two', store);
	const rate = (ms: number): string => `${Math.round(((SHOPS * ORDERS) / ms) * 60_000)} orders a minute (${(ms / 1000).toFixed(1)} s)`;
	part.say(`one worker: ${rate(one)}; two workers: ${rate(two)}; ratio ${(one / two).toFixed(2)}`);
};

/** From the first import to the last order file, of orders that nobody has seen before. */
async function measure(part: Part, rest: Rest, round: 'one' | 'two', store: Record<string, unknown>): Promise<number> {
	const [shop, warehouse] = [path.join(part.folder, round, 'shop'), path.join(part.folder, round, 'warehouse')];
	mkdirSync(warehouse, { recursive: true });
	const named = templateCredentials({ shop, warehouse, store });
	const credentials = await createCredentials(rest, named);
	const [template] = fileTemplates('01');
	const ids: string[] = [];
	const orders = plainOrders(SHOPS * ORDERS);
	for (let index = 0; index < SHOPS; index += 1) {
		const inboxDirectory = `orders-${index}`;
		exportOrders(shop, orders.slice(index * ORDERS, (index + 1) * ORDERS), inboxDirectory);
		const workflow = withOptions(importedAgain(withCredentials(template!, credentials)), 'fileOrderImportTrigger', {
			inboxDirectory,
			archiveDirectory: `${inboxDirectory}/archive`,
		});
		for (const node of workflow.nodes) if (node.type.endsWith('fileOrderImportTrigger')) node.parameters.store = `${round}-${index}`;
		ids.push(await rest.createWorkflow({ ...workflow, name: `01 ${round} ${index}` }));
	}
	const search = await rest.createWorkflow({ ...withCredentials(peopleWorkflow(), credentials), name: `People ${round}` });
	if (round === 'one') await rest.publish(search);
	for (const id of ids) await rest.publish(id);
	let last: number | null = null;
	await part.until(
		`the orders of round ${round}`,
		() => (last = lastWritten(path.join(warehouse, 'orders'), SHOPS * ORDERS)) !== null,
		400,
		100,
	);
	const imported = (await rest.webhook('people-search', {}))
		.filter(({ store: name }) => String(name).startsWith(round))
		.map(({ importedAt }) => Date.parse(String(importedAt)));
	for (const id of ids) await rest.unpublish(id);
	return (last ?? Number.NaN) - Math.min(...imported);
}
