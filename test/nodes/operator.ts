/** One node of ours at a time, on n8n's engine, with a real store and real folders. */
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { orderFromJson } from '../../lib/carts/file/json';
import type { Order } from '../../lib/order/order';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import type { Problem } from '../../testing/engine/Execution';
import type { WorkflowJson } from '../../testing/engine/types';
import { Site } from '../templates/site';

export const ACTOR = { kind: 'node', name: 'test' } as const;

const STORE = { orderStoreApi: { id: null, name: 'Order Store' } };
const SHOP = { ...STORE, fileExchangeApi: { id: null, name: 'Shop folder' } };
const WAREHOUSE = { ...STORE, fileExchangeApi: { id: null, name: 'Warehouse folder' } };
const CREDENTIALS: Record<string, INode['credentials']> = {
	orderRules: STORE,
	orderStore: STORE,
	orderStoreTrigger: STORE,
	cartUpdate: SHOP,
	fileOrderImportTrigger: SHOP,
	wmsSend: WAREHOUSE,
	wmsShipmentPollTrigger: WAREHOUSE,
};

type Json = INodeExecutionData['json'];

export interface NodeResult {
	outputs: INodeExecutionData[][];
	/** What ended the execution. */
	error: Problem | undefined;
	hints: string[];
}

const single = (type: string, parameters: INodeParameters, more: Partial<INode>): INode =>
	node('Node', type, parameters, { credentials: CREDENTIALS[type] ?? {}, ...more });

/** Runs an action node on these items; checks that all that it gives is plain JSON and paired with an input item. */
export async function run(
	site: Site,
	type: string,
	parameters: INodeParameters,
	items: Json[],
	more: Partial<INode> = {},
): Promise<NodeResult> {
	const json = workflow('Operator', [node('Start', 'n8n-nodes-base.manualTrigger'), single(type, parameters, more)], 'Start -> Node');
	const execution = await site.engine.runWorkflow(json, { items: items.map((item) => ({ json: item })) });
	const outputs = execution.runs('Node')[0]?.outputs ?? [];
	for (const item of outputs.flat()) {
		expect(JSON.parse(JSON.stringify(item.json))).toEqual(item.json);
		expect(item.pairedItem).toEqual({ item: expect.any(Number) });
	}
	const hints = execution.run.data.resultData.runData['Node']?.[0]?.hints ?? [];
	return { outputs, error: execution.error, hints: hints.map(({ message }) => message) };
}

/** A workflow of one trigger. */
export const triggerOf = (type: string, parameters: INodeParameters, more: Partial<INode> = {}): WorkflowJson =>
	workflow('Operator', [single(type, parameters, more)]);

/** As a workflow that was just saved with these parameters. */
export async function pollOf(site: Site, json: WorkflowJson, mode: 'trigger' | 'manual' = 'trigger'): Promise<INodeExecutionData[] | null> {
	site.engine.unpublish(json);
	return await site.engine.poll(json, 'Node', mode);
}

/** Polls a trigger once; null when it has nothing. */
export async function poll(
	site: Site,
	type: string,
	parameters: INodeParameters,
	mode: 'trigger' | 'manual' = 'trigger',
	more: Partial<INode> = {},
): Promise<Json[] | null> {
	const items = await pollOf(site, triggerOf(type, parameters, more), mode);
	for (const item of items ?? []) expect(JSON.parse(JSON.stringify(item.json))).toEqual(item.json);
	return items?.map(({ json }) => json) ?? null;
}

/** Imports orders, each with what is given; they are New. */
export async function orders(site: Site, ...given: Json[]): Promise<Order[]> {
	const orderStore = await site.store();
	const results = await orderStore.importPage({
		source: 'test',
		cursorFrom: null,
		cursorTo: null,
		store: 'acme',
		cart: 'items',
		failures: [],
		abandonAfterDays: 45,
		onChange: 'replace',
		actor: ACTOR,
		orders: given.map((more, index) =>
			orderFromJson(
				{
					orderNumber: `N${index + 1}`,
					shippingAddress: { name: 'Ada', address1: '12 Byron St', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' },
					total: '39.80',
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					...more,
				},
				'test',
			),
		),
	});
	const found = new Map((await orderStore.getMany(results.flatMap(({ orderId }) => orderId ?? []))).map((order) => [order.id, order]));
	return results.flatMap(({ orderId }) => found.get(orderId ?? '') ?? []);
}

/** Items of these orders, as an earlier node would pass them on. */
export const itemsOf = (list: readonly Order[]): Json[] => list.map((order) => JSON.parse(JSON.stringify(order)) as Json);

export type Stage = 'new' | 'routed' | 'queued' | 'open' | 'partially_shipped' | 'closed';

/** An order in a stage of its life, brought there by the nodes themselves. */
export async function orderIn(site: Site, stage: Stage): Promise<Order> {
	const [order] = await orders(site, {});
	const id = order?.id ?? '';
	const read = async (): Promise<Order> => {
		const found = await (await site.store()).get(id);
		if (found?.status !== stage) throw new Error(`the order is ${found?.status}, not ${stage}`);
		return found;
	};
	if (stage === 'new') return await read();
	await run(site, 'orderRules', {}, [{ id }]);
	if (stage === 'routed') return await read();
	if (stage === 'queued') {
		await (
			await site.store()
		).claim({
			ids: [id],
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: '' },
			limit: 1,
			leaseMs: 60_000,
			worker: 'test',
			actor: ACTOR,
		});
		return await read();
	}
	await run(site, 'wmsSend', {}, [{ id }]);
	if (stage === 'open') return await read();
	site.ships(order?.reference ?? '', 1, 'RED-MUG', stage === 'closed' ? 2 : 1);
	await poll(site, 'wmsShipmentPollTrigger', {});
	if (stage === 'closed') await run(site, 'cartUpdate', { operation: 'uploadTracking' }, [{ id }]);
	return await read();
}

/** A site for each test. */
export function eachTest(use: (site: Site) => void): void {
	let site: Site;
	beforeEach(async () => {
		site = await Site.open();
		use(site);
	});
	afterEach(async () => await site.close());
}
