/**
 * The rule engine against json-rules-engine with equal conditions and against a loop written by hand, in one run on the same
 * machine: figures are ratios, since machines differ.
 *
 *   node scripts/use-node24.cjs bench/rules/main.ts [--rule-orders 10000] [--node-orders 10000] [--if-orders 10000]
 */
import { parseArgs } from 'node:util';
import { measureNode, type Figure } from './node';
import { byHand, makeOrders, ours, peer, RULES, type Decide } from './work';

const { values } = parseArgs({
	options: {
		'rule-orders': { type: 'string', default: '10000' },
		'node-orders': { type: 'string', default: '10000' },
		'if-orders': { type: 'string', default: '10000' },
	},
	strict: false,
});
/** At least so many times as fast as json-rules-engine. */
const GOAL = 10;
/** The node at least so many times as fast as a chain of n8n's If nodes. */
const NODE_GOAL = 100;
/** A cost that grows faster than the orders, or than the rules, would show here. */
const GROWTH = 1.3;

/** The best of so many counts: the first ones also compile. */
const ROUNDS = 15;

async function measured(decide: Decide, count: number, rules = RULES): Promise<{ us: number; applied: number }> {
	const orders = makeOrders(count);
	await decide(orders.slice(0, 500));
	let best = Infinity;
	let applied = 0;
	for (let round = 0; round < ROUNDS; round++) {
		const start = performance.now();
		applied = await decide(orders);
		best = Math.min(best, performance.now() - start);
	}
	return { us: (best * 1000) / (count * rules), applied };
}

export async function benchRules(): Promise<void> {
	const count = Number(values['rule-orders']);
	console.log(`rules: ${RULES} rules of two conditions, ${count} orders, trace on`);
	const [mine, theirs, floor] = [await measured(ours(), count), await measured(peer(), count), await measured(byHand(), count)];
	if (mine.applied !== floor.applied || theirs.applied !== floor.applied) {
		throw new Error(`The engines do not agree: ${mine.applied}, ${theirs.applied}, ${floor.applied} rules applied`);
	}
	const more = { orders: await measured(ours(), count * 4), rules: await measured(ours(RULES * 4), count, RULES * 4) };
	const line = (name: string, us: number, said = '') =>
		console.log(`  ${name.padEnd(20)} ${us.toFixed(3).padStart(8)} µs for each order and rule  ${said}`);
	const ratio = theirs.us / mine.us;
	line('ours', mine.us);
	line('json-rules-engine', theirs.us, `ratio ${ratio.toFixed(1)}  goal >= ${GOAL} ${ratio >= GOAL ? 'met' : 'MISSED'}`);
	line('by hand', floor.us, `ours / by hand ${(mine.us / floor.us).toFixed(1)}`);
	for (const [name, { us }] of [
		[`ours, ${count * 4} orders`, more.orders],
		[`ours, ${RULES * 4} rules`, more.rules],
	] as const) {
		const growth = us / mine.us;
		line(name, us, `growth ${growth.toFixed(2)}  goal <= ${GROWTH} ${growth <= GROWTH ? 'met' : 'MISSED'}`);
		if (growth > GROWTH) process.exitCode = 1;
	}
	if (ratio < GOAL) process.exitCode = 1;
	await benchNode();
}

/** Through n8n's engine and the store: what the rules cost there, and what the rest does. */
async function benchNode(): Promise<void> {
	const [orders, ifOrders] = [Number(values['node-orders']), Number(values['if-orders'])];
	console.log(
		`rules through the node on n8n's engine: ${RULES} rules, ${orders} orders in SQLite; ${RULES} If nodes, ${ifOrders} items; µs for each order and rule`,
	);
	const figures = await measureNode(orders, ifOrders);
	const line = (name: string, { wall, cpu }: Figure, more: string) =>
		console.log(`  ${name.padEnd(24)} ${wall.toFixed(3).padStart(8)} µs, ${cpu.toFixed(3).padStart(8)} of CPU  ${more}`);
	const times = (figure: Figure) => figures.ifNodes.wall / figure.wall;
	const ratio = (figure: Figure) => `If nodes / this ${times(figure).toFixed(0)} (of CPU ${(figures.ifNodes.cpu / figure.cpu).toFixed(0)})`;
	line('n8n If node', figures.ifNodes, '');
	const { dryRun, dryRunAllDifferent, recording } = figures;
	line(
		'node, dry run',
		dryRun,
		`${ratio(dryRun)}  goal >= ${NODE_GOAL} ${times(dryRun) >= NODE_GOAL ? 'met' : 'MISSED'}; trace in each item`,
	);
	line('  all totals different', dryRunAllDifferent, `${ratio(dryRunAllDifferent)}; the trace of each order is its own`);
	line('  without rules', figures.dryRunWithoutRules, 'reading the orders and passing them on');
	line('node, recording', recording, `${ratio(recording)}; the timeline says what the rules did`);
	line('  without rules', figures.recordingWithoutRules, 'reading, deciding nothing, recording');
	line('floor: rows', figures.rows, 'the orders from the driver alone, their JSON read');
	line('floor: engine', figures.noOperation, "items through n8n's engine and a node that does nothing");
}

benchRules().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
