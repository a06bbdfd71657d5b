'use strict';
// npm run n8n [-- --port 5678 --fresh]
const { register } = require('tsx/cjs/api');
const { installN8n } = require('./install.cjs');

const { n8n } = installN8n();
register();
const { runSandbox } = require('../test/e2e/n8n/sandbox.ts');
runSandbox({ n8n, arguments: process.argv.slice(2) }).catch((error) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
