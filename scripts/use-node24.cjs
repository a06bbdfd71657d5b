'use strict';
// Runs a command of node_modules/.bin, or a script file, on Node 24 or later: on the Node that runs this when it is new enough,
// else on the one that the devDependency `node` brings. n8n needs Node 24, and so does the embedded store (node:sqlite).
//
//   node scripts/use-node24.cjs jest --runInBand
//   node scripts/use-node24.cjs demo/main.ts --crash
const { spawn, spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const WANTED = 24;
const root = path.join(__dirname, '..');
const packaged = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function node24() {
	if (Number(process.versions.node.split('.')[0]) >= WANTED) return process.execPath;
	if (!existsSync(packaged)) {
		console.log(`Node ${process.version} is running; unpacking Node ${WANTED} from the package "node" (once, a few seconds) …`);
		// Installs run with ignore-scripts; this package alone needs its script, which unpacks the binary.
		const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
		const done = spawnSync(npm, ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
		if (done.status !== 0 || !existsSync(packaged)) {
			console.error(`Could not unpack Node ${WANTED}. Install Node ${WANTED} or later and run the command again.`);
			process.exit(1);
		}
	}
	return packaged;
}

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
	console.error('Usage: node scripts/use-node24.cjs <command of node_modules/.bin | script file> [arguments]');
	process.exit(2);
}
const node = node24();
const isFile = existsSync(path.resolve(command));
const target = isFile ? [path.resolve(command)] : [require.resolve(binOf(command))];
const typescript = isFile && command.endsWith('.ts') ? ['--import', 'tsx'] : [];
const child = spawn(node, [...typescript, ...target, ...args], {
	stdio: 'inherit',
	env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));

function binOf(name) {
	const manifest = require(path.join(root, 'node_modules', name, 'package.json'));
	const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name];
	return path.join(root, 'node_modules', name, bin);
}
