'use strict';
// The published schema of Shopify's Admin API, for the peer server of the tests. It comes with an npm package of 35 MB, which is therefore a package of its
// own, tools/shopify, installed here when it is missing or its lock file has changed.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const tools = path.join(__dirname, '..', 'tools/shopify');
const windows = process.platform === 'win32';

/** Gives the path of the schema file (gzipped introspection). Safe when several processes come at once. */
module.exports = function shopifySchema(version) {
	const wanted = createHash('sha256')
		.update(readFileSync(path.join(tools, 'package-lock.json')))
		.digest('hex')
		.slice(0, 16);
	const home = path.join(tools, 'node_modules', '.versions', wanted);
	const file = path.join(home, 'node_modules/@shopify/dev-mcp/dist/data', `admin_${version}.json.gz`);
	if (existsSync(file)) return file;
	console.log("Installing the schema of Shopify's Admin API into tools/shopify (once, 35 MB, some seconds) …");
	mkdirSync(path.dirname(home), { recursive: true });
	const work = mkdtempSync(path.join(path.dirname(home), 'installing-'));
	for (const name of ['package.json', 'package-lock.json', '.npmrc', 'unused'])
		cpSync(path.join(tools, name), path.join(work, name), { recursive: true });
	const done = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], { cwd: work, stdio: 'inherit', shell: windows });
	if (done.status !== 0) throw new Error('The installation of tools/shopify failed.');
	writeFileSync(path.join(work, '.installed'), wanted);
	try {
		renameSync(work, home);
	} catch {
		// Another process was faster.
		rmSync(work, { recursive: true, force: true });
	}
	return file;
};
