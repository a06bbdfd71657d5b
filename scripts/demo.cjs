'use strict';
// npm run demo [-- --crash]: brings dist/ up to date and runs the demo on it.
const { spawn } = require('node:child_process');
const path = require('node:path');
const { buildIfStale, root } = require('./dist.cjs');

buildIfStale({ fast: true });
const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'demo/main.ts'), ...process.argv.slice(2)], {
	cwd: root,
	stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
