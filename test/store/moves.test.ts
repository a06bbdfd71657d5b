import { IllegalTransitionError, StaleOrderError } from '../../lib/order/errors';
import { entry } from '../../lib/order/timeline';
import { assertOutsideTransaction } from '../../lib/order/transactionScope';
import { actor, claimToQueued, content, importOne, imported, kinds, move, openOrder, page, series } from './fixtures';
import { onEachDatabase } from './harness';

const alert = { code: 'invalid_address', message: 'no such street' } as const;
const in1h = { inMs: 3_600_000 };

onEachDatabase('moving', (open) => {
	it('writes the move, its fields and its timeline together', async () => {
		const { store } = await open();
		const order = await importOne(store);
		await store.transition({
			orderId: order.id, from: 'new', to: 'routed', version: 1, actor, reason: 'to WH1',
			set: { result: content('N1', { warehouse: 'WH1', tags: ['vip'] }), servedHolds: ['weekend'], statusReason: 'ok' },
			entries: [entry('rules_applied', actor, { decision: 'route', ruleSet: null, trace: [] })],
		});
		expect(await store.get(order.id)).toMatchObject({ status: 'routed', version: 2, warehouse: 'WH1', tags: ['vip'], statusReason: 'ok' });
		expect((await store.layers([order.id])).get(order.id)).toMatchObject({ edits: {}, result: { warehouse: 'WH1' }, servedHolds: ['weekend'] });
		expect((await store.timeline(order.id)).map(({ kind, data }) => [kind, data])).toEqual([
			['imported', expect.anything()],
			['rules_applied', { decision: 'route', ruleSet: null, trace: [] }],
			['status_changed', { from: 'new', to: 'routed', reason: 'to WH1' }],
		]);
		expect((await store.search({ warehouses: ['WH1'], text: 'VIP', limit: 5 })).items).toHaveLength(1);
	});

	it('refuses stale, illegal, groundless and unknown moves, and writes nothing', async () => {
		const { store } = await open();
		const order = await importOne(store);
		const base = { orderId: order.id, from: 'new', to: 'routed', actor, reason: null } as const;
		await expect(store.transition({ ...base, version: 7 })).rejects.toThrow(StaleOrderError);
		await expect(store.transition({ ...base, from: 'delayed', version: 1 })).rejects.toThrow(StaleOrderError);
		await expect(store.transition({ ...base, to: 'closed', version: 1 })).rejects.toThrow(IllegalTransitionError);
		await expect(store.transition(base)).rejects.toMatchObject({ code: 'invalid_input' });
		await expect(store.transition({ ...base, orderId: 'nobody', version: 1 })).rejects.toThrow(StaleOrderError);
		await expect(store.amend({ orderId: order.id, version: 1, actor, set: { reference: 'stolen' } })).rejects.toMatchObject({ code: 'invalid_input' });
		await store.transition({ ...base, to: 'new', version: 1 });
		expect(await store.get(order.id)).toEqual(order);
		expect(await kinds(store, order.id)).toEqual(['imported']);
	});

	it('lets one of many rivals win, and the losers leave no trace', async () => {
		const test = await open();
		const order = await importOne(test.store);
		const other = await test.another();
		const rivals = ['routed', 'archived', 'canceled', 'error', 'routed', 'skipped'] as const;
		const outcomes = await Promise.allSettled(
			rivals.map(async (to, index) => {
				await (index % 2 ? other : test.store).transition({
					orderId: order.id, from: 'new', to, version: order.version, actor, reason: null, set: { statusReason: to }, entries: [entry('note', actor, { text: to })],
				});
			}),
		);
		const won = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? rivals[index]! : []));
		expect(won).toHaveLength(1);
		for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StaleOrderError);
		const after = (await test.store.get(order.id))!;
		expect(after).toMatchObject({ status: won[0], statusReason: won[0], version: 2 });
		expect(await kinds(test.store, order.id)).toEqual(['imported', 'note', 'status_changed']);
	});

	it('refuses a decision on data that a rival changed in between', async () => {
		const test = await open();
		const rival = await test.another();
		const read = await importOne(test.store);
		await rival.amend({ orderId: read.id, version: read.version, actor, set: { edits: { notes: 'call first' } } });
		await expect(test.store.transition({ orderId: read.id, from: 'new', to: 'routed', version: read.version, actor, reason: null })).rejects.toThrow(StaleOrderError);
		expect(await test.store.get(read.id)).toMatchObject({ status: 'new', version: 2, notes: 'call first' });
	});

	it('raises and clears alerts by itself, and a New order starts over', async () => {
		const { store } = await open();
		let order = await move(store, await importOne(store), 'error', { alert, heldUntil: in1h, retryAt: in1h });
		expect(order.alert).toMatchObject({ ...alert, recommendation: expect.stringContaining('Edit') });
		await store.amend({ orderId: order.id, version: order.version, actor, set: { alert } });
		order = await move(store, (await store.get(order.id))!, 'new');
		expect(order).toMatchObject({ alert: null, heldUntil: null, retryAt: null });
		expect(await kinds(store, order.id)).toEqual(['imported', 'status_changed', 'alert_raised', 'status_changed', 'alert_cleared']);
	});

	it('moves many; each succeeds or fails by itself, also the same order twice', async () => {
		const { store } = await open();
		const ids = (await store.importPage(page(series(600)))).map(({ orderId }) => orderId!);
		const bad = ids[300]!;
		await store.amend({ orderId: bad, version: 1, actor, entries: [entry('note', actor, { text: 'x' })] });
		const base = { actor, reason: null } as const;
		const results = await store.transitionMany([
			...ids.map((orderId, index) => ({ ...base, orderId, from: 'new' as const, to: 'routed' as const, version: 1, set: { result: content(`N${index + 1}`, { warehouse: `W${index % 2}` }) } })),
			{ ...base, orderId: ids[0]!, from: 'routed' as const, to: 'error' as const, version: 2, set: { alert } },
			{ ...base, orderId: ids[1]!, from: 'routed' as const, to: 'closed' as const, version: 2 },
		]);
		expect(results.flatMap((result, index) => (result.ok ? [] : [[index, result.error.name]]))).toEqual([[300, 'StaleOrderError'], [601, 'IllegalTransitionError']]);
		expect((await store.search({ statuses: ['routed'], limit: 1000 })).items).toHaveLength(598);
		expect((await store.search({ warehouses: ['W1'], limit: 1000 })).items).toHaveLength(300);
		expect((await store.get(ids[0]!))!).toMatchObject({ status: 'error', version: 3, warehouse: 'W0' });
		expect((await store.getMany([ids[2]!, 'nobody', ids[1]!])).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
	});

	it('restarts the abandon clock and sets the next reference', async () => {
		const test = await open();
		const order = await importOne(test.store);
		await test.raw('UPDATE {order} SET abandon_at = $1', ['2020-01-01T00:00:00.000Z']);
		await test.store.amend({ orderId: order.id, version: 1, actor, set: { abandonAt: 'restart', reference: 'N1.r2', sentAt: '2026-11-05T00:00:00Z' } });
		const after = (await test.store.get(order.id))!;
		expect(after).toMatchObject({ reference: 'N1.r2', sentAt: '2026-11-05T00:00:00.000Z' });
		expect(Date.parse(after.abandonAt!)).toBeGreaterThan(Date.parse(order.importedAt));
		expect((await test.store.search({ reference: 'N1.r2', limit: 2 })).items).toHaveLength(1);
		expect((await test.store.search({ reference: 'N1', limit: 2 })).items).toHaveLength(0);
		const [twin] = await test.store.importPage(page([imported('other', { orderNumber: 'N1' })]));
		expect((await test.store.get(twin!.orderId!))!.reference).toMatch(/^N1\.h/);
	});

	it('allows no call to the outside while a transaction is open', async () => {
		const { store } = await open();
		const order = imported('1');
		let refused: unknown;
		Object.defineProperty(order, 'raw', {
			enumerable: true,
			get: () => {
				try {
					assertOutsideTransaction('POST https://example.com');
				} catch (error) {
					refused = error;
				}
				return {};
			},
		});
		await store.importPage(page([order]));
		expect(refused).toMatchObject({ code: 'network_in_transaction' });
		expect(() => assertOutsideTransaction('after')).not.toThrow();
	});
});

onEachDatabase('claiming', (open) => {
	const request = { statuses: ['new' as const], limit: 10, leaseMs: 60_000, worker: 'w', actor };
	const past = '2020-01-01T00:00:00.000Z';

	it('moves and counts the try, with the lease as the due instant', async () => {
		const { store } = await open();
		const order = await move(store, await importOne(store), 'routed');
		const claim = await claimToQueued(store, order);
		expect(claim).toMatchObject({ epoch: 1, order: { status: 'queued', attempts: 1, wms: 'file', version: order.version + 1 } });
		expect(claim.order).toEqual(await store.get(order.id));
		expect(await claimToQueued(store, order)).toBeUndefined();
		expect(await kinds(store, order.id)).toEqual(['imported', 'status_changed', 'status_changed']);
		await expect(store.claim({ ...request, to: 'closed' })).rejects.toThrow(IllegalTransitionError);
	});

	it('gives each order to one worker', async () => {
		const test = await open();
		await test.store.importPage(page(series(120)));
		await test.raw('UPDATE {order} SET due_at = $1', [past]);
		const stores = [test.store, await test.another(), await test.another()];
		const taken: string[] = [];
		await Promise.all(
			Array.from({ length: 8 }, async (_, worker) => {
				for (;;) {
					const claims = await stores[worker % 3]!.claim({ ...request, limit: 7, worker: `w${worker}` });
					if (claims.length === 0) return;
					taken.push(...claims.map(({ order }) => order.id));
				}
			}),
		);
		expect(taken).toHaveLength(120);
		expect(new Set(taken).size).toBe(120);
	});

	it('hands out only what is due, oldest first, and again when the lease ran out', async () => {
		const test = await open();
		const { store } = test;
		const [a, b] = (await store.importPage(page(series(3)))).map(({ orderId }) => orderId!);
		expect(await store.claim(request)).toEqual([]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', [past, a]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', ['2019-01-01T00:00:00.000Z', b]);
		expect((await store.claim({ ...request, limit: 1 })).map(({ order }) => order.id)).toEqual([b]);
		expect((await store.claim(request)).map(({ order }) => order.id)).toEqual([a]);
		expect(await store.claim(request)).toEqual([]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', [past, b]);
		expect((await store.claim(request))[0]).toMatchObject({ epoch: 2, order: { id: b, status: 'new' } });
	});

	it('makes a late worker write nothing once its order was claimed anew', async () => {
		const test = await open();
		const { store } = test;
		const order = await move(store, await importOne(store), 'routed');
		const late = await claimToQueued(store, order);
		await test.raw('UPDATE {order} SET due_at = $1', [past]);
		const [anew] = await store.claim({ ...request, statuses: ['queued'], onlyDue: true, ids: [order.id] });
		expect(anew!.epoch).toBe(late.epoch + 1);
		const outcome = { orderId: order.id, from: 'queued', to: 'open', actor, reason: null, set: { wmsOrderId: 'late' } } as const;
		const before = await kinds(store, order.id);
		await expect(store.transition({ ...outcome, epoch: late.epoch })).rejects.toThrow(StaleOrderError);
		await expect(store.amend({ orderId: order.id, epoch: late.epoch, actor, set: { wmsOrderId: 'late' } })).rejects.toThrow(StaleOrderError);
		expect(await store.get(order.id)).toMatchObject({ status: 'queued', wmsOrderId: null });
		expect(await kinds(store, order.id)).toEqual(before);
		await store.transition({ ...outcome, epoch: anew!.epoch, set: { wmsOrderId: 'W1' } });
		expect(await store.get(order.id)).toMatchObject({ status: 'open', wmsOrderId: 'W1' });
	});

	it('tells holds from retries, and open orders that the cart was not told', async () => {
		const test = await open();
		const { store } = test;
		const held = await move(store, await importOne(store, imported('1')), 'delayed', { heldUntil: past });
		const failed = await move(store, await importOne(store, imported('2')), 'delayed', { retryAt: past });
		await move(store, await importOne(store, imported('3')), 'delayed', { heldUntil: { inMs: 60_000 } });
		const delayed = { ...request, statuses: ['delayed' as const] };
		expect((await store.claim({ ...delayed, delayedBy: 'hold' })).map(({ order }) => order.id)).toEqual([held.id]);
		const [retry] = await store.claim({ ...delayed, delayedBy: 'retry', to: 'routed' });
		expect(retry!.order).toMatchObject({ id: failed.id, status: 'routed', retryAt: null, attempts: 0 });

		const open1 = await openOrder(store, imported('4'));
		const open2 = await openOrder(store, imported('5'));
		await store.amend({ orderId: open2.id, version: open2.version, actor, set: { acknowledgedAt: 'now' } });
		const claims = await store.claim({ ...request, ids: [open1.id, open2.id], statuses: ['open'], onlyUnacknowledged: true });
		expect(claims.map(({ order }) => order.id)).toEqual([open1.id]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE due_at IS NOT NULL', [past]);
		expect((await store.claim({ ...request, statuses: ['open'] })).map(({ order }) => order.id)).toEqual([open1.id]);
	});
});
