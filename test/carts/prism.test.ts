/** The suites that every polled cart passes, with Prism between adapter and peer. */
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { behindPrism, prismCanCheck } from '../real/prism';
import { BIG_COMMERCE } from '../real/prismDescriptions';
import { BigPeer } from '../servers/bigCommerce';
import { bigCommerceHarness, bigShop, sessionOf as bigSession, stored as storedBig } from './bigCommerceHarness';
import { cartContract } from './contract';
import { polledCart } from './polledCart';

const missing = (label: string): void => it.skip(`${label} behind Prism`, () => undefined);

if (!prismCanCheck('BigCommerce', BIG_COMMERCE)) missing('BigCommerce');
else behindPrism('BigCommerce', BIG_COMMERCE, () => {
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
}, { operations: ['GET /orders', 'GET /orders/{id}', 'GET /orders/{id}/coupons', 'GET /orders/{id}/products', 'GET /orders/{id}/shipments', 'GET /orders/{id}/shipping_addresses', 'GET /store', 'POST /orders/{id}/shipments', 'PUT /orders/{id}'] });
