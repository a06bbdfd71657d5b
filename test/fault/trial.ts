/** One crash and what comes after it: prepare, kill a child at a point, start again, look at everything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { NodeSqlite } from '../../lib/store/database/nodeSqlite';
import { openOrderStore } from '../../lib/store/connect';
import { emptyConfig, freshConfig, tableOf, withClient, type DialectName } from '../store/harness';
import { expectedOf, verdictOf, type Verdict } from './audit';
import type { Task } from './child';
import { runChild, type Ended } from './runChild';
import { ordersOf, putExport, putExports, work } from './warehouse';
import { ACTIONS, doDueWork, openWorld, type Action, type Mode, type World } from './world';

const HOUR_MS = 3_600_000;
const ROUNDS = 12;
const ORDERS = 5;

export interface Place {
	root: string;
	config: StoreConfig;
	mode: Mode;
}

const roots: string[] = [];

afterEach(() => {
	shiftClock(0);
	for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** @param config by default one that may have tables, empty */
export function freshPlace(dialect: DialectName, orders = ORDERS, mode: Mode = 'route', config = emptyConfig(dialect)): Place {
	const root = mkdtempSync(path.join(tmpdir(), 'fault-'));
	roots.push(root);
	putExports(root, ordersOf(orders));
	return { root, config, mode };
}

export async function withWorld<T>({ root, config, mode }: Place, worker: string, body: (world: World) => Promise<T>): Promise<T> {
	const orderStore = await openOrderStore(config);
	try {
		return await body(openWorld(root, orderStore, worker, 1, undefined, mode));
	} finally {
		await orderStore.close();
	}
}

const SEQUENCE: readonly Action[] = ['import', 'decide', 'send', 'poll', 'upload'];

/** Everything that comes before `action`. */
export async function prepare(place: Place, action: Action): Promise<void> {
	await withWorld(place, 'before', async (world) => {
		for (const step of SEQUENCE.slice(0, SEQUENCE.indexOf(action))) {
			await ACTIONS[step](world);
			if (step === 'import') await endWindows(place.config);
			if (step === 'send') work(place.root);
		}
	});
}

/** What waits for other orders has waited long enough, by any clock. */
async function endWindows(config: StoreConfig): Promise<void> {
	const sql = `UPDATE ${tableOf(config, 'order')} SET held_until = '2026-01-01T00:00:00.000Z', due_at = '2026-01-01T00:00:00.000Z' WHERE bundle_key IS NOT NULL`;
	if (config.kind === 'postgres') return await withClient(async (client) => void (await client.query(sql)));
	const database = new NodeSqlite(config.file, { timeout: 2000 });
	try {
		database.prepare(sql).run();
	} finally {
		database.close();
	}
}

/** Leases and waits are over: by our clock for SQLite, which has none; in the rows for Postgres, whose clock nobody moves. */
export async function passTime(config: StoreConfig, rounds: number): Promise<void> {
	if (config.kind === 'sqlite') return shiftClock(rounds * 2 * HOUR_MS);
	const columns = { order: ['due_at', 'held_until'], shipment: ['upload_due_at', 'upload_leased_until'] };
	await withClient(async (client) => {
		for (const [table, names] of Object.entries(columns)) {
			const earlier = names.map((name) => `${name} = ${name} - interval '2 hours'`).join(', ');
			await client.query(`UPDATE ${tableOf(config, table)} SET ${earlier}`);
		}
	});
}

/** What a process does that starts again after the crash: it works until nothing is left to do. */
export async function settle(world: World, { root, config }: Place, pollFirst = false): Promise<void> {
	for (let round = 1; round <= ROUNDS; round += 1) {
		await passTime(config, round);
		let done = pollFirst ? await ACTIONS.poll(world) : 0;
		done += await ACTIONS.import(world);
		done += await doDueWork(world);
		done += work(root);
		done += await ACTIONS.poll(world);
		if (done === 0) return;
	}
	throw new Error(`Not quiet after ${ROUNDS} rounds`);
}

/** The shop exports everything once more, with one new order: nothing is skipped, nothing comes twice. */
async function importAgain(world: World, { root }: Place): Promise<number> {
	putExport(root, 'export-1.csv', ordersOf(ORDERS + 1));
	await ACTIONS.import(world);
	return (await world.orderStore.search({ limit: 100 })).items.length;
}

export interface Trial {
	dialect: DialectName;
	action: Action;
	mode?: Mode;
	points: Task['points'];
	killAt: number;
	fromOpening?: boolean;
	/** The warehouse takes what it finds before we start again. */
	warehouseFirst: boolean;
	pollFirst: boolean;
}

export interface Outcome extends Verdict {
	at: string | null;
	ordersAfterAnotherExport: number;
}

export async function tryOnce({
	dialect,
	action,
	mode = 'route',
	points,
	killAt,
	fromOpening,
	warehouseFirst,
	pollFirst,
}: Trial): Promise<{ ended: Ended; outcome: Outcome }> {
	shiftClock(0);
	const place = freshPlace(dialect, ORDERS, mode, fromOpening ? freshConfig(dialect) : emptyConfig(dialect));
	if (!fromOpening) await prepare(place, action);
	const ended = await runChild({ ...place, action, points, killAt, fromOpening, worker: 'child' });
	if (warehouseFirst) work(place.root);
	const outcome = await withWorld(place, 'after', async (world): Promise<Outcome> => {
		await settle(world, place, pollFirst);
		const verdict = await verdictOf(place.root, world.orderStore);
		return { at: ended.at, ...verdict, ordersAfterAnotherExport: await importAgain(world, place) };
	});
	return { ended, outcome };
}

export function expectedOutcome(at: string | null, mode: Mode = 'route'): Outcome {
	const expected = expectedOf(ordersOf(ORDERS), mode);
	const more =
		mode === 'split' ? Object.keys(expectedOf(ordersOf(ORDERS + 1), mode).statuses).length : Object.keys(expected.statuses).length + 1;
	return { at, ...expected, ordersAfterAnotherExport: more };
}
