/** What every WMS must do, whatever it is behind. An adapter gives a harness; the suite runs over the registry. */
import { FieldLimitError } from '../../lib/order/errors';
import { inTransactionScope } from '../../lib/order/transactionScope';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import { evaluate } from '../../lib/rules/evaluate';
import type { AddressFit } from '../../lib/rules/actions/fitAddress';
import type { SendOutcome, WaitingOrders, Wms, WmsEventPage, WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { context, rule } from '../rules/fixtures';
import { nothingWaits } from './waiting';

export interface WmsHarness {
	/** An empty warehouse. `orders` = the references that it has been given, from outside. */
	empty(): Promise<{ session: WmsSession<unknown>; orders(): Promise<string[]> }>;
	/**
	 * A warehouse that reports: it has acme.1001, it shipped 2 pieces of RED-MUG of it as SHIP-1 on 2026-09-05 at 12:00 UTC, and canceled the
	 * rest as CANCEL-1. `expected` where the WMS tells it in other words.
	 */
	reporting(): Promise<{ session: WmsSession<unknown>; waiting?: WaitingOrders; expected?: object[] }>;
	/** A warehouse whose reports have one good shipment between two that cannot be read. */
	reportingBadly?(): Promise<WmsSession<unknown>>;
}

async function pages(
	session: WmsSession<unknown>,
	{ record, waiting = nothingWaits }: { record: boolean; waiting?: WaitingOrders },
): Promise<WmsEventPage[]> {
	const all: WmsEventPage[] = [];
	for await (const page of session.listShipments(null, waiting)) {
		all.push(page);
		if (record) await page.afterRecorded?.();
	}
	return all;
}

const events = (list: WmsEventPage[]): WmsEvent[] => list.flatMap((page) => page.events);

export const REPORTED = [
	{ kind: 'acknowledged', reference: 'acme.1001' },
	{
		kind: 'shipped',
		reference: 'acme.1001',
		externalId: 'SHIP-1',
		lines: [{ sku: 'RED-MUG', quantity: 2 }],
		shippedAt: '2026-09-05T12:00:00.000Z',
	},
	{ kind: 'canceled', reference: 'acme.1001', externalId: 'CANCEL-1', lines: null },
];

export function wmsContract(code: string, wms: Wms<never, unknown, never>, harness: WmsHarness): void {
	describe(`the WMS ${code}`, () => {
		it('is called by its code', () => {
			expect(wms.code).toBe(code);
			expect(wms.label).not.toBe('');
		});

		it('takes an order once, however often it is sent', async () => {
			const { session, orders } = await harness.empty();
			if (wms.capabilities.lookUp !== false) expect(await session.findOrder('acme.1001')).toBeNull();
			const first = await session.createOrder(wms.toRequest(anOrder()));
			expect(first).toMatchObject({ kind: 'accepted', wmsOrderId: expect.stringMatching(/./) });
			if (wms.capabilities.uniqueReference) {
				const { differs = null, ...again } = (await session.createOrder(wms.toRequest(anOrder()))) as SendOutcome & {
					differs?: string | null;
				};
				expect([again, differs]).toEqual([{ ...first, kind: 'duplicate' }, null]);
			}
			if (wms.capabilities.lookUp === false) await expect(session.findOrder('acme.1001')).rejects.toThrow();
			else expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: (first as { wmsOrderId: string }).wmsOrderId });
			expect(await orders()).toEqual(['acme.1001']);
		});

		if (wms.capabilities.uniqueReference)
			it('takes an order once from several at the same time', async () => {
				const { session, orders } = await harness.empty();
				const outcomes = await Promise.all(Array.from({ length: 8 }, async () => await session.createOrder(wms.toRequest(anOrder()))));
				expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['accepted', ...new Array<string>(7).fill('duplicate')]);
				expect(await orders()).toEqual(['acme.1001']);
			});

		const most = wms.capabilities.ordersPerCall ?? 1;
		const several = (count: number) =>
			Array.from({ length: count }, (_, index) =>
				wms.toRequest(anOrder({ id: String(index), reference: `acme.${index}`, orderNumber: `#${index}` })),
			);
		if (most > 1) {
			it('takes as many orders in one call as it says, each once, however often and in whatever company they are sent', async () => {
				const { session, orders } = await harness.empty();
				const requests = several(most);
				const sent = await session.createOrders!(requests.slice(0, 2));
				expect(sent).toEqual([0, 1].map(() => ({ kind: 'accepted', wmsOrderId: expect.stringMatching(/./) })));
				const all = await session.createOrders!([...requests].reverse());
				expect(all!.map(({ kind }) => kind)).toEqual([...new Array<string>(most - 2).fill('accepted'), 'duplicate', 'duplicate']);
				for (const [index, outcome] of [...all!].reverse().entries())
					expect(await session.findOrder(`acme.${index}`)).toEqual({ wmsOrderId: (outcome as { wmsOrderId: string }).wmsOrderId });
				expect((await orders()).sort()).toEqual(requests.map((_, index) => `acme.${index}`).sort());
			});

			it('takes each order once from several calls at the same time', async () => {
				const { session, orders } = await harness.empty();
				const outcomes = await Promise.all(Array.from({ length: 6 }, async () => await session.createOrders!(several(3))));
				expect(
					outcomes
						.flat()
						.map((outcome) => outcome?.kind)
						.sort(),
				).toEqual([...new Array<string>(3).fill('accepted'), ...new Array<string>(15).fill('duplicate')]);
				expect((await orders()).sort()).toEqual(['acme.0', 'acme.1', 'acme.2']);
			});
		}

		it('says how many orders one call takes exactly if it has such a call', async () => {
			const { session } = await harness.empty();
			expect(session.createOrders !== undefined).toBe(most > 1);
		});

		it('translates purely', () => {
			const order = anOrder();
			const before = JSON.stringify(order);
			expect(wms.toRequest(order)).toEqual(wms.toRequest(JSON.parse(before)));
			expect(JSON.stringify(order)).toBe(before);
		});

		it('names every field that does not fit, and sends nothing', () => {
			const order = anOrder({ shippingAddress: null });
			const required = wms.limits.filter(({ path, required: needed }) => needed && path.startsWith('shippingAddress.'));
			expect(required.length).toBeGreaterThan(0);
			try {
				wms.toRequest(order);
				throw new Error('it was accepted');
			} catch (error) {
				expect(error).toBeInstanceOf(FieldLimitError);
				expect((error as FieldLimitError).problems.map(({ field, code: problem }) => [field, problem])).toEqual(
					required.map(({ path }) => [path, 'missing_field']),
				);
			}
			for (const { path, maxLength } of wms.limits.filter((limit) => limit.maxLength && limit.path.startsWith('shippingAddress.'))) {
				const field = path.slice('shippingAddress.'.length);
				const withLength = (length: number) => anOrder({ shippingAddress: { ...anOrder().shippingAddress!, [field]: 'é'.repeat(length) } });
				expect(() => wms.toRequest(withLength(maxLength!))).not.toThrow();
				expect(() => wms.toRequest(withLength(maxLength! + 1))).toThrow(
					expect.objectContaining({ problems: [expect.objectContaining({ field: path, code: 'field_too_long' })] }),
				);
			}
		});

		const lengths = wms.limits.filter(
			({ path, maxLength }) => maxLength !== undefined && /^shippingAddress\.(name|company|address[123]|city|region)$/.test(path),
		);
		if (lengths.length > 0)
			it.each(['truncate', 'wrap'] as const)('takes an address that a rule fitted to its limits: %s', (overflow) => {
				const long = 'Apartment 12 Long Street, behind the second house on the left side';
				const all = {
					...anOrder().shippingAddress!,
					name: long.repeat(3),
					city: long,
					region: long.repeat(3),
					address1: `${long} ${long}`.slice(0, 100),
				};
				const order = anOrder({
					shippingAddress: overflow === 'truncate' ? all : { ...anOrder().shippingAddress!, address1: `${long} ${long}`.slice(0, 100) },
				});
				expect(() => wms.toRequest(order)).toThrow(FieldLimitError);
				const limits = lengths.map(({ path, maxLength }) => ({
					field: path.slice('shippingAddress.'.length) as 'city',
					limit: maxLength!,
				}));
				const fit: AddressFit = {
					addresses: 'shipping',
					limits,
					overflow,
					upperCase: false,
					ascii: false,
					countryCodes: false,
					regionCodes: false,
					postalCodes: false,
				};
				const { decision, content } = evaluate([rule('Fit', { kind: 'fitAddress', fit })], order, context({ warehouses: ['WH1'] }));
				expect(decision).toMatchObject({ kind: 'route' });
				expect(() => wms.toRequest({ ...order, shippingAddress: content.shippingAddress })).not.toThrow();
			});

		it('sends only what is still to be shipped', () => {
			const lines = anOrder().lines.map((line) => ({ ...line, quantityCanceled: line.quantity }));
			expect(() => wms.toRequest(anOrder({ lines }))).toThrow(FieldLimitError);
		});

		it('reports acknowledgement, shipment and cancellation in this order, and the same again when nothing was recorded', async () => {
			const { session, waiting = nothingWaits, expected = REPORTED } = await harness.reporting();
			const first = await pages(session, { record: false, waiting });
			expect(events(first)).toMatchObject(expected);
			for (const event of events(first)) expect(event.origin).not.toBe('');
			expect(events(await pages(session, { record: true, waiting }))).toEqual(events(first));
		});

		const { reportingBadly } = harness;
		if (reportingBadly)
			it('makes failures of what cannot be read, each with a stable key and a remedy, and goes on', async () => {
				const session = await reportingBadly();
				const list = await pages(session, { record: false });
				const failures = list.flatMap((page) => page.failures);
				expect(events(list)).toHaveLength(1);
				expect(failures).toHaveLength(2);
				for (const failure of failures)
					expect(failure).toMatchObject({ subject: 'shipment', key: expect.stringMatching(/./), remedy: expect.stringMatching(/./) });
				expect((await pages(session, { record: false })).flatMap((page) => page.failures)).toEqual(failures);
			});

		if (wms.capabilities.cancel) {
			it('cancels an order that nobody has taken, and can be asked again', async () => {
				const { session, orders } = await harness.empty();
				expect(await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId: null })).toBe('not_found');
				const { wmsOrderId } = (await session.createOrder(wms.toRequest(anOrder()))) as { wmsOrderId: string };
				expect(await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId })).toBe('canceled');
				expect(await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId })).toBe('canceled');
				expect(await orders()).toEqual([]);
			});
		}

		it('makes no call inside a database transaction', async () => {
			const { session } = await harness.empty();
			const calls: Array<() => Promise<unknown>> = [
				...(wms.capabilities.lookUp === false ? [] : [async () => await session.findOrder('x')]),
				async () => await session.createOrder(wms.toRequest(anOrder())),
				...(most > 1 ? [async () => await session.createOrders!(several(2))] : []),
				async () => await pages(session, { record: true }),
			];
			for (const call of calls) await expect(inTransactionScope(call)).rejects.toMatchObject({ code: 'network_in_transaction' });
		});
	});
}
