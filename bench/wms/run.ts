/** Runs the benchmark of sending in a process of its own, to its end: two at once would disturb each other. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const { status } = spawnSync(process.execPath, ['--import', 'tsx', path.join(__dirname, 'main.ts')], { stdio: 'inherit' });
if (status !== 0) process.exitCode = 1;
