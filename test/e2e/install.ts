/** (a) The package installed, updated and removed through the calls that n8n's "Community nodes" dialog makes. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sampleOrders } from '../../demo/shop';
import type { PartBody } from './main';
import { People } from './People';
import { Rest, type WorkflowJson } from './n8n/Rest';
import { createCredentials, fileTemplates, templateCredentials, withCredentials } from './n8n/setUp';
import { npmWith, ownVersion, PACKAGE, ROOT } from './n8n/tarball';
import { isClean, Site, verdict } from './Site';
import { hurried, peopleWorkflow } from './workflows';

const { n8n: lists } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};
const typeOf = (file: string): string => {
	const name = path.basename(file).split('.')[0]!;
	return name[0]!.toLowerCase() + name.slice(1);
};

export const installPart: PartBody = async (part, { own, previous }) => {
	const version = ownVersion();
	const binFolder = npmWith(path.join(part.folder, 'bin'), { [previous.version]: previous.tarball, [version]: own });
	const n8n = await part.start('n8n', { binFolder });
	const rest = new Rest(n8n.url);
	await rest.signIn();
	part.check('n8n does not know the nodes before', (await ourTypes(rest)).nodes.length === 0);
	const before = n8n.memory();

	const timed = async (method: string, query: string, body?: unknown): Promise<string> => {
		const started = Date.now();
		await rest.editor(method, `/rest/community-packages${query}`, body);
		return `${((Date.now() - started) / 1000).toFixed(1)} s`;
	};
	const installed = async (): Promise<string | undefined> =>
		((await rest.editor('GET', '/rest/community-packages')) as Array<{ packageName: string; installedVersion: string }>).find(
			({ packageName }) => packageName === PACKAGE,
		)?.installedVersion;
	const listed = async (when: string): Promise<void> => {
		const { nodes, credentials } = await ourTypes(rest);
		const missing = [
			...lists.nodes.map(typeOf).filter((name) => !nodes.includes(`${PACKAGE}.${name}`)),
			...lists.credentials.map(typeOf).filter((name) => !credentials.includes(name)),
		];
		part.check(
			`${when}: every node and credential is listed`,
			missing.length === 0,
			missing.length > 0 ? `missing ${missing.join(', ')}` : `${nodes.length} nodes, ${credentials.length} credentials`,
		);
	};

	part.say(
		`version ${previous.version} (from ${previous.from}) is installed in ${await timed('POST', '', { name: PACKAGE, version: previous.version })}`,
	);
	part.check('the installed version', (await installed()) === previous.version, await installed());
	await listed('installed');
	const after = n8n.memory();
	if (before !== null && after !== null) part.say(`memory of n8n: ${before} MB before the installation, ${after} MB after`);

	const plain = sampleOrders(16).filter(({ kind }) => kind === 'plain');
	const site = new Site(path.join(part.folder, 'site'), plain);
	part.atEnd(() => site.stop());
	const credentials = await createCredentials(rest, templateCredentials({ shop: site.shop, warehouse: site.warehouse }));
	const publish = async (workflow: WorkflowJson): Promise<void> =>
		await rest.publish(await rest.createWorkflow(withCredentials(workflow, credentials)));
	await publish(peopleWorkflow());
	for (const template of fileTemplates('01', '02', '03')) await publish(hurried(template, 3));
	const people = new People(rest);

	site.export(plain.slice(0, 8));
	await part.until('orders reach the warehouse under the earlier version', () => site.sent >= 8, 100);
	part.say(`version ${version} is installed over it in ${await timed('PATCH', '', { name: PACKAGE, version })}, while the triggers poll`);
	part.check('the installed version', (await installed()) === version, await installed());
	await listed('updated');
	part.check('orders are still there after the update', (await people.orders()).length === 8);
	site.export(plain.slice(8));
	await part.until(
		'all orders are shipped and their tracking is in the shop',
		() => isClean(site.audit()),
		240,
		500,
		() => verdict(site.audit()),
	);

	const store = path.join(part.folder, 'n8n/.n8n', PACKAGE, 'orders.sqlite');
	part.check('the store is where an update leaves it alone', existsSync(store), path.relative(part.folder, store));
	part.say(`removed in ${await timed('DELETE', `?name=${PACKAGE}`)}`);
	part.check('n8n does not know the nodes any more', (await ourTypes(rest)).nodes.length === 0);
	part.check('the store file is left', existsSync(store));
	part.say(`installed again in ${await timed('POST', '', { name: PACKAGE, version })}`);
	const kept = await people.orders();
	part.check(
		'all orders are there again',
		kept.length === plain.length && kept.every(({ status }) => status === 'closed'),
		`${kept.length} orders`,
	);
	part.check('counted in the folders', isClean(site.audit()), verdict(site.audit()));
	await n8n.stop();
};

async function ourTypes(rest: Rest): Promise<{ nodes: string[]; credentials: string[] }> {
	const nodes = (await rest.nodeTypes()).map(({ name }) => name).filter((name) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('Tool'));
	const credentials = (await rest.credentialTypes()).map(({ name }) => name).filter((name) => lists.credentials.map(typeOf).includes(name));
	return { nodes: [...new Set(nodes)], credentials };
}
