import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import { childScript } from '../childScript';
import { put, temporaryDirectory, textOf, tree } from './openLocal';

const CONTENT = 'line\r\n'.repeat(20_000);

interface Ended {
	killed: boolean;
	outcome: string;
}

/** Node starts slowly and this machine has two cores, so the children of a test run two at a time. */
const child = async (root: string, action: string, step: number): Promise<Ended> =>
	await new Promise((resolve, reject) => {
		const running = spawn(process.execPath, [...childScript(path.join(__dirname, 'crashChild.ts')), root, action, String(step)], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let outcome = '';
		running.stdout.on('data', (chunk: Buffer) => (outcome += chunk.toString()));
		running.on('error', reject);
		running.on('close', (code, signal) =>
			signal === 'SIGKILL' || code === 0 ? resolve({ killed: signal === 'SIGKILL', outcome }) : reject(new Error(`exit ${code}`)),
		);
	});

/** Runs `check` for the crash before every step, until a child survives. Gives the number of crash points. */
async function atEveryStep(action: string, files: Record<string, string>, check: (root: string) => Promise<void>): Promise<number> {
	for (let step = 1; step < 80; step += 2) {
		const ends = await Promise.all(
			[step, step + 1].map(async (at) => {
				const root = temporaryDirectory();
				put(root, files);
				const end = await child(root, action, at);
				await check(root);
				return end;
			}),
		);
		const survivor = ends.findIndex(({ killed }) => !killed);
		if (survivor >= 0) return step - 1 + survivor;
	}
	throw new Error('the child never came to its end');
}

/** Visible files of a directory, as the other side sees them. */
const visible = (root: string, directory: string): string[] =>
	fs.existsSync(path.join(root, directory))
		? fs
				.readdirSync(path.join(root, directory), { withFileTypes: true })
				.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
				.map(({ name }) => name)
		: [];

describe('a crash before any step', () => {
	jest.setTimeout(180_000);

	it('of creating a file shows no half file, and a repeat has the file once', async () => {
		const points = await atEveryStep('create', {}, async (root) => {
			const folder = openLocalFolder(root, unrestrictedFileAccess);
			const before = visible(root, 'orders');
			for (const name of before) expect(fs.readFileSync(path.join(root, 'orders', name), 'utf8')).toBe(CONTENT);
			expect(await folder.create('orders', 'a.csv', CONTENT)).toBe(before.length > 0 ? 'exists' : 'created');
			expect(visible(root, 'orders')).toEqual(['a.csv']);
			expect(await textOf(folder.read('orders', 'a.csv'))).toBe(CONTENT);
			expect((await folder.list('orders')).map(({ name }) => name)).toEqual(['a.csv']);
		});
		expect(points).toBeGreaterThan(8);
	});

	it('of moving a file loses and overwrites nothing, and a repeat has it in the archive once', async () => {
		const points = await atEveryStep('move', { 'orders/a.csv': CONTENT, 'orders/archive/a.csv': 'older' }, async (root) => {
			const folder = openLocalFolder(root, unrestrictedFileAccess);
			const whole = () => Object.values(tree(root)).filter((text) => text === CONTENT).length;
			expect(whole()).toBe(1);
			const moved = visible(root, 'orders').length === 0;
			const again = await folder.move('orders', 'a.csv', 'orders/archive');
			expect(again === null).toBe(moved);
			expect(whole()).toBe(1);
			expect(visible(root, 'orders')).toEqual([]);
			expect(fs.readFileSync(path.join(root, 'orders/archive/a.csv'), 'utf8')).toBe('older');
		});
		expect(points).toBeGreaterThan(8);
	});

	it('of taking a file leaves it whole, in its place or taken', async () => {
		const points = await atEveryStep('take', { 'orders/a.csv': CONTENT }, async (root) => {
			const folder = openLocalFolder(root, unrestrictedFileAccess);
			const before = Object.keys(tree(root));
			expect(before).toHaveLength(1);
			expect((await folder.take('orders', 'a.csv', 'orders/reading', 'again-a.csv')) !== null).toBe(before[0] === 'orders/a.csv');
			expect(Object.values(tree(root))).toEqual([CONTENT]);
			expect(visible(root, 'orders')).toEqual([]);
		});
		expect(points).toBeGreaterThan(8);
	});
});

it('lets one of two processes create a file', async () => {
	for (let round = 0; round < 3; round += 1) {
		const root = temporaryDirectory();
		const start = Date.now() + 1_500;
		const ends = await Promise.all([child(root, 'race', start), child(root, 'race', start)]);
		expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists']);
		expect(Object.keys(tree(root))).toEqual(['orders/a.csv']);
	}
});
