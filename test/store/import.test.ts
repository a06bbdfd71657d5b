import { canceled as canceledWord } from '../../lib/order/cartWord';
import { StaleOrderError } from '../../lib/order/errors';
import { actor, claimToQueued, content, imported, importOne, kinds, move, openOrder, page, series } from './fixtures';
import { onEachDatabase } from './harness';

onEachDatabase('importing', (open) => {
	it('imports an order with all that is read of it', async () => {
		const { orderStore } = await open();
		const [result] = await orderStore.importPage(page([imported('1')]));
		expect(result).toMatchObject({ externalId: '1', kind: 'created', reason: null });
		const order = (await orderStore.get(result!.orderId!))!;
		expect(order).toMatchObject({
			store: 'acme',
			cart: 'file',
			externalId: '1',
			orderNumber: 'N1',
			reference: 'N1',
			status: 'new',
			version: 1,
			attempts: 0,
			alert: null,
			wms: null,
			shipments: [],
			description: '2 × RED-MUG, 1 × TEE-L',
			total: '35.00',
			tags: ['web'],
		});
		expect(order.lines[0]).toMatchObject({ sku: 'RED-MUG', quantity: 2, quantityShipped: 0, quantityCanceled: 0 });
		expect(Date.parse(order.abandonAt!) - Date.parse(order.importedAt)).toBe(45 * 86_400_000);
		expect(order.importedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		expect(await orderStore.payload(order.id)).toEqual({ id: '1', source: 'cart' });
		const [entry] = await orderStore.timeline(order.id);
		expect(entry).toMatchObject({ orderId: order.id, kind: 'imported', actor, data: { cart: 'file', source: 'file:acme' } });
	});

	it('imports once, whatever the number of parallel importers', async () => {
		const test = await open();
		const stores = [test.orderStore, ...(await Promise.all(Array.from({ length: 7 }, async () => await test.another())))];
		const results = await Promise.all(stores.map(async (orderStore) => await orderStore.importPage(page(series(40)))));
		expect(results.flat().filter(({ kind }) => kind === 'created')).toHaveLength(40);
		expect(results.flat().filter(({ kind }) => kind === 'unchanged')).toHaveLength(280);
		expect((await test.orderStore.search({ limit: 100 })).items).toHaveLength(40);
	});

	it('gives the results in the order of the page, also for the same order twice in it', async () => {
		const { orderStore } = await open();
		const results = await orderStore.importPage(
			page([imported('1'), imported('2'), imported('1', { notes: 'changed' }), imported('1', { notes: 'changed' })]),
		);
		expect(results.map(({ kind }) => kind)).toEqual(['created', 'created', 'updated', 'unchanged']);
		expect(results[2]!.orderId).toBe(results[0]!.orderId);
		expect((await orderStore.get(results[0]!.orderId!))!.notes).toBe('changed');
	});

	it('moves the cursor with the page, and refuses a page that was read from another position', async () => {
		const { orderStore } = await open();
		expect(await orderStore.cursor('file:acme')).toBeNull();
		await orderStore.importPage(page([imported('1')], { cursorTo: { page: 1, since: 'x' } }));
		expect(await orderStore.cursor('file:acme')).toEqual({ page: 1, since: 'x' });
		await expect(orderStore.importPage(page([imported('2')], { cursorTo: { page: 2 } }))).rejects.toMatchObject({
			code: 'cursor_moved',
			retryable: true,
		});
		expect((await orderStore.search({ limit: 10 })).items).toHaveLength(1);
		await orderStore.importPage(page([imported('2')], { cursorFrom: { since: 'x', page: 1 }, cursorTo: null }));
		expect(await orderStore.cursor('file:acme')).toEqual({ page: 1, since: 'x' });
		expect(await orderStore.moveCursor('file:acme', { page: 1, since: 'x' }, 'later')).toBe(true);
		expect(await orderStore.moveCursor('file:acme', { page: 1, since: 'x' }, 'never')).toBe(false);
		expect(await orderStore.cursor('file:acme')).toBe('later');
	});

	it('lets one of many readers of a page win', async () => {
		const test = await open();
		const results = await Promise.allSettled(
			Array.from(
				{ length: 6 },
				async (_, index) => await test.orderStore.importPage(page(series(5, index * 5), { cursorTo: { reader: index } })),
			),
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect((await test.orderStore.search({ limit: 100 })).items).toHaveLength(5);
	});

	it('records neither cursor nor orders when the page fails half way', async () => {
		const { orderStore } = await open();
		const broken = imported('300');
		// What cannot be put into words fails after the first batch was written.
		Object.defineProperty(broken, 'raw', {
			enumerable: true,
			get: () => {
				throw new Error('injected');
			},
		});
		await expect(orderStore.importPage(page([...series(260), broken], { cursorTo: 1 }))).rejects.toThrow('injected');
		expect(await orderStore.cursor('file:acme')).toBeNull();
		expect((await orderStore.search({ limit: 10 })).items).toEqual([]);
	});

	it('replaces the snapshot of an unsent order, keeps edits and drops the result', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		await orderStore.amend({ orderId: order.id, version: 1, actor, set: { edits: { carrier: 'DHL' } } });
		await orderStore.transition({
			orderId: order.id,
			from: 'new',
			to: 'routed',
			version: 2,
			actor,
			reason: null,
			set: { result: content('N1', { warehouse: 'WH1' }) },
		});
		const [result] = await orderStore.importPage(page([imported('1', { notes: 'please gift wrap' })]));
		expect(result).toMatchObject({ kind: 'updated', orderId: order.id });
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'new', notes: 'please gift wrap', carrier: 'DHL', warehouse: null });
		const entries = await orderStore.timeline(order.id);
		expect(entries.find(({ kind }) => kind === 'snapshot_changed')!.data).toMatchObject({
			changes: [{ path: 'notes', before: null, after: 'please gift wrap' }],
		});
		expect(entries.at(-1)).toMatchObject({ kind: 'status_changed', data: { from: 'routed', to: 'new' } });
	});

	it('leaves an order alone that did not change, or when changes are ignored', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const reordered = imported('1');
		reordered.content = Object.fromEntries(Object.entries(reordered.content).reverse()) as unknown as typeof reordered.content;
		expect(await orderStore.importPage(page([reordered]))).toMatchObject([{ kind: 'unchanged' }]);
		expect(await orderStore.importPage(page([imported('1', { notes: 'x' })], { onChange: 'ignore' }))).toMatchObject([
			{ kind: 'unchanged' },
		]);
		expect((await orderStore.get(order.id))!.version).toBe(1);
	});

	it('refuses archived orders, and changes of orders that the warehouse has', async () => {
		const { orderStore } = await open();
		await move(orderStore, await importOne(orderStore), 'archived');
		const sent = await openOrder(orderStore, imported('2'));
		expect(await orderStore.importPage(page([imported('1'), imported('2'), imported('2', { notes: 'x' })]))).toMatchObject([
			{ kind: 'refused', reason: 'archived' },
			{ kind: 'unchanged' },
			{ kind: 'refused', reason: 'already_sent', orderId: sent.id },
		]);
	});

	it('cancels what the cart canceled before sending, and imports no canceled order', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const canceled = (id: string) => imported(id, {}, { word: canceledWord() });
		await claimToQueued(orderStore, await move(orderStore, await importOne(orderStore, imported('3')), 'routed'));
		expect(await orderStore.importPage(page([canceled('1'), canceled('2'), canceled('3')]))).toMatchObject([
			{ kind: 'canceled', orderId: order.id },
			{ kind: 'refused', reason: 'canceled_in_cart', orderId: null },
			{ kind: 'refused', reason: 'already_sent' },
		]);
		expect(await kinds(orderStore, order.id)).toEqual(['imported', 'cart_said', 'status_changed']);
		expect(await orderStore.importPage(page([canceled('1')]))).toMatchObject([{ kind: 'unchanged' }]);
	});

	it('gives orders of one number different references, also in stores that may share a warehouse', async () => {
		const { orderStore } = await open();
		const twin = (id: string) => imported(id, { orderNumber: '1001' });
		await orderStore.importPage(page([twin('a'), twin('b'), twin('c')]));
		await orderStore.importPage(page([twin('d')], { store: 'other' }));
		const { items } = await orderStore.search({ orderNumber: '1001', limit: 10 });
		const references = items.map(({ reference }) => reference);
		expect(new Set(references).size).toBe(4);
		expect(references).toContain('1001');
		// The same order number and key in another store is another order.
		await orderStore.importPage(page([twin('a')], { store: 'third' }));
		const { items: all } = await orderStore.search({ orderNumber: '1001', limit: 10 });
		expect(new Set(all.map(({ reference }) => reference)).size).toBe(5);
	});

	it('keeps import failures until the order is imported after all', async () => {
		const { orderStore } = await open();
		const failure = {
			subject: 'order' as const,
			key: '7',
			origin: 'orders.csv, row 7',
			message: 'bad\u0000',
			remedy: 'fix',
			payload: { row: 'x\u0000' },
		};
		await orderStore.importPage(page([], { failures: [failure] }));
		await orderStore.importPage(page([], { failures: [failure, { ...failure, key: '8' }] }));
		const { items } = await orderStore.importFailures({ openOnly: true, limit: 10 });
		expect(items.map(({ key, timesSeen }) => [key, timesSeen]).sort()).toEqual([
			['7', 2],
			['8', 1],
		]);
		expect(items[0]!.payload).toEqual({ row: 'x\u0000' });
		await orderStore.importPage(page([imported('7')]));
		await orderStore.resolveImportFailure(items.find(({ key }) => key === '8')!.id);
		expect((await orderStore.importFailures({ openOnly: true, limit: 10 })).items).toEqual([]);
		const first = await orderStore.importFailures({ limit: 1 });
		const second = await orderStore.importFailures({ limit: 1, after: first.next });
		expect([...first.items, ...second.items].every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
		expect(second.next).toBeNull();
	});

	it('survives hostile texts', async () => {
		const { orderStore } = await open();
		const nasty = 'O\'Neil "x"\u0000\\ 😀 \ud800 %_ __proto__ $1 ?1 {}';
		const order = imported(`id${nasty}`, {
			orderNumber: nasty,
			notes: nasty,
			merchant: nasty,
			custom: JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x"}'),
		});
		const [first] = await orderStore.importPage(page([order]));
		expect(await orderStore.importPage(page([order]))).toMatchObject([{ kind: 'unchanged', orderId: first!.orderId }]);
		const stored = (await orderStore.get(first!.orderId!))!;
		expect(stored.notes).toBe(nasty);
		expect(Object.hasOwn(stored.custom, '__proto__')).toBe(true);
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
		expect(stored.reference).toMatch(/^[A-Za-z0-9_.]{1,40}$/);
		for (const text of ["o'neil", '%_ __proto__', '😀', '\\']) {
			expect((await orderStore.search({ text, limit: 5 })).items.map(({ id }) => id)).toEqual([stored.id]);
		}
		expect((await orderStore.search({ text: 'o%neil', limit: 5 })).items).toEqual([]);
		await orderStore.amend({ orderId: stored.id, version: 1, actor: { kind: 'person', name: nasty }, set: { statusReason: nasty } });
		await expect(orderStore.amend({ orderId: nasty, version: 1, actor })).rejects.toThrow(StaleOrderError);
	});

	it('lets timers and other callers have their turn between batches', async () => {
		const { orderStore } = await open();
		const events: string[] = [];
		const importing = orderStore.importPage(page(series(1000))).then(() => events.push('imported'));
		const ticks = (async () => {
			while (!events.includes('imported')) {
				await new Promise(setImmediate);
				events.push('turn');
			}
		})();
		await Promise.all([importing, ticks]);
		expect(events.indexOf('imported')).toBeGreaterThanOrEqual(3);
	});

	it('keeps the SKU of a line that the cart gives without one, once the product is deleted there', async () => {
		const { orderStore } = await open();
		const sold = imported('1');
		const { id } = await importOne(orderStore, sold);
		const without = (notes: string | null) =>
			imported('1', { notes, lines: sold.content.lines.map((one) => ({ ...one, sku: one.id === 'L1' ? null : one.sku })) });
		expect(await orderStore.importPage(page([without(null)]))).toMatchObject([{ kind: 'unchanged' }]);
		expect(await orderStore.importPage(page([without('Leave it at the door.')]))).toMatchObject([{ kind: 'updated' }]);
		expect((await orderStore.get(id))!.lines.map(({ sku }) => sku)).toEqual(['RED-MUG', 'TEE-L']);
		expect((await orderStore.timeline(id)).find(({ kind }) => kind === 'snapshot_changed')!.data).toMatchObject({
			changes: [{ path: 'notes' }],
		});
	});
});
