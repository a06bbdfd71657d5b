/** Orders as a CSV text for spreadsheets: one row a line item, safe against formulas. */
import { csvText, type CsvCell } from '../files/csv';
import type { Address, LineItem, Order } from '../order/order';
import { trackingNumbersOf } from '../order/packages';
import { statusLabel } from '../order/status';

const ORDER_COLUMNS: ReadonlyArray<readonly [string, (order: Order) => CsvCell]> = [
	['store', ({ store }) => store],
	['order_number', ({ orderNumber }) => orderNumber],
	['reference', ({ reference }) => reference],
	['status', ({ status }) => statusLabel(status)],
	['reason', ({ statusReason }) => statusReason],
	['alert', ({ alert }) => alert?.code ?? null],
	['alert_message', ({ alert }) => alert?.message ?? null],
	['merchant', ({ merchant }) => merchant],
	['warehouse', ({ warehouse }) => warehouse],
	['ordered_at', ({ orderedAt }) => orderedAt],
	['imported_at', ({ importedAt }) => importedAt],
	['sent_at', ({ sentAt }) => sentAt],
	['closed_at', ({ closedAt }) => closedAt],
	['email', ({ customer }) => customer.email],
	...(['name', 'company', 'address1', 'address2', 'city', 'region', 'postalCode', 'country', 'phone'] as const).map(
		(field) =>
			[
				`ship_${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
				({ shippingAddress }: Order) => part(shippingAddress, field),
			] as const,
	),
	['shipping_method', ({ shippingMethod }) => shippingMethod],
	['carrier', ({ carrier }) => carrier],
	['service_level', ({ serviceLevel }) => serviceLevel],
	['currency', ({ currency }) => currency],
	['total', ({ total }) => total],
	['tags', ({ tags }) => tags.join(', ')],
	[
		'tracking_numbers',
		({ shipments }) => shipments.flatMap((shipment) => (shipment.voidedAt === null ? trackingNumbersOf(shipment) : [])).join(', '),
	],
];

const LINE_COLUMNS: ReadonlyArray<readonly [string, (line: LineItem) => CsvCell]> = [
	['sku', ({ sku }) => sku],
	['name', ({ name }) => name],
	['quantity', ({ quantity }) => quantity],
	['quantity_shipped', ({ quantityShipped }) => quantityShipped],
	['quantity_canceled', ({ quantityCanceled }) => quantityCanceled],
	['unit_price', ({ unitPrice }) => unitPrice],
];

const part = (address: Address | null, field: keyof Address): string | null => address?.[field] ?? null;

const HEADER = [...ORDER_COLUMNS, ...LINE_COLUMNS].map(([name]) => name);

/** The text in pieces, one a page of orders; the first one begins with the header. An order without lines is a row, too. */
export async function* ordersCsv(pages: AsyncIterable<Order[]>): AsyncGenerator<string> {
	const header = csvText(HEADER, []);
	yield header;
	for await (const orders of pages) {
		const rows = orders.flatMap((order) => {
			const common = ORDER_COLUMNS.map(([, value]) => value(order));
			const lines =
				order.lines.length === 0
					? [LINE_COLUMNS.map((): CsvCell => null)]
					: order.lines.map((line) => LINE_COLUMNS.map(([, value]) => value(line)));
			return lines.map((line) => [...common, ...line]);
		});
		yield csvText(HEADER, rows).slice(header.length);
	}
}
