/**
 * The first import of a shop that has been there for years: our time against fetching its pages alone, which is what the shop itself lets
 * anybody reach, and the memory that it needs, which must not grow with the shop.
 *
 *   node scripts/use-node24.cjs bench/carts/main.ts [--backfill-orders 10000]
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Backfill } from './backfill';

const { values } = parseArgs({ options: { 'backfill-orders': { type: 'string', default: '10000' } }, strict: false });
const NODE = ['--disable-warning=ExperimentalWarning', '--import', 'tsx'];
/** Of the peak with a quarter of the orders. */
const MEMORY_GOAL = 1.25;

async function measured(orders: number): Promise<{ floor: Backfill; ours: Backfill }> {
	const shop = spawn(process.execPath, [...NODE, path.join(__dirname, 'shop.ts'), String(orders)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	try {
		const url = await new Promise<string>((resolve, reject) => {
			createInterface(shop.stdout).once('line', resolve);
			shop.once('exit', (code) => reject(new Error(`The shop ended with ${code}`)));
		});
		const run = (what: 'floor' | 'ours'): Backfill => {
			const { stdout, status } = spawnSync(process.execPath, [...NODE, path.join(__dirname, 'backfill.ts'), what, url], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			if (status !== 0) throw new Error(`${what} ended with ${status}`);
			const result = JSON.parse(stdout) as Backfill;
			if (result.orders !== orders) throw new Error(`${what}: ${result.orders} of ${orders} orders`);
			return result;
		};
		return { floor: run('floor'), ours: run('ours') };
	} finally {
		shop.kill();
	}
}

async function main(): Promise<void> {
	const orders = Number(values['backfill-orders']);
	console.log(`carts: backfill of ${orders} orders from a WooCommerce peer server into SQLite`);
	const quarter = await measured(Math.round(orders / 4));
	const { floor, ours } = await measured(orders);
	const rate = ({ ms }: Backfill): string => `${Math.round((orders / ms) * 1000)} orders/s`.padStart(14);
	const growth = ours.peakMb / quarter.ours.peakMb;
	console.log(`  pages alone  ${rate(floor)}  peak ${floor.peakMb.toFixed(0)} MB`);
	console.log(`  ours         ${rate(ours)}  peak ${ours.peakMb.toFixed(0)} MB  ${(ours.ms / floor.ms).toFixed(2)} times the pages alone`);
	console.log(
		`  peak with a quarter of the orders ${quarter.ours.peakMb.toFixed(0)} MB: growth ${growth.toFixed(2)}  goal <= ${MEMORY_GOAL} ${growth <= MEMORY_GOAL ? 'met' : 'MISSED'}`,
	);
	if (growth > MEMORY_GOAL) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
