/** What the cart takes back and wants again: it goes out as the cart has it now, whole or in parts. */
import { asWanted, wantedStatuses } from '../../lib/carts/wooCommerce/states';
import { toOrder } from '../../lib/carts/wooCommerce/toOrder';
import { canceled } from '../../lib/order/cartWord';
import type { ImportedOrder } from '../../lib/order/order';
import { imported, importOne, line, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
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
