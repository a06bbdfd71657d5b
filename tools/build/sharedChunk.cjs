'use strict';
// esbuild cannot split CommonJS output, so every node would carry its own copy of lib/ and of the bundled packages. These plugins
// give each piece of code one home:
//
//   dist/nodes/X/X.node.js   the files of nodes/X alone
//   dist/shared.js           lib/, dashboard/, nodes/shared/ and the packages they use
//   dist/store.js            lib/store/ with TypeORM and pg; loaded by the first `await import('…/store/connect')`
//
// An import that crosses from one home into another becomes `require('../../shared.js')['lib/order/status']`, the namespace of the imported
// module; `requested` collects those modules and `sharedEntry` exports them.
const { existsSync, readFileSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const path = require('node:path');

const SKIP = Symbol('resolved by us');
const inside = (directory, file) => file.startsWith(directory + path.sep);

/** Resolves as esbuild would; null when another plugin or an external takes the import. */
async function resolve(build, args) {
	if (args.pluginData === SKIP || args.kind === 'entry-point' || args.namespace !== 'file' || isBuiltin(args.path)) return null;
	const found = await build.resolve(args.path, { kind: args.kind, importer: args.importer, resolveDir: args.resolveDir, pluginData: SKIP });
	return found.errors.length > 0 || found.external || found.namespace !== 'file' ? null : found.path;
}

/** How a file of dist/ requires another: requirePath('nodes/X/X.node.js', 'shared.js') is '../../shared.js'. */
function requirePath(outfile, file) {
	const relative = path.posix.relative(path.posix.dirname(outfile), file);
	return relative.startsWith('.') ? relative : `./${relative}`;
}

/**
 * @param options.root        the repository; names in shared.js are paths from here, so that a build is the same everywhere
 * @param options.outfile     where this build's file goes, relative to dist, e.g. nodes/X/X.node.js
 * @param options.isOwn       (absolute file) => whether it is bundled into this file
 * @param options.requested   Set of the files that shared.js must export, relative to the root
 */
function fromShared({ root, outfile, isOwn, requested }) {
	const target = requirePath(outfile, 'shared.js');
	return {
		name: 'from-shared',
		setup(build) {
			build.onResolve({ filter: /.*/ }, async (args) => {
				const file = await resolve(build, args);
				if (file === null || isOwn(file)) return null;
				const name = path.relative(root, file).split(path.sep).join('/');
				requested.add(name);
				return { path: name, namespace: 'shared' };
			});
			build.onResolve({ filter: /.*/, namespace: 'shared' }, ({ path: external }) => ({ path: external, external: true }));
			build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path: name }) => ({
				contents: `module.exports = require(${JSON.stringify(target)})[${JSON.stringify(name)}];`,
			}));
		},
	};
}

/** The virtual entry of shared.js. The mark lets importers take `default` from the namespace instead of the namespace itself. */
function sharedEntry(requested) {
	const names = [...requested].sort();
	return [
		...names.map((name, index) => `import * as m${index} from ${JSON.stringify(`./${name}`)};`),
		"const mark = (space) => (space.__esModule ? space : Object.defineProperty(space, '__esModule', { value: true }));",
		`module.exports = { ${names.map((name, index) => `${JSON.stringify(name)}: mark(m${index})`).join(', ')} };`,
	].join('\n');
}

/** `await import()` of the database part loads dist/store.js. A static import of it is refused: it would load with the first node. */
function lazyStore({ outfile, storeDirectory, storeEntry }) {
	return {
		name: 'lazy-store',
		setup(build) {
			build.onResolve({ filter: /.*/ }, async (args) => {
				const file = await resolve(build, args);
				if (file === null || !inside(storeDirectory, file)) return null;
				if (file === storeEntry && args.kind === 'dynamic-import') return { path: requirePath(outfile, 'store.js'), external: true };
				const where = path.relative(build.initialOptions.absWorkingDir, args.importer);
				return { errors: [{ text: `${where} must load the database part with await import('…/store/connect')` }] };
			});
		},
	};
}

/**
 * Packages ask for drivers that a user might have installed (mysql2, pg-native, …). What a package does not list under its own
 * `dependencies` and we do not name in `wanted` becomes a module that says so when it is asked for.
 */
function withoutOptionalDrivers(wanted) {
	const manifests = new Map();
	const manifestOf = (file) => {
		for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
			const candidate = path.join(directory, 'package.json');
			if (!manifests.has(candidate)) manifests.set(candidate, existsSync(candidate) ? JSON.parse(readFileSync(candidate, 'utf8')) : null);
			if (manifests.get(candidate)?.name) return manifests.get(candidate);
			if (directory === path.dirname(directory)) return null;
		}
	};
	return {
		name: 'without-optional-drivers',
		setup(build) {
			build.onResolve({ filter: /^[^./]/ }, (args) => {
				if (!args.importer.includes(`${path.sep}node_modules${path.sep}`) || isBuiltin(args.path)) return null;
				const name = args.path
					.split('/')
					.slice(0, args.path.startsWith('@') ? 2 : 1)
					.join('/');
				const manifest = manifestOf(args.importer);
				if (manifest === null || manifest.name === name || wanted.includes(name) || manifest.dependencies?.[name] !== undefined)
					return null;
				return { path: name, namespace: 'left-out' };
			});
			// Compiled add-ons (ssh2's faster ciphers): the package works without, and must run on every machine.
			build.onResolve({ filter: /\.node$/ }, (args) =>
				args.importer.includes(`${path.sep}node_modules${path.sep}`) ? { path: args.path, namespace: 'left-out' } : null,
			);
			build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }) => ({
				contents: `const error = new Error("Cannot find module '${name}': it is not part of this package"); error.code = 'MODULE_NOT_FOUND'; throw error;`,
			}));
		},
	};
}

module.exports = { fromShared, sharedEntry, lazyStore, withoutOptionalDrivers, inside };
