import { archiveOrder, deleteOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { onEach, type OperationRequest } from '../../lib/fulfillment/operation';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { sendAddedLines } from '../../lib/fulfillment/sendAddedLines';
import type { Order } from '../../lib/order/order';
import { OPERATION_LABELS } from '../../lib/order/operations';
import type { OrderStatus } from '../../lib/order/status';
import { claimToQueued, move, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { actor, Exchange, filesOf, withRival } from './exchange';

onEachDatabase('operations', (open) => {
	const begin = async () => new Exchange(await open());
	const on = (site: Exchange, { id }: Order, more: Partial<OperationRequest> = {}): OperationRequest => ({
		orderStore: site.orderStore,
		orderId: id,
		actor,
		...more,
	});

	/** An order that got to a status as orders do. */
	async function orderIn(site: Exchange, status: OrderStatus): Promise<Order> {
		switch (status) {
			case 'new':
				return await site.newOrder();
			case 'routed':
				return await site.routed();
			case 'queued':
				await claimToQueued(site.orderStore, await site.routed());
				return (await site.orderStore.search({ statuses: ['queued'], limit: 1 })).items[0]!;
			case 'open':
				return await site.open();
			case 'partially_shipped':
			case 'closed': {
				const order = await site.open();
				await site.orderStore.recordShipments(
					report([shipped(order, 'S1', { lines: status === 'closed' ? null : [{ sku: 'RED-MUG', quantity: 1 }] })]),
				);
				if (status === 'closed') await site.upload([order.id]);
				return await site.get(order.id);
			}
			default:
				return await move(site.orderStore, await site.newOrder(), status);
		}
	}

	describe('are refused, say why and what to do, and change nothing:', () => {
		const operations = {
			edit: async (request: OperationRequest) => await editOrder({ ...request, edits: { notes: 'x' } }),
			reprocess: reprocessOrder,
			reset: resetOrder,
			archive: async (request: OperationRequest) => await archiveOrder(request),
			delete: deleteOrder,
			sendAddedLines,
		};
		it.each<[keyof typeof operations, OrderStatus, string, string]>([
			['edit', 'queued', 'is being sent', 'Wait until'],
			['edit', 'closed', 'is closed', 'cannot be edited'],
			['reprocess', 'new', 'is New already', 'next run'],
			['reprocess', 'queued', 'is being sent', 'Wait until'],
			['reprocess', 'bundled', 'is bundled', 'Do it with the bundle'],
			['edit', 'bundled', 'is bundled', 'unbundle it first'],
			['reset', 'bundled', 'is bundled', 'unbundle it first'],
			['reprocess', 'closed', 'is closed', 'Nothing more'],
			['reset', 'open', 'is Open', 'Archive or cancel it first'],
			['reset', 'partially_shipped', 'has a shipment', 'Reprocess'],
			['reset', 'closed', 'has a shipment', 'Reprocess'],
			['reset', 'queued', 'is Queued', 'first'],
			['archive', 'queued', 'is being sent', 'Wait until'],
			['delete', 'open', 'is Open', 'Archive it first, then delete it.'],
			['delete', 'closed', 'is Closed', 'Archive it first, then delete it.'],
			['delete', 'queued', 'is Queued', 'Archive it first'],
			...(['new', 'routed', 'delayed', 'skipped', 'error', 'open', 'partially_shipped'] as const).map(
				(status): [keyof typeof operations, OrderStatus, string, string] => [
					'sendAddedLines',
					status,
					'is not closed yet',
					'are sent with it',
				],
			),
			...(['canceled', 'archived', 'abandoned'] as const).map((status): [keyof typeof operations, OrderStatus, string, string] => [
				'sendAddedLines',
				status,
				`is ${status}`,
				'Reprocess it first',
			]),
			['sendAddedLines', 'queued', 'is being sent', 'Wait until'],
			['sendAddedLines', 'bundled', 'is bundled', 'Do it with the bundle'],
			['sendAddedLines', 'closed', 'Nothing was added', 'lines_added'],
		])('%s of a %s order', async (operation, status, why, remedy) => {
			const site = await begin();
			const order = await orderIn(site, status);
			const before = await site.kinds(order.id);
			await expect(operations[operation](on(site, order))).rejects.toMatchObject({
				code: 'operation_refused',
				message: expect.stringMatching(new RegExp(`^Order N1 cannot be changed by "${OPERATION_LABELS[operation]}": .*${why}`)),
				remedy: expect.stringContaining(remedy),
			});
			expect(await site.get(order.id)).toEqual(order);
			expect(await site.kinds(order.id)).toEqual(before);
		});

		it('lines of an order that the warehouse has', async () => {
			const site = await begin();
			const order = await orderIn(site, 'open');
			await expect(editOrder({ ...on(site, order), edits: { notes: 'x', 'lines.L1.quantity': 1 } })).rejects.toMatchObject({
				code: 'operation_refused',
				message: expect.stringContaining('lines.L1.quantity'),
				remedy: expect.stringContaining('Cancel'),
			});
			expect(await site.get(order.id)).toEqual(order);
		});

		it('all of an order that is not there', async () => {
			const site = await begin();
			for (const operation of Object.values(operations)) {
				await expect(operation({ orderStore: site.orderStore, orderId: 'nobody', actor })).rejects.toMatchObject({
					code: 'order_not_found',
					remedy: expect.stringContaining('ID'),
				});
			}
		});
	});

	it('edit writes old and new value, shows at once, and touches nothing else', async () => {
		const site = await begin();
		const order = await site.routed();
		const after = await editOrder({
			...on(site, order),
			edits: { 'shippingAddress.address1': '6 Oak Ave', 'lines.L1.quantity': 3, carrier: null },
		});
		expect(after).toMatchObject({ status: 'routed', warehouse: 'WH1', shippingAddress: { address1: '6 Oak Ave', city: 'Springfield' } });
		expect(after.lines.map(({ quantity }) => quantity)).toEqual([3, 1]);
		expect((await site.orderStore.timeline(order.id)).at(-1)).toMatchObject({
			kind: 'edited',
			data: {
				changes: [
					{ path: 'shippingAddress.address1', before: '5 Elm St', after: '6 Oak Ave' },
					{ path: 'lines.L1.quantity', before: 2, after: 3 },
				],
			},
		});
		expect(await editOrder({ ...on(site, order), edits: { notes: null } })).toEqual(after);
		await expect(editOrder({ ...on(site, order), edits: { notes: 'ok', status: 'open' } })).rejects.toMatchObject({
			code: 'invalid_input',
		});
		expect(await site.get(order.id)).toEqual(after);
	});

	it('reprocess keeps edits and drops the rest; reset drops edits too', async () => {
		const site = await begin();
		const held = { result: null, servedHolds: ['Wait'], heldUntil: '2030-01-01T00:00:00.000Z', attempts: 2, statusReason: 'held' };
		const order = await move(site.orderStore, await site.newOrder(), 'delayed', held);
		await editOrder({ ...on(site, order), edits: { 'shippingAddress.address1': '6 Oak Ave' } });
		const again = await reprocessOrder(on(site, order));
		expect(again).toMatchObject({
			status: 'new',
			attempts: 0,
			heldUntil: null,
			alert: null,
			statusReason: null,
			reference: 'N1',
			shippingAddress: { address1: '6 Oak Ave' },
		});
		expect((await site.orderStore.layers([order.id])).get(order.id)).toMatchObject({
			servedHolds: [],
			result: null,
			edits: { 'shippingAddress.address1': '6 Oak Ave' },
		});
		const fresh = await resetOrder(on(site, order));
		expect(fresh).toMatchObject({ status: 'new', shippingAddress: { address1: '5 Elm St' } });
		expect((await site.orderStore.layers([order.id])).get(order.id)!.edits).toEqual({});
	});

	describe('an order that the warehouse let go of', () => {
		const letGo = async (site: Exchange, how: 'rejected' | 'canceled') => {
			const order = await site.open();
			if (how === 'rejected') site.report('acknowledgements', [{ reference: 'N1', status: 'rejected', message: 'No such SKU' }]);
			else site.report('cancellations', [{ reference: 'N1', cancellation_id: 'C1', reason: 'damaged' }]);
			await site.poll();
			return await site.get(order.id);
		};

		it.each(['rejected', 'canceled'] as const)(
			'(%s) goes out under a new reference once it is reprocessed, whole and once',
			async (how) => {
				const site = await begin();
				const order = await letGo(site, how);
				expect(order.status).toBe(how === 'rejected' ? 'error' : 'canceled');
				const again = await reprocessOrder(on(site, order));
				expect(again).toMatchObject({ status: 'new', reference: 'N1.r2', wms: null, wmsOrderId: null, alert: null, attempts: 0 });
				await move(site.orderStore, again, 'routed');
				expect((await site.send([order.id]))[0]).toMatchObject({ output: 'open', message: null });
				const files = filesOf(site.warehouse.root, 'orders');
				expect(Object.keys(files).sort()).toEqual(['N1.csv', 'N1.r2.csv']);
				const goods = (text: string) =>
					text
						.split('\r\n')
						.filter((row) => row.startsWith('L,'))
						.map((row) => row.split(',').slice(-6).join());
				expect(goods(files['N1.r2.csv']!)).toEqual(goods(files['N1.csv']!));
			},
		);

		it('is not sent again by what the warehouse says about the earlier sending', async () => {
			const site = await begin();
			const order = await letGo(site, 'canceled');
			await reprocessOrder(on(site, order));
			site.report('acknowledgements', [{ reference: 'N1', wms_order_id: 'W1', status: 'accepted' }]);
			site.report('cancellations', [{ reference: 'N1', cancellation_id: 'C1' }]);
			await site.poll();
			expect(await site.get(order.id)).toMatchObject({ status: 'new', reference: 'N1.r2', wmsOrderId: null });
		});
	});

	it('reprocess of an order that was closed before it was archived closes it again, and uploads nothing twice', async () => {
		const site = await begin();
		const closed = await orderIn(site, 'closed');
		await archiveOrder(on(site, closed));
		expect(await reprocessOrder(on(site, closed))).toMatchObject({
			status: 'closed',
			shipments: [{ uploadedAt: closed.shipments[0]!.uploadedAt }],
		});
		expect((await site.orderStore.search({ uploadDue: true, limit: 1 })).items).toEqual([]);
	});

	it('reprocess of an archived order uploads what arrived late, and closes it', async () => {
		const site = await begin();
		const order = await site.open();
		await archiveOrder({ ...on(site, order), reason: 'Gone.' });
		site.report('shipments', [{ reference: 'N1', shipment_id: 'S1', tracking_number: '1Z1' }]);
		await site.poll();
		expect(await site.get(order.id)).toMatchObject({ status: 'archived', alert: { code: 'late_shipment' } });
		await site.upload([order.id]);
		expect(site.tracking).toEqual({});
		expect(await reprocessOrder(on(site, order))).toMatchObject({ status: 'partially_shipped', reference: 'N1', alert: null });
		expect((await site.upload([order.id]))[0]).toMatchObject({ output: 'done', order: { status: 'closed' } });
		expect(Object.keys(site.tracking)).toHaveLength(1);
		expect(site.received).toEqual(['N1']);
	});

	it('reprocess of a canceled order that was shipped after all uploads the tracking, and ships nothing again', async () => {
		const site = await begin();
		const order = await site.open();
		site.report('cancellations', [{ reference: 'N1', cancellation_id: 'C1', reason: 'damaged' }]);
		await site.poll();
		site.report('shipments', [{ reference: 'N1', shipment_id: 'S1', tracking_number: '1Z1', sku: 'RED-MUG', quantity: 2 }]);
		await site.poll();
		expect(await site.get(order.id)).toMatchObject({ status: 'canceled', alert: { code: 'late_shipment' } });
		await reprocessOrder(on(site, order));
		await site.upload([order.id]);
		expect(Object.values(site.tracking).join()).toContain('1Z1');
		expect(await site.get(order.id)).toMatchObject({
			status: 'canceled',
			reference: 'N1',
			alert: null,
			shipments: [{ uploadedAt: expect.any(String) }],
		});
		expect(site.received).toEqual(['N1']);
	});

	it('reprocess of an order that was canceled, archived and shipped after all sends nothing again either', async () => {
		const site = await begin();
		const order = await site.open();
		site.report('cancellations', [{ reference: 'N1', cancellation_id: 'C1', reason: 'damaged' }]);
		await site.poll();
		await archiveOrder(on(site, order));
		site.report('shipments', [{ reference: 'N1', shipment_id: 'S1', tracking_number: '1Z1' }]);
		await site.poll();
		expect(await reprocessOrder(on(site, order))).toMatchObject({ status: 'partially_shipped', reference: 'N1' });
		expect((await site.upload([order.id]))[0]).toMatchObject({ output: 'done' });
		expect(Object.values(site.tracking).join()).toContain('1Z1');
		expect(site.received).toEqual(['N1']);
	});

	it('reset with Force starts over under a new reference', async () => {
		const site = await begin();
		const order = await archiveOrder(on(site, await site.open()));
		await expect(resetOrder(on(site, order))).rejects.toMatchObject({
			code: 'operation_refused',
			remedy: expect.stringContaining('Force'),
		});
		expect(await resetOrder(on(site, order, { force: true }))).toMatchObject({ status: 'new', reference: 'N1.r2', wmsOrderId: null });
	});

	it('archive is final for the import, harmless twice, and remembers the reason', async () => {
		const site = await begin();
		site.exportOrders([{ externalId: 'x1', orderNumber: 'N1', shippingAddress: null, lines: [{ sku: 'A', quantity: 1 }] }], 'a.json');
		const { orders } = await site.import();
		const archived = await archiveOrder({ ...on(site, orders[0]!), reason: 'Test order.' });
		expect(archived).toMatchObject({ status: 'archived', statusReason: 'Test order.' });
		expect(await archiveOrder(on(site, archived))).toEqual(archived);
		site.exportOrders([{ externalId: 'x1', orderNumber: 'N1', shippingAddress: null, lines: [{ sku: 'B', quantity: 1 }] }], 'b.json');
		expect((await site.import()).counts).toMatchObject({ refused: 1, created: 0, updated: 0 });
		// The timeline says what the cart said; the order stays as it is.
		const { version: _v, updatedAt: _u, ...kept } = archived;
		expect(await site.get(archived.id)).toMatchObject(kept);
		expect((await site.orderStore.timeline(archived.id)).at(-1)?.kind).toBe('snapshot_changed');
	});

	it('delete purges, and the cart may import it again', async () => {
		const site = await begin();
		const order = await site.newOrder();
		expect(await deleteOrder(on(site, order))).toEqual(order);
		expect(await site.orderStore.get(order.id)).toBeNull();
		expect(await site.orderStore.timeline(order.id)).toEqual([]);
		expect((await site.newOrder()).id).not.toBe(order.id);
	});

	it('delete of an order that the warehouse had needs it archived, or Force', async () => {
		const site = await begin();
		const order = await site.open();
		site.report('cancellations', [{ reference: 'N1', cancellation_id: 'C1' }]);
		await site.poll();
		await expect(deleteOrder(on(site, order))).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('had the order'),
			remedy: expect.stringContaining('use Force'),
		});
		expect((await site.get(order.id)).status).toBe('canceled');
		await deleteOrder(on(site, order, { force: true }));
		expect(await site.orderStore.get(order.id)).toBeNull();
		const second = await archiveOrder(on(site, await site.open('2')));
		await deleteOrder(on(site, second));
		expect(await site.orderStore.get(second.id)).toBeNull();
	});

	it('decide anew when somebody changes the order meanwhile', async () => {
		const site = await begin();
		const order = await site.routed();
		const rival = withRival(site.orderStore, 'amend', async () => await editOrder({ ...on(site, order), edits: { notes: 'rival' } }));
		const after = await editOrder({ ...on(site, order), orderStore: rival, edits: { carrier: 'UPS' } });
		expect(after).toMatchObject({ notes: 'rival', carrier: 'UPS' });
		expect((await site.orderStore.layers([order.id])).get(order.id)!.edits).toEqual({ notes: 'rival', carrier: 'UPS' });
	});

	it('are refused when the rival made them impossible', async () => {
		const site = await begin();
		const order = await site.routed();
		const rival = withRival(site.orderStore, 'transition', async () => await claimToQueued(site.orderStore, order));
		await expect(archiveOrder({ ...on(site, order), orderStore: rival })).rejects.toMatchObject({ code: 'operation_refused' });
		expect((await site.get(order.id)).status).toBe('queued');
	});

	it('give up when the order never rests', async () => {
		const site = await begin();
		const order = await site.routed();
		let strikes = 0;
		const restless = {
			...site.orderStore,
			amend: async (...args: Parameters<typeof site.orderStore.amend>) => {
				await editOrder({ ...on(site, order), edits: { notes: `rival ${(strikes += 1)}` } });
				await site.orderStore.amend(...args);
			},
		};
		await expect(editOrder({ ...on(site, order), orderStore: restless, edits: { carrier: 'UPS' } })).rejects.toMatchObject({
			code: 'stale_order',
			retryable: true,
		});
		expect(strikes).toBe(3);
		expect(await site.get(order.id)).toMatchObject({ notes: 'rival 3', carrier: null });
	});

	it('in bulk report per order; one bad order stops no other', async () => {
		const site = await begin();
		const [a, b] = [await site.routed('1'), await site.newOrder('2')];
		const results = await onEach(
			[b.id, 'nobody', a.id],
			async (orderId) => await reprocessOrder({ orderStore: site.orderStore, orderId, actor }),
		);
		expect(results).toMatchObject([
			{ orderId: b.id, ok: false, error: { code: 'operation_refused' } },
			{ orderId: 'nobody', ok: false, error: { code: 'order_not_found' } },
			{ orderId: a.id, ok: true, order: { status: 'new' } },
		]);
		expect(await onEach(['x'], async () => await Promise.reject('text'))).toMatchObject([{ ok: false, error: expect.any(Error) }]);
	});
});
