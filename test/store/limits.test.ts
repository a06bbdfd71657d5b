/** Keys and texts from outside that no index and no database takes as they are: nobody else pays for them, and they are the same at each poll. */
import { randomBytes } from 'node:crypto';
import { boundedKey } from '../../lib/order/texts';
import { actor, imported, importOne, openOrder, page, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';

/** Postgres compresses what repeats itself before it looks at the size. */
const LONG = randomBytes(4_000).toString('base64url');
const NASTY = 'x\u0000\ud800';

onEachDatabase('limits', (open) => {
	it('an order whose key is too long is a failure of its own, until it has another one', async () => {
		const { orderStore } = await open();
		const bad = { ...imported('2'), externalId: LONG };
		const again = async () => await orderStore.importPage(page([imported('1'), bad, imported('3')]));
		expect((await again()).map(({ kind, reason }) => [kind, reason])).toEqual([
			['created', null],
			['refused', 'key_too_long'],
			['created', null],
		]);
		expect((await again()).map(({ kind }) => kind)).toEqual(['unchanged', 'refused', 'unchanged']);
		const { items } = await orderStore.importFailures({ openOnly: true, limit: 5 });
		expect(items).toMatchObject([
			{
				timesSeen: 2,
				subject: 'order',
				key: boundedKey(LONG),
				message: expect.stringContaining('600 bytes'),
				remedy: expect.stringContaining('key of the order'),
			},
		]);
	});

	it('an order number of any length is kept whole and found', async () => {
		const { orderStore } = await open();
		const { id } = await importOne(orderStore, imported('1', { orderNumber: LONG }));
		expect((await orderStore.get(id))!.orderNumber).toBe(LONG);
		expect((await orderStore.search({ orderNumber: LONG, limit: 2 })).items.map((order) => order.id)).toEqual([id]);
	});

	it.each([
		['long', LONG],
		['not to be kept as they are', NASTY],
	])('keys of a warehouse that are %s: each report is recorded once, those beside it too', async (_, key) => {
		const { orderStore, raw } = await open();
		const [first, second] = [await openOrder(orderStore), await openOrder(orderStore, imported('2'))];
		// As of a warehouse that gives its key only with the first report.
		for (const table of ['order', 'sending']) await raw(`UPDATE {${table}} SET wms_order_id = NULL`);
		const reports = (tracking: string) =>
			report([
				shipped(first, `S${key}`, { trackingNumber: tracking, lines: [{ sku: 'RED-MUG', quantity: 1 }] }),
				{
					kind: 'canceled',
					externalId: `C${key}`,
					reference: first.reference,
					origin: 'x',
					reason: key,
					lines: [{ sku: 'TEE-L', quantity: 1 }],
				},
				{
					kind: 'shipped',
					externalId: 'S9',
					reference: `stranger${key}`,
					wmsOrderId: `W${key}`,
					origin: 'x',
					carrier: null,
					serviceLevel: null,
					trackingNumber: key,
					trackingUrl: null,
					shippedAt: null,
					lines: null,
				},
				shipped(second, 'S2', { wmsOrderId: `W2${key}` }),
			]);
		expect((await orderStore.recordShipments(reports(`1Z${key}`))).map(({ kind }) => kind)).toEqual([
			'recorded',
			'alert',
			'unmatched',
			'recorded',
		]);
		expect((await orderStore.recordShipments(reports(`1Z${key}`))).map(({ kind }) => kind)).toEqual([
			'repeated',
			'repeated',
			'unmatched',
			'repeated',
		]);
		expect((await orderStore.get(first.id))!.shipments).toMatchObject([
			{ externalId: boundedKey(`S${key}`), trackingNumber: boundedKey(`1Z${key}`) },
		]);
		expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toMatchObject([{ timesSeen: 2 }]);
		// The warehouse's own key of the order finds it from now on.
		const alone = { ...shipped(second, 'S3'), reference: null, wmsOrderId: `W2${key}` };
		expect(await orderStore.recordShipments(report([alone]))).toMatchObject([{ orderId: second.id }]);
	});

	it('positions, accounts and control numbers of any name are kept apart and found again', async () => {
		const { orderStore } = await open();
		for (const [index, source] of [LONG, `${LONG}x`, NASTY].entries())
			expect(await orderStore.moveCursor(source, null, { at: index })).toBe(true);
		expect([await orderStore.cursor(LONG), await orderStore.cursor(`${LONG}x`), await orderStore.cursor(NASTY)]).toEqual([
			{ at: 0 },
			{ at: 1 },
			{ at: 2 },
		]);
		const account = { role: 'update', partner: 'file', account: LONG, scope: '', actor, keep: true } as const;
		await orderStore.connect({ ...account, store: 'acme' });
		await orderStore.connect({ ...account, store: 'acme' });
		await expect(orderStore.connect({ ...account, account: `${LONG}x`, store: 'acme' })).rejects.toMatchObject({
			code: 'operation_refused',
		});
		const given = await orderStore.controlNumber({ sequence: LONG, key: LONG });
		expect((await orderStore.controlNumber({ sequence: LONG, key: LONG })).number).toBe(given.number);
	});
});
