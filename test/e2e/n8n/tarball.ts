/** Our package as users get it: packed by npm, installed as n8n does it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '../../..');
export const PACKAGE = 'n8n-nodes-order-fulfillment';

const npm = (args: string[], cwd: string): string =>
	execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

export const ownVersion = (): string => readJson<{ version: string }>(path.join(ROOT, 'package.json')).version;

/** Builds what is stale and packs it. Gives the path of the tarball. */
export function packOwn(folder: string): string {
	const { buildIfStale } = require(path.join(ROOT, 'scripts/dist.cjs')) as { buildIfStale(options: { fast: boolean }): void };
	buildIfStale({ fast: true });
	return pack(ROOT, folder);
}

function pack(tree: string, folder: string): string {
	mkdirSync(folder, { recursive: true });
	const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], tree)) as [{ filename: string }];
	return path.join(folder, packed.filename);
}

const BUILT_FROM = [
	'credentials',
	'dashboard',
	'icons',
	'lib',
	'nodes',
	'scripts',
	'templates',
	'tools',
	'gulpfile.js',
	'tsconfig.json',
	'README.md',
	'LICENSE',
	'CHANGELOG.md',
	'package.json',
	'package-lock.json',
];

/** A version that came before: the newest earlier tag; without one, this very tree under a lower number. */
export function packPrevious(folder: string): { tarball: string; version: string; from: string } {
	const tree = path.join(folder, 'tree');
	rmSync(tree, { recursive: true, force: true });
	mkdirSync(tree, { recursive: true });
	const tag = previousTag();
	if (tag !== null) {
		const archive = path.join(folder, 'tree.tar');
		execFileSync('git', ['archive', '--output', archive, tag], { cwd: ROOT });
		execFileSync('tar', ['-xf', archive, '-C', tree]);
	} else {
		for (const name of BUILT_FROM) {
			if (existsSync(path.join(ROOT, name)))
				cpSync(path.join(ROOT, name), path.join(tree, name), {
					recursive: true,
					filter: (source) => !source.split(path.sep).includes('node_modules'),
				});
		}
		const file = path.join(tree, 'package.json');
		writeFileSync(file, JSON.stringify({ ...readJson<object>(file), version: '0.0.0' }, null, '\t'));
	}
	symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'), 'junction');
	const built = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/gulp/bin/gulp.js'), 'build', '--fast'], {
		cwd: tree,
		encoding: 'utf8',
	});
	if (built.status !== 0) throw new Error(`The earlier version did not build:\n${built.stdout}${built.stderr}`);
	const { version } = readJson<{ version: string }>(path.join(tree, 'package.json'));
	const tarball = pack(tree, folder);
	rmSync(tree, { recursive: true, force: true });
	return { tarball, version, from: tag ?? 'the same tree' };
}

function previousTag(): string | null {
	const listed = spawnSync('git', ['tag', '--list', 'v*', '--sort=-version:refname'], { cwd: ROOT, encoding: 'utf8' });
	const tags = listed.status === 0 ? listed.stdout.split('\n').filter(Boolean) : [];
	return tags.find((tag) => tag !== `v${ownVersion()}`) ?? null;
}

/** Step by step what "Install a community node" of n8n does after its download; n8n finds the package at its next start. */
export function installInto(userFolder: string, tarball: string): void {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const target = path.join(nodes, 'node_modules', PACKAGE);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
	const file = path.join(target, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = readJson<Record<string, unknown>>(file);
	writeFileSync(file, JSON.stringify(manifest, null, 2));
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
	const list = path.join(nodes, 'package.json');
	const known = existsSync(list) ? readJson<{ dependencies?: Record<string, string> }>(list) : {};
	writeFileSync(
		list,
		JSON.stringify(
			{ name: 'installed-nodes', private: true, ...known, dependencies: { ...known.dependencies, [PACKAGE]: manifest.version } },
			null,
			2,
		),
	);
}

/**
 * A folder with an `npm` for n8n that knows versions of our package which no registry has: it answers n8n's `npm view` and
 * `npm pack` for them, and hands everything else to the real npm. All the rest of the installation is n8n's own.
 */
export function npmWith(folder: string, tarballs: Record<string, string>): string {
	mkdirSync(folder, { recursive: true });
	const real = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
	const script = path.join(folder, 'npm');
	writeFileSync(
		script,
		`#!${process.execPath}
const { copyFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const tarballs = ${JSON.stringify(tarballs)};
const [command, wanted = ''] = process.argv.slice(2);
const version = wanted.startsWith('${PACKAGE}@') ? wanted.slice('${PACKAGE}@'.length) : undefined;
const tarball = tarballs[version];
if (tarball !== undefined && command === 'view') {
	console.log(JSON.stringify(version));
} else if (tarball !== undefined && command === 'pack') {
	copyFileSync(tarball, path.basename(tarball));
	console.log(path.basename(tarball));
} else {
	process.exitCode = spawnSync(${JSON.stringify(real)}, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
}
`,
	);
	chmodSync(script, 0o755);
	return folder;
}
