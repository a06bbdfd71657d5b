'use strict';
/**
 * `npm run fuzz [runs]`: each property of the readers on so many generated inputs, 100,000 unless told otherwise, with a new seed each day; then the lives of
 * orders with doubtful partners (test/fault/doubt.test.ts), a fiftieth of that.
 */
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const runs = process.argv[2] ?? '100000';
const seed = process.env.FUZZ_SEED ?? String(Math.floor(Date.now() / 86_400_000));
console.log(`${runs} inputs for each property, seed ${seed} (repeat with FUZZ_SEED=${seed})`);
const doubtful = process.env.DOUBT_RUNS ?? String(Math.ceil(Number(runs) / 50));
const { status } = spawnSync(
	process.execPath,
	[path.join(__dirname, '../../node_modules/jest/bin/jest.js'), 'test/fuzz', 'test/fault/doubt', '--runInBand'],
	{
		cwd: path.join(__dirname, '../..'),
		stdio: 'inherit',
		env: { ...process.env, FUZZ_RUNS: runs, FUZZ_SEED: seed, DOUBT_RUNS: doubtful },
	},
);
process.exit(status ?? 1);
