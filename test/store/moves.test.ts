import { IllegalTransitionError, StaleOrderError } from '../../lib/order/errors';
import { entry } from '../../lib/order/timeline';
import { assertOutsideTransaction } from '../../lib/order/transactionScope';
import { actor, claimToQueued, content, importOne, imported, kinds, move, openOrder, page, series } from './fixtures';
import { onEachDatabase } from './harness';

const alert = { code: 'invalid_address', message: 'no such street' } as const;
const in1h = { inMs: 3_600_000 };

onEachDatabase('moving', (open) => {
	it('writes the move, its fields and its timeline together', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		await orderStore.transition({
			orderId: order.id,
			from: 'new',
			to: 'routed',
			version: 1,
			actor,
			reason: 'to WH1',
			set: { result: content('N1', { warehouse: 'WH1', tags: ['vip'] }), servedHolds: ['weekend'], statusReason: 'ok' },
			entries: [entry('rules_applied', actor, { decision: 'route', ruleSet: null, trace: [] })],
		});
		expect(await orderStore.get(order.id)).toMatchObject({
			status: 'routed',
			version: 2,
			warehouse: 'WH1',
			tags: ['vip'],
			statusReason: 'ok',
		});
		expect((await orderStore.layers([order.id])).get(order.id)).toMatchObject({
			edits: {},
			result: { warehouse: 'WH1' },
			servedHolds: ['weekend'],
		});
		expect((await orderStore.timeline(order.id)).map(({ kind, data }) => [kind, data])).toEqual([
			['imported', expect.anything()],
			['rules_applied', { decision: 'route', ruleSet: null, trace: [] }],
			['status_changed', { from: 'new', to: 'routed', reason: 'to WH1' }],
		]);
		expect((await orderStore.search({ warehouses: ['WH1'], text: 'VIP', limit: 5 })).items).toHaveLength(1);
	});

	it('refuses stale, illegal, groundless and unknown moves, and writes nothing', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const base = { orderId: order.id, from: 'new', to: 'routed', actor, reason: null } as const;
		await expect(orderStore.transition({ ...base, version: 7 })).rejects.toThrow(StaleOrderError);
		await expect(orderStore.transition({ ...base, from: 'delayed', version: 1 })).rejects.toThrow(StaleOrderError);
		await expect(orderStore.transition({ ...base, to: 'closed', version: 1 })).rejects.toThrow(IllegalTransitionError);
		await expect(orderStore.transition(base)).rejects.toMatchObject({ code: 'invalid_input' });
		await expect(orderStore.transition({ ...base, orderId: 'nobody', version: 1 })).rejects.toThrow(StaleOrderError);
		await expect(orderStore.amend({ orderId: order.id, version: 1, actor, set: { reference: 'stolen' } })).rejects.toMatchObject({
			code: 'invalid_input',
		});
		await orderStore.transition({ ...base, to: 'new', version: 1 });
		expect(await orderStore.get(order.id)).toEqual(order);
		expect(await kinds(orderStore, order.id)).toEqual(['imported']);
	});

	it('lets one of many rivals win, and the losers leave no trace', async () => {
		const test = await open();
		const order = await importOne(test.orderStore);
		const other = await test.another();
		const rivals = ['routed', 'archived', 'canceled', 'error', 'routed', 'skipped'] as const;
		const outcomes = await Promise.allSettled(
			rivals.map(async (to, index) => {
				await (index % 2 ? other : test.orderStore).transition({
					orderId: order.id,
					from: 'new',
					to,
					version: order.version,
					actor,
					reason: null,
					set: { statusReason: to },
					entries: [entry('note', actor, { text: to })],
				});
			}),
		);
		const won = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? rivals[index]! : []));
		expect(won).toHaveLength(1);
		for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StaleOrderError);
		const after = (await test.orderStore.get(order.id))!;
		expect(after).toMatchObject({ status: won[0], statusReason: won[0], version: 2 });
		expect(await kinds(test.orderStore, order.id)).toEqual(['imported', 'note', 'status_changed']);
	});

	it('refuses a decision on data that a rival changed in between', async () => {
		const test = await open();
		const rival = await test.another();
		const read = await importOne(test.orderStore);
		await rival.amend({ orderId: read.id, version: read.version, actor, set: { edits: { notes: 'call first' } } });
		await expect(
			test.orderStore.transition({ orderId: read.id, from: 'new', to: 'routed', version: read.version, actor, reason: null }),
		).rejects.toThrow(StaleOrderError);
		expect(await test.orderStore.get(read.id)).toMatchObject({ status: 'new', version: 2, notes: 'call first' });
	});

	it('raises and clears alerts by itself, and a New order starts over', async () => {
		const { orderStore } = await open();
		let order = await move(orderStore, await importOne(orderStore), 'error', {
			alerts: { raise: [alert] },
			heldUntil: in1h,
			retryAt: in1h,
		});
		expect(order.alert).toMatchObject({ ...alert, recommendation: expect.stringContaining('Edit') });
		await orderStore.amend({ orderId: order.id, version: order.version, actor, set: { alerts: { raise: [alert] } } });
		order = await move(orderStore, (await orderStore.get(order.id))!, 'new');
		expect(order).toMatchObject({ alert: null, heldUntil: null, retryAt: null });
		expect(await kinds(orderStore, order.id)).toEqual(['imported', 'status_changed', 'alert_raised', 'status_changed', 'alert_cleared']);
	});

	it('moves many; each succeeds or fails by itself, also the same order twice', async () => {
		const { orderStore } = await open();
		const ids = (await orderStore.importPage(page(series(600)))).map(({ orderId }) => orderId!);
		const bad = ids[300]!;
		await orderStore.amend({ orderId: bad, version: 1, actor, entries: [entry('note', actor, { text: 'x' })] });
		const base = { actor, reason: null } as const;
		const results = await orderStore.transitionMany([
			...ids.map((orderId, index) => ({
				...base,
				orderId,
				from: 'new' as const,
				to: 'routed' as const,
				version: 1,
				set: { result: content(`N${index + 1}`, { warehouse: `W${index % 2}` }) },
			})),
			{ ...base, orderId: ids[0]!, from: 'routed' as const, to: 'error' as const, version: 2, set: { alerts: { raise: [alert] } } },
			{ ...base, orderId: ids[1]!, from: 'routed' as const, to: 'closed' as const, version: 2 },
		]);
		expect(results.flatMap((result, index) => (result.ok ? [] : [[index, result.error.name]]))).toEqual([
			[300, 'StaleOrderError'],
			[601, 'IllegalTransitionError'],
		]);
		expect((await orderStore.search({ statuses: ['routed'], limit: 1000 })).items).toHaveLength(598);
		expect((await orderStore.search({ warehouses: ['W1'], limit: 1000 })).items).toHaveLength(300);
		expect((await orderStore.get(ids[0]!))!).toMatchObject({ status: 'error', version: 3, warehouse: 'W0' });
		expect((await orderStore.getMany([ids[2]!, 'nobody', ids[1]!])).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
	});

	it('restarts the abandon clock and sets the next reference', async () => {
		const test = await open();
		const order = await importOne(test.orderStore);
		await test.raw('UPDATE {order} SET abandon_at = $1', ['2020-01-01T00:00:00.000Z']);
		await test.orderStore.amend({
			orderId: order.id,
			version: 1,
			actor,
			set: { abandonAt: 'restart', reference: 'N1.r2', sentAt: '2026-11-05T00:00:00Z' },
		});
		const after = (await test.orderStore.get(order.id))!;
		expect(after).toMatchObject({ reference: 'N1.r2', sentAt: '2026-11-05T00:00:00.000Z' });
		expect(Date.parse(after.abandonAt!)).toBeGreaterThan(Date.parse(order.importedAt));
		expect((await test.orderStore.search({ reference: 'N1.r2', limit: 2 })).items).toHaveLength(1);
		expect((await test.orderStore.search({ reference: 'N1', limit: 2 })).items).toHaveLength(0);
		const [twin] = await test.orderStore.importPage(page([imported('other', { orderNumber: 'N1' })]));
		expect((await test.orderStore.get(twin!.orderId!))!.reference).toMatch(/^N1\.h/);
	});

	it('allows no call to the outside while a transaction is open', async () => {
		const { orderStore } = await open();
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
		await orderStore.importPage(page([order]));
		expect(refused).toMatchObject({ code: 'network_in_transaction' });
		expect(() => assertOutsideTransaction('after')).not.toThrow();
	});
});

onEachDatabase('claiming', (open) => {
	const request = { statuses: ['new' as const], limit: 10, leaseMs: 60_000, worker: 'w', actor };
	const past = '2020-01-01T00:00:00.000Z';

	it('moves and counts the try, with the lease as the due instant', async () => {
		const { orderStore } = await open();
		const order = await move(orderStore, await importOne(orderStore), 'routed');
		const claim = await claimToQueued(orderStore, order);
		expect(claim).toMatchObject({ epoch: 1, order: { status: 'queued', attempts: 1, wms: 'file', version: order.version + 1 } });
		expect(claim.order).toEqual(await orderStore.get(order.id));
		expect(await claimToQueued(orderStore, order)).toBeUndefined();
		expect(await kinds(orderStore, order.id)).toEqual(['imported', 'status_changed', 'status_changed']);
		await expect(orderStore.claim({ ...request, to: 'closed' })).rejects.toThrow(IllegalTransitionError);
	});

	it('gives each order to one worker', async () => {
		const test = await open();
		await test.orderStore.importPage(page(series(120)));
		await test.raw('UPDATE {order} SET due_at = $1', [past]);
		const stores = [test.orderStore, await test.another(), await test.another()];
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
		const { orderStore } = test;
		const [a, b] = (await orderStore.importPage(page(series(3)))).map(({ orderId }) => orderId!);
		expect(await orderStore.claim(request)).toEqual([]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', [past, a]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', ['2019-01-01T00:00:00.000Z', b]);
		expect((await orderStore.claim({ ...request, limit: 1 })).map(({ order }) => order.id)).toEqual([b]);
		expect((await orderStore.claim(request)).map(({ order }) => order.id)).toEqual([a]);
		expect(await orderStore.claim(request)).toEqual([]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE id = $2', [past, b]);
		expect((await orderStore.claim(request))[0]).toMatchObject({ epoch: 2, order: { id: b, status: 'new' } });
	});

	it('makes a late worker write nothing once its order was claimed anew', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await move(orderStore, await importOne(orderStore), 'routed');
		const late = await claimToQueued(orderStore, order);
		await test.raw('UPDATE {order} SET due_at = $1', [past]);
		const [anew] = await orderStore.claim({ ...request, statuses: ['queued'], onlyDue: true, ids: [order.id] });
		expect(anew!.epoch).toBe(late.epoch + 1);
		const outcome = { orderId: order.id, from: 'queued', to: 'open', actor, reason: null, set: { wmsOrderId: 'late' } } as const;
		const before = await kinds(orderStore, order.id);
		await expect(orderStore.transition({ ...outcome, epoch: late.epoch })).rejects.toThrow(StaleOrderError);
		await expect(orderStore.amend({ orderId: order.id, epoch: late.epoch, actor, set: { wmsOrderId: 'late' } })).rejects.toThrow(
			StaleOrderError,
		);
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'queued', wmsOrderId: null });
		expect(await kinds(orderStore, order.id)).toEqual(before);
		await orderStore.transition({ ...outcome, epoch: anew!.epoch, set: { wmsOrderId: 'W1' } });
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'open', wmsOrderId: 'W1' });
	});

	it('tells holds from retries, and open orders that the cart was not told', async () => {
		const test = await open();
		const { orderStore } = test;
		const held = await move(orderStore, await importOne(orderStore, imported('1')), 'delayed', { heldUntil: past });
		const failed = await move(orderStore, await importOne(orderStore, imported('2')), 'delayed', { retryAt: past });
		await move(orderStore, await importOne(orderStore, imported('3')), 'delayed', { heldUntil: { inMs: 60_000 } });
		const delayed = { ...request, statuses: ['delayed' as const] };
		expect((await orderStore.claim({ ...delayed, delayedBy: 'hold' })).map(({ order }) => order.id)).toEqual([held.id]);
		const [retry] = await orderStore.claim({ ...delayed, delayedBy: 'retry' });
		expect(retry!.order).toMatchObject({ id: failed.id, status: 'delayed', attempts: 0 });

		const open1 = await openOrder(orderStore, imported('4'));
		const open2 = await openOrder(orderStore, imported('5'));
		await orderStore.amend({ orderId: open2.id, version: open2.version, actor, set: { acknowledgedAt: 'now' } });
		const claims = await orderStore.claim({ ...request, ids: [open1.id, open2.id], statuses: ['open'], onlyUnacknowledged: true });
		expect(claims.map(({ order }) => order.id)).toEqual([open1.id]);
		await test.raw('UPDATE {order} SET due_at = $1 WHERE due_at IS NOT NULL', [past]);
		expect((await orderStore.claim({ ...request, statuses: ['open'] })).map(({ order }) => order.id)).toEqual([open1.id]);
	});
});
