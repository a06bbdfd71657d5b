/** Every status of an order that Medusa knows, and of its payment, before it was sent and after. A state without a case here fails. */
import { medusaCart } from '../../lib/carts/medusa';
import { states } from '../../lib/carts/medusa/states';
import type { ImportFilter } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import type { HttpRequest, HttpResponse } from '../../lib/http/Http';
import type { Order } from '../../lib/order/order';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const FILTER: ImportFilter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 10 };

onEachDatabase('an order of Medusa', (open) => {
	async function begin(first: object = {}) {
		const { orderStore } = await open();
		let order: Record<string, unknown> | null = {
			id: 'order_7',
			display_id: 7,
			status: 'pending',
			payment_status: 'captured',
			email: 'ada@example.com',
			currency_code: 'eur',
			created_at: '2026-11-20T12:00:00.000Z',
			updated_at: '2026-11-20T12:01:00.000Z',
			total: 42,
			shipping_address: { first_name: 'Ada', address_1: 'Hauptstr. 1', city: 'Berlin', postal_code: '10115', country_code: 'de' },
			fulfillments: [],
			items: [
				{
					id: 'ordli_1',
					title: 'Tee',
					variant_sku: 'TEE-L',
					quantity: 2,
					unit_price: 21,
					requires_shipping: true,
					metadata: {},
					adjustments: [],
					detail: { fulfilled_quantity: 0 },
				},
			],
			...first,
		};
		const http = async ({ query = {} }: HttpRequest): Promise<HttpResponse> => {
			const since = query['updated_at[$gte]'];
			const orders =
				order !== null && (typeof since !== 'string' || Date.parse(String(order.updated_at)) >= Date.parse(since)) ? [order] : [];
			return await Promise.resolve({
				status: 200,
				headers: { date: new Date('2026-11-21T12:00:00Z').toUTCString() },
				body: { orders, count: orders.length, offset: 0, limit: 10 },
			});
		};
		const session = medusaCart.open({ http, account: 'shop' }, { store: 'acme' });
		const wms = scriptedWms();
		const common = { orderStore, cart: medusaCart, session, filter: FILTER, abandonAfterDays: 45, onChange: 'replace', actor } as const;
		const found = async (): Promise<Order | null> => (await orderStore.search({ limit: 5 })).items[0] ?? null;
		let minutes = 1;
		return {
			found,
			created: () => wms.created().length,
			/** @param isDated a payment does not move the time of the last change */
			become: (changes: object, isDated = true): void => {
				order = {
					...order,
					...changes,
					...(isDated ? { updated_at: new Date(Date.parse('2026-11-20T13:00:00Z') + (minutes += 1) * 60_000).toISOString() } : {}),
				};
			},
			vanish: (): void => void (order = null),
			poll: async (): Promise<Order | null> => {
				await importOrders({ ...common, storeName: 'acme', handOutLimit: 10, budgetMs: 60_000 });
				return await found();
			},
			refresh: async (): Promise<Order | null> => {
				await refreshOrders({ ...common, orderIds: [(await found())!.id] });
				return await found();
			},
			sendIt: async (): Promise<void> => {
				const ids = [(await found())!.id];
				await applyRules({
					orderStore,
					orderIds: ids,
					warehouses: ['main'],
					ruleSet: () => null,
					dryRun: false,
					actor,
					evaluate: (_id, content) => ({
						decision: { kind: 'route', warehouse: 'main' },
						content: { ...content, warehouse: 'main' },
						trace: [],
					}),
				});
				await send(orderStore, wms, ids);
			},
		};
	}

	const became = (state: string): object =>
		state.startsWith('payment:') ? { payment_status: state.slice('payment:'.length) } : { status: state };
	const back = { status: 'pending', payment_status: 'captured' };

	it.each(Object.entries(states))('in state %s', async (state, { word }) => {
		const { poll, become, sendIt, created } = await begin();
		expect((await poll())?.status).toBe('new');
		become(became(state));
		const moved = await poll();
		expect(moved?.status).toBe({ ready: 'new', waiting: 'delayed', canceled: 'canceled', gone: 'canceled' }[word.readiness as 'ready']);
		if (word.reason !== null && word.readiness !== 'ready') expect(moved?.statusReason).toContain(word.reason);
		if (word.readiness !== 'ready') {
			await sendIt();
			expect(created()).toBe(0);
		}
		// No time is moved by a payment.
		become(back, !state.startsWith('payment:') || word.readiness !== 'waiting');
		expect((await poll())?.status).toBe('new');
		await sendIt();
		become(became(state));
		expect((await poll())?.alerts.map(({ code }) => code)).toEqual(
			word.readiness === 'ready' ? [] : [word.readiness === 'waiting' ? 'held_in_cart' : 'canceled_in_cart'],
		);
		expect(created()).toBe(1);
	});

	it('is imported once its payment is captured, which Medusa does not date', async () => {
		const { poll, become } = await begin({ payment_status: 'authorized' });
		expect(await poll()).toBeNull();
		become({ payment_status: 'captured' }, false);
		expect((await poll())?.status).toBe('new');
	});

	it('is asked for by its key', async () => {
		const { poll, vanish, refresh, become } = await begin();
		await poll();
		become(
			{
				items: [
					{
						id: 'ordli_1',
						title: 'Tee',
						variant_sku: 'TEE-L',
						quantity: 2,
						unit_price: 21,
						requires_shipping: true,
						metadata: {},
						adjustments: [],
						detail: { fulfilled_quantity: 1 },
					},
				],
			},
			false,
		);
		expect((await refresh())?.lines).toMatchObject([{ quantity: 1, notOurs: [{ quantity: 1, reason: 'shipped by others' }] }]);
		vanish();
		expect(await refresh()).toMatchObject({ status: 'canceled', statusReason: 'Not in the cart any more: deleted.' });
	});
});
