/** A process that dies after any call that changed the store or a folder. */
import { onEachDatabase } from '../store/harness';
import { crashEverywhere } from './crash';
import type { Action } from './world';

jest.setTimeout(600_000);

onEachDatabase('a crash around a call', (_, dialect) => {
	it.each<Action>(['import', 'send', 'poll', 'upload'])('of %s loses and repeats nothing', async (action) => {
		await crashEverywhere({ dialect, action, points: 'calls' }, dialect === 'sqlite' ? 25 : 2);
	});
});
