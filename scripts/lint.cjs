'use strict';
// npm run lint: `n8n-node lint` with the configuration of eslint.config.mjs, knip, which finds files and exports that nobody uses, and Prettier's
// check (a few seconds each). n8n's commands and plugins are large, so they are a package of their own, tools/lint, installed here when it is missing or its lock file has changed.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const tools = path.join(root, 'tools/lint');
const windows = process.platform === 'win32';

function installTools() {
	const wanted = createHash('sha256')
		.update(readFileSync(path.join(tools, 'package-lock.json')))
		.digest('hex');
	const stamp = path.join(tools, 'node_modules/.installed-lock');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	console.log('Installing the lint command into tools/lint (once, about 290 MB, half a minute) …');
	// The engine warning is about isolated-vm, which linting never loads.
	const done = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], { cwd: tools, stdio: 'inherit', shell: windows });
	if (done.status !== 0) {
		console.error('The installation of tools/lint failed.');
		process.exit(1);
	}
	writeFileSync(stamp, wanted);
}

/** `n8n-node lint` runs `npm exec -- eslint .`, which looks for eslint in the root's node_modules/.bin. */
function linkEslint() {
	const link = path.join(root, 'node_modules/.bin/eslint');
	const target = path.join(tools, 'node_modules/eslint/bin/eslint.js');
	mkdirSync(path.dirname(link), { recursive: true });
	rmSync(link, { force: true });
	if (windows) writeFileSync(`${link}.cmd`, `@node "${target}" %*\r\n`);
	else symlinkSync(path.relative(path.dirname(link), target), link);
}

installTools();
linkEslint();
const started = Date.now();
const cli = path.join(tools, 'node_modules/@n8n/node-cli/bin/n8n-node.mjs');
const run = (...command) => spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status;
const linted = run(cli, 'lint', ...process.argv.slice(2));
const unused = run(path.join(tools, 'node_modules/knip/bin/knip.js'), '--no-progress');
const formatted = run(path.join(root, 'node_modules/prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.');
if (formatted !== 0) console.error('Run `npm run format`.');
const passed = linted === 0 && unused === 0 && formatted === 0;
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(passed ? `Lint passed in ${seconds} s, no findings.` : `Lint failed after ${seconds} s.`);
process.exit(passed ? 0 : 1);
