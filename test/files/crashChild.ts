/**
 * A process that dies (SIGKILL, no clean-up) right before its n-th call to the file system.
 * Arguments: root, what to do (create, move, take, race), n. Prints the outcome when it survives.
 */
import fs from 'node:fs/promises';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';

const [root = '', action = '', step = '0'] = process.argv.slice(2);
let left = Number(step);

function mortal<Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>): (...args: Args) => Promise<Result> {
	return async (...args) => {
		left -= 1;
		if (left === 0) {
			process.kill(process.pid, 'SIGKILL');
			// The signal comes a moment later; nothing may happen until then.
			await new Promise(() => setTimeout(() => {}, 60_000));
		}
		return await call(...args);
	};
}

const open = fs.open.bind(fs);
for (const name of ['realpath', 'readdir', 'link', 'unlink', 'rename', 'mkdir', 'lstat', 'stat'] as const) {
	Object.assign(fs, { [name]: mortal((fs[name] as (...args: unknown[]) => Promise<unknown>).bind(fs)) });
}
Object.assign(fs, {
	open: mortal(async (...args: Parameters<typeof open>) => {
		const handle = await open(...args);
		for (const name of ['writeFile', 'sync', 'close'] as const) {
			Object.assign(handle, { [name]: mortal((handle[name] as (...args: unknown[]) => Promise<unknown>).bind(handle)) });
		}
		return handle;
	}),
});

const CONTENT = 'line\r\n'.repeat(20_000);

async function main(): Promise<string | null> {
	const folder = openLocalFolder(root, unrestrictedFileAccess);
	if (action === 'move') return await folder.move('orders', 'a.csv', 'orders/archive');
	if (action === 'take') return String(await folder.take('orders', 'a.csv', 'orders/reading', 'taken-a.csv'));
	if (action === 'create') return await folder.create('orders', 'a.csv', CONTENT);
	// Both racers wait for the same instant.
	await new Promise((resolve) => setTimeout(resolve, Number(step) - Date.now()));
	left = 0;
	return await folder.create('orders', 'a.csv', `${process.pid}`);
}

void main().then((outcome) => process.stdout.write(String(outcome)));
