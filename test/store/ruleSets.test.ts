/** Rule sets in the store: versions, deletion, and savers at the same time. */
import { actor } from './fixtures';
import { onEachDatabase } from './harness';

const content = (text: string) => ({ format: 1, name: 'EU', rules: [{ name: text }] });

onEachDatabase('rule sets', (open) => {
	it('each save is a new version, and old ones stay', async () => {
		const { orderStore } = await open();
		expect(await orderStore.ruleSet('EU')).toBeNull();
		const first = await orderStore.saveRuleSet({ name: 'EU', content: content('one'), actor });
		expect(first).toMatchObject({ name: 'EU', version: 1, savedBy: 'test', content: content('one') });
		expect(new Date(first.savedAt).toISOString()).toBe(first.savedAt);
		await orderStore.saveRuleSet({ name: 'EU', content: content('two'), actor });
		await orderStore.saveRuleSet({ name: 'A', content: { emoji: '🎁\u0000', nested: [null, 1.5] }, actor });
		expect((await orderStore.ruleSets()).map(({ name, version }) => [name, version])).toEqual([
			['A', 1],
			['EU', 2],
		]);
		expect((await orderStore.ruleSet('A'))?.content).toMatchObject({ nested: [null, 1.5] });
		expect((await orderStore.ruleSet('EU'))?.content).toEqual(content('two'));
		expect((await orderStore.ruleSet('EU', 1))?.content).toEqual(content('one'));
		expect(await orderStore.ruleSet('EU', 3)).toBeNull();
		expect(await orderStore.ruleSet('eu')).toBeNull();
	});

	it('the same content again is no new version, whatever the order of its keys', async () => {
		const { orderStore } = await open();
		await orderStore.saveRuleSet({ name: 'EU', content: content('one'), actor });
		const { rules, name, format } = content('one');
		expect(await orderStore.saveRuleSet({ name: 'EU', content: { rules, name, format }, actor })).toMatchObject({ version: 1 });
	});

	it('a deleted set is gone for workflows, its versions stay, and a later save counts on', async () => {
		const { orderStore } = await open();
		await orderStore.saveRuleSet({ name: 'EU', content: content('one'), actor });
		expect(await orderStore.deleteRuleSet({ name: 'EU', actor })).toBe(true);
		expect(await orderStore.deleteRuleSet({ name: 'EU', actor })).toBe(false);
		expect(await orderStore.deleteRuleSet({ name: 'none', actor })).toBe(false);
		expect([await orderStore.ruleSet('EU'), await orderStore.ruleSets()]).toEqual([null, []]);
		expect((await orderStore.ruleSet('EU', 1))?.content).toEqual(content('one'));
		expect(await orderStore.saveRuleSet({ name: 'EU', content: content('one'), actor })).toMatchObject({ version: 3 });
	});

	it('refuses to overwrite a version that the writer did not see', async () => {
		const { orderStore } = await open();
		await orderStore.saveRuleSet({ name: 'EU', content: content('one'), actor, after: 0 });
		const late = orderStore.saveRuleSet({ name: 'EU', content: content('mine'), actor, after: 0 });
		await expect(late).rejects.toMatchObject({ code: 'operation_refused', message: expect.stringContaining('version 1 by test is there') });
		expect((await orderStore.ruleSet('EU'))?.content).toEqual(content('one'));
		expect(await orderStore.saveRuleSet({ name: 'EU', content: content('two'), actor, after: 1 })).toMatchObject({ version: 2 });
	});

	it('two processes that save at the same time both get a version of their own', async () => {
		const { orderStore, another } = await open();
		const stores = [orderStore, await another()];
		const saved = await Promise.all(
			Array.from({ length: 6 }, (_, index) => stores[index % 2]!.saveRuleSet({ name: 'EU', content: content(String(index)), actor })),
		);
		expect(saved.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6]);
		for (const { version, content: mine } of saved) expect((await orderStore.ruleSet('EU', version))?.content).toEqual(mine);
	});
});
