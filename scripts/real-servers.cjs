'use strict';
// Starts the real partner servers that tests run against, runs a command with their addresses in its environment, and stops them.
// Each server is an npm package of its own in test/real, installed when first needed; so is Prism, which tests start themselves. A server is
// started and seeded once on a new database of the Postgres of TEST_POSTGRES_URL (default: postgres@127.0.0.1:5432), which stays as a template;
// each run gets a copy, which is dropped at its end.
//
//   node scripts/real-servers.cjs <command> [arguments]   runs the command
//   node scripts/real-servers.cjs                         keeps the servers up until Ctrl+C, and prints their addresses
//   node scripts/real-servers.cjs --install               only installs, and makes the templates
//   node scripts/real-servers.cjs --only medusa …         the same for one of them
const { fork, spawn, spawnSync } = require('node:child_process');
const { createHash, randomBytes } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const windows = process.platform === 'win32';
const postgres = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');

const SERVERS = [
	{ name: 'medusa', label: 'Medusa', variable: 'MEDUSA_URL', size: '250 MB' },
	{ name: 'vendure', label: 'Vendure', variable: 'VENDURE_URL', size: '150 MB' },
];

/** What tests start themselves is only installed. */
const TOOLS = [{ name: 'prism', label: 'Prism', size: '70 MB' }];

const say = (text) => console.log(`[real servers] ${text}`);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function install({ name, label, size }) {
	const home = path.join(root, 'test/real', name);
	const mark = path.join(home, 'node_modules', '.installed');
	const wanted = createHash('sha256')
		.update(readFileSync(path.join(home, 'package-lock.json')))
		.digest('hex');
	if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return home;
	const started = Date.now();
	say(`installing ${label} into test/real/${name} (once, ${size}, a minute or two) …`);
	const done = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], { cwd: home, stdio: 'inherit', shell: windows });
	if (done.status !== 0) throw new Error(`The installation of ${label} failed.`);
	writeFileSync(mark, wanted);
	say(`${label} is installed (${seconds(started)})`);
	return home;
}

/** @param work with a connection to the database `postgres`, or the statement to run on one */
async function onPostgres(work) {
	const { Client } = require('pg');
	const client = new Client({ connectionString: addressOf('postgres') });
	await client.connect();
	try {
		return await (typeof work === 'string' ? client.query(work) : work(client));
	} finally {
		await client.end();
	}
}

const addressOf = (database) => Object.assign(new URL(postgres), { pathname: `/${database}` }).href;

/** Named by all that it is made of, so that another version of a server has another one. */
function templateOf({ name }) {
	const home = path.join(root, 'test/real', name);
	const hash = createHash('sha256');
	for (const file of readdirSync(home)
		.filter((one) => /\.(?:c?js|json)$/.test(one))
		.sort())
		hash.update(readFileSync(path.join(home, file)));
	return `template_real_${name}_${hash.digest('hex').slice(0, 12)}`;
}

/** Makes the template unless it is there. Others that want the same one wait. */
async function prepare(server) {
	install(server);
	const template = templateOf(server);
	await onPostgres(async (client) => {
		await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
		if ((await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount === 1) return;
		const started = Date.now();
		say(`making the database of ${server.label} (once) …`);
		const building = `${template}_building`;
		await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
		await client.query(`CREATE DATABASE ${building}`);
		// Nobody needs what a crash would lose.
		await client.query(`ALTER DATABASE ${building} SET synchronous_commit = off`);
		const { url, stop } = await serve(server, building, { NEW_DATABASE: 'true' });
		try {
			await require(path.join(root, 'test/real', server.name, 'seed.cjs')).seed(url);
		} finally {
			await stop();
		}
		await client.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
		say(`the database of ${server.label} is made (${seconds(started)})`);
	});
}

/** Gives the address of a server on a database, and how to stop it. */
async function serve({ name, label }, database, more = {}) {
	const home = path.join(root, 'test/real', name);
	require('tsx/cjs/api').register();
	const port = await require('../testing/servers/ports.ts').freePort();
	const child = fork(path.join(home, 'server.cjs'), {
		cwd: home,
		silent: true,
		env: { ...process.env, PORT: String(port), DATABASE_URL: addressOf(database), ...more },
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const stop = async () => {
		child.kill('SIGKILL');
		await ended;
	};
	try {
		await Promise.race([
			new Promise((resolve) => child.once('message', resolve)),
			ended.then((code) => Promise.reject(new Error(`${label} ended with ${code}`))),
			new Promise((_resolve, reject) => setTimeout(reject, 300_000, new Error(`${label} did not start within five minutes`)).unref()),
		]);
		return { url: `http://127.0.0.1:${port}`, stop };
	} catch (error) {
		await stop();
		throw new Error(`${error.message}\n${output}`);
	}
}

/** Gives the address of a new server on a copy of its template, and how to stop it. */
async function start(server) {
	await prepare(server);
	const { name, label } = server;
	const started = Date.now();
	const database = `test_real_${name}_${randomBytes(4).toString('hex')}`;
	await onPostgres(`CREATE DATABASE ${database} TEMPLATE ${templateOf(server)}`);
	await onPostgres(`ALTER DATABASE ${database} SET synchronous_commit = off`);
	const drop = async () => await onPostgres(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
	try {
		const { url, stop } = await serve(server, database);
		say(`${label} is up at ${url} (${seconds(started)})`);
		return { server, url, stop: async () => (await stop(), await drop()) };
	} catch (error) {
		await drop();
		throw error;
	}
}

/** The servers and tools that the arguments name, and what is left of them. */
function chosen(args) {
	if (args[0] !== '--only') return { servers: SERVERS, tools: TOOLS, rest: args };
	const named = (list) => list.filter(({ name }) => name === args[1]);
	const [servers, tools] = [named(SERVERS), named(TOOLS)];
	if (servers.length + tools.length === 0)
		throw new Error(`There is no server "${args[1]}": ${[...SERVERS, ...TOOLS].map(({ name }) => name).join(', ')}.`);
	return { servers, tools, rest: args.slice(2) };
}

async function main(given) {
	const { servers, tools, rest: args } = chosen(given);
	for (const tool of tools) install(tool);
	if (args[0] === '--install') {
		for (const server of servers) await prepare(server);
		return;
	}
	const running = [];
	const failures = [];
	let code = 1;
	let interrupt;
	const interrupted = new Promise((resolve) => (interrupt = resolve));
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
	try {
		const env = { ...process.env };
		for (const started of await Promise.allSettled(servers.map(start))) {
			if (started.status === 'fulfilled') running.push(started.value);
			else failures.push(started.reason);
		}
		if (failures.length > 0) throw failures[0];
		for (const { server, url } of running) {
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
		for (const { stop } of running) await stop();
	}
	process.exitCode = code;
}

main(process.argv.slice(2)).catch((error) => {
	console.error(`[real servers] ${error.message}`);
	process.exitCode = 1;
});
