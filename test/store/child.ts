/** What a test runs in another process: opens the store, and imports a series of orders when asked to. */
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { openOrderStore } from '../../lib/store/connect';
import { page, series } from './fixtures';

async function main(): Promise<void> {
	const { config, orders } = JSON.parse(process.argv[2]!) as { config: StoreConfig; orders: number };
	const orderStore = await openOrderStore(config);
	let created = 0;
	for (let start = 1; start <= orders; start += 50) {
		const results = await orderStore.importPage(page(series(50, start)));
		created += results.filter(({ kind }) => kind === 'created').length;
	}
	await orderStore.close();
	process.stdout.write(`created ${created}`);
}

main().catch((error: unknown) => {
	process.stderr.write(String(error));
	process.exitCode = 1;
});
