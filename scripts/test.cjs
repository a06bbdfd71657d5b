'use strict';
// Runs tests on Node 24 or later.
//
//   node scripts/test.cjs                    those that take a few minutes together
//   node scripts/test.cjs --long             the long ones that this leaves out
//   node scripts/test.cjs --full             all
//   node scripts/test.cjs test/rules -t kit  those that are named; further arguments are jest's
const { spawn } = require('node:child_process');
const path = require('node:path');
const LONG = require('../test/scope/long.cjs');

const given = process.argv.slice(2);
const args = given.filter((arg) => arg !== '--long' && arg !== '--full');
const named = args.some((arg) => !arg.startsWith('-'));
const scope = given.includes('--long') ? 'long' : given.includes('--full') || named ? 'all' : 'quick';
const patterns = LONG.map(({ match }) => match.source);
const chosen = {
	quick: patterns.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
	long: ['--testPathPatterns', patterns.join('|')],
	all: [],
}[scope];

const child = spawn(process.execPath, [path.join(__dirname, 'use-node24.cjs'), 'jest', ...args, ...chosen], {
	stdio: 'inherit',
	env: { ...process.env, TEST_SCOPE: scope },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
