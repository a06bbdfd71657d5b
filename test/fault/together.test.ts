/** A process that dies while it sends several orders in one call. */
import { onEachDatabase } from '../store/harness';
import { crashEverywhere } from './crash';

jest.setTimeout(600_000);

onEachDatabase('a crash while several orders are sent in one call', (_, dialect) => {
	it('loses and repeats nothing, around any call', async () => {
		await crashEverywhere({ dialect, mode: 'together', action: 'send', points: 'calls' }, dialect === 'sqlite' ? 10 : 2);
	});

	it('loses and repeats nothing, before any statement', async () => {
		await crashEverywhere({ dialect, mode: 'together', action: 'send', points: 'statements' }, dialect === 'sqlite' ? 4 : 2);
	});
});
