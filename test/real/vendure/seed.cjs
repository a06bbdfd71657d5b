'use strict';
// What a new Vendure needs before anybody can buy: a country with its tax, products, ways to ship and to pay. All through its Admin API.

/** Calls an API of Vendure; gives the data and the token of the session. Throws for errors, also for those that come as results. */
async function call(url, query, variables = {}, headers = {}) {
	const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
	const { data, errors } = await response.json();
	if (errors) throw new Error(`Vendure: ${JSON.stringify(errors)}`);
	for (const result of Object.values(data)) if (result?.errorCode) throw new Error(`Vendure: ${result.errorCode} ${result.message}`);
	return { data, token: response.headers.get('vendure-auth-token') };
}

/** @returns the token of a session of the superadmin */
async function signIn(url) {
	const { token } = await call(url, 'mutation { login(username: "superadmin", password: "superadmin") { ... on ErrorResult { errorCode message } } }');
	return token;
}

const text = (name, more = {}) => [{ languageCode: 'en', name, ...more }];
const operation = (code, values = {}) => ({ code, arguments: Object.entries(values).map(([name, value]) => ({ name, value: String(value) })) });

const PRODUCTS = [
	{ name: 'Red mug', variants: [{ sku: 'RED-MUG', price: 1250 }] },
	{ name: 'Tee', variants: [{ sku: 'TEE-M', price: 2000 }, { sku: 'TEE-L', price: 2100 }] },
	{ name: 'Rare book', variants: [{ sku: 'BOOK', price: 9900, stockOnHand: 2 }] },
];

/** Of a server that nobody seeded. */
async function seed(url) {
	const adminUrl = `${url}/admin-api`;
	const authorization = `Bearer ${await signIn(adminUrl)}`;
	const admin = async (query, variables) => (await call(adminUrl, query, variables, { authorization })).data;
	const ids = [];
	for (const [code, name] of [['DE', 'Germany'], ['GB', 'United Kingdom'], ['XKX', 'Kosovo']]) {
		const { createCountry } = await admin('mutation ($input: CreateCountryInput!) { createCountry(input: $input) { id } }', { input: { code, enabled: true, translations: text(name) } });
		ids.push(createCountry.id);
	}
	const { createZone } = await admin('mutation ($input: CreateZoneInput!) { createZone(input: $input) { id } }', { input: { name: 'Europe', memberIds: ids } });
	const { createTaxCategory } = await admin('mutation { createTaxCategory(input: { name: "Standard", isDefault: true }) { id } }');
	await admin('mutation ($input: CreateTaxRateInput!) { createTaxRate(input: $input) { id } }', { input: { name: 'VAT', enabled: true, value: 20, categoryId: createTaxCategory.id, zoneId: createZone.id } });
	const { activeChannel } = await admin('{ activeChannel { id } }');
	await admin('mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { ... on ErrorResult { errorCode message } } }', {
		input: { id: activeChannel.id, defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'], pricesIncludeTax: false, defaultTaxZoneId: createZone.id, defaultShippingZoneId: createZone.id },
	});
	await admin('mutation ($input: CreateShippingMethodInput!) { createShippingMethod(input: $input) { id } }', {
		input: {
			code: 'standard', fulfillmentHandler: 'manual-fulfillment', translations: text('Standard (2-3 days)', { description: '' }), checker: operation('default-shipping-eligibility-checker', { orderMinimum: 0 }),
			calculator: operation('default-shipping-calculator', { rate: 500, includesTax: 'exclude', taxRate: 20 }),
		},
	});
	for (const [code, automaticSettle] of [['card', true], ['invoice', false]]) {
		await admin('mutation ($input: CreatePaymentMethodInput!) { createPaymentMethod(input: $input) { id } }', {
			input: { code, enabled: true, translations: text(code, { description: '' }), handler: operation('dummy-payment-handler', { automaticSettle }) },
		});
	}
	for (const { name, variants } of PRODUCTS) {
		const { createProduct } = await admin('mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }', {
			input: { enabled: true, translations: text(name, { slug: name.toLowerCase().replace(' ', '-'), description: '' }) },
		});
		let options = [];
		if (variants.length > 1) {
			const { createProductOptionGroup } = await admin('mutation ($input: CreateProductOptionGroupInput!) { createProductOptionGroup(input: $input) { id options { id } } }', {
				input: { code: `${name}-size`, translations: text('Size'), options: variants.map(({ sku }) => ({ code: sku, translations: text(sku.split('-')[1]) })) },
			});
			options = createProductOptionGroup.options;
			await admin('mutation ($productId: ID!, $optionGroupId: ID!) { addOptionGroupToProduct(productId: $productId, optionGroupId: $optionGroupId) { id } }', { productId: createProduct.id, optionGroupId: createProductOptionGroup.id });
		}
		await admin('mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }', {
			input: variants.map(({ sku, price, stockOnHand = 100_000 }, index) => ({
				productId: createProduct.id, sku, price, stockOnHand, trackInventory: 'TRUE', taxCategoryId: createTaxCategory.id, translations: text(variants.length > 1 ? `${name} ${sku.split('-')[1]}` : name),
				...(options.length > 0 ? { optionIds: [options[index].id] } : {}),
			})),
		});
	}
}

module.exports = { seed };
