/** A process that dies around any call of the store, of a folder or of a session. */
import { onEachDatabase } from '../store/harness';
import { crashEverywhere } from './crash';
import type { Action } from './world';

jest.setTimeout(600_000);

onEachDatabase('a crash before or after a call', (_, dialect) => {
	it.each<Action>(['import', 'send', 'poll', 'upload'])('of %s loses and repeats nothing', async (action) => {
		await crashEverywhere({ dialect, action, points: 'calls' }, dialect === 'sqlite' ? 10 : 2);
	});
});
