/**
 * A sample shop: order export files as Shopify writes them, with the trouble of real life. Everything is made from one seed,
 * so that every run sees the same orders; each order says what should become of it.
 */
import { stringify } from 'csv-stringify/sync';

/** What should become of an order in the end, as the shop and the warehouse see it. */
type Fate =
	/** Shipped, and its tracking is in the shop. */
	| 'shipped'
	/** Accepted by the warehouse, but never shipped (or canceled there). */
	| 'accepted'
	/** Never at the warehouse. */
	| 'not_sent';

export interface SampleOrder {
	name: string;
	id: string;
	kind: string;
	fate: Fate;
	lines: Array<{ sku: string; quantity: number | string; price: string; title: string }>;
	email: string;
	customer: string;
	address1: string;
	city: string;
	region: string;
	zip: string;
	country: string;
	method: string;
	notes: string;
	createdAt: string;
}

/** Columns of Shopify's order export, in its order; the ones that the sample leaves blank are there too. */
const COLUMNS = [
	'Name',
	'Email',
	'Financial Status',
	'Paid at',
	'Fulfillment Status',
	'Fulfilled at',
	'Accepts Marketing',
	'Currency',
	'Subtotal',
	'Shipping',
	'Taxes',
	'Total',
	'Discount Code',
	'Discount Amount',
	'Shipping Method',
	'Created at',
	'Lineitem quantity',
	'Lineitem name',
	'Lineitem price',
	'Lineitem compare at price',
	'Lineitem sku',
	'Lineitem requires shipping',
	'Lineitem taxable',
	'Lineitem fulfillment status',
	'Billing Name',
	'Billing Street',
	'Billing Address1',
	'Billing Address2',
	'Billing Company',
	'Billing City',
	'Billing Zip',
	'Billing Province',
	'Billing Country',
	'Billing Phone',
	'Shipping Name',
	'Shipping Street',
	'Shipping Address1',
	'Shipping Address2',
	'Shipping Company',
	'Shipping City',
	'Shipping Zip',
	'Shipping Province',
	'Shipping Country',
	'Shipping Phone',
	'Notes',
	'Note Attributes',
	'Cancelled at',
	'Payment Method',
	'Payment Reference',
	'Refunded Amount',
	'Vendor',
	'Outstanding Balance',
	'Employee',
	'Location',
	'Device ID',
	'Id',
	'Tags',
	'Risk Level',
	'Source',
	'Lineitem discount',
	'Tax 1 Name',
	'Tax 1 Value',
	'Tax 2 Name',
	'Tax 2 Value',
	'Tax 3 Name',
	'Tax 3 Value',
	'Tax 4 Name',
	'Tax 4 Value',
	'Tax 5 Name',
	'Tax 5 Value',
	'Phone',
	'Receipt Number',
	'Duties',
	'Billing Province Name',
	'Shipping Province Name',
	'Payment ID',
	'Payment Terms Name',
	'Next Payment Due At',
	'Payment References',
];

/** Small and repeatable: a linear congruential generator (constants of Numerical Recipes). */
function randomFrom(seed: number): () => number {
	let value = seed >>> 0;
	return () => {
		value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
		return value / 2 ** 32;
	};
}

const PEOPLE = [
	'Ada Lovelace',
	'Grace Hopper',
	'Jürgen Größl',
	'山田 太郎',
	'Siobhán Ní Bhriain',
	"Conan O'Brien",
	'Zoë 🎁 Müller',
	'Łukasz Żółć',
];
const PLACES = [
	['Boston', 'MA', '02134', 'US'],
	['Portland', 'OR', '97201', 'US'],
	['Holtsville', 'NY', '00501', 'US'],
	['Berlin', '', '01067', 'DE'],
	['Dublin', '', 'D02 AF30', 'IE'],
	['Montréal', 'QC', 'H2X 1Y4', 'CA'],
] as const;
const GOODS = [
	['RED-MUG', '9.50'],
	['TEE-L', '19.00'],
	['TEE-M', '19.00'],
	['LAMP-01', '49.90'],
	['0042-BOOK', '12.00'],
	['POSTER-Ä', '7.25'],
] as const;
const METHODS = ['Standard Shipping', 'Express (1-2 days)', 'DHL Paket', 'Free Shipping', 'standard shipping '];

/** The sample orders, `count` plain ones and one or more of each kind of trouble. */
export function sampleOrders(count: number): SampleOrder[] {
	const random = randomFrom(20261123);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
	const orders: SampleOrder[] = [];
	const add = (kind: string, fate: Fate, change: Partial<SampleOrder> = {}) => {
		const number = 1001 + orders.length;
		const [city, region, zip, country] = pick(PLACES);
		const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
			const [sku, price] = pick(GOODS);
			return { sku, price, quantity: 1 + Math.floor(random() * 3), title: `${sku} in a box` };
		});
		orders.push({
			name: `#${number}`,
			id: String(5_400_000_000_000 + number * 7),
			kind,
			fate,
			lines,
			email: `customer${number}@shop.example`,
			customer: pick(PEOPLE),
			address1: `${1 + Math.floor(random() * 200)} Elm Street`,
			city,
			region,
			zip,
			country,
			method: pick(METHODS),
			notes: '',
			createdAt: '2026-11-20 10:14:00 -0500',
			...change,
		});
	};
	const line = (sku: string, quantity: number | string = 1, price = '9.50') => ({ sku, quantity, price, title: sku });
	const times = (n: number, body: () => void) => {
		for (let index = 0; index < n; index += 1) body();
	};

	times(count, () => add('plain', 'shipped'));
	times(12, () => add('shipped in parts', 'shipped', { lines: [line('RED-MUG', 2), line('PART-SOFA', 3, '99.00')] }));
	times(2, () =>
		add('two to one address', 'shipped', {
			customer: 'Ada Lovelace',
			address1: '12 Same Street',
			city: 'Boston',
			region: 'MA',
			zip: '02134',
			country: 'US',
		}),
	);
	add('many lines', 'shipped', {
		lines: Array.from({ length: 60 }, (_, index) => line(`SKU-${String(index).padStart(3, '0')}`, 1, '1.00')),
	});
	add('long name', 'shipped', { customer: 'Wolfeschlegelsteinhausenbergerdorff Nachname Ω 好' });
	add('hostile text', 'shipped', {
		customer: '=HYPERLINK("http://evil.example","x")',
		notes: `'); DROP TABLE orders;--\n<script>alert(1)</script>\n../../etc/passwd`,
	});
	times(2, () => add('address too long', 'shipped', { address1: 'Donaudampfschifffahrtsgesellschaftskapitänsgasse 127, Stiege 4' }));
	times(2, () => add('unmapped method', 'shipped', { method: 'Carrier pigeon' }));
	times(4, () => add('test order', 'not_sent', { email: 'qa@example.test' }));
	times(8, () => add('downloads only', 'not_sent', { lines: [line('DIGITAL-EBOOK'), line('DIGITAL-SONG')] }));
	times(6, () => add('with a gift card', 'shipped', { lines: [line('GIFTCARD-50'), line('TEE-L')] }));
	times(5, () => add('held', 'shipped', { lines: [line('LAMP-01', 30, '49.90')] }));
	add('malformed row', 'shipped', { lines: [line('RED-MUG', 'two')] });
	add('archived, exported again', 'not_sent', { email: 'archive-me@shop.example', lines: [line('LAMP-01', 25, '49.90')] });
	add('deleted, exported again', 'shipped', { email: 'delete-me@shop.example', lines: [line('LAMP-01', 25, '49.90')] });
	add('unknown SKU', 'shipped', { lines: [line('UNKNOWN-SKU')] });
	add('canceled at the warehouse', 'accepted', { lines: [line('CANCELED-CHAIR')] });
	times(6, () => add('never ships', 'accepted', { lines: [line('BACKORDER-DESK')] }));
	add('ships too late', 'shipped', { lines: [line('LATE-RUG')] });
	return orders;
}

/** An order as rows of the export: one a line item, the order's own fields on the first row only. */
function rowsOf(order: SampleOrder): Array<Record<string, string>> {
	const subtotal = order.lines.reduce((sum, { price, quantity }) => sum + Number(price) * (Number(quantity) || 1), 0);
	return order.lines.map((item, index) => ({
		Name: order.name,
		Email: order.email,
		'Created at': order.createdAt,
		'Lineitem quantity': String(item.quantity),
		'Lineitem name': item.title,
		'Lineitem price': item.price,
		'Lineitem sku': item.sku,
		'Lineitem requires shipping': 'true',
		'Lineitem taxable': 'true',
		'Lineitem fulfillment status': 'pending',
		Vendor: 'Sample Shop',
		...(index > 0
			? {}
			: {
					'Financial Status': 'paid',
					'Paid at': order.createdAt,
					'Fulfillment Status': 'unfulfilled',
					'Accepts Marketing': 'no',
					Currency: 'USD',
					Subtotal: subtotal.toFixed(2),
					Shipping: '5.00',
					Taxes: '0.00',
					Total: (subtotal + 5).toFixed(2),
					'Discount Amount': '0.00',
					'Shipping Method': order.method,
					'Billing Name': order.customer,
					'Billing Address1': order.address1,
					'Billing City': order.city,
					'Billing Zip': `'${order.zip}`,
					'Billing Province': order.region,
					'Billing Country': order.country,
					'Shipping Name': order.customer,
					'Shipping Address1': order.address1,
					'Shipping City': order.city,
					'Shipping Zip': `'${order.zip}`,
					'Shipping Province': order.region,
					'Shipping Country': order.country,
					'Shipping Phone': '+1 555 0100',
					Notes: order.notes,
					Id: order.id,
					'Risk Level': 'Low',
					Source: 'web',
				}),
	}));
}

/** An export file with these orders. */
export const exportFile = (orders: readonly SampleOrder[]): string =>
	stringify(orders.flatMap(rowsOf), { header: true, columns: COLUMNS, record_delimiter: '\n' });
