'use strict';
// npm run e2e [-- --only a,b,c --all --serial --keep]
const { register } = require('tsx/cjs/api');
const { installN8n } = require('./install.cjs');

const { n8n } = installN8n();
register();
const { runParts } = require('../test/e2e/main.ts');
runParts({ n8n, arguments: process.argv.slice(2) }).then(
	(code) => process.exit(code),
	(error) => {
		console.error(error);
		process.exit(1);
	},
);
