import { shiftClock } from '../../demo/clock';
import { FieldLimitError, FulfillmentError } from '../../lib/order/errors';
import type { SendOutcome } from '../../lib/wms/Wms';
import { actor, imported, importOne, kinds, move, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { letTimePass, nextTry, routedOrder, scriptedWms, send, wmsWith } from './partners';

const unknown: SendOutcome = { kind: 'unknown', cause: 'time-out' };
const down: SendOutcome = { kind: 'unavailable', cause: 'closed for the night' };

afterEach(() => shiftClock(0));

onEachDatabase('sending: each outcome', (open) => {
	it.each(['accepted', 'duplicate'] as const)('%s → Open, with the key of the warehouse', async (kind) => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push({ kind, wmsOrderId: 'W7' });
		const [result] = await send(orderStore, wms, [order.id]);
		expect(result).toMatchObject({ orderId: order.id, output: 'open', message: null });
		expect(await orderStore.get(order.id)).toMatchObject({
			status: 'open',
			wms: 'file',
			wmsOrderId: 'W7',
			attempts: 1,
			sentAt: expect.any(String),
			openedAt: expect.any(String),
			statusReason: null,
			retryAt: null,
			// That it was there before anything went out says that it may be another one.
			alert: kind === 'accepted' ? null : { code: 'duplicate_differs', message: expect.stringContaining('before this one was sent') },
		});
		expect(wms.calls).toEqual(['create N1']);
		expect((await orderStore.timeline(order.id)).find((entry) => entry.kind === 'send_outcome')!.data).toEqual({
			outcome: kind,
			wmsOrderId: 'W7',
			message: null,
		});
	});

	it.each([
		[
			[
				{ field: 'lines.sku', value: 'X', problem: 'is unknown', code: 'unknown_sku' as const },
				{ field: 'city', problem: 'is empty' },
			],
			'unknown_sku',
			'lines.sku: is unknown (value: "X"); city: is empty',
		],
		[[{ field: 'order', problem: 'refused' }], 'rejected_by_wms', 'order: refused'],
		[[], 'rejected_by_wms', 'The warehouse refused the order without a reason.'],
	])('rejected → Error (case %#)', async (problems, code, message) => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push({ kind: 'rejected', problems });
		expect(await send(orderStore, wms, [order.id])).toMatchObject([{ output: 'error', message }]);
		expect(await orderStore.get(order.id)).toMatchObject({
			status: 'error',
			alert: { code, message },
			sentAt: null,
			wmsOrderId: null,
			retryAt: null,
		});
		expect((await orderStore.search({ due: true, limit: 5 })).items).toEqual([]);
	});

	it('unavailable → Delayed, not before the warehouse asks for it', async () => {
		const { orderStore } = await open();
		const orders = [await routedOrder(orderStore, '1'), await routedOrder(orderStore, '2')];
		const wms = scriptedWms();
		wms.creates.push({ ...down, retryAfterMs: 3_600_000 } as SendOutcome, down);
		const results = await send(
			orderStore,
			wms,
			orders.map(({ id }) => id),
			{ concurrency: 1 },
		);
		expect(results.map(({ output, message }) => [output, message])).toEqual(
			Array(2).fill(['delayed', 'Try 1 failed: closed for the night']),
		);
		const [asked, plain] = await orderStore.getMany(orders.map(({ id }) => id));
		const wait = (at: string | null, from: string) => Date.parse(at!) - Date.parse(from);
		expect(wait(asked!.retryAt, asked!.updatedAt)).toBe(3_600_000);
		expect(wait(plain!.retryAt, plain!.updatedAt)).toBe(60_000);
		expect(asked).toMatchObject({ status: 'delayed', sentAt: null, attempts: 1, heldUntil: null, alert: null });
		expect(wms.calls).toEqual(['create N1', 'create N2']);
	});

	it('unknown, then found → Open without a second sending', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push(() => {
			wms.has.set('N1', 'W9');
			return unknown;
		});
		expect(await send(orderStore, wms, [order.id])).toMatchObject([{ output: 'open', order: { status: 'open', wmsOrderId: 'W9' } }]);
		expect(wms.calls).toEqual(['create N1', 'find N1']);
	});

	it.each([
		['the look-up finds nothing', () => undefined, 'Try 1 failed: time-out'],
		['the look-up throws', () => Promise.reject(new Error('502')), 'Try 1 failed: The warehouse could not be asked for N1: 502'],
	])('unknown, then %s → Delayed, and the next try looks first', async (_, find, message) => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const wms = scriptedWms();
		wms.creates.push(unknown);
		wms.finds.push(find);
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([
			{ output: 'delayed', message, order: { sentAt: null, retryAt: expect.any(String) } },
		]);
		await nextTry(test, order);
		wms.has.set('N1', 'W9');
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'open', order: { wmsOrderId: 'W9', attempts: 2 } }]);
		expect(wms.calls).toEqual(['create N1', 'find N1', 'find N1']);
	});

	it('createOrder throws → taken for unknown, and looked up', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push(() => Promise.reject(new Error('socket hang up')));
		expect(await send(orderStore, wms, [order.id])).toMatchObject([{ output: 'delayed', message: 'Try 1 failed: socket hang up' }]);
		expect(wms.calls).toEqual(['create N1', 'find N1']);
	});

	it('an order that cannot be translated is refused without a call, and stops no other', async () => {
		const { orderStore } = await open();
		const ids = [(await routedOrder(orderStore, '1')).id, (await routedOrder(orderStore, '2')).id, (await routedOrder(orderStore, '3')).id];
		const wms = scriptedWms();
		const toRequest = ({ reference }: { reference: string }): string => {
			if (reference === 'N1') throw new FieldLimitError([{ field: 'city', value: 'x', problem: 'is too long', code: 'field_too_long' }]);
			if (reference === 'N2') throw new TypeError('no country');
			return reference;
		};
		const results = await send(orderStore, wms, ids, {
			wms: wmsWith({ toRequest, capabilities: { uniqueReference: false, cancel: false } }),
		});
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['error', 'city: is too long (value: "x")'],
			['error', 'order: no country'],
			['open', null],
		]);
		expect((await orderStore.getMany(ids)).map(({ alert }) => alert?.code ?? null)).toEqual(['field_too_long', 'rejected_by_wms', null]);
		expect(wms.calls).toEqual(['find N3', 'create N3']);
	});

	it.each([
		['unavailable', 'retries_used_up', down],
		['unknown', 'outcome_unknown', unknown],
	] as const)('%s until no try is left → Error %s', async (_, code, outcome) => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const wms = scriptedWms();
		wms.creates.push(outcome, outcome, outcome);
		for (const tries of [1, 2]) {
			expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'delayed', order: { attempts: tries } }]);
			await nextTry(test, order);
		}
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([
			{ output: 'error', order: { status: 'error', attempts: 3, alert: { code, message: `After 3 tries: ${outcome.cause}` } } },
		]);
		expect(wms.created()).toHaveLength(3);
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'error' }]);
		expect(wms.created()).toHaveLength(3);
	});
});

onEachDatabase('sending: what is not sent', (open) => {
	it('is looked up first, and not sent when it is there, where the warehouse would take a reference twice', async () => {
		const { orderStore } = await open();
		const [there, missing] = [await routedOrder(orderStore, '1'), await routedOrder(orderStore, '2')];
		const wms = scriptedWms();
		wms.has.set('N1', 'W1');
		await send(orderStore, wms, [there.id, missing.id], {
			wms: wmsWith({ capabilities: { uniqueReference: false, cancel: false } }),
			concurrency: 1,
		});
		expect(wms.calls).toEqual(['find N1', 'find N2', 'create N2']);
		expect((await orderStore.getMany([there.id, missing.id])).map(({ status }) => status)).toEqual(['open', 'open']);
	});

	it('when the look-up before it throws', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.finds.push(() => Promise.reject(new Error('502')));
		await send(orderStore, wms, [order.id], { wms: wmsWith({ capabilities: { uniqueReference: false, cancel: false } }) });
		expect(wms.calls).toEqual(['find N1']);
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'delayed', sentAt: null });
	});

	it('when the order is not Routed, unknown, or on its way; each item gets its answer', async () => {
		const { orderStore } = await open();
		const archived = await move(orderStore, await importOne(orderStore, imported('1')), 'archived');
		const held = await move(orderStore, await importOne(orderStore, imported('2')), 'delayed', {
			heldUntil: { inMs: 60_000 },
			statusReason: 'Held.',
		});
		const queued = await routedOrder(orderStore, '3');
		await orderStore.claim({
			ids: [queued.id],
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: '' },
			limit: 1,
			leaseMs: 60_000,
			worker: 'other',
			actor: { kind: 'node', name: 'x' },
		});
		const fresh = await importOne(orderStore, imported('4'));
		const wms = scriptedWms();
		const results = await send(orderStore, wms, [archived.id, held.id, queued.id, fresh.id, 'nobody', archived.id]);
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['error', 'The order is Archived; only Routed orders are sent.'],
			['delayed', 'Held.'],
			['delayed', 'Another run is sending the order.'],
			['error', 'The order is New; only Routed orders are sent.'],
			['error', 'The order store does not know order nobody.'],
			['error', 'The order is Archived; only Routed orders are sent.'],
		]);
		expect(wms.calls).toEqual([]);
		expect(await orderStore.get(archived.id)).toEqual(archived);
	});

	it('when a slow look-up left too little of the lease', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.finds.push(() => shiftClock(40_000));
		const [result] = await send(orderStore, wms, [order.id], { wms: wmsWith({ capabilities: { uniqueReference: false, cancel: false } }) });
		expect(result).toMatchObject({ output: 'delayed', message: expect.stringContaining('not enough of the lease') });
		expect(wms.calls).toEqual(['find N1']);
	});
});

onEachDatabase('sending: crashes and rivals', (open) => {
	it('looks a stuck order up before it is sent; found, it is not sent', async () => {
		const test = await open();
		const { orderStore } = test;
		const ids = [(await routedOrder(orderStore, '1')).id, (await routedOrder(orderStore, '2')).id];
		const wms = scriptedWms();
		const dying = new FulfillmentError('network_in_transaction', 'died', 'x');
		wms.creates.push(
			() => {
				wms.has.set('N1', 'W1');
				throw dying;
			},
			() => Promise.reject(dying),
		);
		await expect(send(orderStore, wms, ids, { concurrency: 1 })).rejects.toBe(dying);
		expect((await orderStore.getMany(ids)).map(({ status }) => status)).toEqual(['queued', 'queued']);
		wms.calls.length = 0;
		expect((await send(orderStore, wms, ids)).map(({ output }) => output)).toEqual(['delayed', 'delayed']);
		expect(wms.calls).toEqual([]);
		await letTimePass(test);
		expect((await send(orderStore, wms, ids, { concurrency: 1 })).map(({ output }) => output)).toEqual(['open', 'open']);
		expect(wms.calls).toEqual(['find N1', 'find N2', 'create N2']);
		expect((await orderStore.getMany(ids)).map(({ wmsOrderId, attempts }) => [wmsOrderId, attempts])).toEqual([
			['W1', 1],
			['W-N2', 1],
		]);
	});

	it('lets a late worker write nothing once another took over', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await routedOrder(orderStore);
		const [late, heir] = [scriptedWms(), scriptedWms()];
		late.creates.push(async () => {
			await letTimePass(test);
			heir.has.set('N1', 'W-heir');
			await send(await test.another(), heir, [order.id], { worker: 'w2' });
			return { kind: 'rejected', problems: [{ field: 'x', problem: 'late word' }] };
		});
		const [result] = await send(orderStore, late, [order.id]);
		expect(result).toMatchObject({ output: 'open', order: { status: 'open', wmsOrderId: 'W-heir', alert: null } });
		expect((await kinds(orderStore, order.id)).filter((kind) => kind === 'send_outcome' || kind === 'alert_raised')).toEqual([
			'send_outcome',
		]);
		expect(heir.created()).toEqual([]);
	});

	it('lets a shipment that arrives during the sending have the last word', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push(async () => {
			await orderStore.recordShipments(report([shipped(order, 'S1', { lines: [{ sku: 'TEE-L', quantity: 1 }] })]));
			return down;
		});
		expect(await send(orderStore, wms, [order.id])).toMatchObject([
			{ output: 'open', order: { status: 'partially_shipped', retryAt: null } },
		]);
	});

	it('sends each order once when two workers have the same list', async () => {
		const test = await open();
		const orders = await Promise.all(Array.from({ length: 12 }, async (_, index) => await routedOrder(test.orderStore, String(index + 1))));
		const ids = orders.map(({ id }) => id);
		const wms = scriptedWms();
		const stores = [test.orderStore, await test.another()];
		await Promise.all(
			stores.map(
				async (orderStore, index) =>
					await send(orderStore, wms, index === 0 ? ids : [...ids].reverse(), { worker: `w${index}`, concurrency: 2 }),
			),
		);
		expect(wms.created().sort()).toEqual(orders.map(({ reference }) => reference).sort());
		expect(new Set((await test.orderStore.getMany(ids)).map(({ status, attempts }) => `${status} ${attempts}`))).toEqual(
			new Set(['open 1']),
		);
	});
});

onEachDatabase('sending to a warehouse that cannot be asked for an order', (open) => {
	const blind = { wms: wmsWith({ capabilities: { uniqueReference: false, lookUp: false, cancel: false } }) };

	it('is done once, without a look-up', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		expect(await send(orderStore, wms, [order.id], blind)).toMatchObject([{ output: 'open' }]);
		expect(wms.calls).toEqual(['create N1']);
	});

	it('is for a person when the outcome is not known', async () => {
		const { orderStore } = await open();
		const order = await routedOrder(orderStore);
		const wms = scriptedWms();
		wms.creates.push(unknown);
		expect(await send(orderStore, wms, [order.id], blind)).toMatchObject([
			{ output: 'error', message: 'time-out', order: { alert: { code: 'outcome_unknown' } } },
		]);
		expect(wms.calls).toEqual(['create N1']);
	});

	it('is for a person when a run died while it sent', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const wms = scriptedWms();
		await test.orderStore.claim({
			ids: [order.id],
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: '' },
			limit: 1,
			leaseMs: 60_000,
			worker: 'dead',
			actor,
		});
		await letTimePass(test);
		expect(await send(test.orderStore, wms, [order.id], blind)).toMatchObject([
			{ output: 'error', order: { alert: { code: 'outcome_unknown' } } },
		]);
		expect(wms.calls).toEqual([]);
	});

	it('is tried again after it was surely not received', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const wms = scriptedWms();
		wms.creates.push(down);
		expect(await send(test.orderStore, wms, [order.id], blind)).toMatchObject([{ output: 'delayed' }]);
		await nextTry(test, order);
		expect(await send(test.orderStore, wms, [order.id], blind)).toMatchObject([{ output: 'open' }]);
		expect(wms.calls).toEqual(['create N1', 'create N1']);
	});
});

onEachDatabase('refused credentials', (open) => {
	it('keep the order waiting with an alert, which is over once it is sent', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const wms = scriptedWms();
		wms.creates.push({ kind: 'unavailable', cause: 'Acme refused the credentials (401).', alert: 'credentials_invalid' }, down);
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([
			{ output: 'delayed', order: { status: 'delayed', alert: { code: 'credentials_invalid' } } },
		]);
		await nextTry(test, order);
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'delayed', order: { alert: null } }]);
		await nextTry(test, order);
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'open', order: { alert: null } }]);
	});
});
