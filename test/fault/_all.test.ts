import { expectedOutcome, tryOnce } from './trial';
import type { Action } from './world';

jest.setTimeout(3_000_000);
it.each<Action>(['send', 'upload', 'import', 'poll'])('%s', async (action) => {
	const start = Date.now();
	const bad: unknown[] = [];
	let killAt = 1;
	for (; killAt < 400; killAt += 1) {
		const { ended, outcome } = await tryOnce({ dialect: 'sqlite', action, points: 'calls', killAt, warehouseFirst: killAt % 2 === 1, pollFirst: killAt % 4 >= 2 });
		try {
			expect(outcome).toEqual(expectedOutcome(ended.at));
		} catch (error) {
			bad.push({ killAt, ended, error: String(error).slice(0, 800) });
		}
		if (!ended.killed) {
			process.stdout.write(`survived ${JSON.stringify(ended)}\n`);
			break;
		}
	}
	process.stdout.write(`${action} ${killAt} ${Date.now() - start} ${JSON.stringify(bad)}\n`);
});
