/** A process that dies before any statement to the database, also in the middle of a transaction. */
import { onEachDatabase } from '../store/harness';
import { crashEverywhere } from './crash';
import type { Action } from './world';

jest.setTimeout(600_000);

onEachDatabase('a crash before a statement', (_, dialect) => {
	it.each<Action>(['import', 'send', 'poll', 'upload'])('of %s loses and repeats nothing', async (action) => {
		await crashEverywhere({ dialect, action, points: 'statements' }, dialect === 'sqlite' ? 11 : 4);
	});

	it('that makes the tables leaves a store that can be used', async () => {
		await crashEverywhere({ dialect, action: 'import', points: 'statements', fromOpening: true }, dialect === 'sqlite' ? 4 : 2);
	});
});
