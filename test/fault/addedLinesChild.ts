/** A process that sends the lines which were added to an order, and may be ended before any statement. Prints the point, or how many it passed. */
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { Points, watchStatements } from './points';

async function main(): Promise<void> {
	const { config, orderId, killAt } = JSON.parse(process.argv[2] ?? '') as { config: StoreConfig; orderId: string; killAt: number };
	const points = new Points(killAt, null);
	watchStatements(points);
	const { openOrderStore } = await import('../../lib/store/connect');
	const { sendAddedLines } = await import('../../lib/fulfillment/sendAddedLines');
	const orderStore = await openOrderStore(config);
	points.arm();
	await sendAddedLines({ orderStore, orderId, actor: { kind: 'node', name: 'child' } });
	const { passed } = points;
	await orderStore.close();
	process.stdout.write(`${JSON.stringify({ passed })}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
