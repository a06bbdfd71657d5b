/**
 * The rules through the node on n8n's engine, against a chain of n8n If nodes that filter by the same conditions on the same
 * engine. (The engine's If node has n8n's own parameters and n8n's own evaluation of them; the package n8n-nodes-base is not installed.)
 *
 *   node scripts/use-node24.cjs bench/rules/main.ts [--node-orders 10000] [--if-orders 10000]
 */
import { DatabaseSync } from 'node:sqlite';
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { READY } from '../../lib/order/cartWord';
import type { OrderContent } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { READ_ROW } from '../../lib/store/orders/rows';
import { defaultOrderStoreFile } from '../../nodes/shared/context';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import type { Execution } from '../../testing/engine/Execution';
import { Site } from '../../test/templates/site';
import { conditionsOf, makeOrders, RULES } from './work';

const STORE = { orderStoreApi: { id: null, name: 'Order Store' } };
const start = node('Start', 'n8n-nodes-base.manualTrigger');

/** Microseconds for each order (or item) and rule. */
export interface Figure {
	/** On a machine that does nothing else. */
	wall: number;
	/** Of this process and its threads: what others do on the machine matters less. */
	cpu: number;
}

export interface NodeFigures {
	ifNodes: Figure;
	/** Nothing recorded, each item with its whole trace. */
	dryRun: Figure;
	/** The same where every order has another total, so that no two orders meet the rules with the same values. */
	dryRunAllDifferent: Figure;
	/** Decisions and what rules did recorded, as a workflow runs. */
	recording: Figure;
	/** The same without any rule: reading the orders and passing them on, … */
	dryRunWithoutRules: Figure;
	/** … and recording a decision about each as well. */
	recordingWithoutRules: Figure;
	/** What nothing can do without: items through n8n's engine and a node that does nothing, … */
	noOperation: Figure;
	/** … and the rows of the orders from the driver alone, with their JSON read. */
	rows: Figure;
}

/** A measure is taken so many times, each time all of them in turn, and the best counts: others work on the machine as well. */
const ROUNDS = 12;
/** The chain of If nodes takes a hundred times as long, and its rounds hardly differ. */
const IF_ROUNDS = 2;

async function timed(of: number, run: () => Promise<void> | void): Promise<Figure> {
	const [begin, before] = [performance.now(), process.cpuUsage()];
	await run();
	const { user, system } = process.cpuUsage(before);
	return { wall: ((performance.now() - begin) * 1000) / of, cpu: (user + system) / of };
}

const better = (one: Figure | undefined, other: Figure): Figure =>
	one === undefined ? other : { wall: Math.min(one.wall, other.wall), cpu: Math.min(one.cpu, other.cpu) };

export async function measureNode(orders: number, ifOrders: number): Promise<NodeFigures> {
	const site = await Site.open();
	try {
		const orderStore = await site.store();
		const items = await imported(orderStore, makeOrders(orders), 'bench');
		const different = await imported(
			orderStore,
			makeOrders(orders).map((order, index) => ({ ...order, total: `${index}.50` })),
			'different',
		);
		const rules = { list: Array.from({ length: RULES }, (_, index) => ruleOf(index)) };
		const through = async (target: INode, given: INodeExecutionData[]): Promise<Figure> =>
			await timed(given.length * RULES, async () => {
				const { error, runs } = await execution(site, workflow('Bench', [start, target], `Start -> ${target.name}`), given);
				const out = runs(target.name)[0]?.outputs[0]?.length ?? 0;
				if (error !== undefined || out !== given.length) throw new Error(`${out} of ${given.length} orders came out: ${error?.message}`);
			});
		const decide = async (parameters: INodeParameters, given: INodeExecutionData[]) =>
			await through({ ...node('Rules', 'orderRules', parameters), credentials: STORE }, given);
		const dry = { rules, options: { dryRun: true, trace: true } };
		await decide(dry, items.slice(0, 500));
		const best: Partial<NodeFigures> = {};
		const take = (name: keyof NodeFigures, figure: Figure) => (best[name] = better(best[name], figure));
		// An order is recorded once, so that each round has its own.
		const share = Math.floor(items.length / (2 * ROUNDS));
		for (let round = 0; round < ROUNDS; round += 1) {
			if (round < IF_ROUNDS) take('ifNodes', await chainOfIfs(site, ifOrders));
			take('dryRun', await decide(dry, items));
			take('dryRunAllDifferent', await decide(dry, different));
			take('dryRunWithoutRules', await decide({ options: { dryRun: true } }, items));
			take('noOperation', await through(node('Nothing', 'n8n-nodes-base.noOp'), items));
			take('rows', await rowsAlone(items));
		}
		for (let round = 0; round < ROUNDS; round += 1) {
			take('recording', await decide({ rules }, items.slice(2 * round * share, (2 * round + 1) * share)));
			take('recordingWithoutRules', await decide({}, items.slice((2 * round + 1) * share, (2 * round + 2) * share)));
		}
		return best as NodeFigures;
	} finally {
		await site.close();
	}
}

/** The columns of orders as the store reads them, by the driver alone. */
async function rowsAlone(items: readonly INodeExecutionData[]): Promise<Figure> {
	const database = new DatabaseSync(defaultOrderStoreFile(), { readOnly: true });
	try {
		const statement = database.prepare(
			`SELECT ${READ_ROW.text}, c.served_holds FROM oms_order o JOIN oms_order_content c ON c.order_id = o.id WHERE o.id IN (SELECT value FROM json_each(?1))`,
		);
		statement.setReturnArrays(true);
		const snapshot = statement.columns().findIndex(({ name }) => name === 'snapshot');
		const kept: unknown[] = [];
		return await timed(items.length * RULES, () => {
			for (let at = 0; at < items.length; at += PAGE) {
				const ids = items.slice(at, at + PAGE).map(({ json }) => json['id']);
				for (const row of statement.all(JSON.stringify(ids)) as unknown as unknown[][]) kept.push(row, JSON.parse(String(row[snapshot])));
			}
		});
	} finally {
		database.close();
	}
}

async function execution(site: Site, json: ReturnType<typeof workflow>, items: INodeExecutionData[]) {
	const done = await site.engine.runWorkflow(json, { items, mode: 'trigger', startNode: 'Start' });
	// The site keeps all executions; tens of thousands of items from before would slow the next ones down.
	(site.executions as Execution[]).length = 0;
	return { error: done.error, runs: (name: string) => done.runs(name) };
}

const ruleOf = (index: number): INodeParameters => ({
	name: `Rule ${index}`,
	conditions: conditionsOf(index) as unknown as INodeParameters,
	actions: { list: [{ action: 'setField', field: 'carrier', value: `C${index}` }] },
});

/** What meets a condition leaves the chain, all else goes on; counted is how often an If node looked at an item. */
async function chainOfIfs(site: Site, count: number): Promise<Figure> {
	const nodes = Array.from({ length: RULES }, (_, index) =>
		node(
			`If ${index}`,
			'n8n-nodes-base.if',
			{ conditions: conditionsOf(index) as unknown as INodeParameters, options: {} },
			{ typeVersion: 2.2 },
		),
	);
	const lines = nodes.map(({ name }, index) => (index === 0 ? `Start -> ${name}` : `If ${index - 1}[1] -> ${name}`));
	const json = workflow('Ifs', [start, ...nodes], ...lines);
	const items = makeOrders(count).map((order) => ({
		json: { ...order, total: Number(order.total) } as unknown as INodeExecutionData['json'],
	}));
	let looked = 0;
	const { wall, cpu } = await timed(1, async () => {
		const { error, runs } = await execution(site, json, items);
		if (error !== undefined) throw new Error(error.message);
		for (const { name } of nodes) looked += (runs(name)[0]?.outputs ?? []).reduce((sum, output) => sum + (output?.length ?? 0), 0);
	});
	return { wall: wall / looked, cpu: cpu / looked };
}

const PAGE = 500;

async function imported(orderStore: OrderStore, contents: readonly OrderContent[], shop: string): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	for (let at = 0; at < contents.length; at += PAGE) {
		const results = await orderStore.importPage({
			source: 'bench',
			cursorFrom: null,
			cursorTo: null,
			store: shop,
			cart: 'bench',
			failures: [],
			abandonAfterDays: 45,
			onChange: 'ignore',
			actor: { kind: 'node', name: 'bench' },
			orders: contents.slice(at, at + PAGE).map((content, index) => ({ externalId: String(at + index), word: READY, content, raw: null })),
		});
		items.push(...results.map(({ orderId }) => ({ json: { id: orderId } })));
	}
	return items;
}
