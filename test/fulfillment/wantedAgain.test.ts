/** What the cart takes back and wants again: it goes out as the cart has it now, whole or in parts. */
import { asWanted, wantedStatuses } from '../../lib/carts/wooCommerce/states';
import { toOrder } from '../../lib/carts/wooCommerce/toOrder';
import { canceled } from '../../lib/order/cartWord';
import type { ImportedOrder, Order } from '../../lib/order/order';
import { imported, importOne, kinds, line, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { CAP, MUG, saying, shown, Site, TEE } from './addedLinesSite';
import { shownParts, splitOrder, sentPart } from './parts';

const ORDER = imported('1', { lines: [line('L1', 'RED-MUG', 2), line('L2', 'TEE-L', 1)] });

onEachDatabase('wanted again', (open) => {
	it('an order that was completed in WooCommerce by mistake has its goods again', async () => {
		const { orderStore } = await open();
		const said = (status: string): ImportedOrder =>
			asWanted(
				toOrder({ id: 7, number: '7', status, line_items: [{ id: 1, sku: 'RED-MUG', name: 'Mug', quantity: 2 }] }),
				wantedStatuses([]),
			);
		const hear = async (status: string): Promise<unknown> =>
			await orderStore.importPage(page([said(status)], { translate: (raw) => toOrder(raw) }));
		const { id } = await importOne(orderStore, said('processing'));
		await hear('completed');
		expect(await orderStore.get(id)).toMatchObject({ status: 'canceled', lines: [{ quantity: 0 }] });
		await hear('processing');
		expect(await orderStore.get(id)).toMatchObject({ status: 'new', lines: [{ sku: 'RED-MUG', quantity: 2 }] });
	});

	it('a part that the cart canceled while another one was at its warehouse goes out after all', async () => {
		const { orderStore } = await open();
		const { parent, first } = await splitOrder(orderStore, ORDER);
		await sentPart(orderStore, first);
		await orderStore.importPage(page([{ ...ORDER, word: canceled('by mistake') }]));
		expect(await shownParts(orderStore, parent)).toEqual(['open canceled_in_cart', 'canceled']);
		await orderStore.importPage(page([ORDER]));
		expect(await shownParts(orderStore, parent)).toEqual(['open', 'new']);
	});

	it('a part that a person canceled stays canceled', async () => {
		const { orderStore } = await open();
		const { parent, first, second } = await splitOrder(orderStore, ORDER);
		await sentPart(orderStore, first);
		const { version } = (await orderStore.get(second.id))!;
		await orderStore.transition({
			orderId: second.id,
			from: 'routed',
			to: 'canceled',
			version,
			actor: { kind: 'person', name: 'Ann' },
			reason: null,
		});
		await orderStore.importPage(page([{ ...ORDER, word: canceled('by mistake') }]));
		await orderStore.importPage(page([ORDER]));
		expect(await shownParts(orderStore, parent)).toEqual(['open', 'canceled']);
	});
});

onEachDatabase('an order that the cart wants again once it is closed', (open) => {
	const CANCELED = { word: canceled('by mistake') };

	const split = async (site: Site): Promise<[string, Order, Order]> => {
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.rules(id, undefined, {
			evaluate: (_, content) => ({
				content,
				trace: [],
				decision: {
					kind: 'route',
					warehouse: 'MAIN',
					parts: [
						{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
						{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
					],
				},
			}),
		});
		const [first, second] = await site.orderStore.parts([id]);
		return [id, first!, second!];
	};

	it.each([
		['as it was', [MUG, TEE]],
		['without any of its lines', []],
	])('offers the part that was canceled for its sake (canceled %s)', async (_, lines) => {
		const site = new Site(await open());
		const [id, first, second] = await split(site);
		await site.sends(first.id);
		const zeroed = lines.length > 0 ? lines : [MUG, TEE].map((line) => ({ ...line, quantity: 0 }));
		await site.importsAgain(saying(zeroed, CANCELED));
		await site.ships(first.id);
		await site.uploads([first.id]);
		expect([await site.get(id), await site.get(second.id)]).toMatchObject([{ status: 'closed' }, { status: 'canceled' }]);
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.get(second.id)).toMatchObject({ status: 'canceled' });
		expect(await site.messages({ id })).toContain('lines_added: The cart wants the order again, and not all of it was sent: TEE-L × 1.');
		expect(shown(await site.sendsAdded({ id }))).toBe('N1.a3 new: 1 × TEE-L');
		await site.goesOn();
		await site.importsAgain(saying([MUG, TEE], CANCELED));
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.alertsOf(id)).not.toContain('lines_added');
	});

	it('offers what the warehouse canceled of it', async () => {
		const site = new Site(await open());
		const { id } = await site.sent(saying([MUG, TEE]));
		await site.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 1 }] });
		await site.importsAgain(saying([MUG, TEE], CANCELED));
		const { reference } = await site.get(id);
		await site.reports({ kind: 'canceled', externalId: 'C1', reference, wmsOrderId: null, origin: 'c', reason: 'asked', lines: null });
		await site.uploads([id]);
		expect((await site.get(id)).status).toBe('closed');
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.messages({ id })).toContain(
			'lines_added: The cart wants the order again, and not all of it was sent: RED-MUG × 1, TEE-L × 1.',
		);
		expect(shown(await site.sendsAdded({ id }))).toBe('N1.a1 new: 1 × RED-MUG, 1 × TEE-L');
	});

	it('has no alert when all of it was shipped, and what a person settled stays so', async () => {
		const site = new Site(await open());
		const order = await site.offered();
		await site.does('resolveAlert', order.id);
		await site.importsAgain(saying([MUG, TEE, CAP], CANCELED));
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.messages(order)).toEqual([]);
	});
});

onEachDatabase('an order that nobody sent is canceled, and the cart wants it again', (open) => {
	const CANCELED = { word: canceled('refunded') };

	it.each([
		['as it was', [MUG, TEE]],
		['with other lines', [MUG, TEE, CAP]],
	])('by a person before the cart canceled it: it stays Canceled, and the timeline has what the cart said (%s)', async (_, lines) => {
		const site = new Site(await open());
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.does('cancel', id);
		await site.importsAgain(saying([MUG, TEE], CANCELED));
		await site.importsAgain(saying(lines));
		await site.goesOn();
		expect(await site.get(id)).toMatchObject({ status: 'canceled', inCart: { readiness: 'ready' } });
		expect((await kinds(site.orderStore, id)).filter((kind) => kind === 'cart_said')).toHaveLength(2);
		expect(site.main.created()).toEqual([]);
	});

	it('by a person, of lines that were added: it stays Canceled', async () => {
		const site = new Site(await open());
		const order = await site.offered();
		const { id } = await site.sendsAdded(order);
		await site.does('cancel', id);
		await site.importsAgain(saying([MUG, TEE, CAP], CANCELED));
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.get(id)).toMatchObject({ status: 'canceled' });
		expect(await site.messages(order)).toEqual([]);
	});

	it.each(['rules', 'reprocess'])('by the word that the cart had said before (%s): it is New', async (way) => {
		const site = new Site(await open());
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.rules(id, [{ kind: 'skip', reason: null }]);
		await site.importsAgain(saying([MUG, TEE], CANCELED));
		expect(await site.get(id)).toMatchObject({ status: 'skipped' });
		await site.does(way === 'rules' ? 'reset' : 'reprocess', id);
		await site.rules(id);
		expect(await site.get(id)).toMatchObject({ status: 'canceled', statusReason: 'Canceled in the cart: refunded.' });
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.get(id)).toMatchObject({ status: 'new', canceledInCartAt: null });
	});
});
