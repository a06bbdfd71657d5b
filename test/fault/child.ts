/**
 * A process that runs one use case on a real store and real folders, and may be ended at one of the points that it passes.
 * Prints a line of JSON at that point; when it survives, a last line with the number of points.
 */
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { shiftClock } from '../../demo/clock';
import { Points, watched, watchStatements } from './points';
import type { Action, Mode } from './world';

export interface Task {
	root: string;
	config: StoreConfig;
	action: Action;
	mode?: Mode;
	/** Which points count: around calls, or before statements. */
	points: 'calls' | 'statements';
	/** The process is killed at this one; 0 = it lives. */
	killAt: number;
	/** Count from before the store is opened, so that the making of the tables counts too. */
	fromOpening?: boolean | undefined;
	stopAt?: string;
	worker: string;
	concurrency?: number;
	/** Open the store, say so, and begin when a word comes in. */
	waits?: boolean;
}

export interface Line {
	at?: string;
	ready?: true;
	passed?: number;
}

const say = (line: Line): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
	const task = JSON.parse(process.argv[2]!) as Task;
	shiftClock(0);
	const points = new Points(task.killAt, task.stopAt ?? null);
	if (task.points === 'statements') watchStatements(points);
	const { openOrderStore } = await import('../../lib/store/connect');
	const { ACTIONS, openWorld } = await import('./world');
	if (task.fromOpening) points.arm();
	const orderStore = await openOrderStore(task.config);
	const calls = task.points === 'calls';
	const world = openWorld(
		task.root,
		orderStore,
		task.worker,
		task.concurrency ?? 1,
		(target, name) => (calls ? watched(target, name, points) : target),
		task.mode,
	);
	if (task.waits) {
		say({ ready: true });
		await new Promise((resolve) => process.stdin.once('data', resolve));
		process.stdin.pause();
	}
	points.arm();
	await ACTIONS[task.action](world);
	const { passed } = points;
	await orderStore.close();
	say({ passed });
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
