/** A process that dies while it splits orders or makes a bundle of them, and while what became of them is sent, shipped and told. */
import { onEachDatabase } from '../store/harness';
import { crashEverywhere } from './crash';
import type { Action, Mode } from './world';

jest.setTimeout(600_000);

onEachDatabase('a crash', (_, dialect) => {
	// On Postgres most statements are rolled back by the server; a few prove that it does.
	const points = (most: number): number => (dialect === 'sqlite' ? most : 3);

	it.each<[string, Mode, Action, number]>([
		['that splits orders', 'split', 'import', 10],
		['that makes a bundle', 'bundle', 'decide', 14],
		['that makes orders wait for a bundle', 'bundle', 'import', 6],
	])('before a statement %s loses and repeats nothing', async (__, mode, action, most) => {
		await crashEverywhere({ dialect, mode, action, points: 'statements' }, points(most));
	});

	it.each<[string, Mode, Action, number]>([
		['parts', 'split', 'send', 5],
		['the parcels of parts', 'split', 'poll', 3],
		['the tracking of parts', 'split', 'upload', 5],
		['a bundle that was just made', 'bundle', 'decide', 5],
		['a bundle', 'bundle', 'send', 4],
		['the parcels of a bundle', 'bundle', 'poll', 4],
		['the tracking of the orders in a bundle', 'bundle', 'upload', 8],
	])('around a call that deals with %s loses and repeats nothing', async (__, mode, action, most) => {
		await crashEverywhere({ dialect, mode, action, points: 'calls' }, points(most));
	});
});
