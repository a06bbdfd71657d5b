/** A partner in a thread of its own that puts one file after the other over the same name, as fast as it can, and knows which ones it overwrote itself. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Folder } from '../../lib/files/Folder';
import { tree } from './openLocal';

const SCRIPT = `
const { workerData: { directory, stop }, parentPort } = require('node:worker_threads');
const fs = require('node:fs');
const ended = new Int32Array(stop);
const overwritten = [];
let puts = 0;
for (; Atomics.load(ended, 0) === 0; puts += 1) {
	fs.writeFileSync(directory + '/.' + puts, String(puts));
	let before = null;
	try { before = fs.openSync(directory + '/a.csv', 'r'); } catch {}
	fs.renameSync(directory + '/.' + puts, directory + '/a.csv');
	if (before === null) continue;
	// Whoever took it gave it another name.
	if (fs.fstatSync(before).nlink === 0) overwritten.push(puts - 1);
	fs.closeSync(before);
}
parentPort.postMessage({ puts, overwritten });
`;

interface Puts {
	/** Contents are the numbers from 0. */
	puts: number;
	overwritten: number[];
}

/** Puts `a.csv` into the directory until `stop` is called. */
function hurriedPartner(directory: string): { stop(): Promise<Puts> } {
	const stop = new SharedArrayBuffer(4);
	const worker = new Worker(SCRIPT, { eval: true, workerData: { directory, stop } });
	const result = new Promise<Puts>((resolve, reject) => {
		worker.once('message', resolve);
		worker.once('error', reject);
	});
	return {
		stop: async () => {
			Atomics.store(new Int32Array(stop), 0, 1);
			return await result;
		},
	};
}

const TAKES = 150;

/** What the partner did not overwrite itself was taken, once. @param root where the folder is on this machine */
export async function takesEverything(root: string, folder: Folder): Promise<void> {
	mkdirSync(path.join(root, 'orders'), { recursive: true });
	const partner = hurriedPartner(path.join(root, 'orders'));
	let takes = 0;
	for (let attempt = 0; takes < TAKES && attempt < 20 * TAKES; attempt += 1) {
		if ((await folder.take('orders', 'a.csv', 'orders/reading', `${attempt}`)) !== null) takes += 1;
	}
	const { puts, overwritten } = await partner.stop();
	// The last one may still be there.
	const found = Object.values(tree(root)).map(Number);
	expect(new Set(found).size).toBe(found.length);
	expect([...found, ...overwritten].sort((a, b) => a - b)).toEqual(Array.from({ length: puts }, (_, index) => index));
	expect(takes).toBeGreaterThan(10);
}
