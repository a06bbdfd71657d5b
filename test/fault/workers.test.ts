/** Several processes on one store: at the same time, and one that sleeps through its lease. */
import { onEachDatabase } from '../store/harness';
import { expectedOf, verdictOf, type Verdict } from './audit';
import { startChild, type Running } from './runChild';
import { freshPlace, passTime, prepare, settle, withWorld, type Place } from './trial';
import { ordersOf, work } from './warehouse';
import { doDueWork } from './world';

jest.setTimeout(600_000);

const children: Running[] = [];

// A stopped process does not end by itself.
afterEach(() => {
	for (const { process: child } of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
});

function start(place: Place, worker: string, more: { concurrency?: number; waits?: boolean; stopAt?: string }): Running {
	const running = startChild({ ...place, action: 'send', points: 'calls', killAt: 0, worker, ...more });
	children.push(running);
	return running;
}

/** After everything that is still to do was done. */
const endOf = async (place: Place): Promise<Verdict> =>
	await withWorld(place, 'after', async (world) => {
		await settle(world, place);
		return await verdictOf(place.root, world.orderStore);
	});

onEachDatabase('two workers', (_, dialect) => {
	it('that send the same orders at the same time send each once', async () => {
		const orders = ordersOf(30);
		const place = freshPlace(dialect, orders.length);
		await prepare(place, 'send');
		const both = ['left', 'right'].map((worker) => start(place, worker, { concurrency: 3, waits: true }));
		await Promise.all(both.map(async ({ line }) => await line(({ ready }) => ready === true)));
		for (const { process: child } of both) child.stdin?.end('go\n');
		for (const { ended } of both) expect((await ended).killed).toBe(false);

		const sent = await withWorld(place, 'reader', async ({ orderStore }) => await verdictOf(place.root, orderStore));
		expect(sent.atWarehouse).toEqual(orders.map(({ id }) => id).sort());
		expect(new Set(Object.values(sent.statuses))).toEqual(new Set(['open']));
		expect(Object.keys(sent.statuses)).toHaveLength(orders.length);

		expect(await endOf(place)).toEqual(expectedOf(orders));
	});

	/** A stops at `stopAt`, its lease runs out, B sends, the warehouse may take the files, A goes on. */
	async function wakeLate(stopAt: string, taken: boolean): Promise<void> {
		const orders = ordersOf(5);
		const place = freshPlace(dialect, orders.length);
		await prepare(place, 'send');
		const late = start(place, 'late', { stopAt });
		await late.line(({ at }) => at === stopAt);
		await passTime(place.config, 1);
		const statuses = async (): Promise<string[]> =>
			await withWorld(place, 'B', async (world) => {
				while ((await doDueWork(world)) > 0);
				return (await world.orderStore.search({ limit: 100 })).items.map(
					({ orderNumber, status, version, attempts }) => `${orderNumber} ${status} ${version} ${attempts}`,
				);
			});
		const before = await statuses();
		expect(before.filter((line) => line.includes(' open '))).toHaveLength(orders.length);
		if (taken) expect(work(place.root)).toBe(orders.length);
		late.process.kill('SIGCONT');
		expect((await late.ended).killed).toBe(false);

		expect(await statuses()).toEqual(before);
		expect(await endOf(place)).toEqual(expectedOf(orders));
	}

	it.each([
		['before it asks the warehouse', 'before wms.createOrder', true],
		['before it writes, while the file waits', 'before folder.create', false],
		['after it wrote', 'after folder.create', true],
	])('one of which wakes up late, %s, changes nothing', async (_, stopAt, taken) => {
		await wakeLate(stopAt, taken);
	});

	// The name is free again once the file was taken; the late writer withdraws its file before the warehouse sees it.
	it('one of which wakes up late, before it writes, after the warehouse took the file, changes nothing', async () => {
		await wakeLate('before folder.create', true);
	});
});
