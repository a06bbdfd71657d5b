/** What everything that is recorded must be, whatever a partner answered. */
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { ImportedOrder } from '../../lib/order/order';
import type { WmsEvent } from '../../lib/order/wmsEvent';

const ISO = /^(19[7-9]|20\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const MONEY = /^-?\d{1,16}(\.\d+)?$/;

const fail = (what: string, value: unknown): never => {
	throw new Error(`${what} (value: ${JSON.stringify(value)?.slice(0, 200)})`);
};

const text = (what: string, value: unknown): void => {
	if (value === null) return;
	if (typeof value !== 'string') return fail(`${what} is no text`, value);
	if (!value.isWellFormed() || value.includes('\0')) fail(`${what} cannot be kept`, value);
};

const pieces = (what: string, value: unknown): void => {
	if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > 10_000_000)
		fail(`${what} is no number of pieces`, value);
};

const money = (what: string, value: unknown): void => {
	if (value !== null && (typeof value !== 'string' || !MONEY.test(value))) fail(`${what} is no amount`, value);
};

/** Plain data that JSON keeps as it is, and not deeper than any reader goes. */
function plain(what: string, value: unknown, depth = 0): void {
	if (depth > 120) fail(`${what} is too deep`, null);
	if (typeof value === 'number' && !Number.isFinite(value)) fail(`${what} has a number that JSON has not`, String(value));
	if (['undefined', 'function', 'bigint', 'symbol'].includes(typeof value)) fail(`${what} has what JSON has not`, typeof value);
	if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) plain(what, inner, depth + 1);
}

/** An order as it may be recorded. */
export function expectKept({ externalId, content, raw }: ImportedOrder): void {
	if (externalId === '') fail('externalId is empty', externalId);
	const { lines, customer, billingAddress, shippingAddress, orderedAt, tags, discountCodes, custom } = content;
	for (const [name, value] of Object.entries({
		externalId,
		orderNumber: content.orderNumber,
		...customer,
		...billingAddress,
		...shippingAddress,
		currency: content.currency,
		notes: content.notes,
		shippingMethod: content.shippingMethod,
		giftMessage: content.giftMessage,
	}))
		text(name, value);
	if (content.orderNumber === '') fail('orderNumber is empty', '');
	if (orderedAt !== null && !ISO.test(orderedAt)) fail('orderedAt is no time', orderedAt);
	for (const name of ['subtotal', 'shippingAmount', 'taxAmount', 'discountAmount', 'total'] as const) money(name, content[name]);
	for (const one of [...tags, ...discountCodes]) if (typeof one !== 'string') fail('a tag is no text', one);
	if (new Set(lines.map(({ id }) => id)).size !== lines.length)
		fail(
			'two lines have one id',
			lines.map(({ id }) => id),
		);
	for (const line of lines) {
		for (const name of ['externalId', 'sku', 'name'] as const) text(`lines.${name}`, line[name]);
		if (!/^[A-Za-z0-9_-]+$/.test(line.id)) fail('lines.id', line.id);
		pieces('lines.quantity', line.quantity);
		money('lines.unitPrice', line.unitPrice);
		if (line.weight !== null && !(line.weight >= 0 && line.weight <= 1e9)) fail('lines.weight', line.weight);
		for (const value of Object.values(line.options)) if (typeof value !== 'string') fail('lines.options', value);
	}
	plain('custom', custom);
	plain('content', content);
	plain('raw', raw);
}

/** A failure that helps: it names what and where, and says what to do; it is no defect of ours. */
export function expectSaid({ key, origin, message, remedy, payload }: NewImportFailure): void {
	if (key === '') fail('the failure has no key', key);
	if (origin === '' || message.length < 10 || remedy.length < 5) fail('the failure says nothing', { origin, message, remedy });
	if (
		/defect|cannot read prop|is not a function|is not iterable|invalid time value|cannot convert|call stack/i.test(`${message} ${remedy}`)
	)
		fail('it failed by a defect', { origin, message });
	plain('payload', payload);
}

/** A report as it may be recorded. */
export function expectReport(event: WmsEvent): void {
	for (const name of ['reference', 'wmsOrderId'] as const) text(name, event[name] ?? null);
	if (event.origin === '') fail('a report has no origin', event);
	if ('externalId' in event && (event.externalId === '' || /:$/.test(event.externalId))) fail('a report has no key', event.externalId);
	if (event.kind === 'shipped') {
		for (const name of ['externalId', 'carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl'] as const) text(name, event[name]);
		if (event.shippedAt !== null && !ISO.test(event.shippedAt)) fail('shippedAt is no time', event.shippedAt);
	}
	if (event.kind !== 'shipped' && event.kind !== 'canceled') return;
	for (const { lineId, sku, quantity } of event.lines ?? []) {
		text('lineId', lineId ?? null);
		text('sku', sku ?? null);
		pieces('a quantity', quantity);
	}
	plain('a report', { ...event, sharedKey: null });
}
