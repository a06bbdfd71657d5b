'use strict';
// gulp build          type-check, bundle, icons, codex, what n8n needs for lazy loading
// gulp build --fast   the same without the type check
const { spawn } = require('node:child_process');
const { cpSync, globSync, mkdirSync, rmSync } = require('node:fs');
const path = require('node:path');
const { series } = require('gulp');

const root = __dirname;
const fast = process.argv.includes('--fast');
const log = (line) => console.log(line);

function run(file, args) {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
		child.on('error', reject);
		child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${path.basename(file)} ended with code ${code}`))));
	});
}

async function clean() {
	rmSync(path.join(root, 'dist'), { recursive: true, force: true });
}

async function typecheck() {
	await run(path.join(root, 'node_modules/typescript/bin/tsc'), ['--noEmit']);
}

/** package.json must list exactly the nodes and credentials that there are. */
async function lists() {
	const { manifestProblems } = require('./tools/build/manifest.cjs');
	const problems = manifestProblems(root);
	if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function bundle() {
	await require('./tools/build/bundle.cjs').bundle(root, log);
}

/** Icons, and the codex (search words, documentation links) that n8n looks for beside each node. */
async function assets() {
	const files = [...globSync('icons/*.svg', { cwd: root }), ...globSync('nodes/*/*.node.json', { cwd: root })];
	for (const file of files) {
		const target = path.join(root, 'dist', file);
		mkdirSync(path.dirname(target), { recursive: true });
		cpSync(path.join(root, file), target);
	}
	log(
		`  ${files.filter((file) => file.endsWith('.svg')).length} icons, ${files.filter((file) => file.endsWith('.json')).length} codex files`,
	);
}

/** The templates ship as they are; a broken one must not. */
async function templates() {
	const { templateProblems } = require('./tools/build/manifest.cjs');
	const { files, problems } = templateProblems(root);
	if (problems.length > 0) throw new Error(problems.join('\n'));
	log(`  ${files.length} templates checked`);
}

/** dist/known and dist/types let n8n start without loading a node. Written by n8n-core's own command. */
async function metadata() {
	await run(path.join(root, 'node_modules/n8n-core/bin/generate-metadata'), []);
	// For translations and the editor's own checks; n8n reads neither from a community package.
	rmSync(path.join(root, 'dist/methods'), { recursive: true, force: true });
}

exports.clean = clean;
exports.typecheck = typecheck;
exports.bundle = series(lists, bundle);
exports.assets = assets;
exports.templates = templates;
exports.metadata = metadata;
// What can fail without touching dist/ comes first.
exports.build = series(...(fast ? [] : [typecheck]), lists, templates, clean, bundle, assets, metadata);
exports.default = exports.build;
