/** Recovery: the state, and the numbers that go on above what a partner may have seen. */
import { actor } from './fixtures';
import { onEachDatabase } from './harness';

onEachDatabase('recovery', (open) => {
	it('is there from when somebody says so until somebody says that it is over, for every process', async () => {
		const { orderStore, another } = await open();
		expect(await orderStore.recovery()).toBeNull();
		expect(await orderStore.endRecovery({ actor })).toBe(false);
		const before = await orderStore.now();
		const begun = await orderStore.beginRecovery({ actor });
		expect(begun.by).toBe(actor.name);
		expect(begun.since >= before).toBe(true);
		const other = await another();
		expect(await other.recovery()).toEqual(begun);
		const again = await other.beginRecovery({ actor: { kind: 'person', name: 'Eve' } });
		expect(again.since >= begun.since).toBe(true);
		expect(await orderStore.recovery()).toEqual({ since: again.since, by: 'Eve' });
		expect(await orderStore.endRecovery({ actor })).toBe(true);
		expect(await other.recovery()).toBeNull();
		expect(await (await another()).recovery()).toBeNull();
	});

	it('begins before anything else when it was asked for in the database, once, also in a process that had the store open', async () => {
		const test = await open();
		const { orderStore } = test;
		await orderStore.controlNumber({ sequence: 'a', key: '1' });
		const ask = async (skip: string) => await test.raw(`INSERT INTO {meta} (key, value) VALUES ('begin_recovery', $1)`, [skip]);
		await ask('50');
		const [others, begun] = await Promise.all([Promise.all([1, 2, 3].map(async () => await test.another())), orderStore.recovery()]);
		expect(begun).toEqual({ since: expect.stringMatching(/Z$/), by: 'Restore' });
		for (const other of others) expect(await other.recovery()).toEqual(begun);
		expect((await orderStore.controlNumber({ sequence: 'a', key: '2' })).number).toBe(52);
		await orderStore.endRecovery({ actor });
		expect(await orderStore.recovery()).toBeNull();
		await ask('who knows');
		await (await test.another()).close();
		expect((await orderStore.controlNumber({ sequence: 'a', key: '3' })).number).toBe(100_053);
	});

	it('lets every sequence of control numbers go on above what partners may have seen', async () => {
		const { orderStore } = await open();
		const number = async (sequence: string, key: string, first?: number) =>
			(await orderStore.controlNumber({ sequence, key, ...(first === undefined ? {} : { first }) })).number;
		expect(await number('a', 'order 1')).toBe(1);
		expect(await number('b', 'order 1', 500)).toBe(500);
		await orderStore.beginRecovery({ actor });
		expect(await number('a', 'order 1')).toBe(1);
		expect(await number('a', 'order 2')).toBe(100_002);
		expect(await number('a', 'order 3')).toBe(100_003);
		expect(await number('b', 'order 2')).toBe(100_501);
		expect(await orderStore.controlNumberKey({ sequence: 'a', number: 100_002 })).toBe('order 2');
		// Sequences of which the state that was put back knows nothing yet.
		expect(await number('c', 'order 1')).toBe(100_001);
		expect(await number('c', 'order 2')).toBe(100_002);
		expect(await number('d', 'order 1', 7_000)).toBe(107_000);
		await orderStore.endRecovery({ actor });
		expect(await number('a', 'order 4')).toBe(100_004);
		expect(await number('e', 'order 1')).toBe(100_001);
	});

	it('skips as many as it is told, each time', async () => {
		const { orderStore } = await open();
		await orderStore.controlNumber({ sequence: 'a', key: '1' });
		await orderStore.beginRecovery({ actor, skipControlNumbers: 10 });
		await orderStore.beginRecovery({ actor, skipControlNumbers: 10 });
		await orderStore.beginRecovery({ actor, skipControlNumbers: 0 });
		expect((await orderStore.controlNumber({ sequence: 'a', key: '2' })).number).toBe(22);
		expect((await orderStore.controlNumber({ sequence: 'b', key: '1' })).number).toBe(21);
		for (const skipControlNumbers of [-1, 1.5, Number.NaN, '10' as unknown as number]) {
			await expect(orderStore.beginRecovery({ actor, skipControlNumbers })).rejects.toMatchObject({ code: 'invalid_input' });
		}
	});

	it('never goes beyond nine digits, and says so when none is left', async () => {
		const { orderStore } = await open();
		await orderStore.controlNumber({ sequence: 'a', key: '1', first: 999_950_000 });
		await orderStore.beginRecovery({ actor });
		await expect(orderStore.controlNumber({ sequence: 'a', key: '2' })).rejects.toThrow('has used its last control number, 999999999');
		expect((await orderStore.controlNumber({ sequence: 'a', key: '1' })).number).toBe(999_950_000);
		await expect(orderStore.controlNumber({ sequence: 'b', key: '1', first: 999_999_000 })).rejects.toThrow(
			'has used its last control number',
		);
	});

	it('gives no number twice when numbers are taken while it begins', async () => {
		const { orderStore, another } = await open();
		const other = await another();
		await orderStore.controlNumber({ sequence: 'a', key: 'first' });
		const taken = await Promise.all([
			...Array.from(
				{ length: 20 },
				async (_, index) => await (index % 2 ? orderStore : other).controlNumber({ sequence: 'a', key: `k${index}` }),
			),
			orderStore.beginRecovery({ actor }).then(() => null),
			other.beginRecovery({ actor }).then(() => null),
		]);
		const numbers = taken.flatMap((one) => (one === null ? [] : one.number));
		expect(new Set(numbers).size).toBe(numbers.length);
		expect(numbers.length).toBe(20);
		const { number } = await orderStore.controlNumber({ sequence: 'a', key: 'last' });
		expect(number).toBeGreaterThan(Math.max(...numbers));
		expect(number).toBeGreaterThan(200_000);
	});
});
