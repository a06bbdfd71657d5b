/**
 * A shop on the real Vendure that `scripts/real-servers.cjs` started (VENDURE_URL): each test gets a channel of its own, so that the shops of
 * one server do not see each other. Orders are placed as customers place them, through the Shop API.
 */
import { randomBytes } from 'node:crypto';
import { realUrl } from './realUrl';

const ADMIN = { username: 'superadmin', password: 'superadmin' };

export const vendureUrl = (): string | null => realUrl('Vendure');

export type Json = Record<string, unknown>;

/** Vendure answers any query; a test knows what it asked for. */
interface Answer {
	data: Record<string, any>;
	token: string | null;
}

async function call(api: 'admin-api' | 'shop-api', query: string, variables: Json = {}, headers: Record<string, string> = {}): Promise<Answer> {
	const response = await fetch(`${process.env.VENDURE_URL}/${api}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
	const { data, errors } = (await response.json()) as { data: Answer['data']; errors?: unknown };
	if (errors !== undefined) throw new Error(`Vendure: ${JSON.stringify(errors)}`);
	for (const result of Object.values(data) as Array<Json | null>) if (typeof result?.errorCode === 'string') throw new Error(`Vendure: ${JSON.stringify(result)}`);
	return { data, token: response.headers.get('vendure-auth-token') };
}

const ERROR = '... on ErrorResult { errorCode message }';

const signedIn = new Map<string, Promise<string>>();

/** The token of a session of the superadmin, one for each test file. */
async function adminToken(): Promise<string> {
	let token = signedIn.get('');
	token ??= call('admin-api', `mutation ($username: String!, $password: String!) { login(username: $username, password: $password) { ${ERROR} } }`, ADMIN).then((answer) => answer.token!);
	signedIn.set('', token);
	return await token;
}

export interface Bought {
	id: string;
	code: string;
	lines: Array<{ id: string; quantity: number; sku: string }>;
}

export interface Basket {
	lines?: Array<{ sku: string; quantity: number }>;
	/** "invoice" is authorized only. */
	payment?: 'card' | 'invoice';
	address?: Json;
	billingAddress?: Json;
	customFields?: Json;
}

export const ADDRESS: Json = { fullName: 'Ada Lovelace', company: 'Engines', streetLine1: 'Hauptstr. 1', streetLine2: 'Hinterhaus', city: 'Berlin', province: 'Berlin', postalCode: '10115', countryCode: 'DE', phoneNumber: '030 1234' };

export class VendureShop {
	private constructor(
		/** Names the channel in the header vendure-token. */
		readonly channel: string,
		readonly channelId: string,
		private readonly variants: ReadonlyMap<string, string>,
		private readonly shippingMethod: string,
	) {}

	get url(): string {
		return `${process.env.VENDURE_URL}/admin-api`;
	}

	static async open(): Promise<VendureShop> {
		const channel = `test-${randomBytes(6).toString('hex')}`;
		const authorization = `Bearer ${await adminToken()}`;
		const admin = async (query: string, variables: Json = {}) => (await call('admin-api', query, variables, { authorization })).data;
		const has = await admin(
			'{ products { items { id variants { id sku } } } shippingMethods { items { id } } paymentMethods { items { id } } stockLocations { items { id } } activeChannel { defaultTaxZone { id } } }',
		);
		const ids = (list: string): string[] => has[list].items.map(({ id }: { id: string }) => id);
		const zone: string = has.activeChannel.defaultTaxZone.id;
		const { createChannel } = await admin(`mutation ($input: CreateChannelInput!) { createChannel(input: $input) { ... on Channel { id } ${ERROR} } }`, {
			input: { code: channel, token: channel, defaultLanguageCode: 'en', pricesIncludeTax: false, defaultCurrencyCode: 'EUR', defaultTaxZoneId: zone, defaultShippingZoneId: zone },
		});
		const channelId: string = createChannel.id;
		await admin(
			`mutation ($channelId: ID!, $productIds: [ID!]!, $shippingMethodIds: [ID!]!, $paymentMethodIds: [ID!]!, $stockLocationIds: [ID!]!) {
				assignProductsToChannel(input: { channelId: $channelId, productIds: $productIds }) { id }
				assignShippingMethodsToChannel(input: { channelId: $channelId, shippingMethodIds: $shippingMethodIds }) { id }
				assignPaymentMethodsToChannel(input: { channelId: $channelId, paymentMethodIds: $paymentMethodIds }) { id }
				assignStockLocationsToChannel(input: { channelId: $channelId, stockLocationIds: $stockLocationIds }) { id }
			}`,
			{ channelId, productIds: ids('products'), shippingMethodIds: ids('shippingMethods'), paymentMethodIds: ids('paymentMethods'), stockLocationIds: ids('stockLocations') },
		);
		const variants: Array<{ id: string; sku: string }> = has.products.items.flatMap((product: { variants: Array<{ id: string; sku: string }> }) => product.variants);
		return new VendureShop(channel, channelId, new Map(variants.map(({ id, sku }) => [sku, id])), ids('shippingMethods')[0]!);
	}

	/** The Admin API of this channel, as the superadmin. */
	async admin(query: string, variables: Json = {}): Promise<Record<string, any>> {
		return (await call('admin-api', query, variables, { authorization: `Bearer ${await adminToken()}`, 'vendure-token': this.channel })).data;
	}

	/** Somebody buys. */
	async place({ lines = [{ sku: 'RED-MUG', quantity: 2 }, { sku: 'TEE-L', quantity: 3 }], payment = 'card', address = ADDRESS, billingAddress, customFields }: Basket = {}): Promise<Bought> {
		const [first, ...rest] = lines.map(({ sku, quantity }) => `addItemToOrder(productVariantId: "${this.variants.get(sku)}", quantity: ${quantity}) { ${ERROR} }`);
		// The first item makes the session that the rest belongs to; a mutation carries out its fields one after the other.
		const { token } = await call('shop-api', `mutation { ${first} }`, {}, { 'vendure-token': this.channel });
		const values: Array<readonly [name: string, type: string, value: unknown]> = [
			['email', 'String!', `ada-${randomBytes(6).toString('hex')}@example.com`],
			['address', 'CreateAddressInput!', address],
			['method', 'ID!', this.shippingMethod],
			...(billingAddress === undefined ? [] : [['billing', 'CreateAddressInput!', billingAddress] as const]),
			...(customFields === undefined ? [] : [['own', 'UpdateOrderCustomFieldsInput', customFields] as const]),
		];
		const { data } = await call(
			'shop-api',
			`mutation (${values.map(([name, type]) => `$${name}: ${type}`).join(', ')}) {
				${rest.map((item, index) => `item${index}: ${item}`).join('\n')}
				setCustomerForOrder(input: { firstName: "Ada", lastName: "Lovelace", emailAddress: $email }) { ${ERROR} }
				setOrderShippingAddress(input: $address) { ${ERROR} }
				${billingAddress === undefined ? '' : `setOrderBillingAddress(input: $billing) { ${ERROR} }`}
				setOrderShippingMethod(shippingMethodId: [$method]) { ${ERROR} }
				${customFields === undefined ? '' : 'setOrderCustomFields(input: { customFields: $own }) { __typename }'}
				transitionOrderToState(state: "ArrangingPayment") { ${ERROR} }
				addPaymentToOrder(input: { method: "${payment}", metadata: {} }) { ${ERROR} ... on Order { id code lines { id quantity productVariant { sku } } } }
			}`,
			Object.fromEntries(values.map(([name, , value]) => [name, value])),
			{ 'vendure-token': this.channel, authorization: `Bearer ${token}` },
		);
		const { id, code, lines: bought } = data.addPaymentToOrder;
		return { id, code, lines: bought.map(({ id: line, quantity, productVariant }: { id: string; quantity: number; productVariant: { sku: string } }) => ({ id: line, quantity, sku: productVariant.sku })) };
	}

	/** Many, some at the same time. */
	async placeMany(count: number, basket: Basket = {}): Promise<Bought[]> {
		const placed: Bought[] = [];
		let started = 0;
		await Promise.all(
			Array.from({ length: Math.min(4, count) }, async () => {
				while (started < count) {
					started += 1;
					placed.push(await this.place(basket));
				}
			}),
		);
		return placed;
	}

	async order(id: string): Promise<Record<string, any>> {
		const { order } = await this.admin(
			`query ($id: ID!) { order(id: $id) {
				id code state active updatedAt orderPlacedAt totalWithTax lines { id quantity } payments { id state } customFields { pickupPoint warehouseReference }
				fulfillments { id state method trackingCode lines { orderLineId quantity } }
				history(options: { sort: { createdAt: ASC }, take: 100 }) { items { type isPublic data } }
			} }`,
			{ id },
		);
		return order;
	}

	/** Tracking codes of what is not canceled. */
	async tracking(id: string): Promise<string[]> {
		return (await this.order(id)).fulfillments.filter(({ state }: Json) => state !== 'Cancelled').map(({ trackingCode }: Json) => trackingCode);
	}

	/** Private and public notes. */
	async notes(id: string): Promise<string[]> {
		return (await this.order(id)).history.items.filter(({ type }: Json) => type === 'ORDER_NOTE').map(({ data }: { data: { note: string } }) => data.note);
	}

	async cancel(id: string): Promise<void> {
		await this.admin(`mutation ($orderId: ID!) { cancelOrder(input: { orderId: $orderId, reason: "customer" }) { ${ERROR} } }`, { orderId: id });
	}

	/** A person changes the order after it was placed. */
	async modify(id: string, input: Json): Promise<void> {
		await this.admin(`mutation ($id: ID!) { transitionOrderToState(id: $id, state: "Modifying") { ${ERROR} } }`, { id });
		await this.admin(`mutation ($input: ModifyOrderInput!) { modifyOrder(input: $input) { ${ERROR} } }`, { input: { dryRun: false, orderId: id, ...input } });
		await this.admin(`mutation ($id: ID!) { transitionOrderToState(id: $id, state: "PaymentSettled") { ${ERROR} } }`, { id });
	}
}
