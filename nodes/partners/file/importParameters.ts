/** The parameters that only files have: their format, the columns, the folders. */
import type { INodeProperties } from 'n8n-workflow';
import { isDecimalSeparator, type FileCartSettings } from '../../../lib/carts/file';
import { isTextEncoding } from '../../../lib/files/text';
import { SETTABLE_PATHS } from '../../../lib/order/layers';
import { onlyTagsOption } from '../../shared/importOptions';

/** What a column can be mapped to. */
const MAPPABLE = [
	'externalId',
	'orderNumber',
	'orderedAt',
	'currency',
	'subtotal',
	'shippingAmount',
	'taxAmount',
	'discountAmount',
	'total',
	'discountCodes',
	'tags',
	'lines.externalId',
	'lines.sku',
	'lines.name',
	'lines.quantity',
	'lines.quantityRefunded',
	'lines.quantityShipped',
	'lines.unitPrice',
	'lines.weight',
	'refundedAmount',
	'status',
	...SETTABLE_PATHS.filter((path) => path !== 'warehouse'),
].sort((left, right) => left.localeCompare(right));

export const importProperties: INodeProperties[] = [
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
		default: {
			columns: [
				{ field: 'orderNumber', column: '' },
				{ field: 'lines.sku', column: '' },
				{ field: 'lines.quantity', column: '' },
			],
		},
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

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Archive Folder',
		name: 'archiveDirectory',
		type: 'string',
		default: 'orders/archive',
		description: 'Where a file goes once all its orders are recorded',
	},
	{
		displayName: 'Decimal Separator',
		name: 'decimalSeparator',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'Plain numbers; an amount that can be read in two ways, such as 1.234, is an import failure',
			},
			{ name: 'Comma', value: 'comma', description: '1.234,50 € is 1234.50, and 1.234 is a thousand' },
			{ name: 'Point', value: 'point', description: '$1,234.50 is 1234.50, and 1.234 has three decimals' },
		],
		default: 'automatic',
		description: 'What stands before the decimals of amounts and quantities in the files',
	},
	{
		displayName: 'Encoding',
		name: 'encoding',
		type: 'options',
		options: [
			{ name: 'UTF-8', value: 'utf-8' },
			{ name: 'Windows-1252', value: 'windows-1252', description: 'Of older programs, and of spreadsheets in Western Europe and America' },
		],
		default: 'utf-8',
		description: 'How files are written that do not say it by a mark at their beginning',
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
	onlyTagsOption,
];

export interface ImportOptions {
	inboxDirectory?: unknown;
	archiveDirectory?: unknown;
	settleSeconds?: unknown;
	decimalSeparator?: unknown;
	encoding?: unknown;
}

/** @param parameters the values of `importProperties`; none = the format is detected */
export function importSettings(
	{ format = 'auto', mapping: given = {} }: Readonly<Record<string, unknown>>,
	options: ImportOptions,
): Omit<FileCartSettings, 'store'> {
	const { columns = [] } = given as { columns?: Array<{ field: string; column: string }> };
	const mapping = Object.fromEntries(
		columns.filter(({ column }) => column.trim() !== '').map(({ field, column }) => [field, column.split('|').map((part) => part.trim())]),
	);
	return {
		format: format as FileCartSettings['format'],
		mapping,
		...(typeof options.inboxDirectory === 'string' ? { inboxDirectory: options.inboxDirectory } : {}),
		...(typeof options.archiveDirectory === 'string' ? { archiveDirectory: options.archiveDirectory } : {}),
		...(isDecimalSeparator(options.decimalSeparator) ? { decimalSeparator: options.decimalSeparator } : {}),
		...(isTextEncoding(options.encoding) ? { encoding: options.encoding } : {}),
		settleMs: Number(options.settleSeconds ?? 2) * 1000,
	};
}
