/** (c) Queue mode: Postgres, Redis, a main process and two workers; one of the workers is killed in the middle of a send. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sampleOrders } from '../../demo/shop';
import type { PartBody } from './main';
import { checkExecutions, published, SETTLED_MS, split } from './lifecycle';
import type { Part } from './Part';
import { byStatus, People } from './People';
import type { Instance } from './n8n/Instance';
import { Rest, type WorkflowJson } from './n8n/Rest';
import { createCredentials, templateCredentials, withCredentials } from './n8n/setUp';
import { installInto } from './n8n/tarball';
import { ownDatabase, ownRedis, queueEnvironment } from './servers';
import { isClean, Site, verdict } from './Site';
import { forStores, importedAgain, peopleWorkflow, withOptions } from './workflows';

const WORKERS = ['worker-1', 'worker-2'] as const;
/** What n8n writes about the execution of a worker that went away, and what the nodes say without a store credential. */
const LOST_WORKER_OR_REFUSED = /failed to be processed too many times|cannot be used in queue mode/;
/** A folder for each of as many stores, so that as many imports run at the same time; workers take two each, or one could take all. */
const INBOXES = ['orders', 'orders-2', 'orders-3', 'orders-4'];
const STORES = INBOXES.map((inbox) => `shop of ${inbox}`);

/** So many orders come when no worker is killed any more, one to each folder at a time. */
const LATE = 3 * INBOXES.length;

export const queuePart: PartBody = async (part, { own }) => {
	const database = await ownDatabase(part);
	const env = queueEnvironment(database, await ownRedis(part));
	for (const name of ['main', ...WORKERS]) installInto(path.join(part.folder, name), own);
	const main = await part.start('main', { env });
	const rest = new Rest(main.url);
	await rest.signIn();
	const workers: Partial<Record<(typeof WORKERS)[number], Instance>> = {};
	const startWorker = async (name: (typeof WORKERS)[number]): Promise<void> => {
		workers[name] = await part.start(name, { env, command: 'worker', concurrency: 2 });
	};
	for (const name of WORKERS) await startWorker(name);

	const site = new Site(path.join(part.folder, 'site'), sampleOrders(part.settings.all ? 260 : 40));
	part.atEnd(() => site.stop());
	const { orders } = site;
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
	const credentials = await createCredentials(rest, templateCredentials({ shop: site.shop, warehouse: site.warehouse, store }));
	const people = new People(rest);
	const peopleId = await rest.createWorkflow(withCredentials(peopleWorkflow(), credentials));
	await rest.publish(peopleId);
	await refusesWithoutCredential(part, rest, credentials);

	const [first, ...others] = published(3).map((workflow) => forStores(withCredentials(workflow, credentials), STORES)) as [
		WorkflowJson,
		...WorkflowJson[],
	];
	const imports = INBOXES.map((inboxDirectory, index) => ({
		...withOptions(forStores(index === 0 ? first : importedAgain(first), [STORES[index]!]), 'fileOrderImportTrigger', {
			inboxDirectory,
			archiveDirectory: `${inboxDirectory}/archive`,
		}),
		name: `01 ${inboxDirectory}`,
	}));
	const { plain: straight, trouble } = split(orders);
	const [plain, late] = [straight.slice(0, -LATE), straight.slice(-LATE)];
	site.export(trouble);
	await pause(SETTLED_MS);
	const begun = Date.now();
	for (const workflow of [...imports, ...others]) await rest.publish(await rest.createWorkflow(workflow));
	await part.until(
		'people corrected orders',
		async () => {
			await people.correct();
			return people.corrected >= 4;
		},
		120,
		1000,
	);
	part.say(
		`${imports.length + others.length} workflows are published; ${await people.putAway()} orders put away by people, ${people.corrected} corrected`,
	);
	part.say(`the shop exports ${plain.length} more orders into ${INBOXES.length} folders, some of them twice`);
	const size = Math.ceil(plain.length / INBOXES.length);
	INBOXES.forEach((inbox, index) => {
		site.export(plain.slice(index * size, (index + 1) * size), inbox);
		site.export(plain.slice(index * size, index * size + 5), inbox);
	});
	const before = site.sent;

	let kills = 0;
	const killAndStart = async (what: string, holds: () => boolean): Promise<void> => {
		if (!(await part.until(`a worker ${what}`, holds, 150, 2))) return;
		const [left, right] = WORKERS.map((name) => unfinishedOf(logOf(part, name))) as [number, number];
		const name = left >= right ? WORKERS[0] : WORKERS[1];
		await workers[name]!.kill();
		kills += 1;
		part.say(
			`${name} is killed while it ${what}, ${Math.max(left, right)} executions under way: ${site.sent} orders at the warehouse, ${site.tracked} parcels in the shop`,
		);
		await startWorker(name);
	};
	await killAndStart('sends', () => site.sent >= before + 5);
	site.export(orders.filter(({ kind }) => kind.endsWith('exported again')));
	part.check('the malformed row is kept as an import failure', (await people.importFailures()) === 1);
	site.exportCorrected();
	const uploaded = site.tracked;
	await killAndStart('uploads tracking', () => site.tracked >= uploaded + 3);
	await site.deliver(2);
	for (let time = 0; part.settings.all && time < 8; time += 1) {
		const name = WORKERS[time % 2]!;
		const sent = site.sent;
		await pause(60_000 - (Date.now() % 60_000) + Math.random() * 1500);
		await workers[name]!.kill();
		kills += 1;
		part.say(`${name} is killed: ${sent} orders at the warehouse`);
		await startWorker(name);
	}

	// Both are up: imports from all folders at once, for both to take.
	for (let from = 0; from < late.length; from += INBOXES.length) {
		const sent = site.sent;
		INBOXES.forEach((inbox, index) => site.export(late.slice(from + index, from + index + 1), inbox));
		await part.until('late orders are at the warehouse', () => site.sent >= sent + INBOXES.length, 300, 1000);
	}

	let third = false;
	const finished = async (): Promise<boolean> => {
		await people.correct();
		if (!third && part.seconds > 120) {
			third = true;
			await site.deliver(3);
		}
		return third && isClean(site.audit());
	};
	await part.until(
		'every order is where it should be',
		finished,
		part.settings.all ? 1800 : 600,
		3000,
		() => `${site.sent} sent, ${site.tracked} parcels in the shop; ${verdict(site.audit())}`,
	);
	const took = (Date.now() - begun) / 60_000;
	await pause(65_000);

	const counted = site.audit();
	for (const line of Object.values(counted).flat().slice(0, 20)) part.say(`       ${line}`);
	part.check(`counted in the folders: ${orders.length} orders, workers killed ${kills} times`, isClean(counted), verdict(counted));
	part.say(`in the store: ${byStatus(await people.orders())}; ${people.corrected} orders corrected by people`);
	part.say(`${(orders.length / took).toFixed(0)} orders a minute, crashes, holds and waiting for the schedule included`);
	const done = WORKERS.map((name) => finishedIn(logOf(part, name), peopleId));
	part.check(
		'both workers were busy',
		done.every((count) => count >= 5),
		WORKERS.map((name, index) => `${name} ran ${done[index]} executions`).join(', '),
	);
	await checkExecutions(part, rest, LOST_WORKER_OR_REFUSED);
	for (const instance of [...Object.values(workers), main]) await instance.stop();
};

const logOf = (part: Part, name: string): string => path.join(part.folder, `${name}.log`);
const countIn = (log: string, text: string): number => readFileSync(log, 'utf8').split(text).length - 1;
/** How many executions a worker finished, those of one workflow left out. */
const finishedIn = (log: string, otherThan: string): number =>
	readFileSync(log, 'utf8')
		.split('\n')
		.filter((line) => line.includes('Worker finished execution') && !line.includes(otherThan)).length;
const unfinishedOf = (log: string): number => countIn(log, 'Worker started execution') - countIn(log, 'Worker finished execution');

/** The embedded store cannot serve several processes on several machines: the nodes say so, at publishing and at running. */
async function refusesWithoutCredential(part: Part, rest: Rest, credentials: ReadonlyMap<string, string>): Promise<void> {
	const sentence = /The embedded order store cannot be used in queue mode/;
	const without = (workflow: WorkflowJson): WorkflowJson => ({
		...workflow,
		name: `${workflow.name} without a store`,
		nodes: workflow.nodes.map((node) => ({
			...node,
			credentials: Object.fromEntries(Object.entries(node.credentials ?? {}).filter(([type]) => type !== 'orderStoreApi')),
		})),
	});
	const trigger = await rest.createWorkflow(withCredentials(without(published(1)[0]!), credentials));
	const refused = await rest.publish(trigger).then(
		() => 'it was published',
		(error: unknown) => (error instanceof Error ? error.message : String(error)),
	);
	await rest.unpublish(trigger);
	part.check('without a store credential, publishing an import is refused with its reason', sentence.test(refused), refused.slice(0, 300));

	const [webhook, action] = peopleWorkflow({}).nodes;
	const workflow: WorkflowJson = {
		name: 'An action without a store',
		nodes: [{ ...webhook!, parameters: { ...webhook!.parameters, path: 'no-store' } }, action!],
		connections: { [webhook!.name]: { main: [[{ node: action!.name, type: 'main', index: 0 }]] } },
	};
	const id = await rest.createWorkflow(workflow);
	await rest.publish(id);
	await rest.webhook('no-store', {}).catch(() => undefined);
	let told = 'no failed execution';
	await part.until(
		'the execution failed',
		async () => {
			const [failed] = await rest.executions({ workflowId: id, status: 'error' });
			if (failed === undefined) return false;
			told = JSON.stringify((await rest.api<{ data: unknown }>('GET', `/executions/${failed.id}?includeData=true`)).data);
			return true;
		},
		30,
	);
	const message = /"message":"([^"]*)"/.exec(told)?.[1] ?? told.slice(0, 200);
	part.check('without a store credential, a node on a worker fails with its reason', sentence.test(told), message);
	await rest.unpublish(id);
}
