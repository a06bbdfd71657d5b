import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { toItem } from './context';

/** The order ID of an item: of an order, of a recorded shipment, or of an event of the Order Store Trigger. */
export function orderIdOf({ json }: INodeExecutionData): string | null {
	const nested = json.order;
	const candidates = [
		json.orderId,
		typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? (nested as { id?: unknown }).id : null,
		json.id,
	];
	return candidates.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

/** The order ID of an item, or an error that says what the node expects. */
export function requiredOrderId(context: IExecuteFunctions, item: INodeExecutionData, itemIndex: number): string {
	const id = orderIdOf(item);
	if (id !== null) return id;
	throw new NodeOperationError(context.getNode(), 'The item is not an order of the order store: it has no "id".', {
		itemIndex,
		description: 'Connect this node behind an order import trigger, Order Rules or the Order Store, and pass their items on.',
	});
}

export interface OrderBatch {
	orderIds: string[];
	/** The item that each ID came from, by position. */
	itemIndexes: number[];
	/** Items that are no orders; only when the node goes on in spite of errors. */
	refused: INodeExecutionData[];
}

/** The orders of all input items. Throws on an item that is no order, unless the node is set to go on. */
export function orderBatch(context: IExecuteFunctions): OrderBatch {
	const batch: OrderBatch = { orderIds: [], itemIndexes: [], refused: [] };
	context.getInputData().forEach((item, itemIndex) => {
		try {
			batch.orderIds.push(requiredOrderId(context, item, itemIndex));
			batch.itemIndexes.push(itemIndex);
		} catch (error) {
			if (!context.continueOnFail()) throw error;
			batch.refused.push({ json: { error: (error as Error).message }, pairedItem: { item: itemIndex } });
		}
	});
	return batch;
}

/** The item for one result of a batch; an order that the store does not know is an error with its remedy. */
export function resultItem(
	context: IExecuteFunctions,
	{ orderId, order, message }: { orderId: string; order: object | null; message: string | null },
	itemIndex: number,
): INodeExecutionData {
	if (order !== null) return toItem(message === null ? order : { ...order, message }, itemIndex);
	if (context.continueOnFail()) return toItem({ orderId, error: message }, itemIndex);
	throw new NodeOperationError(context.getNode(), message ?? `The order store does not know order ${orderId}.`, {
		itemIndex,
		description: 'Check that this node uses the same Order Store credential as the node that imported the order.',
	});
}
