/**
 * npm run bench [-- --orders 10000,200000 --dialect sqlite,postgres …]: every benchmark, one after the other, each in a process of its own, since
 * two at once would disturb each other. Each one's options are in its file.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

for (const name of ['rules', 'carts', 'wms', 'store']) {
	const { status } = spawnSync(
		process.execPath,
		['--disable-warning=ExperimentalWarning', '--import', 'tsx', path.join(__dirname, name, 'main.ts'), ...process.argv.slice(2)],
		{ stdio: 'inherit' },
	);
	if (status !== 0) process.exitCode = 1;
}
