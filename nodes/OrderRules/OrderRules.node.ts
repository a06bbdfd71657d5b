import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { applyRules, type RulesResult } from '../../lib/fulfillment/applyRules';
import { traceDescriber } from '../../lib/rules/describe';
import type { CompiledRules } from '../../lib/rules/evaluate';
import type { Undecided } from '../../lib/rules/rule';
import type { RuleTrace } from '../../lib/rules/run';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { workScopeOf } from '../../lib/fulfillment/workScope';
import { checkParameters } from '../shared/checkParameters';
import { nodeActor, openOrderStore, toItem, toNodeError, workflowScope } from '../shared/context';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { failedItem, orderBatch, toOutputs, unknownOrder } from '../shared/orderIds';
import { orderRulesProperties } from '../shared/orderRules/parameters';
import { readWarehouses, rulesReader } from '../shared/orderRules/readRules';
import { orderRuleSets, readRuleSets, ruleSetsOf } from '../shared/orderRules/ruleSetReader';

/**
 * The outputs of the node: one for each warehouse that it lists, then Skipped, Delayed, Error. n8n evaluates the source of
 * this function in the editor and in the engine, so it must stand on its own.
 */
const outputsOf = (parameters: { warehouses?: { list?: Array<{ code?: unknown }> } }) => {
	const codes: string[] = [];
	for (const warehouse of parameters.warehouses?.list ?? []) {
		const code = String(warehouse.code ?? '').trim();
		if (code !== '' && !codes.includes(code)) codes.push(code);
	}
	return [...(codes.length > 0 ? codes : ['Accepted']), 'Skipped', 'Delayed', 'Error'].map((displayName) => ({
		type: 'main',
		displayName,
	}));
};

export class OrderRules implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Order Rules',
		name: 'orderRules',
		icon: { light: 'file:../../icons/orderRules.svg', dark: 'file:../../icons/orderRules.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["rulesFrom"] === "ruleSet" ? "rule set " + $parameter["ruleSet"] : ($parameter["rules"]["list"] || []).length + (($parameter["rules"]["list"] || []).length === 1 ? " rule" : " rules") }}',
		description: 'Decides what happens to each new order: skip, change, route, hold or fail',
		defaults: { name: 'Order Rules' },
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{(${outputsOf.toString()})($parameter)}}`,
		credentials: [{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' }],
		usableAsTool: true,
		parameterPane: 'wide',
		properties: orderRulesProperties,
	};

	methods = { credentialTest: { orderStoreConnectionTest }, loadOptions: { getRuleSets: ruleSetsOf('order') } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const warehouses = readWarehouses(this);
		const names = [...(warehouses.length > 0 ? warehouses : ['Accepted']), 'Skipped', 'Delayed', 'Error'];
		const outputs = names.map((): INodeExecutionData[] => []);
		const failed = outputs.length - 1;
		const options = this.getNodeParameter('options', 0, {}) as { dryRun?: boolean; trace?: boolean; ruleSetVersion?: number };

		const { orderIds, itemIndexes, itemOf, refused } = orderBatch(this);
		outputs[failed] = refused;
		if (orderIds.length === 0) return toOutputs(this, outputs, names);

		let results: RulesResult[];
		let hints: string[] = [];
		try {
			const orderStore = await openOrderStore(this);
			const { rulesFor, labelFor, hintsNow } = await rulesOf(this, orderStore, itemIndexes, Number(options.ruleSetVersion ?? 0));
			results = await applyRules({
				orderStore,
				orderIds,
				evaluate: (orderId, content, context) => rulesFor(itemOf.get(orderId)!).evaluate(content, context),
				warehouses,
				ruleSet: (orderId) => labelFor(itemOf.get(orderId)!),
				dryRun: options.dryRun === true,
				actor: nodeActor(this),
				work: await workScopeOf(orderStore, workflowScope(this)),
			});
			hints = hintsNow();
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
		if (hints.length > 0)
			this.addExecutionHints(...hints.map((message) => ({ message, type: 'warning' as const, location: 'outputPane' as const })));

		const show = { summary: this.getMode() === 'manual', all: options.dryRun === true || options.trace === true };
		const describe = traceDescriber();
		const known = new Set<string>();
		for (const { order, output, trace, message, splitOff } of results) {
			// A part that is not itself among the input items comes from the item of its order.
			const own = itemOf.get(order.id);
			const origin = own !== undefined ? order.id : (splitOff ?? order.parentId ?? order.id);
			known.add(origin);
			const shown = withTrace(order, trace, show, describe);
			const item = toItem(message === undefined ? shown : { ...shown, message }, own ?? itemOf.get(origin));
			if (output.kind !== 'warehouse') outputs[failed - { skipped: 2, delayed: 1, error: 0 }[output.kind]]!.push(item);
			else if (warehouses.length === 0) outputs[0]!.push(item);
			else if (warehouses.includes(output.warehouse)) outputs[warehouses.indexOf(output.warehouse)]!.push(item);
			else
				outputs[failed]!.push({
					...item,
					json: { ...item.json, message: `The order goes to warehouse ${output.warehouse}, which this node does not list.` },
				});
		}
		for (const [orderId, itemIndex] of itemOf) {
			if (known.has(orderId)) continue;
			const error = unknownOrder(this, orderId, itemIndex);
			if (!this.continueOnFail()) throw error;
			outputs[failed]!.push(failedItem(error, itemIndex));
		}
		return toOutputs(this, outputs, names);
	}
}

checkParameters(OrderRules);

interface RulesOfNode {
	rulesFor(itemIndex: number): CompiledRules;
	labelFor(itemIndex: number): string | null;
	hintsNow(): string[];
}

async function rulesOf(
	context: IExecuteFunctions,
	orderStore: OrderStore,
	itemIndexes: readonly number[],
	version: number,
): Promise<RulesOfNode> {
	if (context.getNodeParameter('rulesFrom', 0, 'node') === 'ruleSet') {
		const setFor = await readRuleSets(context, orderStore, itemIndexes, version, orderRuleSets);
		return { rulesFor: (itemIndex) => setFor(itemIndex).rules, labelFor: (itemIndex) => setFor(itemIndex).label, hintsNow: () => [] };
	}
	const undecided = context.getNodeParameter('undecided', 0, 'accept') as Undecided;
	const { rulesFor, hints } = rulesReader(context, { zone: context.getTimezone(), undecided });
	return { rulesFor, labelFor: () => null, hintsNow: hints };
}

/** What the rules did stands first when a person ran the node by hand and is to see it at a glance. */
function withTrace(
	order: Order & { rulesSummary?: string; rulesTrace?: RuleTrace[] },
	trace: RuleTrace[] | null,
	show: { summary: boolean; all: boolean },
	describe: (trace: RuleTrace[]) => string,
): object {
	if (trace === null || !(show.summary || show.all)) return order;
	const rulesSummary = describe(trace);
	if (show.summary) return { rulesSummary, ...order, ...(show.all ? { rulesTrace: trace } : {}) };
	// A copy costs more than a rule; the order was read for this result alone.
	order.rulesSummary = rulesSummary;
	order.rulesTrace = trace;
	return order;
}
