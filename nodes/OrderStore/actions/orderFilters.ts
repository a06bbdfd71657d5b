/** How operations of the Order Store search: the filters, and the query that they make. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { ALERT_CODES, type AlertCode } from '../../../lib/order/alerts';
import { EXISTING_STATUSES, statusLabel, type OrderStatus } from '../../../lib/order/status';
import type { OrderQuery } from '../../../lib/store/OrderStore';
import { dateFrom, list } from '../../shared/importOptions';
import { storesAt, storesProperty } from './operation';

/** "field_too_long" → "Field Too Long" */
export const titleOf = (code: string): string =>
	code
		.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => `${gap && ' '}${letter.toUpperCase()}`)
		.replace(/\b(Wms|Sku)\b/, (word) => word.toUpperCase());

export const filterProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		{
			displayName: 'Alerts',
			name: 'alertCodes',
			type: 'multiOptions',
			options: ALERT_CODES.map((code) => ({ name: titleOf(code), value: code })).sort((a, b) => a.name.localeCompare(b.name)),
			default: [],
		},
		{ displayName: 'Imported After', name: 'importedFrom', type: 'dateTime', default: '' },
		{ displayName: 'Imported Before', name: 'importedTo', type: 'dateTime', default: '' },
		{
			displayName: 'Order Number',
			name: 'orderNumber',
			type: 'string',
			default: '',
			placeholder: '1001',
			description: 'The whole number, with or without a # in front',
		},
		{ displayName: 'Ordered After', name: 'orderedFrom', type: 'dateTime', default: '' },
		{ displayName: 'Ordered Before', name: 'orderedTo', type: 'dateTime', default: '' },
		{
			displayName: 'Sort By',
			name: 'sortBy',
			type: 'options',
			options: [
				{ name: 'Import Date', value: 'importedAt' },
				{ name: 'Last Change', value: 'updatedAt' },
				{ name: 'Order Date', value: 'orderedAt' },
				{ name: 'Order Number', value: 'orderNumber' },
			],
			default: 'importedAt',
		},
		{
			displayName: 'Sort Direction',
			name: 'sortDirection',
			type: 'options',
			options: [
				{ name: 'Newest First', value: 'desc' },
				{ name: 'Oldest First', value: 'asc' },
			],
			default: 'desc',
		},
		{
			displayName: 'Statuses',
			name: 'statuses',
			type: 'multiOptions',
			options: EXISTING_STATUSES.map((status) => ({ name: statusLabel(status), value: status })),
			default: [],
		},
		{ ...storesProperty, displayName: 'Stores' },
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			description: 'Found in the number, reference, customer, address, SKUs or tracking numbers',
		},
		{ displayName: 'Warehouses', name: 'warehouses', type: 'string', default: '', description: 'Codes, separated by commas' },
	],
};

type Filters = Partial<
	Record<'importedFrom' | 'importedTo' | 'orderedFrom' | 'orderedTo' | 'orderNumber' | 'text' | 'stores' | 'warehouses', string>
> & {
	statuses?: OrderStatus[];
	alertCodes?: AlertCode[];
	sortBy?: 'importedAt' | 'orderedAt' | 'updatedAt' | 'orderNumber';
	sortDirection?: 'asc' | 'desc';
};

export function queryAt(context: IExecuteFunctions, itemIndex: number): Omit<OrderQuery, 'limit' | 'after'> {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as Filters;
	const query: Omit<OrderQuery, 'limit' | 'after'> = { ...storesAt(context, itemIndex, filters.stores ?? '') };
	for (const name of ['importedFrom', 'importedTo', 'orderedFrom', 'orderedTo'] as const) {
		const date = filters[name];
		if (date !== undefined && date !== '') query[name] = dateFrom(context, name, date, itemIndex);
	}
	for (const name of ['orderNumber', 'text'] as const) {
		const text = filters[name]?.trim() ?? '';
		if (text !== '') query[name] = text;
	}
	if (filters.statuses && filters.statuses.length > 0) query.statuses = filters.statuses;
	if (filters.alertCodes && filters.alertCodes.length > 0) query.alertCodes = filters.alertCodes;
	const warehouses = list(filters.warehouses);
	if (warehouses.length > 0) query.warehouses = warehouses;
	query.sort = { by: filters.sortBy ?? 'importedAt', direction: filters.sortDirection ?? 'desc' };
	return query;
}
