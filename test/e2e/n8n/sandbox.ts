/** npm run n8n: a real n8n with the package, the templates and two exchange folders, to try everything by hand. */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exportFile, sampleOrders } from '../../../demo/shop';
import { freePorts, startN8n, troubleIn } from './Instance';
import { OWNER, Rest } from './Rest';
import { createCredentials, readTemplates, sampleCredentials, templateCredentials, withCredentials } from './setUp';
import { installInto, PACKAGE, packOwn, ROOT } from './tarball';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export async function runSandbox({ n8n, arguments: args }: { n8n: string; arguments: string[] }): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string', default: '5678' },
			fresh: { type: 'boolean', default: false },
			warehouse: { type: 'boolean', default: false },
			folder: { type: 'string' },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port ${values.port} is no port.`);
	const data = path.resolve(values.folder ?? path.join(ROOT, 'sandbox/.data'));
	if (values.fresh) rmSync(data, { recursive: true, force: true, maxRetries: 3 });
	const shop = path.join(data, 'shop');
	const warehouse = path.join(data, 'warehouse');
	for (const folder of [path.join(shop, 'orders'), warehouse]) mkdirSync(folder, { recursive: true });

	let started = Date.now();
	const tarball = packOwn(path.join(data, 'package'));
	installInto(data, tarball);
	console.log(`${PACKAGE} is packed and installed (${seconds(Date.now() - started)}). Starting n8n …`);

	const logFile = path.join(data, 'n8n.log');
	rmSync(logFile, { force: true });
	const ports = { http: port, broker: (await freePorts()).broker };
	await assertFree(port);
	const instance = await startN8n({ n8n, userFolder: data, ports, allowedFolders: [shop, warehouse], logFile });
	let ending = false;
	const end = (): void => {
		if (ending) return;
		ending = true;
		console.log('\nStopping n8n …');
		void instance.stop();
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
	console.log(`n8n is ready (${seconds(instance.startedInMs)}, ${instance.memory() ?? '?'} MB).`);

	try {
		const isNew = !existsSync(path.join(data, 'ready.json'));
		if (isNew) {
			started = Date.now();
			const rest = new Rest(instance.url);
			await rest.signIn();
			const templates = readTemplates();
			const own = templateCredentials({ shop, warehouse });
			const credentials = await createCredentials(rest, [...own, ...(await sampleCredentials(rest, templates, own))]);
			for (const template of templates) await rest.createWorkflow(withCredentials(template, credentials));
			writeFileSync(path.join(shop, 'orders_export_sample.csv'), exportFile(sampleOrders(20)));
			writeFileSync(path.join(data, 'ready.json'), JSON.stringify({ apiKey: rest.apiKey }), { mode: 0o600 });
			console.log(`${credentials.size} credentials and ${templates.length} workflows are made (${seconds(Date.now() - started)}).`);
		}
		if (values.warehouse) {
			const warehouseProcess = fork(path.join(ROOT, 'demo/warehouse.ts'), [warehouse], { execArgv: ['--import', 'tsx'] });
			void instance.exited.then(() => warehouseProcess.disconnect());
		}
		console.log(`
  Address     ${instance.url}
  Login       ${OWNER.email} / ${OWNER.password}
  API key     in ${path.join(data, 'ready.json')}
  Shop        ${shop}
              Put order exports into ${path.join(shop, 'orders')}; for a start:
              cp ${path.join(shop, 'orders_export_sample.csv')} ${path.join(shop, 'orders')}${path.sep}
  Warehouse   ${warehouse}${values.warehouse ? ' (works by itself)' : ''}
  Log         ${logFile}

Publish workflow 00 (or 01 to 05) in n8n, and the orders are on their way within a minute. Ctrl-C stops n8n.`);
		for (const line of troubleIn(logFile)) console.log(`  in the log: ${line}`);
	} catch (error) {
		end();
		await instance.exited;
		throw error;
	}
	await instance.exited;
	if (!ending) throw new Error(`n8n ended by itself; see ${logFile}.`);
	process.exit(0);
}

async function assertFree(port: number): Promise<void> {
	const answered = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
		() => true,
		() => false,
	);
	if (answered) throw new Error(`Something answers on port ${port} already. Choose another one: npm run n8n -- --port ${port + 1}`);
}
