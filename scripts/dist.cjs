'use strict';
const { spawnSync } = require('node:child_process');
const { existsSync, globSync, statSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
/** The last file that the build writes. */
const last = path.join(root, 'dist/types/nodes.json');
const SOURCES = [
	'nodes/**/*',
	'credentials/**/*',
	'lib/**/*',
	'dashboard/**/*',
	'icons/*',
	'tools/build/*',
	'gulpfile.js',
	'package.json',
	'package-lock.json',
];

/** Whether a source is newer than dist/, or dist/ is missing or half built. */
function isStale() {
	if (!existsSync(last)) return true;
	const built = statSync(last).mtimeMs;
	return globSync(SOURCES, { cwd: root }).some((file) => statSync(path.join(root, file)).mtimeMs > built);
}

/** Builds when needed; ends the process when the build fails. `fast` leaves out the type check. */
function buildIfStale({ fast }) {
	if (!isStale()) return;
	console.log(`dist/ is missing or older than the sources: building${fast ? ' without the type check' : ''} …`);
	const gulp = path.join(root, 'node_modules/gulp/bin/gulp.js');
	const { status } = spawnSync(process.execPath, [gulp, 'build', ...(fast ? ['--fast'] : [])], {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	if (status !== 0) process.exit(status ?? 1);
}

module.exports = { buildIfStale, isStale, root };
