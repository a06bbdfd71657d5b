/** How the action nodes find the order of each input item, and how they give results and failures back. */
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';
import { toItem } from './context';

/** What the parameter is unless somebody changes it. */
const OF_EACH_ITEM = '={{ $json.orderId ?? $json.id }}';

/** The parameter that names the order; orders, recorded shipments and events of our own nodes all fit. */
export const orderIdProperty: INodeProperties = {
	displayName: 'Order ID',
	name: 'orderId',
	type: 'string',
	default: OF_EACH_ITEM,
	required: true,
	description: 'The ID that the order store gave the order; leave it as it is to use that of each input item',
};

/** The order ID for an item. Throws an error that says what the node expects. */
export const orderIdAt = (context: IExecuteFunctions, itemIndex: number): string => orderIdReader(context)(itemIndex);

/**
 * The same for many items. n8n needs some 200 µs to evaluate an expression, more than everything else that happens to an order on its
 * way through the rules; the parameter as it comes is therefore read without it.
 */
function orderIdReader(context: IExecuteFunctions): (itemIndex: number) => string {
	const { orderId: written = OF_EACH_ITEM } = context.getNode().parameters;
	if (written !== OF_EACH_ITEM) return (itemIndex) => orderIdOf(context, context.getNodeParameter('orderId', itemIndex), itemIndex);
	const items = context.getInputData();
	return (itemIndex) => {
		const { orderId, id } = items[itemIndex]?.json ?? {};
		return orderIdOf(context, orderId ?? id, itemIndex);
	};
}

function orderIdOf(context: IExecuteFunctions, given: unknown, itemIndex: number): string {
	const id = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
	if (id !== '') return id;
	throw new NodeOperationError(context.getNode(), 'The item is not an order of the order store: it has no "id".', {
		itemIndex,
		description:
			'Connect this node behind an order import trigger, Order Rules, the Order Store or its trigger and pass their items on, or set Order ID yourself. The sample that an import trigger shows in the editor is not recorded, so it has no ID.',
	});
}

export const unknownOrder = (context: IExecuteFunctions, orderId: string, itemIndex: number): NodeOperationError =>
	new NodeOperationError(context.getNode(), `The order store does not know order ${orderId}.`, {
		itemIndex,
		description:
			'The order may have been deleted. Else check that this node uses the same Order Store credential as the node that imported it.',
	});

/**
 * The item for an error of one input item, when the node goes on in spite of errors. By these two keys n8n knows it, moves it to the
 * error output if there is one, and adds the input item to it. (With `error` beside `json` it would drop all but the message.)
 */
export const failedItem = (error: NodeOperationError, itemIndex: number): INodeExecutionData => ({
	json: { error: error.message, details: error.description ?? null },
	pairedItem: { item: itemIndex },
});

interface OrderBatch {
	orderIds: string[];
	/** The item that each ID came from, by position, … */
	itemIndexes: number[];
	/** … and by ID. */
	itemOf: ReadonlyMap<string, number>;
	/** Items that are no orders; only when the node goes on in spite of errors. */
	refused: INodeExecutionData[];
}

/** The orders of all input items, each once. Throws on an item that is no order, unless the node is set to go on. */
export function orderBatch(context: IExecuteFunctions): OrderBatch {
	const found = new Map<string, number>();
	const refused: INodeExecutionData[] = [];
	const orderIdOfItem = orderIdReader(context);
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1) {
		try {
			const id = orderIdOfItem(itemIndex);
			if (!found.has(id)) found.set(id, itemIndex);
		} catch (error) {
			const shown = new NodeOperationError(context.getNode(), error as Error, { itemIndex });
			if (!context.continueOnFail()) throw shown;
			refused.push(failedItem(shown, itemIndex));
		}
	}
	return { orderIds: [...found.keys()], itemIndexes: [...found.values()], itemOf: found, refused };
}

/** The item for one result of a batch; an order that the order store does not know is an error with its remedy. */
export function resultItem(
	context: IExecuteFunctions,
	{ orderId, order, message }: { orderId: string; order: object | null; message: string | null },
	itemIndex: number,
): INodeExecutionData {
	if (order !== null) return toItem(message === null ? order : { ...order, message }, itemIndex);
	const error = unknownOrder(context, orderId, itemIndex);
	if (!context.continueOnFail()) throw error;
	return failedItem(error, itemIndex);
}

/** An agent that uses the node as a tool sees the first output only: there it gets all items, each with the name of its output. */
export const toOutputs = (context: IExecuteFunctions, outputs: INodeExecutionData[][], names: readonly string[]): INodeExecutionData[][] =>
	context.isToolExecution()
		? [outputs.flatMap((items, index) => items.map((item) => ({ ...item, json: { ...item.json, output: names[index] ?? null } })))]
		: outputs;
