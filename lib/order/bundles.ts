/**
 * Bundling: orders with the same key are merged into one that goes to the warehouse; they follow it. Pure. What is merged is written down in
 * docs/rules.md.
 */
import { createHash } from 'node:crypto';
import { sumOf, unitsOf } from './money';
import type { Address, IsoDate, LineItem, Money, OrderContent, OrderedLine } from './order';
import { firstIn } from './present';
import { hasTrait, type OrderStatus } from './status';

/** How the rule that bundles wants it done; kept with each order that waits, and with the bundle. */
export interface BundleTerms {
	/** The name of the rule; it does not make the order wait again. */
	rule: string;
	/** The most orders of a bundle; null = BUNDLE_LIMIT. */
	mostOrders: number | null;
	mostLines: number | null;
	/** The most that the totals of the orders may add up to. */
	mostTotal: Money | null;
}

/** A bundle is made in one transaction, and no warehouse packs more at once. */
export const BUNDLE_LIMIT = 100;

const LINES_LIMIT = 2_000;

/** An order that is (to be) part of a bundle: what the cart sent with people's edits, before any rule. */
interface BundledOrder {
	id: string;
	content: OrderContent;
}

/** The same for orders that may go together; from values that say nothing of the customer any more. */
export const bundleKey = (values: readonly string[]): string => createHash('sha256').update(JSON.stringify(values)).digest('base64url');

/** A value as it counts for the key: letter case and white space do not matter. */
export const keyText = (value: string): string => value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/**
 * Recipient and place as they count for the key: only letters and digits, without accents, however they are spread over the lines. Null = the
 * order does not say where it goes.
 */
export function addressKey(address: Address | null): string | null {
	if (address === null) return null;
	const { name, company, address1, address2, address3, city, region, postalCode, country } = address;
	if (!address1 && !postalCode && !city) return null;
	const plain = (...texts: Array<string | null>): string =>
		texts
			.join(' ')
			.normalize('NFKD')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}]+/gu, '');
	return JSON.stringify([
		plain(name),
		plain(company),
		plain(address1, address2, address3),
		plain(city),
		plain(region),
		plain(postalCode),
		plain(country),
	]);
}

const goods = (content: OrderContent): number => content.lines.filter(({ quantity }) => quantity > 0).length;

/** Why these orders are too much for one bundle; null = they are not. */
export function tooMuch(
	orders: ReadonlyArray<Pick<BundledOrder, 'content'>>,
	{ mostOrders, mostLines, mostTotal }: BundleTerms,
): string | null {
	if (orders.length > Math.min(mostOrders ?? BUNDLE_LIMIT, BUNDLE_LIMIT)) return `more than ${mostOrders ?? BUNDLE_LIMIT} orders`;
	const lines = orders.reduce((sum, { content }) => sum + goods(content), 0);
	if (lines > Math.min(mostLines ?? LINES_LIMIT, LINES_LIMIT)) return `more than ${mostLines ?? LINES_LIMIT} lines`;
	if (mostTotal === null) return null;
	const [total, most] = [unitsOf(sumOf(orders.map(({ content }) => content.total))), unitsOf(mostTotal)];
	if (total === null) return 'a total that is not known';
	return most !== null && total > most ? `a total of more than ${mostTotal}` : null;
}

/** The orders of the next bundle: the first one, and of the others as many as the limits allow. In the order in which they are given. */
export function nextBundle<T extends Pick<BundledOrder, 'content'>>(orders: readonly T[], terms: BundleTerms): T[] {
	const chosen: T[] = [];
	for (const order of orders) {
		if (chosen.length === 0 || tooMuch([...chosen, order], terms) === null) chosen.push(order);
	}
	// One that is too much by itself takes nobody with it.
	return tooMuch(chosen.slice(0, 1), terms) === null ? chosen : chosen.slice(0, 1);
}

/** Longest order number that is put together; warehouses print it on a label. */
const NUMBER_LIMIT = 40;

/**
 * The content of the order that goes to the warehouse for all of these. The first order gives what there can be only one of; lines are kept
 * apart, each with the order that it belongs to.
 *
 * @param orders at least one, oldest first
 */
export function bundledContent(orders: readonly BundledOrder[]): OrderContent {
	const contents = orders.map(({ content }) => content);
	const first = firstIn(contents, 'The first order of a bundle');
	const firstOf = <T>(values: ReadonlyArray<T | null>): T | null => values.find((value) => value !== null && value !== '') ?? null;
	const oneCurrency = contents.every(({ currency }) => currency === first.currency);
	const sum = (field: 'subtotal' | 'shippingAmount' | 'taxAmount' | 'discountAmount' | 'total'): Money | null =>
		oneCurrency ? sumOf(contents.map((content) => content[field])) : null;
	const insured = contents.map(({ insuredAmount }) => insuredAmount).filter((amount) => amount !== null);
	const paidMost = bestShipping(contents);
	return {
		orderNumber: numberOf(contents),
		merchant: first.merchant,
		orderedAt: earliest(contents.map(({ orderedAt }) => orderedAt)),
		customer: {
			email: firstOf(contents.map(({ customer }) => customer.email)),
			phone: firstOf(contents.map(({ customer }) => customer.phone)),
		},
		billingAddress: first.billingAddress,
		shippingAddress: first.shippingAddress,
		lines: orders.flatMap(({ id, content }, index) =>
			content.lines.map((line): OrderedLine => ({ ...line, id: `${index + 1}-${line.id}`, source: { orderId: id, lineId: line.id } })),
		),
		shippingMethod: paidMost.shippingMethod,
		carrier: paidMost.carrier,
		serviceLevel: paidMost.serviceLevel,
		warehouse: firstOf(contents.map(({ warehouse }) => warehouse)),
		requestedShipDate: earliest(contents.map(({ requestedShipDate }) => requestedShipDate)),
		signatureRequired: contents.some(({ signatureRequired }) => signatureRequired),
		insuredAmount: insured.length === 0 ? null : sumOf(insured),
		thirdPartyAccount: firstOf(contents.map(({ thirdPartyAccount }) => thirdPartyAccount)),
		giftMessage: joined(contents, 'giftMessage', false),
		shippingNotes: joined(contents, 'shippingNotes', true),
		currency: oneCurrency ? first.currency : null,
		subtotal: sum('subtotal'),
		shippingAmount: sum('shippingAmount'),
		taxAmount: sum('taxAmount'),
		discountAmount: sum('discountAmount'),
		total: sum('total'),
		discountCodes: [...new Set(contents.flatMap(({ discountCodes }) => discountCodes))],
		tags: [...new Set(contents.flatMap(({ tags }) => tags))],
		notes: joined(contents, 'notes', true),
		// fromEntries, for a cart may name a field "__proto__".
		custom: Object.fromEntries([...contents].reverse().flatMap(({ custom }) => Object.entries(custom))),
	};
}

/** @example numberOf(contents) // "1001+1002", or "1001 and 7 more" */
function numberOf(contents: readonly OrderContent[]): string {
	const numbers = contents.map(({ orderNumber }) => orderNumber);
	const all = numbers.join('+');
	return all.length <= NUMBER_LIMIT ? all : `${numbers[0]} and ${numbers.length - 1} more`;
}

function earliest(dates: ReadonlyArray<IsoDate | null>): IsoDate | null {
	const times = dates
		.filter((date) => date !== null)
		.map((date) => ({ date, time: Date.parse(date) }))
		.filter(({ time }) => !Number.isNaN(time));
	return times.length === 0 ? null : times.reduce((left, right) => (right.time < left.time ? right : left)).date;
}

/** Whoever paid most for the shipping chose the fastest; the first of equals. */
const bestShipping = (contents: readonly OrderContent[]): OrderContent =>
	contents.reduce((best, content) => ((unitsOf(content.shippingAmount) ?? -1n) > (unitsOf(best.shippingAmount) ?? -1n) ? content : best));

/** The same text once. Different ones each on a line of its own, with the number of its order where that says something. */
function joined(contents: readonly OrderContent[], field: 'giftMessage' | 'shippingNotes' | 'notes', numbered: boolean): string | null {
	const texts = contents.flatMap((content) => {
		const text = content[field]?.trim() ?? '';
		return text === '' ? [] : [{ text, orderNumber: content.orderNumber }];
	});
	const different = texts.filter(({ text }, index) => texts.findIndex((other) => other.text === text) === index);
	const [only] = different;
	if (only === undefined) return null;
	if (different.length === 1) return only.text;
	return different.map(({ text, orderNumber }) => (numbered ? `${orderNumber}: ${text}` : text)).join('\n');
}

/**
 * Where an order in a bundle stands when its bundle stands so. It is Closed once all of it is shipped and uploaded, at the latest with its
 * bundle; of a bundle that has ended without any of its goods it is Canceled.
 *
 * @param pending how many of its shipments the cart was not told yet
 */
export function sourceStatus(
	status: OrderStatus,
	bundle: OrderStatus,
	lines: ReadonlyArray<Pick<LineItem, 'quantity' | 'quantityShipped' | 'quantityCanceled'>>,
	pending: number,
): OrderStatus {
	if (status !== 'bundled') return status;
	const ended = hasTrait(bundle, 'over');
	const shipped = lines.some(({ quantityShipped }) => quantityShipped > 0);
	const left = lines.some(({ quantity, quantityShipped, quantityCanceled }) => quantity > quantityShipped + quantityCanceled);
	if (!shipped) return ended || (lines.length > 0 && !left) ? 'canceled' : status;
	return pending === 0 && (ended || !left) ? 'closed' : status;
}
