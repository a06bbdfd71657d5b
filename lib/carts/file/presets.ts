/** Exports that are known: their columns, and what is peculiar to each. A new one is an entry here. */
import type { RawTableOrder, TablePreset } from './raw';
import { columnsOf, type ColumnMapping, type Columns } from './mapping';

type Row = Readonly<Record<string, string>>;

export interface Preset {
	columns: Columns;
	/** The header has what this export always has. */
	matches(has: (column: string) => boolean): boolean;
	/** Why a row is no line for the warehouse; null = it is one. */
	leftOut(row: Row): string | null;
	/** The shop's status means that nothing is to be shipped (any more). Lower case. */
	canceledStatuses: readonly string[];
	/** What is imported when the filter names no status; null = every status. Lower case. */
	defaultStatuses: readonly string[] | null;
	/** Custom fields beyond the mapping. */
	custom(rows: readonly Row[]): Record<string, string>;
	/** Filled when the shop has shipped the order already, or canceled it, whatever its status. */
	shipped(first: Row): boolean;
	canceled(first: Row): boolean;
}

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
	leftOut: (row) =>
		/^(false|no)$/i.test(row['Lineitem requires shipping'] ?? '')
			? 'requires no shipping'
			: /^fulfilled$/i.test(row['Lineitem fulfillment status'] ?? '')
				? 'is fulfilled already'
				: null,
	canceledStatuses: ['voided', 'refunded'],
	defaultStatuses: null,
	custom: (rows) => {
		const text = rows.map((row) => row['Note Attributes'] ?? '').find((cell) => cell !== '') ?? '';
		// "key: value", one a line; a line without a key goes on with the value before it.
		const attributes: Array<[string, string]> = [];
		for (const line of text.split(/\r\n|\n|\r/)) {
			const match = /^([^:]{1,64}):\s?(.*)$/.exec(line);
			if (match) attributes.push([match[1]!.trim(), match[2]!.trim()]);
			else if (attributes.length > 0 && line.trim() !== '') attributes.at(-1)![1] += `\n${line.trim()}`;
		}
		return Object.fromEntries(attributes);
	},
	shipped: (first) => /^fulfilled$/i.test(first['Fulfillment Status'] ?? ''),
	canceled: (first) => (first['Cancelled at'] ?? '') !== '',
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
	}),
	matches: (has) => (has('order_id') || has('order_number')) && (has('item_sku') || has('item_quantity') || has('item_1_quantity')),
	leftOut: () => null,
	canceledStatuses: ['cancelled', 'canceled', 'refunded', 'failed', 'trash'],
	// Paid and to be shipped. Completed orders are shipped already, the others are not paid.
	defaultStatuses: ['processing'],
	custom: () => ({}),
	shipped: () => false,
	canceled: () => false,
};

const plain: Omit<Preset, 'columns'> = {
	matches: () => false,
	leftOut: () => null,
	canceledStatuses: ['cancelled', 'canceled'],
	defaultStatuses: null,
	custom: () => ({}),
	shipped: () => false,
	canceled: () => false,
};

export const PRESETS: Readonly<Record<Exclude<TablePreset, 'csv'>, Preset>> = { shopify, woocommerce };

/** The preset of a raw order; `csv` gets its columns from the mapping that stands beside the rows. */
export const presetOf = ({ format, mapping }: Pick<RawTableOrder, 'format' | 'mapping'>): Preset =>
	format === 'csv' ? { ...plain, columns: columnsOf(mapping ?? {}) } : PRESETS[format];

/** "wc-processing" is "processing". */
export const plainStatus = (status: string): string => status.trim().toLowerCase().replace(/^wc-/, '');
