/**
 * Order files for the warehouse: `orders/<reference>.csv`, one file an order, CSV in UTF-8 with a header and CRLF. The first
 * row (record_type H) is the order, each further row (L) a line; a row leaves the columns of the other kind blank.
 *
 * | record_type | columns |
 * |---|---|
 * | both | record_type, reference |
 * | H | order_number, order_id, store, merchant, ordered_at, requested_ship_date, ship_name, ship_company, ship_address1, ship_address2, ship_address3, ship_city, ship_region, ship_postal_code, ship_country, ship_phone, ship_email, shipping_method, carrier, service_level, warehouse, signature_required, insured_amount, third_party_account, gift_message, shipping_notes, currency, total |
 * | L | line_id, line_external_id, sku, name, quantity, unit_price, weight_grams, options |
 *
 * `reference` is the key: the warehouse repeats it in everything that it reports. Dates are ISO-8601 in UTC, `signature_required`
 * is true or false, `options` is "Size: L; Color: Red". A text that a spreadsheet would take for a formula has an apostrophe in front.
 */
import { csvText, type CsvCell } from '../../files/csv';
import { safeFileName } from '../../files/names';
import { FieldLimitError, type FieldProblem } from '../../order/errors';
import type { Address, IsoDate, Money, Order } from '../../order/order';
import { fieldProblems } from '../common/limits';
import type { FieldLimit } from '../Wms';

interface FileWmsLine {
	id: string;
	externalId: string | null;
	sku: string | null;
	name: string;
	quantity: number;
	unitPrice: Money | null;
	weight: number | null;
	options: Record<string, string>;
}

/** What goes into the file; the paths are those of the order, so that limits name fields that people can edit. */
export interface FileWmsRequest {
	reference: string;
	orderNumber: string;
	externalId: string;
	store: string;
	merchant: string | null;
	orderedAt: IsoDate | null;
	requestedShipDate: IsoDate | null;
	shippingAddress: Address | null;
	customer: Order['customer'];
	shippingMethod: string | null;
	carrier: string | null;
	serviceLevel: string | null;
	warehouse: string | null;
	signatureRequired: boolean;
	insuredAmount: Money | null;
	thirdPartyAccount: string | null;
	giftMessage: string | null;
	shippingNotes: string | null;
	currency: string | null;
	total: Money | null;
	lines: FileWmsLine[];
}

const BOTH = ['record_type', 'reference'] as const;
const HEADER_COLUMNS = [
	'order_number',
	'order_id',
	'store',
	'merchant',
	'ordered_at',
	'requested_ship_date',
	'ship_name',
	'ship_company',
	'ship_address1',
	'ship_address2',
	'ship_address3',
	'ship_city',
	'ship_region',
	'ship_postal_code',
	'ship_country',
	'ship_phone',
	'ship_email',
	'shipping_method',
	'carrier',
	'service_level',
	'warehouse',
	'signature_required',
	'insured_amount',
	'third_party_account',
	'gift_message',
	'shipping_notes',
	'currency',
	'total',
] as const;
const LINE_COLUMNS = ['line_id', 'line_external_id', 'sku', 'name', 'quantity', 'unit_price', 'weight_grams', 'options'] as const;

export const ORDER_COLUMNS: readonly string[] = [...BOTH, ...HEADER_COLUMNS, ...LINE_COLUMNS];

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order, limits: readonly FieldLimit[]): FileWmsRequest {
	const lines = order.lines
		.map((line) => ({ line, quantity: line.quantity - line.quantityShipped - line.quantityCanceled }))
		.filter(({ quantity }) => quantity > 0)
		.map(({ line, quantity }): FileWmsLine => ({
			id: line.id,
			externalId: line.externalId,
			sku: line.sku,
			name: line.name,
			quantity,
			unitPrice: line.unitPrice,
			weight: line.weight,
			options: line.options,
		}));
	const request: FileWmsRequest = {
		reference: order.reference,
		orderNumber: order.orderNumber,
		externalId: order.externalId,
		store: order.store,
		merchant: order.merchant,
		orderedAt: order.orderedAt,
		requestedShipDate: order.requestedShipDate,
		shippingAddress: order.shippingAddress,
		customer: order.customer,
		shippingMethod: order.shippingMethod,
		carrier: order.carrier,
		serviceLevel: order.serviceLevel,
		warehouse: order.warehouse,
		signatureRequired: order.signatureRequired,
		insuredAmount: order.insuredAmount,
		thirdPartyAccount: order.thirdPartyAccount,
		giftMessage: order.giftMessage,
		shippingNotes: order.shippingNotes,
		currency: order.currency,
		total: order.total,
		lines,
	};
	const problems = requestProblems(request, limits);
	if (problems.length > 0) throw new FieldLimitError(problems);
	return request;
}

export function requestProblems(request: FileWmsRequest, limits: readonly FieldLimit[]): FieldProblem[] {
	const problems = fieldProblems(request, limits);
	if (request.lines.length === 0) problems.push({ field: 'lines', problem: 'no line is left to ship', code: 'missing_field' });
	return problems;
}

/** @example orderFileName('acme-us.1001') // "acme-us.1001.csv" */
export const orderFileName = (reference: string): string => `${safeFileName(reference, 120)}.csv`;

export function orderText(request: FileWmsRequest): string {
	const { shippingAddress: to, customer } = request;
	const blanks = (count: number): null[] => new Array<null>(count).fill(null);
	const head: CsvCell[] = [
		request.orderNumber,
		request.externalId,
		request.store,
		request.merchant,
		request.orderedAt,
		request.requestedShipDate,
		to?.name ?? null,
		to?.company ?? null,
		to?.address1 ?? null,
		to?.address2 ?? null,
		to?.address3 ?? null,
		to?.city ?? null,
		to?.region ?? null,
		to?.postalCode ?? null,
		to?.country ?? null,
		to?.phone ?? customer.phone,
		to?.email ?? customer.email,
		request.shippingMethod,
		request.carrier,
		request.serviceLevel,
		request.warehouse,
		String(request.signatureRequired),
		request.insuredAmount,
		request.thirdPartyAccount,
		request.giftMessage,
		request.shippingNotes,
		request.currency,
		request.total,
	];
	const rows = request.lines.map((line): CsvCell[] => [
		'L',
		request.reference,
		...blanks(HEADER_COLUMNS.length),
		line.id,
		line.externalId,
		line.sku,
		line.name,
		line.quantity,
		line.unitPrice,
		line.weight,
		Object.entries(line.options)
			.map(([name, value]) => `${name}: ${value}`)
			.join('; ') || null,
	]);
	return csvText(ORDER_COLUMNS, [['H', request.reference, ...head, ...blanks(LINE_COLUMNS.length)], ...rows]);
}
