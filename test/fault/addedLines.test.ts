/** A process dies before any statement while it sends lines that were added: after a repeat there is one order of them, and it is sent once. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { sendAddedLines } from '../../lib/fulfillment/sendAddedLines';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { childScript } from '../childScript';
import { Operator } from '../fulfillment/operator';
import { linesAdded } from '../fulfillment/adviceFlows';
import { actor, kinds } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { sample } from './runChild';

jest.setTimeout(300_000);

interface Ended {
	killed: boolean;
	passed: number;
}

function child(config: StoreConfig, orderId: string, killAt: number): Ended {
	const { signal, stdout, status } = spawnSync(
		process.execPath,
		[...childScript(path.join(__dirname, 'addedLinesChild.ts')), JSON.stringify({ config, orderId, killAt })],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
	);
	if (signal === null && status !== 0) throw new Error(`The child ended with ${status}`);
	return { killed: signal === 'SIGKILL', passed: signal === null ? (JSON.parse(stdout) as { passed: number }).passed : 0 };
}

onEachDatabase('a crash while added lines are sent', (open, dialect) => {
	it('leaves one order of them, or none and the alert; a repeat makes it one, which is sent once', async () => {
		const whole = new Operator(await open());
		const { passed } = child(whole.test.config, (await linesAdded(whole)).id, 0);
		expect(passed).toBeGreaterThan(5);
		for (const killAt of sample(passed, dialect === 'sqlite' ? passed : 6)) {
			const operator = new Operator(await open());
			const { orderStore } = operator;
			const { id } = await linesAdded(operator);
			expect(child(operator.test.config, id, killAt)).toMatchObject({ killed: true });
			const left = await orderStore.parts([id]);
			expect([killAt, await operator.alertsOf(id)]).toEqual([killAt, left.length === 0 ? ['lines_added'] : []]);
			const made = await sendAddedLines({ orderStore, orderId: id, actor });
			await operator.goesOn();
			expect((await orderStore.parts([id])).map((one) => [one.id, one.status, one.description])).toEqual([
				[made.id, 'closed', '1 × TEE-XL'],
			]);
			expect((await kinds(orderStore, id)).filter((kind) => kind === 'added_lines_sent')).toHaveLength(1);
			expect(operator.main.created()).toEqual(['N1', 'N1.a1']);
			expect(new Set(operator.told()).size).toBe(2);
		}
	});
});
