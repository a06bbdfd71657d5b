'use strict';
// Checks every package-lock.json of the repository: no registry address (a lock file must work with any registry), and an
// entry for each optional platform package. A registry that carries only some platforms makes npm write a lock file without the others,
// and `npm ci` then refuses it everywhere.
//
//   node scripts/lock-files.cjs          check
//   node scripts/lock-files.cjs --fix    add what is missing, after `npm install` changed a lock file
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'x64', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32'];
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** The lock files under version control or about to be: not those of installed packages. */
function lockFiles() {
	const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*package-lock.json'], {
		cwd: root,
		encoding: 'utf8',
	});
	const files = listed.status === 0 ? listed.stdout.split('\n').filter(Boolean) : ['package-lock.json', 'tools/lint/package-lock.json'];
	return files.filter((file) => existsSync(path.join(root, file)));
}

/** Whether `name`, required from the package at `from`, has an entry: npm looks in each node_modules on the way up. */
function isLocked(packages, from, name) {
	for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
		const prefix = place === '' ? '' : `${place}/`;
		if (packages[`${prefix}node_modules/${name}`] !== undefined) return true;
		if (place === '') return false;
	}
}

function missingOptional(packages) {
	const missing = [];
	for (const [from, entry] of Object.entries(packages)) {
		for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
			if (!isLocked(packages, from, name)) missing.push({ name, version, dev: entry.dev === true });
		}
	}
	return missing;
}

/** "@scope/thing-linux-arm-gnueabihf" → { os: ['linux'], cpu: ['arm'], libc: ['glibc'] } */
function platformOf(name) {
	const words = name.split(/[-/]/);
	const pick = (known) => known.filter((value) => words.includes(value)).slice(0, 1);
	const libc = words.map((word) => LIBC[word]).filter(Boolean);
	return { os: pick(OS), cpu: pick(CPU), libc };
}

function complete(packages) {
	let added = 0;
	for (const { name, version, dev } of missingOptional(packages)) {
		const { os, cpu, libc } = platformOf(name);
		// Without a platform npm would try to install it here; with a range instead of a version the entry would be a guess.
		if (os.length === 0 || cpu.length === 0 || !/^\d+\.\d+\.\d+/.test(version)) continue;
		packages[`node_modules/${name}`] = {
			version,
			cpu,
			...(dev ? { dev: true } : {}),
			...(os[0] === 'linux' && libc.length > 0 ? { libc } : {}),
			optional: true,
			os,
		};
		added++;
	}
	return added;
}

const fix = process.argv.includes('--fix');
const problems = [];
for (const file of lockFiles()) {
	const target = path.join(root, file);
	const lock = JSON.parse(readFileSync(target, 'utf8'));
	if (fix) {
		const added = complete(lock.packages);
		for (const entry of Object.values(lock.packages)) if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved;
		const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en')));
		writeFileSync(target, `${JSON.stringify({ ...lock, packages: sorted }, null, '\t')}\n`);
		console.log(`${file}: ${added} optional platform packages added`);
	}
	const addresses = Object.entries(lock.packages).filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''));
	if (addresses.length > 0) problems.push(`${file}: ${addresses.length} registry addresses, e.g. of ${addresses[0][0]}`);
	const missing = missingOptional(lock.packages);
	if (missing.length > 0) problems.push(`${file}: no entry for ${missing.map(({ name }) => name).join(', ')}`);
	if (addresses.length === 0 && missing.length === 0)
		console.log(`${file}: ${Object.keys(lock.packages).length - 1} packages, complete, no registry address`);
}
if (problems.length > 0) {
	for (const problem of problems) console.error(problem);
	console.error('Run: node scripts/lock-files.cjs --fix');
	process.exit(1);
}
