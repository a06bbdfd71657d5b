import fc from 'fast-check';
import { effectOf, outstanding, stepsBetween, type EventEffect } from '../../lib/order/derive';
import type { Order } from '../../lib/order/order';
import type { SendingState } from '../../lib/order/sendingState';
import { mayMove, ORDER_STATUSES, statusLabel, type OrderStatus } from '../../lib/order/status';
import type { ReportedCancellation, ReportedShipment, WmsEvent } from '../../lib/order/wmsEvent';
import { shipped } from '../store/fixtures';
import { lineItem, sampleOrder, sampleShipment } from './sampleOrder';

const at = (status: OrderStatus, more: Partial<Order> = {}) => sampleOrder({ status, ...more });
const parcel = (more: Partial<ReportedShipment> = {}): ReportedShipment => shipped(sampleOrder(), 'S1', more);
const canceled = (more: Partial<ReportedCancellation> = {}): ReportedCancellation => ({
	kind: 'canceled',
	externalId: 'C1',
	reference: 'N1',
	origin: 'c.csv, row 1',
	reason: 'damaged',
	lines: null,
	...more,
});
const acknowledged: WmsEvent = { kind: 'acknowledged', reference: 'N1', origin: 'a.csv, row 1' };
const rejected: WmsEvent = {
	kind: 'rejected',
	reference: 'N1',
	origin: 'a.csv, row 1',
	problems: [{ field: 'sku', value: 'X', problem: 'is unknown', code: 'unknown_sku' }],
};

const LIVE: readonly OrderStatus[] = ['new', 'routed', 'queued', 'open', 'partially_shipped', 'delayed', 'error'];
const PUT_AWAY: readonly OrderStatus[] = ['archived', 'abandoned', 'canceled'];

describe('a shipment', () => {
	it.each(LIVE)('of some goods makes a %s order Partially shipped', (status) => {
		const effect = effectOf(at(status), parcel({ lines: [{ sku: 'RED-MUG', quantity: 1 }] }));
		expect(effect).toMatchObject({ to: 'partially_shipped', alert: null, canceled: [], released: false });
		expect(effect.shipment).toEqual({ lines: [{ lineId: 'L1', quantity: 1 }], uploadHeldBack: false });
	});

	it.each(LIVE)('of everything proves that the warehouse has a %s order; it stays until the cart is told', (status) => {
		const effect = effectOf(at(status), parcel());
		expect(effect.to).toBe(status === 'partially_shipped' ? 'partially_shipped' : 'open');
		expect(effect.shipment?.uploadHeldBack).toBe(false);
	});

	it.each(PUT_AWAY)('of a %s order is late: recorded, kept back, and said', (status) => {
		const effect = effectOf(at(status), parcel());
		expect(effect.to).toBe(status);
		expect(effect.shipment).toMatchObject({
			uploadHeldBack: true,
			lines: [
				{ lineId: 'L1', quantity: 2 },
				{ lineId: 'L2', quantity: 1 },
			],
		});
		expect(effect.alert).toMatchObject({
			code: 'late_shipment',
			message: `Shipment S1 (1ZS1) arrived when the order was ${statusLabel(status)}.`,
		});
		expect(effectOf(at(status), parcel({ trackingNumber: null })).alert?.message).toContain('Shipment S1 arrived');
	});

	it.each(['closed', 'skipped', 'bundled'] as const)('of a %s order is recorded, and the order stays', (status) => {
		expect(effectOf(at(status), parcel())).toMatchObject({ to: status, shipment: { uploadHeldBack: false } });
	});

	it('of too much, or of an unknown item, counts with its alert', () => {
		expect(effectOf(at('open'), parcel({ lines: [{ sku: 'TEE-L', quantity: 4 }] }))).toMatchObject({
			to: 'partially_shipped',
			alert: { code: 'over_shipment' },
			shipment: { lines: [{ lineId: 'L2', quantity: 4 }] },
		});
		expect(effectOf(at('open'), parcel({ lines: [{ sku: 'NOPE', quantity: 4 }] }))).toMatchObject({
			to: 'open',
			alert: { code: 'unknown_shipment_line' },
			shipment: { lines: [] },
		});
	});
});

describe('a cancellation', () => {
	it.each(LIVE)('of everything cancels a %s order, and the warehouse has let go of it', (status) => {
		expect(effectOf(at(status), canceled())).toEqual<EventEffect>({
			shipment: null,
			canceled: [
				{ lineId: 'L1', quantity: 2 },
				{ lineId: 'L2', quantity: 1 },
			],
			alert: { code: 'canceled_at_wms', message: 'damaged' },
			to: 'canceled',
			reason: 'damaged',
			released: true,
		});
	});

	it('of some goods leaves the rest', () => {
		expect(effectOf(at('open'), canceled({ lines: [{ sku: 'TEE-L', quantity: 1 }], reason: null }))).toMatchObject({
			to: 'open',
			released: false,
			canceled: [{ lineId: 'L2', quantity: 1 }],
			alert: { code: 'canceled_at_wms', message: 'The warehouse gave no reason.' },
		});
	});

	it('of what was left closes an order whose shipments the cart knows, and only then', () => {
		const lines = [lineItem('L1', 'RED-MUG', 2, { quantityShipped: 2 }), lineItem('L2', 'TEE-L', 1)];
		const told = sampleShipment('S1', { uploadedAt: '2026-11-21T08:00:00.000Z' });
		expect(effectOf(at('partially_shipped', { lines, shipments: [told] }), canceled())).toMatchObject({ to: 'closed', released: false });
		expect(effectOf(at('partially_shipped', { lines, shipments: [sampleShipment('S1')] }), canceled()).to).toBe('partially_shipped');
	});

	it('of an unknown item changes nothing but the alert', () => {
		expect(effectOf(at('open'), canceled({ lines: [{ sku: 'NOPE', quantity: 1 }] }))).toMatchObject({
			to: 'open',
			canceled: [],
			alert: { code: 'unknown_shipment_line' },
			released: false,
		});
	});

	it.each(['archived', 'abandoned', 'closed', 'skipped', 'canceled'] as const)('leaves a %s order where it is', (status) => {
		expect(effectOf(at(status), canceled())).toMatchObject({ to: status, released: status === 'canceled' });
	});
});

describe('a confirmation', () => {
	const confirmed = (status: OrderStatus, sending: SendingState): OrderStatus => effectOf(at(status, { sending }), acknowledged).to;

	it.each(ORDER_STATUSES)('of a %s order', (status) => {
		const waits = ['new', 'queued', 'routed', 'delayed'].includes(status);
		expect(effectOf(at(status, { sending: 'may_be_there' }), acknowledged)).toMatchObject({
			to: waits || status === 'error' ? 'open' : status,
			shipment: null,
			canceled: [],
			alert: null,
			released: false,
		});
		// By a look-up it was not there: it came late.
		expect(confirmed(status, 'not_there')).toBe(waits ? 'open' : status);
		// What was refused, canceled there or never sent is confirmed by no repeat of an old word.
		for (const known of ['none', 'there', 'canceled_there'] as const) expect(confirmed(status, known)).toBe(status);
	});
});

describe('a refusal', () => {
	it.each(ORDER_STATUSES.filter((status) => status !== 'deleted'))('of a %s order', (status) => {
		const to = mayMove(status, 'error') ? 'error' : status;
		const effect = effectOf(at(status), rejected);
		expect(effect).toMatchObject({
			to,
			shipment: null,
			canceled: [],
			alert: { code: 'unknown_sku', message: 'sku: is unknown (value: "X")' },
		});
		expect(effect.released).toBe(to === 'error');
	});

	it('without a word has a message all the same', () => {
		expect(effectOf(at('open'), { ...rejected, problems: [] }).alert).toEqual({
			code: 'rejected_by_wms',
			message: 'The warehouse refused the order.',
		});
	});
});

it('Any series of shipments and cancellations follows allowed moves and never has less outstanding than nothing', () => {
	const lines = fc.option(
		fc.array(fc.record({ sku: fc.constantFrom('RED-MUG', 'TEE-L', 'NOPE'), quantity: fc.integer({ min: 1, max: 4 }) }), { maxLength: 3 }),
		{ nil: null },
	);
	const event: fc.Arbitrary<WmsEvent> = fc.oneof(
		lines.map((reported) => parcel({ lines: reported })),
		lines.map((reported) => canceled({ lines: reported })),
		fc.constant(acknowledged),
		fc.constant(rejected),
	);
	fc.assert(
		fc.property(fc.constantFrom(...ORDER_STATUSES), fc.array(event, { maxLength: 8 }), (status, events) => {
			let order = at(status);
			for (const report of events) {
				const effect = effectOf(order, report);
				expect(effectOf(order, report)).toEqual(effect);
				const way = [order.status, ...stepsBetween(order.status, effect.to), effect.to];
				way.slice(1).forEach((step, index) => expect(step === way[index] || mayMove(way[index]!, step)).toBe(true));
				const add = (found: ReadonlyArray<{ lineId: string; quantity: number }>, id: string) =>
					found.find(({ lineId }) => lineId === id)?.quantity ?? 0;
				const tooMuch =
					effect.alert?.code === 'over_shipment' || effect.alert?.code === 'late_shipment' || effect.alert?.code === 'canceled_at_wms';
				order = {
					...order,
					status: effect.to,
					lines: order.lines.map((line) => {
						const after = {
							...line,
							quantityShipped: line.quantityShipped + add(effect.shipment?.lines ?? [], line.id),
							quantityCanceled: line.quantityCanceled + add(effect.canceled, line.id),
						};
						expect(outstanding(after)).toBeGreaterThanOrEqual(0);
						// More than was ordered never goes without an alert.
						const over =
							after.quantityShipped + after.quantityCanceled > Math.max(after.quantity, line.quantityShipped + line.quantityCanceled);
						expect(over && !tooMuch && effect.alert?.code !== 'unknown_shipment_line').toBe(false);
						return after;
					}),
				};
			}
		}),
	);
});

describe('the way to a status that a report proves', () => {
	it.each<[OrderStatus, OrderStatus, OrderStatus[]]>([
		['open', 'open', []],
		['open', 'partially_shipped', []],
		['queued', 'partially_shipped', ['open']],
		['queued', 'open', []],
		['routed', 'open', ['queued']],
		['routed', 'partially_shipped', ['queued', 'open']],
		['new', 'open', ['routed', 'queued']],
		['delayed', 'partially_shipped', ['routed', 'queued', 'open']],
		['delayed', 'canceled', []],
		['error', 'partially_shipped', ['open']],
		['new', 'closed', ['routed', 'queued', 'open']],
	])('from %s to %s leads through %j', (from, to, steps) => {
		expect(stepsBetween(from, to)).toEqual(steps);
	});

	it('is made of allowed moves only', () => {
		for (const from of ['new', 'routed', 'queued', 'delayed', 'error'] as const) {
			for (const to of ['open', 'partially_shipped', 'canceled'] as const) {
				const way = [from, ...stepsBetween(from, to), to];
				way.slice(1).forEach((step, index) => expect([way[index], step, mayMove(way[index]!, step)]).toEqual([way[index], step, true]));
			}
		}
	});
});
