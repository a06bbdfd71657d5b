/** (b) The life of the orders in a published n8n that is killed, published anew, and doubled by mistake. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sampleOrders, type SampleOrder } from '../../demo/shop';
import type { PartBody } from './main';
import type { Part } from './Part';
import { byStatus, People } from './People';
import type { Instance } from './n8n/Instance';
import { Rest, type Execution, type WorkflowJson } from './n8n/Rest';
import { createCredentials, fileTemplates, templateCredentials, withCredentials } from './n8n/setUp';
import { installInto, PACKAGE } from './n8n/tarball';
import { isClean, Site, verdict } from './Site';
import { hurried, importedAgain, peopleWorkflow } from './workflows';

/** Longer than n8n's schedule needs to come round once more. */
const ONE_MORE_POLL_MS = 65_000;

/** A file is read once it has not changed for two seconds. */
export const SETTLED_MS = 2500;

/** Orders that go straight through, and those that need somebody on the way. */
export function split(orders: readonly SampleOrder[]): { plain: SampleOrder[]; trouble: SampleOrder[] } {
	return { plain: orders.filter(({ kind }) => kind === 'plain'), trouble: orders.filter(({ kind }) => kind !== 'plain') };
}

/** What is published: the lifecycle in its five workflows. */
export const published = (holdMinutes: number): WorkflowJson[] =>
	fileTemplates('01', '02', '03', '04', '05').map((template) => hurried(template, holdMinutes));

export const lifecyclePart: PartBody = async (part, { own }) => {
	const site = new Site(path.join(part.folder, 'site'), sampleOrders(part.settings.all ? 260 : 30));
	part.atEnd(() => site.stop());
	const { orders } = site;
	const run = new Lifecycle(part, site);
	installInto(path.join(part.folder, 'n8n'), own);
	await run.up();
	await run.signIn();
	const credentials = await createCredentials(run.rest, templateCredentials({ shop: site.shop, warehouse: site.warehouse }));
	const ids = new Map<string, string>();
	const workflows = published(3).map((workflow) => withCredentials(workflow, credentials));
	const { plain, trouble } = split(orders);
	// What people must correct comes first: an order that is processed anew waits five minutes before it is handed out.
	site.export(trouble);
	site.export(trouble.slice(0, 20));
	await pause(SETTLED_MS);
	const begun = Date.now();
	for (const workflow of [withCredentials(peopleWorkflow(), credentials), ...workflows]) {
		const id = await run.rest.createWorkflow(workflow);
		await run.rest.publish(id);
		ids.set(workflow.name, id);
	}
	part.say(`${workflows.length} templates are published; the shop exported ${trouble.length} orders with trouble, some of them twice`);
	await part.until(
		'people corrected orders',
		async () => {
			await run.people.correct();
			return run.people.corrected >= 4;
		},
		90,
		1000,
	);
	part.say(
		`${await run.people.putAway()} orders are put away by people, ${run.people.corrected} corrected; the shop exports ${plain.length} more`,
	);
	site.export(plain);
	site.export(plain.slice(0, 10));
	const before = site.sent;

	await run.killWhen('sends', () => site.sent >= before + Math.min(8, plain.length / 3));
	await run.up();
	site.export(orders.filter(({ kind }) => kind.endsWith('exported again')));
	part.check('the malformed row is kept as an import failure', (await run.people.importFailures()) === 1);
	site.exportCorrected();
	const uploaded = site.tracked;
	await run.killWhen('uploads tracking', () => site.tracked >= uploaded + 3);
	await run.up();

	part.say('all workflows are imported over and published again while they poll, and 03 a second time beside itself');
	for (const workflow of workflows) {
		const id = ids.get(workflow.name)!;
		await run.rest.updateWorkflow(id, workflow);
		await run.rest.publish(id);
	}
	await run.rest.publish(await run.rest.createWorkflow(importedAgain(workflows.find(({ name }) => name.startsWith('03'))!)));

	part.say('a second n8n is started by mistake, on the same store and the same folders');
	const second = await secondN8n(part, site, own);
	await run.people.correct();
	await site.deliver(2);
	if (part.settings.all) await run.randomKills(8);

	let third = false;
	const finished = async (): Promise<boolean> => {
		await run.people.correct();
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
	await pause(ONE_MORE_POLL_MS);

	const counted = site.audit();
	for (const line of Object.values(counted).flat().slice(0, 20)) part.say(`       ${line}`);
	part.check(`counted in the folders: ${orders.length} orders, n8n killed ${run.kills} times`, isClean(counted), verdict(counted));
	const found = await run.people.orders();
	part.say(`in the store: ${byStatus(found)}; ${run.people.corrected} orders corrected by people`);
	part.say(`${(orders.length / took).toFixed(0)} orders a minute, crashes, holds and waiting for the schedule included`);
	await checkExecutions(part, run.rest, null);
	await second.stop();
	await run.down();
};

/** An n8n that goes down and comes up again. */
class Lifecycle {
	kills = 0;
	readonly rest = new Rest('');
	readonly people = new People(this.rest);
	private n8n: Instance | null = null;

	constructor(
		private readonly part: Part,
		private readonly site: Site,
	) {}

	async up(): Promise<void> {
		this.n8n = await this.part.start('n8n');
		this.rest.url = this.n8n.url;
	}

	async signIn(): Promise<void> {
		await this.rest.signIn();
	}

	/** SIGKILL at the moment that the condition holds, seen from outside. */
	async killWhen(what: string, holds: () => boolean): Promise<void> {
		if (!(await this.part.until(`n8n ${what}`, holds, 150, 2))) return;
		await this.n8n!.kill();
		this.kills += 1;
		this.part.say(`n8n is killed while it ${what}: ${this.site.sent} orders at the warehouse, ${this.site.tracked} parcels in the shop`);
	}

	/** SIGKILL at moments that nobody chose, shortly after the schedule came round. */
	async randomKills(times: number): Promise<void> {
		for (let time = 0; time < times; time += 1) {
			await pause(60_000 - (Date.now() % 60_000) + Math.random() * 1500);
			await this.n8n!.kill();
			this.kills += 1;
			this.part.say(`killed, ${time + 1} of ${times}: ${this.site.sent} orders at the warehouse, ${this.site.tracked} parcels in the shop`);
			await this.up();
		}
	}

	async down(): Promise<void> {
		await this.n8n?.stop();
	}
}

/** Another installation with its own database, whose Order Store credential names the file that the first one uses. */
async function secondN8n(part: Part, site: Site, tarball: string): Promise<Instance> {
	installInto(path.join(part.folder, 'second'), tarball);
	const n8n = await part.start('second');
	const rest = new Rest(n8n.url);
	await rest.signIn();
	const file = path.join(part.folder, 'n8n/.n8n', PACKAGE, 'orders.sqlite');
	const credentials = await createCredentials(
		rest,
		templateCredentials({ shop: site.shop, warehouse: site.warehouse, store: { database: 'sqlite', file } }),
	);
	for (const workflow of published(3)) await rest.publish(await rest.createWorkflow(withCredentials(workflow, credentials)));
	part.say('both poll now');
	return n8n;
}

/** How executions ended. A crash may stop one, and what is `expected` may fail one; any other failure is a problem. */
export async function checkExecutions(part: Part, rest: Rest, expected: RegExp | null): Promise<void> {
	const all = await rest.executions();
	const counts = new Map<string, number>();
	for (const { status } of all) counts.set(status, (counts.get(status) ?? 0) + 1);
	const unexpected: string[] = [];
	for (const { id } of all.filter(({ status }) => status === 'error')) {
		const { data } = await rest.api<Execution>('GET', `/executions/${id}?includeData=true`);
		const { error, lastNodeExecuted } = data?.resultData ?? {};
		const told = `execution ${id}, ${lastNodeExecuted ?? '?'}: ${error?.message ?? '?'} ${error?.description ?? ''}`;
		if (expected === null || !expected.test(told)) unexpected.push(told);
	}
	const summary = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
	part.check('no execution failed but by a crash or on purpose', unexpected.length === 0, [summary, ...unexpected.slice(0, 5)].join('; '));
}
