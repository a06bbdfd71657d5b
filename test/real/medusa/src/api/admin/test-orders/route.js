'use strict';
const { ContainerRegistrationKeys, Modules } = require('@medusajs/framework/utils');

/**
 * Many orders at once, written by Medusa's own modules: to place one as customers do takes about a second. Their lines are of no product of the
 * shop, so that they need no stock.
 */
exports.POST = async (request, response) => {
	const { count, captured, paid, order } = request.body;
	const orders = await request.scope.resolve(Modules.ORDER).createOrders(Array.from({ length: count }, () => structuredClone(order)));
	const amount = order.items.reduce((sum, { quantity, unit_price: price }) => sum + quantity * price, 0);
	const payment = { currency_code: order.currency_code, amount, ...(captured ? { status: 'completed', captured_amount: amount, authorized_amount: amount } : { status: 'authorized', authorized_amount: amount }) };
	const payments = !paid ? [] : await request.scope.resolve(Modules.PAYMENT).createPaymentCollections(orders.map(() => ({ ...payment })));
	const links = payments.map(({ id }, index) => ({ [Modules.ORDER]: { order_id: orders[index].id }, [Modules.PAYMENT]: { payment_collection_id: id } }));
	if (paid) await request.scope.resolve(ContainerRegistrationKeys.LINK).create(links);
	response.json({ orders: orders.map(({ id, display_id: number, items }) => ({ id, number: String(number), lines: items.map((item) => ({ id: item.id, quantity: item.quantity, sku: item.variant_sku })) })) });
};
