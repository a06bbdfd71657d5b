/** EDI X12 with a real store and real folders, killed at every change: the warehouse gets one interchange an order, and each report counts once. */
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import type { OrderStore } from '../../lib/store/OrderStore';
import { openOrderStore } from '../../lib/store/connect';
import { childScript } from '../childScript';
import { put, temporaryDirectory, tree } from '../files/openLocal';
import { imported, importOne, move } from '../store/fixtures';
import { storeFile, work, type Action } from './x12CrashWork';
import { advice, madeByAnother } from './x12Harness';

jest.setTimeout(180_000);
afterEach(() => shiftClock(0));

const child = async (root: string, action: Action, step: number): Promise<'killed' | 'lived'> =>
	await new Promise((resolve, reject) => {
		const running = spawn(process.execPath, [...childScript(path.join(__dirname, 'x12CrashChild.ts')), root, action, String(step)], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		running.on('error', reject);
		running.on('close', (code, signal) =>
			signal === 'SIGKILL' ? resolve('killed') : code === 0 ? resolve('lived') : reject(new Error(`exit ${code}`)),
		);
	});

async function withStore<T>(root: string, use: (orderStore: OrderStore) => Promise<T>): Promise<T> {
	const orderStore = await openOrderStore({ kind: 'sqlite', file: storeFile(root) });
	try {
		return await use(orderStore);
	} finally {
		await orderStore.close();
	}
}

/** A place with one order that is routed. */
async function prepared(): Promise<{ root: string; reference: string }> {
	const root = temporaryDirectory();
	mkdirSync(path.join(root, 'warehouse'));
	const reference = await withStore(root, async (orderStore) => {
		const order = imported('1');
		const routed = await move(orderStore, await importOne(orderStore, order), 'routed', { result: { ...order.content, warehouse: 'WH1' } });
		return routed.reference;
	});
	return { root, reference };
}

/** As the process that is started after the crash, when the lease of the one before is over. */
async function again(root: string, action: Action): Promise<void> {
	shiftClock(120_000);
	await withStore(
		root,
		async (orderStore) => await work(action, orderStore, openLocalFolder(path.join(root, 'warehouse'), unrestrictedFileAccess)),
	);
}

/** The warehouse takes what is there, and removes it. Gives the interchanges. */
function taken(root: string): string[] {
	const files = Object.entries(tree(root)).filter(([name]) => /^warehouse\/to-warehouse\/[^/]+$/.test(name));
	mkdirSync(path.join(root, 'gone'), { recursive: true });
	for (const [name] of files) renameSync(path.join(root, name), path.join(root, 'gone', `${Object.keys(tree(root)).length}`));
	return files.map(([, text]) => text);
}

interface Trial {
	root: string;
	reference: string;
}

/** Crashes at every change, two children at a time, until one lives. Gives the number of crashes. */
async function atEveryChange(action: Action, prepare: () => Promise<Trial>, check: (trial: Trial) => Promise<void>): Promise<number> {
	for (let step = 1; step < 60; step += 2) {
		const trials = [await prepare(), await prepare()];
		shiftClock(0);
		const ends = await Promise.all(trials.map(async ({ root }, index) => await child(root, action, step + index)));
		for (const trial of trials) await check(trial);
		const survivor = ends.indexOf('lived');
		if (survivor >= 0) return step - 1 + survivor;
	}
	throw new Error('the child never came to its end');
}

it('sends one interchange, whenever the process is killed', async () => {
	const numbers = new Set<string>();
	const crashes = await atEveryChange('send', prepared, async ({ root, reference }) => {
		const first = taken(root);
		await again(root, 'send');
		const all = [...first, ...taken(root)];
		// What comes twice is the same interchange, which the warehouse's translator drops by its numbers.
		expect(new Set(all).size).toBe(1);
		numbers.add(all[0]!.slice(90, 99));
		await withStore(root, async (orderStore) => {
			const { items } = await orderStore.search({ reference, limit: 2 });
			expect(items.map(({ status, wmsOrderId }) => [status, wmsOrderId])).toEqual([['open', reference]]);
			expect(await orderStore.controlNumberKey({ sequence: 'x12:ZZ/MERCHANT>ZZ/WAREHOUSE3PL:P', number: 2 })).toBeNull();
		});
	});
	expect(crashes).toBeGreaterThanOrEqual(5);
	expect([...numbers]).toEqual(['000000001']);
});

it('records an advice once and answers it once, whenever the process is killed', async () => {
	const sent = async (): Promise<Trial> => {
		const trial = await prepared();
		await again(trial.root, 'send');
		taken(trial.root);
		put(trial.root, {
			'warehouse/from-warehouse/1.edi': madeByAnother(
				[
					[
						['AK1', 'OW', '1'],
						['AK2', '940', '0001'],
						['AK5', 'A'],
						['AK9', 'A', '1', '1', '1'],
					],
				],
				{ set: '997', functionalId: 'FA', control: '16' },
			),
			'warehouse/from-warehouse/2.edi': madeByAnother([
				advice(trial.reference, 'S1', [
					['RED-MUG', 2, 2],
					['TEE-L', 1, 1],
				]),
			]),
		});
		return trial;
	};
	const crashes = await atEveryChange('poll', sent, async ({ root, reference }) => {
		const answers = taken(root);
		await again(root, 'poll');
		expect(new Set([...answers, ...taken(root)]).size).toBe(1);
		await withStore(root, async (orderStore) => {
			const { items } = await orderStore.search({ reference, limit: 2 });
			expect(items[0]?.shipments.map(({ externalId, trackingNumber }) => [externalId, trackingNumber])).toEqual([
				['S1', '1Z999AA10123456784'],
			]);
			expect(items[0]?.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
			expect((await orderStore.importFailures({ limit: 5 })).items).toEqual([]);
		});
		const left = Object.keys(tree(root)).filter((name) => name.startsWith('warehouse/'));
		expect(left.sort()).toEqual([
			'warehouse/from-warehouse/archive/1.edi',
			'warehouse/from-warehouse/archive/2.edi',
			`warehouse/sent/acknowledged/${reference}.edi`,
		]);
	});
	expect(crashes).toBeGreaterThanOrEqual(5);
});
