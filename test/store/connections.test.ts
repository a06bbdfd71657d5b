/** The few connections that a process has to Postgres: who waits for one, what a process that stands still holds, and a server that is gone. */
import net from 'node:net';
import { openOrderStore } from '../../lib/store/connect';
import { ConnectionSlots } from '../../lib/store/database/connectionSlots';
import { sql } from '../../lib/store/database/sql';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { actor, imported, importOne } from './fixtures';
import { databaseOf, onEachDatabase, withClient } from './harness';

onEachDatabase(
	'connections',
	(open) => {
		it('let the server end a transaction whose process stands still, and nothing of it outlives the transaction', async () => {
			const database = await databaseOf((await open()).config);
			const limit = sql`SELECT current_setting('idle_in_transaction_session_timeout') AS "limit"`;
			expect(await database.write(async ({ query }) => await query(limit))).toEqual([{ limit: '20s' }]);
			expect(await database.read(async ({ query }) => await query(limit))).toEqual([{ limit: '0' }]);
		});

		it('run a transaction again that was ended while the process stood still', async () => {
			const test = await open();
			const database = await databaseOf(test.config);
			const order = await importOne(test.orderStore, imported('1'));
			let tries = 0;
			await database.write(async ({ query, execute, tables }) => {
				tries += 1;
				await execute(sql`UPDATE ${tables.order} SET status_reason = $1 WHERE id = $2`, [`try ${tries}`, order.id]);
				if (tries > 1) return;
				await query(sql`SET LOCAL idle_in_transaction_session_timeout = 1`);
				const [backend] = await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
				const isThere = async () =>
					await withClient(
						async (client) => (await client.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [backend!.pid])).rowCount,
					);
				while ((await isThere()) !== 0);
			});
			expect(tries).toBe(2);
			expect((await test.orderStore.get(order.id))?.statusReason).toBe('try 2');
		});

		it('tell what happened when it does not end', async () => {
			const database = await databaseOf((await open()).config);
			const standsStill = database.write(async ({ query }) => {
				const [backend] = await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
				await query(sql`SET LOCAL idle_in_transaction_session_timeout = 1`);
				const isThere = async () =>
					await withClient(
						async (client) => (await client.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [backend!.pid])).rowCount,
					);
				while ((await isThere()) !== 0);
			});
			await expect(standsStill).rejects.toMatchObject({
				code: 'store_unavailable',
				retryable: true,
				message: expect.stringContaining('stood still in the middle'),
				remedy: expect.stringContaining('Nothing was changed'),
			});
		});

		it('say that all are in use to whoever waited long for one, and serve those who wait less', async () => {
			const database = await databaseOf((await open()).config);
			let letGo!: () => void;
			const gate = new Promise<void>((resolve) => (letGo = resolve));
			let held = 0;
			const holding = [1, 2, 3, 4].map(
				async () =>
					await database.write(async ({ query }) => {
						await query(sql`SELECT 1`);
						held += 1;
						await gate;
					}),
			);
			while (held < 4) await new Promise(setImmediate);
			jest.useFakeTimers({
				doNotFake: [
					'Date',
					'hrtime',
					'nextTick',
					'performance',
					'queueMicrotask',
					'setImmediate',
					'clearImmediate',
					'setInterval',
					'clearInterval',
				],
			});
			const waiting = database.read(async (session) => await session.now());
			const refused = expect(waiting).rejects.toMatchObject({
				code: 'store_busy',
				retryable: true,
				message: 'All 4 connections of this n8n process to the order store have been in use for 30 seconds.',
			});
			await new Promise(setImmediate);
			jest.advanceTimersByTime(30_000);
			await refused;
			jest.useRealTimers();
			const served = database.read(async (session) => await session.now());
			letGo();
			expect(await served).toMatch(/Z$/);
			await Promise.all(holding);
		});

		it('say that the server is gone to everybody at once, and serve them when it is back', async () => {
			const { config } = await open();
			const target = config as Extract<StoreConfig, { kind: 'postgres' }>;
			const sockets = new Set<net.Socket>();
			const between = net.createServer((near) => {
				const far = net.connect(target.port, target.host);
				for (const [from, to] of [
					[near, far],
					[far, near],
				] as const) {
					sockets.add(from);
					from.on('error', () => undefined).on('close', () => to.destroy());
					from.pipe(to);
				}
			});
			const listen = async (port: number) => await new Promise<void>((resolve) => between.listen(port, '127.0.0.1', resolve));
			await listen(0);
			const { port } = between.address() as net.AddressInfo;
			const orderStore = await openOrderStore({ ...target, host: '127.0.0.1', port });
			await importOne(orderStore);
			await new Promise<void>((resolve) => {
				between.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			});
			const answers = await Promise.allSettled(Array.from({ length: 30 }, async () => await orderStore.search({ limit: 1 })));
			expect(answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { code: string }).code : 'found'))).toEqual(
				Array(30).fill('store_unavailable'),
			);
			await listen(port);
			const found = await Promise.all(Array.from({ length: 30 }, async () => await orderStore.search({ limit: 1 })));
			expect(found.every(({ items }) => items.length === 1)).toBe(true);
			await orderStore.amend({ orderId: found[0]!.items[0]!.id, version: found[0]!.items[0]!.version, actor, set: { statusReason: 'x' } });
			await orderStore.close();
			between.close();
		});
	},
	['postgres'],
);

describe('places', () => {
	it('are given in the order of asking, and each back once', async () => {
		const places = new ConnectionSlots(1, 60_000, () => new Error('full'));
		const leave = await places.take();
		const order: number[] = [];
		const others = [1, 2, 3].map(async (one) => {
			const leaveAgain = await places.take();
			order.push(one);
			leaveAgain();
			leaveAgain();
		});
		leave();
		leave();
		await Promise.all(others);
		expect(order).toEqual([1, 2, 3]);
	});

	it('are not kept for who went away', async () => {
		const places = new ConnectionSlots(1, 1, () => new Error('full'));
		const leave = await places.take();
		await expect(places.take()).rejects.toThrow('full');
		const refused = expect(places.take()).rejects.toThrow('gone');
		places.refuse(new Error('gone'));
		await refused;
		leave();
		(await places.take())();
	});
});
