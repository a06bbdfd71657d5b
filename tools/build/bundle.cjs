'use strict';
const { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { fromShared, inside, lazyStore, sharedEntry, withoutOptionalDrivers } = require('./sharedChunk.cjs');
const { listLicences } = require('./licences.cjs');

/** The drivers that ship although TypeORM calls them optional. */
const DRIVERS = ['pg', 'reflect-metadata'];

/** "nodes/X/X.node.ts" and "credentials/X.credentials.ts", sorted. */
function sources(root) {
	return globSync(['nodes/*/*.node.ts', 'credentials/*.credentials.ts'], { cwd: root })
		.map((file) => file.split(path.sep).join('/'))
		.sort();
}

const built = (source) => source.replace(/\.ts$/, '.js');

/** Bundles everything into `root`/dist. `log` gets a line a file. Throws with every problem found. */
async function bundle(root, log) {
	const dist = path.join(root, 'dist');
	const storeDirectory = path.join(root, 'lib/store');
	const storeEntry = path.join(storeDirectory, 'connect.ts');
	const requested = new Set();
	const outputs = new Map();
	const common = {
		absWorkingDir: root,
		bundle: true,
		platform: 'node',
		target: 'node20.19',
		format: 'cjs',
		// Class names are data: n8n finds a node by them, TypeORM a migration.
		keepNames: true,
		// Readable code with usable stack traces; minified it loads no faster.
		minify: false,
		charset: 'utf8',
		legalComments: 'none',
		external: ['n8n-workflow'],
		// A real import() would keep an old store.js in the module cache after n8n has updated the package.
		supported: { 'dynamic-import': false },
		loader: { '.css': 'text', '.html': 'text', '.svg': 'text', '.sql': 'text' },
		metafile: true,
		write: false,
		logLevel: 'silent',
	};

	async function build(outfile, options) {
		const result = await esbuild.build({ ...common, outfile: path.join(dist, outfile), ...options });
		for (const warning of result.warnings) log(`  warning: ${warning.location?.file ?? outfile}: ${warning.text}`);
		outputs.set(outfile, result);
	}
	async function buildShared() {
		await build('shared.js', {
			stdin: { contents: sharedEntry(requested), resolveDir: root, sourcefile: 'shared-entry.js', loader: 'js' },
			plugins: [lazyStore({ outfile: 'shared.js', storeDirectory, storeEntry }), withoutOptionalDrivers(DRIVERS)],
		});
	}

	for (const source of sources(root)) {
		const own = path.join(root, path.dirname(source));
		const entry = path.join(root, source);
		// A credential stands alone; a node owns its folder.
		const isOwn = source.startsWith('nodes/') ? (file) => inside(own, file) : (file) => file === entry;
		await build(built(source), {
			entryPoints: [entry],
			plugins: [
				lazyStore({ outfile: built(source), storeDirectory, storeEntry }),
				fromShared({ root, outfile: built(source), isOwn, requested }),
			],
		});
	}
	if (existsSync(storeEntry)) {
		await build('store.js', {
			entryPoints: [storeEntry],
			plugins: [
				fromShared({
					root,
					outfile: 'store.js',
					isOwn: (file) => inside(storeDirectory, file) || file.includes(`${path.sep}node_modules${path.sep}`),
					requested,
				}),
				withoutOptionalDrivers(DRIVERS),
			],
		});
	}
	await buildShared();

	const problems = [...sharedTwice(outputs, log), ...classNames(root, outputs)];
	if (problems.length > 0) throw new Error(problems.join('\n'));
	for (const [outfile, { outputFiles }] of outputs) {
		const target = path.join(dist, outfile);
		mkdirSync(path.dirname(target), { recursive: true });
		writeFileSync(target, outputFiles[0].contents);
		log(`  dist/${outfile}  ${(statSync(target).size / 1024).toFixed(0)} KB`);
	}
	const inputs = [...outputs.values()].flatMap(({ metafile }) => Object.keys(metafile.inputs));
	writeFileSync(path.join(dist, 'THIRD-PARTY-LICENSES.txt'), listLicences(root, inputs));
	return [...outputs.keys()];
}

/** Our files must be in one output each: two copies of a class or of a cache are two different things. A package twice is only a waste. */
function sharedTwice(outputs, log) {
	const homes = new Map();
	for (const [outfile, { metafile }] of outputs) {
		const [{ inputs }] = Object.values(metafile.outputs);
		for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
			if (bytesInOutput === 0 || /^(shared|left-out):|^shared-entry/.test(input)) continue;
			homes.set(input, [...(homes.get(input) ?? []), outfile]);
		}
	}
	const twice = [...homes].filter(([, files]) => files.length > 1);
	const packages = new Set(twice.map(([input]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean));
	if (packages.size > 0) log(`  note: in more than one file: ${[...packages].join(', ')}`);
	return twice
		.filter(([input]) => !input.includes('node_modules/'))
		.map(([input, files]) => `${input} is in ${files.join(' and in ')}: move it to nodes/shared/ or lib/`);
}

/** n8n asks the file X.node.js for the class X. */
function classNames(root, outputs) {
	const problems = [];
	for (const outfile of outputs.keys()) {
		if (!/\.(node|credentials)\.js$/.test(outfile)) continue;
		const name = path.basename(outfile).split('.')[0];
		const source = readFileSync(path.join(root, outfile.replace(/\.js$/, '.ts')), 'utf8');
		if (!new RegExp(`export class ${name}\\b`).test(source))
			problems.push(`${outfile.replace(/\.js$/, '.ts')} must export the class ${name}`);
	}
	return problems;
}

module.exports = { bundle, sources, built };
