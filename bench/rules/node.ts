/**
 * The rules through the node on n8n's engine, against a chain of n8n If nodes that filter by the same conditions on the same
 * engine. (The engine's If node has n8n's own parameters and n8n's own evaluation of them; the package n8n-nodes-base is not installed.)
 *
 *   node scripts/use-node24.cjs bench/rules/main.ts [--node-orders 10000] [--if-orders 1000]
 */
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { OrderContent } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { node, workflow } from '../../test/engine/buildWorkflow';
import { Site } from '../../test/templates/site';
import { conditionsOf, makeOrders, RULES } from './work';

const STORE = { orderStoreApi: { id: null, name: 'Order Store' } };
const start = node('Start', 'n8n-nodes-base.manualTrigger');

export interface NodeFigures {
	/** Microseconds for each order and rule. */
	ifNodes: number;
	/** Nothing recorded, each item with its whole trace. */
	dryRun: number;
	/** Decisions and what rules did recorded, as a workflow runs. */
	recording: number;
	/** The same without any rule: reading the orders and passing them on, … */
	dryRunWithoutRules: number;
	/** … and recording a decision about each as well. */
	recordingWithoutRules: number;
}

async function timed(run: () => Promise<void>): Promise<number> {
	const begin = performance.now();
	await run();
	return (performance.now() - begin) * 1000;
}

export async function measureNode(orders: number, ifOrders: number): Promise<NodeFigures> {
	const site = await Site.open();
	try {
		const ifNodes = await chainOfIfs(site, ifOrders);
		const store = await site.store();
		const items = await imported(store, orders);
		const rules = { list: Array.from({ length: RULES }, (_, index) => ruleOf(index)) };
		const decide = async (parameters: INodeParameters, given: INodeExecutionData[]) => await timed(async () => {
			const json = workflow('Bench', [start, { ...node('Rules', 'orderRules', parameters), credentials: STORE } satisfies INode], 'Start -> Rules');
			const { error, runs } = await execution(site, json, given);
			const out = runs('Rules')[0]?.outputs[0]?.length ?? 0;
			if (error !== undefined || out !== given.length) throw new Error(`${out} of ${given.length} orders came out: ${error?.message}`);
		});
		const dry = { rules, options: { dryRun: true, trace: true } };
		await decide(dry, items.slice(0, 500));
		const dryRun = await decide(dry, items);
		const bare = await decide({ options: { dryRun: true } }, items);
		const half = Math.floor(items.length / 2);
		const recording = await decide({ rules }, items.slice(0, half));
		const noRules = await decide({}, items.slice(half, 2 * half));
		return {
			ifNodes,
			dryRun: dryRun / (items.length * RULES),
			recording: recording / (half * RULES),
			dryRunWithoutRules: bare / (items.length * RULES),
			recordingWithoutRules: noRules / (half * RULES),
		};
	} finally {
		await site.close();
	}
}

async function execution(site: Site, json: ReturnType<typeof workflow>, items: INodeExecutionData[]) {
	const done = await site.engine.runWorkflow(json, { items, mode: 'trigger', startNode: 'Start' });
	return { error: done.error, runs: (name: string) => done.runs(name) };
}

const ruleOf = (index: number): INodeParameters => ({
	name: `Rule ${index}`,
	conditions: conditionsOf(index) as unknown as INodeParameters,
	actions: { list: [{ action: 'setField', field: 'carrier', value: `C${index}` }] },
});

/** What meets a condition leaves the chain, all else goes on; counted is how often an If node looked at an item. */
async function chainOfIfs(site: Site, count: number): Promise<number> {
	const nodes = Array.from({ length: RULES }, (_, index) =>
		node(`If ${index}`, 'n8n-nodes-base.if', { conditions: conditionsOf(index) as unknown as INodeParameters, options: {} }, { typeVersion: 2.2 }),
	);
	const lines = nodes.map(({ name }, index) => (index === 0 ? `Start -> ${name}` : `If ${index - 1}[1] -> ${name}`));
	const json = workflow('Ifs', [start, ...nodes], ...lines);
	const items = makeOrders(count).map((order) => ({ json: { ...order, total: Number(order.total) } as unknown as INodeExecutionData['json'] }));
	let looked = 0;
	const us = await timed(async () => {
		const { error, runs } = await execution(site, json, items);
		if (error !== undefined) throw new Error(error.message);
		for (const { name } of nodes) looked += (runs(name)[0]?.outputs ?? []).reduce((sum, output) => sum + (output?.length ?? 0), 0);
	});
	return us / looked;
}

const PAGE = 500;

async function imported(store: OrderStore, count: number): Promise<INodeExecutionData[]> {
	const contents: OrderContent[] = makeOrders(count);
	const items: INodeExecutionData[] = [];
	for (let at = 0; at < contents.length; at += PAGE) {
		const results = await store.importPage({
			source: 'bench', cursorFrom: null, cursorTo: null, store: 'bench', cart: 'bench', failures: [], abandonAfterDays: 45, onChange: 'ignore',
			actor: { kind: 'node', name: 'bench' },
			orders: contents.slice(at, at + PAGE).map((content, index) => ({ externalId: String(at + index), canceled: false, content, raw: null })),
		});
		items.push(...results.map(({ orderId }) => ({ json: { id: orderId } })));
	}
	return items;
}
