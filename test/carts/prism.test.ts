/** The suites that every polled cart passes, with Prism between adapter and peer. */
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { magentoCart } from '../../lib/carts/magento';
import { behindPrism, prismCanCheck } from '../real/prism';
import { BIG_COMMERCE, MAGENTO } from '../real/prismDescriptions';
import { BigPeer } from '../../testing/servers/bigCommerce';
import { MagentoPeer } from '../../testing/servers/magento';
import { bigCommerceHarness, bigShop, sessionOf as bigSession, stored as storedBig } from './bigCommerceHarness';
import { cartContract } from './contract';
import { magentoHarness, magentoShop, sessionOf as magentoSession, stored as storedMagento } from './magentoHarness';
import { aShipment } from './order';
import { polledCart } from './polledCart';

const missing = (label: string): void => it.skip(`${label} behind Prism`, () => undefined);

if (!prismCanCheck('BigCommerce', BIG_COMMERCE)) missing('BigCommerce');
else
	behindPrism(
		'BigCommerce',
		BIG_COMMERCE,
		() => {
			cartContract('bigCommerce', bigCommerceCart, bigCommerceHarness);
			polledCart('BigCommerce', bigCommerceCart, bigShop);

			it('reads coupons, and cancels once', async () => {
				const big = await BigPeer.open();
				const { id } = big.place({ coupon_discount: '5.0000' });
				big.coupons.set(id, [{ id: 1, coupon_id: 3, order_id: id, code: 'SAVE', amount: 5, type: 0, discount: 5 }]);
				const order = await storedBig(big, id);
				expect(order.discountCodes).toEqual(['SAVE']);
				expect(await bigSession(big).cancel!(order, 'Out of stock')).toMatchObject({ kind: 'done' });
				expect(await bigSession(big).cancel!(order, 'Out of stock')).toMatchObject({ kind: 'already_done' });
			});
		},
		{
			operations: [
				'GET /orders',
				'GET /orders/{id}',
				'GET /orders/{id}/coupons',
				'GET /orders/{id}/products',
				'GET /orders/{id}/shipments',
				'GET /orders/{id}/shipping_addresses',
				'GET /store',
				'POST /orders/{id}/shipments',
				'PUT /orders/{id}/shipments/{shipment}',
				'PUT /orders/{id}',
			],
		},
	);

if (!prismCanCheck('Magento', MAGENTO)) missing('Magento');
else
	behindPrism(
		'Magento',
		MAGENTO,
		() => {
			cartContract('magento', magentoCart, magentoHarness);
			polledCart('Magento', magentoCart, magentoShop);

			it('adds a track to a shipment of a source, and cancels', async () => {
				const shop = await MagentoPeer.open();
				const session = magentoSession(shop, { store: 'acme', sourceCode: 'berlin' });
				const order = storedMagento(shop.place());
				const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];
				for (const number of ['T1', 'T2'])
					expect(
						await session.uploadTracking(order, aShipment({ externalId: number, trackingNumber: number, lines }), { notifyCustomer: true }),
					).toMatchObject({ kind: 'done' });
				expect(shop.tracks(Number(order.externalId))).toEqual(['T1', 'T2']);
				expect(shop.shipments).toMatchObject([{ source: 'berlin' }]);
				expect(await session.cancel!(storedMagento(shop.place()), 'Sold out')).toMatchObject({ kind: 'done' });
			});
		},
		{
			operations: [
				'GET /V1/orders',
				'GET /V1/orders/{id}',
				'GET /V1/shipments',
				'GET /V1/store/storeConfigs',
				'POST /V1/order/{id}/ship',
				'POST /V1/orders/{id}/cancel',
				'POST /V1/orders/{id}/comments',
				'POST /V1/shipment/track',
			],
		},
	);
