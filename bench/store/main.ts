/**
 * The order store against the bare driver, in one run on the same machine: figures are ratios, since machines differ.
 *
 *   node scripts/use-node24.cjs bench/store/main.ts [--orders 10000,200000] [--dialect sqlite,postgres]
 */
import { parseArgs } from 'node:util';
import { openPair, type DialectName } from './targets';
import { abandoning, claiming, importing, searching, settling, transitioning, type Measured } from './work';

const { values } = parseArgs({
	options: { orders: { type: 'string', default: '10000,200000' }, dialect: { type: 'string', default: 'sqlite,postgres' } },
	strict: false,
});

const missed: string[] = [];

function check(name: string, value: number, goal: number, atMost = false): string {
	const met = atMost ? value <= goal : value >= goal;
	if (!met) missed.push(name);
	return `goal ${atMost ? '<=' : '>='} ${goal} ${met ? 'met' : 'MISSED'}`;
}

function show(name: string, { ours, raw, count }: Measured, goal?: number): void {
	const rate = (ms: number) => `${Math.round((count / ms) * 1000)}/s`.padStart(9);
	const ratio = raw / ours;
	console.log(
		`  ${name.padEnd(14)} ours ${rate(ours)}  driver ${rate(raw)}  ratio ${ratio.toFixed(2)}  ${goal === undefined ? '' : check(name, ratio, goal)}`,
	);
}

async function bench(dialect: DialectName, orders: number): Promise<number> {
	console.log(`${dialect}, ${orders} orders`);
	const pair = await openPair(dialect);
	try {
		const imported = await importing(pair, orders);
		show('import', imported, 0.65);
		console.log(`  longest stall of the event loop ${imported.stallMs.toFixed(0)} ms  ${check('stall', imported.stallMs, 100, true)}`);
		await settling(pair);
		show('transition', await transitioning(pair, 2_000), 0.75);
		show('claim of 50', await claiming(pair, 2_000));
		show('page of 50', await searching(pair, 100));
		show('abandon sweep', await abandoning(pair, Math.min(orders - 2_000, 16_000)), 0.8);
		return imported.ours / orders;
	} finally {
		await pair.close();
	}
}

async function main(): Promise<void> {
	for (const dialect of String(values.dialect).split(',') as DialectName[]) {
		const costs: number[] = [];
		for (const orders of String(values.orders).split(',').map(Number)) costs.push(await bench(dialect, orders));
		if (costs.length > 1) {
			const growth = costs.at(-1)! / costs[0]!;
			console.log(
				`${dialect}: cost of an order in the largest store / in the smallest: ${growth.toFixed(2)}  ${check('growth', growth, 1.3, true)}`,
			);
		}
	}
	console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
	if (missed.length > 0) {
		console.log(`missed: ${missed.join(', ')}`);
		process.exitCode = 1;
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
