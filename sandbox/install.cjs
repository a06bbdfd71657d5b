'use strict';
// Brings the n8n of this folder up to date with its lock file. n8n is installed with pnpm (npm needs five times as long), and of all the
// install scripts in its tree only the one of sqlite3 runs.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const PNPM = '10.34.9';
const stamp = path.join(__dirname, 'node_modules/.installed-lock');
const n8n = path.join(__dirname, 'node_modules/n8n');

/** Of the lock file, and of the Node that sqlite3 is compiled for. */
function wanted() {
	const hash = createHash('sha256');
	for (const file of ['package.json', 'pnpm-lock.yaml']) hash.update(readFileSync(path.join(__dirname, file)));
	return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

/** The folder with Node's headers, so that compiling sqlite3 downloads none; null when this Node came without. */
function nodeHeaders() {
	const bin = path.dirname(process.execPath);
	const packaged = path.join(bin, '..', 'node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`);
	return [path.join(bin, '..'), packaged].find((folder) => existsSync(path.join(folder, 'include/node/node.h'))) ?? null;
}

function sqliteIsCompiled() {
	const require_ = createRequire(require.resolve(path.join(n8n, 'package.json')));
	return existsSync(path.join(path.dirname(require_.resolve('sqlite3/package.json')), 'build/Release/node_sqlite3.node'));
}

/** Installs n8n when it is missing or its lock file has changed. Gives the folder of the package `n8n` and the seconds that it took. */
function installN8n() {
	const hash = wanted();
	if (existsSync(n8n) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { n8n, seconds: 0 };
	console.log('Installing n8n into sandbox/node_modules (once; about 3 minutes and 1.9 GB; sqlite3 is compiled at the end) …');
	const started = Date.now();
	const windows = process.platform === 'win32';
	const headers = nodeHeaders();
	const done = spawnSync(
		windows ? 'npm.cmd' : 'npm',
		[
			'exec',
			'--yes',
			'--loglevel=error',
			'--package',
			`pnpm@${PNPM}`,
			'--',
			'pnpm',
			'install',
			'--frozen-lockfile',
			'--ignore-scripts=false',
			...(process.stdout.isTTY ? [] : ['--reporter=append-only']),
		],
		{
			cwd: __dirname,
			stdio: ['ignore', 'inherit', 'inherit'],
			shell: windows,
			// CI: pnpm asks nothing when it has to remove an older installation. The repository's own .npmrc forbids install scripts, and npm
			// hands that down to what it runs; here sqlite3 must be compiled.
			env: {
				...process.env,
				CI: 'true',
				npm_config_ignore_scripts: 'false',
				npm_config_loglevel: 'warn',
				...(headers === null ? {} : { npm_config_nodedir: headers }),
			},
		},
	);
	if (done.status !== 0 || !existsSync(n8n)) throw new Error('The installation of n8n failed; see above.');
	if (!sqliteIsCompiled()) throw new Error('sqlite3 was not compiled, and n8n cannot start without it; see above.');
	writeFileSync(stamp, hash);
	const seconds = Math.round((Date.now() - started) / 1000);
	console.log(`n8n is installed (${seconds} s).`);
	return { n8n, seconds };
}

module.exports = { installN8n };

if (require.main === module) {
	const { seconds } = installN8n();
	if (seconds === 0) console.log('n8n is installed already.');
}
