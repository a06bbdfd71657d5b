import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { applyRules, type RulesResult } from '../../lib/fulfillment/applyRules';
import { describeTrace } from '../../lib/rules/describe';
import { nodeActor, openStore, toItem, toNodeError } from '../shared/context';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { storeCredential } from '../shared/descriptions';
import { requiredOrderId } from '../shared/orderIds';
import { orderRulesProperties } from './parameters';
import { readWarehouses, rulesReader } from './readRules';

/**
 * The outputs of the node: one for each warehouse that it lists, then Skipped, Delayed, Error. n8n evaluates the source of
 * this function in the editor and in the engine, so it must stand on its own.
 */
const outputsOf = (parameters: { warehouses?: { list?: Array<{ code?: string }> } }) => {
	const codes: string[] = [];
	for (const { code = '' } of parameters.warehouses?.list ?? []) {
		if (code.trim() !== '' && !codes.includes(code.trim())) codes.push(code.trim());
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
		subtitle: '={{ ($parameter["rules"]["list"] || []).length + " rules" }}',
		description: 'Decides what happens to each new order: skip, change, route, hold or fail',
		defaults: { name: 'Order Rules' },
		inputs: ['main'],
		outputs: `={{(${outputsOf.toString()})($parameter)}}`,
		credentials: [storeCredential],
		usableAsTool: true,
		parameterPane: 'wide',
		properties: orderRulesProperties,
	};

	methods = { credentialTest: { orderStoreConnectionTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const warehouses = readWarehouses(this);
		const lanes = warehouses.length > 0 ? warehouses : [null];
		const outputs: INodeExecutionData[][] = Array.from({ length: lanes.length + 3 }, () => []);
		const [skipped, delayed, failed] = [lanes.length, lanes.length + 1, lanes.length + 2];
		const options = this.getNodeParameter('options', 0, {}) as { dryRun?: boolean; trace?: boolean };

		const itemOf = new Map<string, number>();
		items.forEach((item, itemIndex) => {
			try {
				const id = requiredOrderId(this, item, itemIndex);
				if (!itemOf.has(id)) itemOf.set(id, itemIndex);
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				outputs[failed]!.push({ json: { error: (error as Error).message }, pairedItem: { item: itemIndex } });
			}
		});
		if (itemOf.size === 0) return outputs;

		let results: RulesResult[];
		try {
			const reader = rulesReader(this);
			results = await applyRules({
				store: await openStore(this),
				orderIds: [...itemOf.keys()],
				evaluate: (orderId, content, context) => reader.rulesFor(itemOf.get(orderId)!).evaluate(content, context),
				warehouses,
				ruleSet: null,
				dryRun: options.dryRun === true,
				actor: nodeActor(this),
			});
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}

		const known = new Set(results.map(({ order }) => order.id));
		for (const [orderId, itemIndex] of itemOf) {
			if (known.has(orderId)) continue;
			const error = new NodeOperationError(this.getNode(), `The order store does not know order ${orderId}.`, {
				itemIndex,
				description: 'Check that this node uses the same Order Store credential as the node that imported the order.',
			});
			if (!this.continueOnFail()) throw error;
			outputs[failed]!.push({ json: { error: error.message, orderId }, pairedItem: { item: itemIndex } });
		}
		for (const { order, output, trace } of results) {
			const withTrace = trace !== null && (options.dryRun === true || options.trace === true);
			const item = toItem(withTrace ? { ...order, rulesTrace: { summary: describeTrace(trace), rules: trace } } : order, itemOf.get(order.id));
			if (output.kind === 'warehouse') {
				const lane = lanes.findIndex((code) => code === null || code === output.warehouse);
				outputs[lane < 0 ? failed : lane]!.push(item);
			} else {
				outputs[{ skipped, delayed, error: failed }[output.kind]]!.push(item);
			}
		}
		return outputs;
	}
}
