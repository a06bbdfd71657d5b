/** The statement of a store: what became of each order that the cart has of a span. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { makeStatement } from '../../../lib/fulfillment/statement';
import { repairsIn } from '../../../lib/order/repairs';
import { statementHtml, statementText } from '../../../lib/order/statementText';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { toItem } from '../../shared/context';
import { dateFrom } from '../../shared/importOptions';
import { cartProperties, cartStatusesProperty, shopAt } from './importFromCart';
import type { OrderStoreOperation } from './operation';

const spanProperties: INodeProperties[] = [
	{
		displayName: 'Span',
		name: 'span',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Between Two Dates',
				value: 'dates',
				description: 'Such as the from and to of Reconcile, so that what it imported is counted as such',
			},
			{
				name: 'Last Hours',
				value: 'hours',
				description: 'Up to now; an order that the import trigger was not given yet counts as missing',
			},
		],
		default: 'hours',
		description: 'When the orders were placed that are counted',
	},
	{
		displayName: 'Hours',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 8784 },
		default: 72,
		displayOptions: { show: { span: ['hours'] } },
		description: 'How far back to count',
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: { show: { span: ['dates'] } },
		description: 'Orders placed from then on',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		default: '',
		displayOptions: { show: { span: ['dates'] } },
		description: 'Orders placed before then; empty = now',
	},
];

const reportProperty: INodeProperties = {
	displayName: 'Report of Reconcile',
	name: 'report',
	type: 'json',
	default: '',
	description:
		'The whole output of Reconcile for the same span: the text then says which orders were missing and were imported. Empty = Reconcile was not run.',
};

async function spanAt(context: IExecuteFunctions, orderStore: OrderStore, itemIndex: number): Promise<{ from: string; to: string }> {
	const now = await orderStore.now();
	if (context.getNodeParameter('span', itemIndex, 'hours') !== 'dates') {
		const hours = Number(context.getNodeParameter('hours', itemIndex, 72));
		return { from: new Date(Date.parse(now) - hours * 3_600_000).toISOString(), to: now };
	}
	const to: unknown = context.getNodeParameter('to', itemIndex, '');
	return {
		from: dateFrom(context, 'from', context.getNodeParameter('from', itemIndex), itemIndex),
		to: to === '' ? now : dateFrom(context, 'to', to, itemIndex),
	};
}

export const statement: OrderStoreOperation = {
	resource: 'order',
	option: {
		name: 'Statement',
		value: 'statement',
		action: 'Make the statement of a store',
		description:
			'Count what became of each order that the cart has of a span, with the numbers behind each count, and as a text to send. Changes nothing, in the store or in the cart.',
	},
	properties: [...cartProperties, ...spanProperties, reportProperty, cartStatusesProperty],
	async each(context, orderStore, itemIndex) {
		const made = await makeStatement({
			...(await shopAt(context, orderStore, itemIndex)),
			...(await spanAt(context, orderStore, itemIndex)),
			reconciled: repairsIn(context.getNodeParameter('report', itemIndex, '')),
			budgetMs: STATEMENT_BUDGET_MS,
		});
		return [toItem({ ...made, text: statementText(made), html: statementHtml(made) }, itemIndex)];
	},
};

/** As long as Reconcile may take; a longer span is asked for in pieces. */
const STATEMENT_BUDGET_MS = 15 * 60_000;
