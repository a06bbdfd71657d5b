/** The warehouse shipping order, X12 4010 set 940. */
import type { FieldProblem } from '../../order/errors';
import type { Address, IsoDate, Order } from '../../order/order';
import { toShip } from '../common/toShip';
import type { FieldLimit } from '../Wms';
import type { X12Partner } from './settings';
import { elementOf, lostIn, type Segment } from './write';

export interface X12Request {
	reference: string;
	orderNumber: string;
	requestedShipDate: IsoDate | null;
	shippingAddress: Address;
	phone: string | null;
	email: string | null;
	/** W66-05. */
	routing: string | null;
	carrier: string | null;
	warehouse: string | null;
	thirdPartyAccount: string | null;
	notes: string[];
	lines: Array<{ id: string; sku: string; name: string; quantity: number }>;
}

/** The lengths of the elements. Regions longer than two letters go into N4-06. */
export const LIMITS: readonly FieldLimit[] = [
	{ path: 'reference', required: true },
	{ path: 'shippingAddress.name', maxLength: 60, required: true },
	{ path: 'shippingAddress.company', maxLength: 60 },
	{ path: 'shippingAddress.address1', maxLength: 55, required: true },
	{ path: 'shippingAddress.address2', maxLength: 55 },
	{ path: 'shippingAddress.address3', maxLength: 55 },
	{ path: 'shippingAddress.city', maxLength: 30, required: true },
	{ path: 'shippingAddress.region', maxLength: 30 },
	{ path: 'shippingAddress.postalCode', maxLength: 15 },
	{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
	{ path: 'lines.sku', maxLength: 48, required: true },
];

const NOTE_LENGTH = 80;

/** W05-02 and W06-02. */
const DEPOSITOR_NUMBER_LENGTH = 22;

/**
 * The depositor's order number, which the warehouse repeats in everything that it reports: our reference; in place of one that is too long
 * for X12 its control number, by which the store finds it again.
 */
export const depositorNumber = (reference: string, control: number): string =>
	reference.length <= DEPOSITOR_NUMBER_LENGTH ? reference : `C${String(control).padStart(9, '0')}`;

/** The control number that stands for a reference; null = this is a reference. */
export function controlIn(depositor: string): number | null {
	const [, digits] = /^C(\d{9})$/.exec(depositor) ?? [];
	return digits === undefined ? null : Number(digits);
}

/** Only what is still to be shipped. Throws FieldLimitError with every problem. */
export function toRequest(order: Order): X12Request {
	const { lines, to } = toShip(order, { limits: LIMITS });
	return {
		reference: order.reference,
		orderNumber: order.orderNumber,
		requestedShipDate: order.requestedShipDate,
		shippingAddress: to,
		phone: to.phone ?? order.customer.phone,
		email: to.email ?? order.customer.email,
		routing: order.serviceLevel ?? order.shippingMethod,
		carrier: order.carrier,
		warehouse: order.warehouse,
		thirdPartyAccount: order.thirdPartyAccount,
		notes: [
			...(order.signatureRequired ? ['SIGNATURE REQUIRED'] : []),
			...[order.shippingNotes, order.giftMessage].filter((text) => text !== null),
		],
		lines: lines.map(({ id, sku, name, quantity }) => ({ id, sku: sku ?? '', name, quantity })),
	};
}

/** Keys that would not come back as they were sent. */
export function keyProblems(partner: X12Partner, { reference, lines }: X12Request): FieldProblem[] {
	const problem = (field: string, value: string): FieldProblem[] => {
		const lost = lostIn(partner, value);
		return lost === null
			? []
			: [{ field, value, problem: `cannot be sent by EDI as it is, because of ${JSON.stringify(lost)}`, code: 'rejected_by_wms' }];
	};
	return [...problem('reference', reference), ...lines.flatMap(({ id, sku }) => problem(`lines.${id}.sku`, sku))];
}

/** What stands between ST and SE. */
export function segmentsOf940(partner: X12Partner, request: X12Request, control: number): Segment[] {
	const text = (value: string | null, maxLength: number) => elementOf(partner, value, maxLength);
	const to = request.shippingAddress;
	const region = text(to.region, 30);
	const short = region !== undefined && region.length <= 2;
	const scac = /^[A-Z]{2,4}$/.test(request.carrier ?? '') ? request.carrier : undefined;
	const segments: Segment[] = [
		['W05', 'N', depositorNumber(request.reference, control), text(request.orderNumber, 22)],
		['N1', 'ST', text(to.name, 60)],
	];
	if (text(to.company, 60) !== undefined) segments.push(['N2', text(to.company, 60)]);
	segments.push(['N3', text(to.address1, 55), text(to.address2, 55)]);
	if (text(to.address3, 55) !== undefined) segments.push(['N3', text(to.address3, 55)]);
	segments.push([
		'N4',
		text(to.city, 30),
		short ? region : undefined,
		text(to.postalCode, 15),
		to.country,
		short || region === undefined ? undefined : 'SP',
		short ? undefined : region,
	]);
	const reach = [
		['TE', text(request.phone, 80)],
		['EM', text(request.email, 80)],
	]
		.filter(([, value]) => value !== undefined)
		.flat();
	if (reach.length > 0) segments.push(['PER', 'IC', text(to.name, 60), ...reach]);
	if (text(request.warehouse, 80) !== undefined) segments.push(['N1', 'WH', undefined, '92', text(request.warehouse, 80)]);
	segments.push(['N9', 'CO', text(request.orderNumber, 30)]);
	if (request.requestedShipDate !== null) segments.push(['G62', '10', request.requestedShipDate.slice(0, 10).replaceAll('-', '')]);
	for (const note of request.notes.flatMap((each) => inPieces(elementOf(partner, each, 4000)))) segments.push(['NTE', 'WHI', note]);
	const account = text(request.thirdPartyAccount, 35);
	segments.push([
		'W66',
		account === undefined ? 'PP' : 'TP',
		'U',
		undefined,
		undefined,
		text(request.routing ?? request.carrier, 35),
		undefined,
		undefined,
		undefined,
		undefined,
		scac,
	]);
	if (account !== undefined) segments.push(['N9', '14', account]);
	request.lines.forEach(({ sku, name, quantity }, index) => {
		segments.push(['LX', index + 1], ['W01', quantity, 'EA', undefined, partner.skuQualifier, sku]);
		if (text(name, 45) !== undefined) segments.push(['G69', text(name, 45)]);
	});
	segments.push(['W76', request.lines.reduce((sum, { quantity }) => sum + quantity, 0)]);
	return segments;
}

/** A note as lines of its own, broken between words. */
function inPieces(text: string | undefined): string[] {
	const pieces: string[] = [];
	for (let rest = text ?? ''; rest !== '';) {
		const at = rest.length <= NOTE_LENGTH ? rest.length : rest.lastIndexOf(' ', NOTE_LENGTH);
		const cut = at <= 0 ? NOTE_LENGTH : at;
		pieces.push(rest.slice(0, cut));
		rest = rest.slice(cut).trim();
	}
	return pieces;
}
