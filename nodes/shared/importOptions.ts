/** The options that every order import trigger has. */
import { NodeOperationError, type INodeProperties } from 'n8n-workflow';
import type { ImportFilter } from '../../lib/carts/Cart';
import { shown } from '../../lib/order/errors';
import { NAME_LENGTH } from '../../lib/order/texts';
import type { NodeContext } from './context';

/** Those that every cart has. */
export const optionsOfEvery: readonly INodeProperties[] = [
	{
		displayName: 'Abandon After (Days)',
		name: 'abandonAfterDays',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 3650 },
		default: 45,
		description: 'An order without any shipment this many days after its import becomes Abandoned',
	},
	{
		displayName: 'Changes in the Cart',
		name: 'onChange',
		type: 'options',
		options: [
			{ name: 'Ignore', value: 'ignore', description: 'Keep the order as it was first imported' },
			{ name: 'Update', value: 'replace', description: 'Take the new data, keep edits made by people, and run the rules again' },
		],
		default: 'replace',
		description: 'What to do when an order that was not sent yet comes again with other data',
	},
	{
		displayName: 'Earliest Order Date',
		name: 'earliestOrderDate',
		type: 'dateTime',
		default: '',
		description: 'Orders placed before it are not imported',
	},
	{
		displayName: 'Max Orders per Run',
		name: 'handOutLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10000 },
		default: 1000,
		description: 'The most new orders that one run passes on. All are imported; an Order Store Trigger for due work passes on the rest.',
	},
	{
		displayName: 'Number of the Test Order',
		name: 'testOrderNumber',
		type: 'string',
		default: '',
		placeholder: '1001',
		description:
			'The order that is shown when you try the trigger in the editor, by its number in the cart; empty = the newest orders. Nothing is recorded, and published workflows do not use it.',
	},
	{
		displayName: 'Only SKUs',
		name: 'skus',
		type: 'string',
		default: '',
		placeholder: 'RED-MUG, TEE-L',
		description: 'Import only orders with at least one of these SKUs, separated by commas',
	},
];

/** Of carts whose orders have tags; elsewhere no order would be imported with it. */
export const onlyTagsOption: INodeProperties = {
	displayName: 'Only Tags',
	name: 'tags',
	type: 'string',
	default: '',
	placeholder: 'wholesale, vip',
	description: 'Import only orders with at least one of these tags, separated by commas',
};

/** @param own those of this cart; all come in alphabetical order */
export const importOptionsWith = (own: readonly INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...optionsOfEvery, ...own].sort((left, right) => left.displayName.localeCompare(right.displayName)),
});

export interface ImportOptions {
	filter: ImportFilter;
	abandonAfterDays: number;
	onChange: 'replace' | 'ignore';
	handOutLimit: number;
	/** For the editor; null = the newest orders. */
	testOrderNumber: string | null;
}

/** Orders of a page go through the order store in one transaction; 250 was the fastest size measured. */
const PAGE_SIZE = 250;

/** @param options those of an import trigger, as it has them or as the order store kept them */
export function readImportOptions(context: NodeContext, options: Readonly<Record<string, unknown>>): ImportOptions {
	const earliest = options.earliestOrderDate ?? '';
	return {
		filter: {
			earliestOrderDate: earliest === '' ? null : dateFrom(context, 'earliestOrderDate', earliest),
			statuses: [...(Array.isArray(options.statuses) ? (options.statuses as string[]) : []), ...list(options.otherStatuses)],
			tags: list(options.tags),
			skus: list(options.skus),
			pageSize: PAGE_SIZE,
		},
		abandonAfterDays: Number(options.abandonAfterDays ?? 45),
		onChange: options.onChange === 'ignore' ? 'ignore' : 'replace',
		handOutLimit: Number(options.handOutLimit ?? 1000),
		testOrderNumber: String(options.testOrderNumber ?? '').trim() || null,
	};
}

/** The name of the sales channel. Throws when it is too long, or empty: orders are unique per store, so it cannot be given later. */
export function storeNameFrom(context: NodeContext, given: unknown, itemIndex?: number): string {
	const name = String(given ?? '').trim();
	if (name.length > NAME_LENGTH) {
		throw new NodeOperationError(
			context.getNode(),
			`The name of the store has ${name.length} characters, at most ${NAME_LENGTH} are allowed (value: ${shown(name)}).`,
			{
				...(itemIndex === undefined ? {} : { itemIndex }),
				description: 'Enter under "Store" a short name of this sales channel, such as acme-us.',
			},
		);
	}
	if (name !== '') return name;
	throw new NodeOperationError(context.getNode(), 'The name of the store is missing.', {
		...(itemIndex === undefined ? {} : { itemIndex }),
		description: 'Enter under "Store" the name that you give to this sales channel, such as acme-us.',
	});
}

/** A date as the editor or an expression gives it: text, a JavaScript date or a luxon DateTime. */
export function dateFrom(context: NodeContext, parameter: string, given: unknown, itemIndex?: number): string {
	const time = typeof given === 'object' && given !== null ? Number(given.valueOf()) : Date.parse(String(given));
	if (!Number.isNaN(time)) return new Date(time).toISOString();
	throw new NodeOperationError(context.getNode(), `${parameter} is not a date (value: ${shown(given)}).`, {
		...(itemIndex === undefined ? {} : { itemIndex }),
		description: 'Give a date such as 2026-12-24 or 2026-12-24T10:00:00Z.',
	});
}

/** "a, b" → ["a", "b"]. */
export const list = (value: unknown): string[] =>
	typeof value === 'string'
		? value
				.split(',')
				.map((part) => part.trim())
				.filter((part) => part !== '')
		: [];
