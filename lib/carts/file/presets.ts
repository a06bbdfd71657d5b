/** Exports that are known: their columns, and what is peculiar to each. A new one is an entry here. */
import type { LineKind } from '../../order/goods';
import type { RawTableOrder, TablePreset } from './raw';
import { columnsOf, type ColumnMapping, type Columns } from './mapping';

type Row = Readonly<Record<string, string>>;

export interface Preset {
	columns: Columns;
	/** The header has what this export always has. */
	matches(has: (column: string) => boolean): boolean;
	/** What the line of a row is; undefined = goods. */
	kindOf(row: Row): LineKind | undefined;
	/** What the shop says of the shipping of a line, without saying how many. */
	standingOf(row: Row): LineStanding;
	/** What was paid back of the order, as the shop writes it; "" = it does not say. */
	refundedAmount(rows: readonly Row[]): string;
	/** The shop's status means that nothing is to be shipped (any more). Lower case. */
	canceledStatuses: readonly string[];
	/** What is imported when the filter names no status; null = every status. Lower case. */
	defaultStatuses: readonly string[] | null;
	/** Custom fields beyond the mapping. */
	custom(rows: readonly Row[]): Array<[name: string, value: string]>;
	/** Filled when the shop has shipped the order already, or canceled it, whatever its status. */
	shipped(first: Row): boolean;
	canceled(first: Row): boolean;
	/** Why the shop does not want it shipped yet; null = it does. */
	waits(first: Row): string | null;
}

/** `partly` = some of it is shipped, and the file does not say how many. */
type LineStanding = 'open' | 'shipped' | 'partly' | 'refunded';

/** Some of it was paid back. */
export const PARTLY_REFUNDED: readonly string[] = ['partially_refunded', 'partially refunded', 'partially-refunded', 'partly refunded'];

const cell = (row: Row, name: string): string => (Object.hasOwn(row, name) ? (row[name] ?? '').trim() : '');
const firstCell = (rows: readonly Row[], names: readonly string[]): string =>
	rows.flatMap((row) => names.map((name) => cell(row, name))).find((text) => text !== '') ?? '';

const address = (kind: 'shipping' | 'billing', title: string): ColumnMapping => ({
	[`${kind}Address.name`]: `${title} Name`,
	[`${kind}Address.company`]: `${title} Company`,
	[`${kind}Address.address1`]: `${title} Address1`,
	[`${kind}Address.address2`]: `${title} Address2`,
	[`${kind}Address.city`]: `${title} City`,
	[`${kind}Address.region`]: `${title} Province`,
	[`${kind}Address.postalCode`]: `${title} Zip`,
	[`${kind}Address.country`]: `${title} Country`,
	[`${kind}Address.phone`]: `${title} Phone`,
});

const LINE_STATUS = 'Lineitem fulfillment status';
const SHOPIFY_STANDINGS: Readonly<Record<string, LineStanding>> = {
	fulfilled: 'shipped',
	partial: 'partly',
	partially_fulfilled: 'partly',
	'partially fulfilled': 'partly',
	restocked: 'refunded',
};
/** Of the order, while nothing is to be shipped. */
const SHOPIFY_WAITS: Readonly<Record<string, string>> = { on_hold: 'on hold', 'on hold': 'on hold', scheduled: 'scheduled' };

/** Shopify admin → Orders → Export. `Id` is the stable key; exports without it fall back to the name. */
const shopify: Preset = {
	columns: columnsOf({
		orderNumber: 'Name',
		externalId: 'Id',
		orderedAt: 'Created at',
		status: 'Financial Status',
		'customer.email': 'Email',
		'customer.phone': 'Phone',
		...address('shipping', 'Shipping'),
		...address('billing', 'Billing'),
		shippingMethod: 'Shipping Method',
		currency: 'Currency',
		subtotal: 'Subtotal',
		shippingAmount: 'Shipping',
		taxAmount: 'Taxes',
		discountAmount: 'Discount Amount',
		total: 'Total',
		discountCodes: 'Discount Code',
		tags: 'Tags',
		notes: 'Notes',
		'custom.financialStatus': 'Financial Status',
		'custom.fulfillmentStatus': 'Fulfillment Status',
		'custom.paymentMethod': 'Payment Method',
		'custom.riskLevel': 'Risk Level',
		'custom.salesChannel': 'Source',
		'custom.location': 'Location',
		'lines.sku': 'Lineitem sku',
		'lines.name': 'Lineitem name',
		'lines.quantity': 'Lineitem quantity',
		'lines.unitPrice': 'Lineitem price',
		'lines.custom.vendor': 'Vendor',
		'lines.custom.discount': 'Lineitem discount',
	}),
	matches: (has) => has('Name') && has('Lineitem quantity') && has('Lineitem name'),
	kindOf: (row) =>
		/^(false|no)$/i.test(cell(row, 'Lineitem requires shipping')) || /^not.eligible$/i.test(cell(row, LINE_STATUS)) ? 'virtual' : undefined,
	standingOf: (row) =>
		SHOPIFY_STANDINGS[cell(row, LINE_STATUS).toLowerCase()] ?? (/^fulfilled$/i.test(cell(row, 'Fulfillment Status')) ? 'shipped' : 'open'),
	refundedAmount: (rows) => firstCell(rows, ['Refunded Amount']),
	canceledStatuses: ['voided', 'refunded'],
	defaultStatuses: null,
	custom: (rows) => {
		const text = rows.map((row) => row['Note Attributes'] ?? '').find((cell) => cell !== '') ?? '';
		// "key: value", one a line; a line without a key goes on with the value before it.
		const attributes: Array<[string, string]> = [];
		for (const line of text.split(/\r\n|\n|\r/)) {
			const [, name, value] = /^([^:]{1,64}):\s?(.*)$/.exec(line) ?? [];
			const last = attributes.at(-1);
			if (name !== undefined && value !== undefined) attributes.push([name.trim(), value.trim()]);
			else if (last !== undefined && line.trim() !== '') last[1] += `\n${line.trim()}`;
		}
		return attributes;
	},
	shipped: (first) => /^fulfilled$/i.test(cell(first, 'Fulfillment Status')),
	canceled: (first) => cell(first, 'Cancelled at') !== '' || /^restocked$/i.test(cell(first, 'Fulfillment Status')),
	waits: (first) => SHOPIFY_WAITS[cell(first, 'Fulfillment Status').toLowerCase()] ?? null,
};

const wooAddress = (kind: 'shipping' | 'billing'): ColumnMapping => ({
	[`${kind}Address.name`]: [`${kind}_first_name`, `${kind}_last_name`],
	[`${kind}Address.company`]: `${kind}_company`,
	[`${kind}Address.address1`]: `${kind}_address_1`,
	[`${kind}Address.address2`]: `${kind}_address_2`,
	[`${kind}Address.city`]: `${kind}_city`,
	[`${kind}Address.region`]: `${kind}_state`,
	[`${kind}Address.postalCode`]: `${kind}_postcode`,
	[`${kind}Address.country`]: `${kind}_country`,
	[`${kind}Address.phone`]: `${kind}_phone`,
	[`${kind}Address.email`]: `${kind}_email`,
});

/** Export plugins call it differently. */
const WOO_REFUNDED = /^(?:order_|total_)?refund(?:ed|s)?(?:_total|_amount)?$/i;

/** The column names that WooCommerce's export plugins share; one row a line item, or `item_1_sku`, `item_2_sku` … in one row. */
const woocommerce: Preset = {
	columns: columnsOf({
		orderNumber: 'order_number',
		externalId: 'order_id',
		orderedAt: 'date_created',
		status: 'status',
		'customer.email': 'billing_email',
		'customer.phone': 'billing_phone',
		...wooAddress('shipping'),
		...wooAddress('billing'),
		shippingMethod: 'shipping_method',
		currency: 'currency',
		subtotal: 'subtotal',
		shippingAmount: 'shipping_total',
		taxAmount: 'tax_total',
		discountAmount: 'discount_total',
		total: 'order_total',
		discountCodes: 'coupons',
		notes: 'customer_note',
		'custom.cartStatus': 'status',
		'custom.paymentMethod': 'payment_method',
		'lines.externalId': ['item_id', 'item_{n}_id'],
		'lines.sku': ['item_sku', 'item_{n}_sku'],
		'lines.name': ['item_name', 'item_{n}_name'],
		'lines.quantity': ['item_quantity', 'item_{n}_quantity'],
		'lines.unitPrice': ['item_price', 'item_{n}_price'],
		'lines.quantityRefunded': ['item_refunded_qty', 'item_{n}_refunded_qty'],
		'lines.refundedAmount': ['item_refunded', 'item_{n}_refunded'],
	}),
	matches: (has) => (has('order_id') || has('order_number')) && (has('item_sku') || has('item_quantity') || has('item_1_quantity')),
	kindOf: () => undefined,
	standingOf: () => 'open',
	refundedAmount: (rows) =>
		firstCell(
			rows,
			rows.flatMap((row) => Object.keys(row)).filter((name) => WOO_REFUNDED.test(name)),
		),
	canceledStatuses: ['cancelled', 'canceled', 'refunded', 'failed', 'trash'],
	// Paid and to be shipped. Completed orders are shipped already, the others are not paid.
	defaultStatuses: ['processing'],
	custom: () => [],
	shipped: () => false,
	canceled: () => false,
	waits: () => null,
};

/** In files without a preset, and in JSON. */
export const CANCELED_STATUSES: readonly string[] = ['cancelled', 'canceled', 'refunded', 'voided'];

const plain: Omit<Preset, 'columns' | 'refundedAmount'> = {
	matches: () => false,
	kindOf: () => undefined,
	standingOf: () => 'open',
	canceledStatuses: CANCELED_STATUSES,
	defaultStatuses: null,
	custom: () => [],
	shipped: () => false,
	canceled: () => false,
	waits: () => null,
};

export const PRESETS: Readonly<Record<Exclude<TablePreset, 'csv'>, Preset>> = { shopify, woocommerce };

/** The preset of a raw order; `csv` gets its columns from the mapping that stands beside the rows. */
export function presetOf({ format, mapping }: Pick<RawTableOrder, 'format' | 'mapping'>): Preset {
	if (format !== 'csv') return PRESETS[format];
	const columns = columnsOf(mapping ?? {});
	return { ...plain, columns, refundedAmount: (rows) => firstCell(rows, columns.get('refundedAmount') ?? []) };
}

/** "wc-processing" is "processing". */
export const plainStatus = (status: string): string => status.trim().toLowerCase().replace(/^wc-/, '');
