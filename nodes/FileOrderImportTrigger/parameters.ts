/** The parameters that only files have: their format, the columns, the folders. */
import type { INodeProperties, IPollFunctions } from 'n8n-workflow';
import type { FileCartSettings } from '../../lib/carts/file';
import { SETTABLE_PATHS } from '../../lib/order/layers';

/** What a column can be mapped to. */
const MAPPABLE = [
	'externalId', 'orderNumber', 'orderedAt', 'currency', 'subtotal', 'shippingAmount', 'taxAmount', 'discountAmount', 'total',
	'discountCodes', 'tags', 'lines.externalId', 'lines.sku', 'lines.name', 'lines.quantity', 'lines.unitPrice', 'lines.weight',
	...SETTABLE_PATHS.filter((path) => path !== 'warehouse'),
].sort((left, right) => left.localeCompare(right));

export const fileFormatProperties: INodeProperties[] = [
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Any CSV, by Column', value: 'csv', description: 'One row a line item; you say which column is what' },
			{ name: 'Detect', value: 'auto', description: 'By the file’s ending and its first line' },
			{ name: 'JSON or NDJSON', value: 'json', description: 'Orders in the shape of this package' },
			{ name: 'Shopify Order Export (CSV)', value: 'shopify', description: 'Orders → Export → Plain CSV file' },
			{ name: 'WooCommerce Order Export (CSV)', value: 'woocommerce', description: 'As export plugins write it' },
		],
		default: 'auto',
		description: 'What the order files look like',
	},
	{
		displayName: 'Columns',
		name: 'mapping',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Column',
		default: { columns: [{ field: 'orderNumber', column: '' }, { field: 'lines.sku', column: '' }, { field: 'lines.quantity', column: '' }] },
		displayOptions: { show: { format: ['csv'] } },
		description: 'Which column holds which field. Rows with the same order number are lines of one order.',
		options: [
			{
				displayName: 'Column',
				name: 'columns',
				values: [
					{
						displayName: 'Field',
						name: 'field',
						type: 'options',
						options: MAPPABLE.map((path) => ({ name: path, value: path })),
						default: 'orderNumber',
					},
					{
						displayName: 'Column in the File',
						name: 'column',
						type: 'string',
						default: '',
						placeholder: 'Order No.',
						description: 'As the header spells it. Several columns, separated by |, are joined by a space.',
					},
				],
			},
		],
	},
];

export const fileOptions: INodeProperties[] = [
	{
		displayName: 'Archive Folder',
		name: 'archiveDirectory',
		type: 'string',
		default: 'orders/archive',
		description: 'Where a file goes once all its orders are recorded',
	},
	{
		displayName: 'Orders Folder',
		name: 'inboxDirectory',
		type: 'string',
		default: 'orders',
		description: 'Where the shop puts its order files, below the folder of the credential',
	},
	{
		displayName: 'Settle Time (Seconds)',
		name: 'settleSeconds',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3600 },
		default: 2,
		description: 'A file is read once its size and time have not changed for this long, so that none is read half written',
	},
];

export function readFileSettings(context: IPollFunctions): Omit<FileCartSettings, 'store'> {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	const { columns = [] } = context.getNodeParameter('mapping', {}) as { columns?: Array<{ field: string; column: string }> };
	const mapping = Object.fromEntries(
		columns
			.filter(({ column }) => column.trim() !== '')
			.map(({ field, column }) => [field, column.split('|').map((part) => part.trim())]),
	);
	return {
		format: context.getNodeParameter('format') as FileCartSettings['format'],
		mapping,
		...(typeof options.inboxDirectory === 'string' ? { inboxDirectory: options.inboxDirectory } : {}),
		...(typeof options.archiveDirectory === 'string' ? { archiveDirectory: options.archiveDirectory } : {}),
		settleMs: Number(options.settleSeconds ?? 2) * 1000,
	};
}
