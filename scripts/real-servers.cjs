'use strict';
// Starts the real partner servers that tests run against, runs a command with their addresses in its environment, and stops them.
// Each server is an npm package of its own in test/real, installed when first needed, and gets a new database on the Postgres of
// TEST_POSTGRES_URL (default: postgres@127.0.0.1:5432), which is dropped at the end.
//
//   node scripts/real-servers.cjs <command> [arguments]   runs the command
//   node scripts/real-servers.cjs                         keeps the servers up until Ctrl+C, and prints their addresses
//   node scripts/real-servers.cjs --install               only installs
const { fork, spawn, spawnSync } = require('node:child_process');
const { createHash, randomBytes } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const windows = process.platform === 'win32';
const postgres = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');

const SERVERS = [{ name: 'vendure', label: 'Vendure', variable: 'VENDURE_URL', size: '150 MB' }];

const say = (text) => console.log(`[real servers] ${text}`);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function install({ name, label, size }) {
	const home = path.join(root, 'test/real', name);
	const mark = path.join(home, 'node_modules', '.installed');
	const wanted = createHash('sha256').update(readFileSync(path.join(home, 'package-lock.json'))).digest('hex');
	if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return home;
	const started = Date.now();
	say(`installing ${label} into test/real/${name} (once, ${size}, about a minute) …`);
	const done = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], { cwd: home, stdio: 'inherit', shell: windows });
	if (done.status !== 0) throw new Error(`The installation of ${label} failed.`);
	writeFileSync(mark, wanted);
	say(`${label} is installed (${seconds(started)})`);
	return home;
}

async function onPostgres(statement) {
	const { Client } = require('pg');
	const client = new Client({ connectionString: Object.assign(new URL(postgres), { pathname: '/postgres' }).href });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}

/** Gives the address of a new server with a new database, and how to stop it. */
async function start(server) {
	const { name, label } = server;
	const home = install(server);
	const started = Date.now();
	say(`starting ${label} on a new database of ${postgres.host} …`);
	const database = `test_real_${name}_${randomBytes(4).toString('hex')}`;
	await onPostgres(`CREATE DATABASE ${database}`);
	// It lives for one run; nobody needs what a crash would lose.
	await onPostgres(`ALTER DATABASE ${database} SET synchronous_commit = off`);
	require('tsx/cjs/api').register();
	const port = await require('../test/servers/ports.ts').freePort();
	const child = fork(path.join(home, 'server.cjs'), {
		cwd: home,
		silent: true,
		env: { ...process.env, PORT: String(port), DATABASE_URL: Object.assign(new URL(postgres), { pathname: `/${database}` }).href, NEW_DATABASE: 'true' },
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const stop = async () => {
		child.kill();
		await ended;
		await onPostgres(`DROP DATABASE IF EXISTS ${database}`);
	};
	try {
		await Promise.race([
			new Promise((resolve) => child.once('message', resolve)),
			ended.then((code) => Promise.reject(new Error(`${label} ended with ${code}`))),
			new Promise((_resolve, reject) => setTimeout(reject, 120_000, new Error(`${label} did not start within two minutes`)).unref()),
		]);
		const url = `http://127.0.0.1:${port}`;
		await require(path.join(home, 'seed.cjs')).seed(url);
		say(`${label} is up at ${url}, with its database seeded (${seconds(started)})`);
		return { url, stop };
	} catch (error) {
		await stop();
		throw new Error(`${error.message}\n${output}`);
	}
}

async function main(args) {
	if (args[0] === '--install') return void SERVERS.forEach(install);
	const running = [];
	let code = 1;
	let interrupt;
	const interrupted = new Promise((resolve) => (interrupt = resolve));
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
	try {
		const env = { ...process.env };
		for (const server of SERVERS) {
			const { url, stop } = await start(server);
			running.push(stop);
			env[server.variable] = url;
			if (args.length === 0) say(`${server.variable}=${url}`);
		}
		if (args.length === 0) {
			await interrupted;
			code = 0;
		} else {
			const [command, ...rest] = args;
			const child = spawn(command, rest, { cwd: root, env, stdio: 'inherit', shell: windows });
			void interrupted.then(() => child.kill());
			code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', (status) => resolve(status ?? 1)));
		}
	} finally {
		for (const stop of running) await stop();
	}
	process.exitCode = code;
}

main(process.argv.slice(2)).catch((error) => {
	console.error(`[real servers] ${error.message}`);
	process.exitCode = 1;
});
