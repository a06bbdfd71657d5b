'use strict';
// What a new Medusa needs before anybody can buy: a region with its tax, a stock location, products, a way to ship. All through its Admin API.

const ADMIN = { email: 'admin@example.com', password: 'supersecret' };

/** Gives the body. Throws for everything but success. */
async function call(url, method, path, body, headers = {}) {
	const response = await fetch(`${url}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
	if (!response.ok) throw new Error(`Medusa: ${method} ${path}: ${response.status} ${await response.text()}`);
	return await response.json();
}

/** @returns the token of a session of the administrator */
const signIn = async (url) => (await call(url, 'POST', '/auth/user/emailpass', ADMIN)).token;

const PRODUCTS = [
	{ title: 'Red mug', variants: [{ sku: 'RED-MUG', price: 12.5 }] },
	{ title: 'Tee', variants: [{ sku: 'TEE-M', price: 20 }, { sku: 'TEE-L', price: 21 }] },
	{ title: 'Sofa', profile: 'bulky', variants: [{ sku: 'SOFA', price: 900 }] },
	{ title: 'E-book', digital: true, variants: [{ sku: 'EBOOK', price: 5 }] },
];

/** Of a server that nobody seeded. */
async function seed(url) {
	const authorization = `Bearer ${await signIn(url)}`;
	const post = async (path, body) => await call(url, 'POST', `/admin${path}`, body, { authorization });
	const get = async (path) => await call(url, 'GET', `/admin${path}`, undefined, { authorization });
	const profile = async (name) => (await post('/shipping-profiles', { name, type: name.toLowerCase() })).shipping_profile.id;
	const profiles = { usual: await profile('Parcels'), bulky: await profile('Bulky') };
	await post('/regions', { name: 'Germany', currency_code: 'eur', countries: ['de', 'us'], automatic_taxes: true, payment_providers: ['pp_system_default'] });
	await post('/tax-regions', { country_code: 'de', provider_id: 'tp_system', default_tax_rate: { name: 'VAT', code: 'vat', rate: 20 } });
	await post('/tax-regions', { country_code: 'us', provider_id: 'tp_system' });
	const { stock_location: location } = await post('/stock-locations', { name: 'Main', address: { address_1: 'Dock 1', city: 'Berlin', country_code: 'DE', postal_code: '10115' } });
	await post(`/stock-locations/${location.id}/fulfillment-providers`, { add: ['manual_manual'] });
	const { stock_location: shipping } = await post(`/stock-locations/${location.id}/fulfillment-sets?fields=*fulfillment_sets`, { name: 'Shipping', type: 'shipping' });
	const { fulfillment_set: set } = await post(`/fulfillment-sets/${shipping.fulfillment_sets[0].id}/service-zones`, {
		name: 'Everywhere', geo_zones: [{ type: 'country', country_code: 'de' }, { type: 'country', country_code: 'us' }],
	});
	for (const [name, shippingProfile, amount] of [['Standard (2-3 days)', profiles.usual, 5], ['Freight', profiles.bulky, 80]]) {
		await post('/shipping-options', {
			name, service_zone_id: set.service_zones[0].id, shipping_profile_id: shippingProfile, provider_id: 'manual_manual', price_type: 'flat', type: { label: name, description: name, code: name.split(' ')[0].toLowerCase() },
			prices: [{ currency_code: 'eur', amount }], rules: [{ attribute: 'enabled_in_store', value: 'true', operator: 'eq' }, { attribute: 'is_return', value: 'false', operator: 'eq' }],
		});
	}
	for (const { title, profile: name = 'usual', digital = false, variants } of PRODUCTS) {
		const { product } = await post('/products?fields=*variants', {
			title, status: 'published', ...(digital ? {} : { shipping_profile_id: profiles[name] }), options: [{ title: 'Size', values: variants.map(({ sku }) => sku.split('-')[1] ?? 'one') }],
			variants: variants.map(({ sku, price }) => ({ title: variants.length > 1 ? sku.split('-')[1] : 'Default variant', sku, manage_inventory: !digital, options: { Size: sku.split('-')[1] ?? 'one' }, prices: [{ currency_code: 'eur', amount: price }] })),
		});
		if (digital) continue;
		for (const { sku } of product.variants) {
			const item = (await get(`/inventory-items?sku=${sku}`)).inventory_items[0];
			await post(`/inventory-items/${item.id}/location-levels`, { location_id: location.id, stocked_quantity: 1_000_000 });
		}
	}
}

module.exports = { seed };
