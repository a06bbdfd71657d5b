/** Operations that give data away or take it back: CSV export, retry of import failures. */
import { NodeOperationError } from 'n8n-workflow';
import { cartPartners } from '../../partners/lists';
import { retryImportFailure } from '../../../lib/fulfillment/reconcile';
import { ordersCsv } from '../../../lib/fulfillment/ordersCsv';
import type { JsonValue } from '../../../lib/order/order';
import { nodeActor, toItem } from '../../shared/context';
import type { OrderStoreOperation } from './operation';
import { filterProperty, queryAt } from './orderFilters';

const PAGE = 250;

const exportCsv: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Export CSV',
		value: 'exportCsv',
		action: 'Export orders as a CSV file',
		description: 'One row a line item of every order that the filters find, as a binary file',
	},
	properties: [
		filterProperty,
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			hint: 'The name of the output binary field',
		},
	],
	async each(context, orderStore, itemIndex) {
		const query = queryAt(context, itemIndex);
		const name = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
		let count = 0;
		const orders = async function* () {
			let after: string | null = null;
			do {
				const page: Awaited<ReturnType<typeof orderStore.search>> = await orderStore.search({ ...query, limit: PAGE, after });
				count += page.items.length;
				yield page.items;
				after = page.next;
			} while (after !== null);
		};
		const chunks: Buffer[] = [];
		for await (const text of ordersCsv(orders())) chunks.push(Buffer.from(text, 'utf8'));
		const fileName = `orders-${(await orderStore.now()).slice(0, 10)}.csv`;
		const binary = await context.helpers.prepareBinaryData(Buffer.concat(chunks), fileName, 'text/csv');
		return [{ ...toItem({ orders: count, fileName }, itemIndex), binary: { [name]: binary } }];
	},
};

const retryFailure: OrderStoreOperation = {
	resource: 'importFailure',
	option: {
		name: 'Retry',
		value: 'retry',
		action: 'Import a failed order again',
		description: 'Try to read the payload that was kept, or one that you corrected, and import the order',
	},
	properties: [
		{ displayName: 'Failure ID', name: 'failureId', type: 'string', default: '={{ $json.id }}', required: true },
		{
			displayName: 'Corrected Payload',
			name: 'payload',
			type: 'json',
			default: '',
			description: 'What to read instead of the payload that was kept; empty = that one',
		},
		{
			displayName: 'Abandon After (Days)',
			name: 'abandonAfterDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3650 },
			default: 45,
			description: 'An order without any shipment this many days after its import becomes Abandoned',
		},
	],
	async each(context, orderStore, itemIndex) {
		const id = String(context.getNodeParameter('failureId', itemIndex) ?? '').trim();
		const [failure] = (await orderStore.importFailures({ ids: [id], limit: 1 })).items;
		if (failure === undefined) {
			throw new NodeOperationError(context.getNode(), `The order store knows no import failure ${id}.`, {
				itemIndex,
				description: 'Take the ID from "Get Many" of import failures.',
			});
		}
		const { order, result, reason } = await retryImportFailure({
			orderStore,
			failure,
			payload: payloadFrom(context.getNodeParameter('payload', itemIndex, '')),
			carts: Object.fromEntries(cartPartners.map(([code, { cart }]) => [code, cart])),
			abandonAfterDays: context.getNodeParameter('abandonAfterDays', itemIndex, 45) as number,
			actor: nodeActor(context),
		});
		return [toItem({ ...(order ?? {}), importResult: result, importReason: reason }, itemIndex)];
	},
};

function payloadFrom(given: unknown): JsonValue | null {
	if (given === null || given === undefined || (typeof given === 'string' && given.trim() === '')) return null;
	return (typeof given === 'string' ? JSON.parse(given) : given) as JsonValue;
}

export const exportingActions: OrderStoreOperation[] = [exportCsv, retryFailure];
