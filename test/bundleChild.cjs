'use strict';
// Bundles a script for childScript.ts, with the packages that it uses, and prints it. A process of its own: esbuild's plugins cannot be awaited
// where suites are declared.
//
//   node test/bundleChild.cjs test/fault/child.ts
const path = require('node:path');
const esbuild = require('esbuild');
const { withoutOptionalDrivers } = require('../tools/build/sharedChunk.cjs');

const root = path.join(__dirname, '..');

async function main(file) {
	const { outputFiles } = await esbuild.build({
		entryPoints: [file],
		absWorkingDir: root,
		bundle: true,
		write: false,
		platform: 'node',
		target: 'node24',
		keepNames: true,
		tsconfig: path.join(root, 'tsconfig.json'),
		plugins: [withoutOptionalDrivers(['pg', 'reflect-metadata'])],
	});
	process.stdout.write(outputFiles[0].contents);
}

main(process.argv[2]);
