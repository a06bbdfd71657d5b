/** Control numbers in the store: each once, the same one for the same thing, whoever asks at the same time. */
import { onEachDatabase } from './harness';

onEachDatabase('control numbers', (open) => {
	it('counts on, keeps what was given, and tells what for', async () => {
		const { orderStore, another } = await open();
		const first = await orderStore.controlNumber({ sequence: 'a', key: 'acme.1' });
		expect(first).toEqual({ number: 1, givenAt: expect.stringMatching(/Z$/) });
		expect(await orderStore.controlNumber({ sequence: 'a', key: 'acme.2' })).toMatchObject({ number: 2 });
		expect(await (await another()).controlNumber({ sequence: 'a', key: 'acme.1' })).toEqual(first);
		expect(await orderStore.controlNumber({ sequence: 'b', key: 'acme.1' })).toMatchObject({ number: 1 });
		expect(await orderStore.controlNumberKey({ sequence: 'a', number: 2 })).toBe('acme.2');
		expect(await orderStore.controlNumberKey({ sequence: 'b', number: 2 })).toBeNull();
	});

	it('begins where it is told to, and never goes back', async () => {
		const { orderStore } = await open();
		const numbers = [];
		for (const [key, first] of [
			['x', 500],
			['y', 1],
			['z', 600],
			['w', 600],
		] as const)
			numbers.push((await orderStore.controlNumber({ sequence: 'a', key, first })).number);
		expect(numbers).toEqual([500, 501, 600, 601]);
	});

	it('ends with the highest number instead of giving one twice', async () => {
		const { orderStore } = await open();
		await orderStore.controlNumber({ sequence: 'a', key: 'x', first: 999_999_999 });
		await expect(orderStore.controlNumber({ sequence: 'a', key: 'y' })).rejects.toThrow('last control number');
		expect(await orderStore.controlNumber({ sequence: 'a', key: 'x' })).toMatchObject({ number: 999_999_999 });
	});

	it('gives each of many that ask at once its own, from several processes, without gaps', async () => {
		const { orderStore, another } = await open();
		const stores = [orderStore, await another(), await another()];
		const given = await Promise.all(
			Array.from({ length: 60 }, async (_, index) => await stores[index % 3]!.controlNumber({ sequence: 'a', key: `acme.${index % 30}` })),
		);
		expect([...new Set(given.map(({ number }) => number))].sort((a, b) => a - b)).toEqual(
			Array.from({ length: 30 }, (_, index) => index + 1),
		);
		given.forEach(({ number }, index) => expect(number).toBe(given[index % 30]!.number));
	});
});
