'use strict';
// npm run pack:check: packs the package, installs it into an empty n8n folder the way n8n's "Install a community node" does, and uses it
// there: loads every node and credential with n8n's own loaders and takes one order through the installed store.
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { buildIfStale, root } = require('./dist.cjs');
const { manifestProblems, templateProblems } = require('../tools/build/manifest.cjs');

const MAX_PACKED_BYTES = 3 * 1024 * 1024;
const ALLOWED = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.+\.(js|json|svg|txt)|templates\/.+\.(json|md))$/;
const REQUIRED = ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/shared.js', 'dist/store.js', 'dist/THIRD-PARTY-LICENSES.txt'];

const rows = [];
const problems = [];
/** One line of the table; `found` are its problems. */
function row(what, found, detail) {
	problems.push(...found.map((problem) => `${what}: ${problem}`));
	rows.push([found.length === 0 ? 'ok' : 'FAILED', what, found.length === 0 ? detail : `${found.length} problem(s), see below`]);
}
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;

function npm(args, cwd) {
	return execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});
}

function pack(folder) {
	const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
	const names = packed.files.map((file) => file.path);
	row(
		'contents',
		[
			...names.filter((name) => !ALLOWED.test(name)).map((name) => `${name} must not be published`),
			...REQUIRED.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
		],
		`${names.length} files`,
	);
	row(
		'size',
		packed.size > MAX_PACKED_BYTES ? [`${kilobytes(packed.size)} packed, more than ${kilobytes(MAX_PACKED_BYTES)}`] : [],
		`${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
	);
	return path.join(folder, packed.filename);
}

/** As CommunityPackagesService.downloadPackage of n8n does it. */
function install(tarball, target) {
	mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
	const file = path.join(target, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
	writeFileSync(file, JSON.stringify(manifest, null, 2));
	const started = Date.now();
	npm(
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		target,
	);
	const modules = path.join(target, 'node_modules');
	const installed = existsSync(modules) ? readdirSync(modules).filter((name) => !name.startsWith('.')) : [];
	row(
		'install',
		installed.map((name) => `npm installed ${name}`),
		`nothing downloaded, ${((Date.now() - started) / 1000).toFixed(1)} s`,
	);
}

/** What tells where it was built, or would let a debugger look for sources that are not there. */
function traces(target) {
	const found = [];
	for (const file of readdirSync(path.join(target, 'dist'), { recursive: true })) {
		const full = path.join(target, 'dist', file);
		if (!statSync(full).isFile() || !/\.(js|json|txt)$/.test(file)) continue;
		const text = readFileSync(full, 'utf8');
		if (text.includes(root)) found.push(`dist/${file} contains the path ${root}`);
		if (/^\/\/# sourceMappingURL=/m.test(text)) found.push(`dist/${file} refers to a source map`);
	}
	return found;
}

/** Runs tools/pack/useInstalled.cjs with n8n-workflow alone to be found besides the package, as in n8n. */
function use(target, folder) {
	const modules = path.join(folder, 'n8n', 'node_modules');
	mkdirSync(modules, { recursive: true });
	symlinkSync(path.join(root, 'node_modules/n8n-workflow'), path.join(modules, 'n8n-workflow'), 'junction');
	const script = path.join(root, 'tools/pack/useInstalled.cjs');
	const child = spawnSync(process.execPath, [script, target, folder], {
		cwd: folder,
		encoding: 'utf8',
		timeout: 120_000,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { PATH: process.env.PATH, HOME: folder, NODE_PATH: modules, N8N_USER_FOLDER: folder, N8N_LOG_LEVEL: 'error' },
	});
	const marker = '@@result ';
	const line = child.stdout.split('\n').find((text) => text.startsWith(marker));
	if (child.status !== 0 || line === undefined) {
		row('use', [`ended with ${child.status ?? child.signal}\n${child.stdout}${child.stderr}`], '');
		return;
	}
	for (const [what, found, detail] of JSON.parse(line.slice(marker.length))) row(what, found, detail);
}

buildIfStale({ fast: false });
const started = Date.now();
const folder = mkdtempSync(path.join(tmpdir(), 'pack-check-'));
try {
	const { name } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const locks = spawnSync(process.execPath, [path.join(root, 'scripts/lock-files.cjs')], { encoding: 'utf8' });
	row('lock files', locks.status === 0 ? [] : [locks.stderr.trim()], 'complete, no registry address');
	row('package.json', manifestProblems(root), 'no dependencies, lists in step');
	const templates = templateProblems(root);
	row('templates', templates.problems, `${templates.files.length}`);
	const tarball = pack(folder);
	const target = path.join(folder, '.n8n', 'nodes', 'node_modules', name);
	install(tarball, target);
	row('traces', traces(target), 'no local path, no source map');
	use(target, folder);
} finally {
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

const width = Math.max(...rows.map(([, what]) => what.length));
console.log('');
for (const [state, what, detail] of rows) console.log(`${state.padEnd(6)}  ${what.padEnd(width)}  ${detail}`);
for (const problem of problems) console.error(`\n${problem}`);
console.log(
	`\npack:check: ${rows.filter(([state]) => state === 'ok').length} passed, ${rows.filter(([state]) => state !== 'ok').length} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
