/**
 * A shop on the real Medusa that `scripts/real-servers.cjs` started (MEDUSA_URL): each test gets a sales channel of its own, so that the shops
 * of one server do not see each other. Orders are placed as customers place them, through the Store API.
 */
import { randomBytes } from 'node:crypto';
import { realUrl } from './realUrl';

const ADMIN = { email: 'admin@example.com', password: 'supersecret' };

export const medusaUrl = (): string | null => realUrl('Medusa');

type Json = Record<string, unknown>;

async function call(method: string, path: string, headers: Record<string, string>, body?: Json): Promise<Record<string, any>> {
	const response = await fetch(`${process.env.MEDUSA_URL}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
	if (!response.ok) throw new Error(`Medusa: ${method} ${path}: ${response.status} ${await response.text()}`);
	return (await response.json()) as Record<string, any>;
}

/** The Admin API, as a person who works with it. */
const admin = async (method: string, path: string, body?: Json) => await call(method, `/admin${path}`, { authorization: `Bearer ${await token()}` }, body);

let signedIn: Promise<string> | undefined;

/** Of a session of the administrator, one for each test file. */
async function token(): Promise<string> {
	signedIn ??= call('POST', '/auth/user/emailpass', {}, ADMIN).then((answer) => answer.token as string);
	return await signedIn;
}

let secret: Promise<string> | undefined;

/** A secret API key, one for each test file. */
export async function secretKey(): Promise<string> {
	secret ??= admin('POST', '/api-keys', { title: 'n8n', type: 'secret' }).then(({ api_key: key }) => key.token as string);
	return await secret;
}

export interface Bought {
	id: string;
	/** The number that people read. */
	number: string;
	lines: Array<{ id: string; quantity: number; sku: string }>;
}

export interface Basket {
	lines?: Array<{ sku: string; quantity: number }>;
	/** Default: yes. Otherwise it is authorized only. */
	captured?: boolean;
	address?: Json;
	billingAddress?: Json;
	metadata?: Json;
	/** Ways to ship, by name. */
	shipping?: string[];
}

const ADDRESS = { first_name: 'Ada', last_name: 'Lovelace', company: 'Engines', address_1: 'Hauptstr. 1', address_2: 'Hinterhaus', city: 'Berlin', province: 'de-be', postal_code: '10115', country_code: 'de', phone: '030 1234' };

/** What every shop of the server sells. */
interface Range {
	region: string;
	variants: Map<string, string>;
	products: string[];
	location: string;
	shippingOption: string;
}

let range: Promise<Range> | undefined;

async function readRange(): Promise<Range> {
	const { regions } = await admin('GET', '/regions');
	const { products } = await admin('GET', '/products?fields=id,*variants');
	const { stock_locations: locations } = await admin('GET', '/stock-locations');
	const { shipping_options: options } = await admin('GET', '/shipping-options?fields=id,name');
	const variants = products.flatMap((product: Json) => product.variants as Array<{ id: string; sku: string }>);
	return { region: regions[0].id, products: products.map(({ id }: { id: string }) => id), location: locations[0].id, shippingOption: options.find(({ name }: Json) => name === 'Standard (2-3 days)').id, variants: new Map(variants.map(({ id, sku }: { id: string; sku: string }) => [sku, id])) };
}

export class MedusaShop {
	private constructor(
		/** Key of the sales channel. */
		readonly channel: string,
		private readonly publishableKey: string,
		private readonly range: Range,
	) {}

	static async open(): Promise<MedusaShop> {
		const all = await (range ??= readRange());
		const { sales_channel: channel } = await admin('POST', '/sales-channels', { name: `Shop ${randomBytes(6).toString('hex')}` });
		const { api_key: key } = await admin('POST', '/api-keys', { title: channel.name, type: 'publishable' });
		await admin('POST', `/api-keys/${key.id}/sales-channels`, { add: [channel.id] });
		await admin('POST', `/sales-channels/${channel.id}/products`, { add: all.products });
		await admin('POST', `/stock-locations/${all.location}/sales-channels`, { add: [channel.id] });
		return new MedusaShop(channel.id, key.token, all);
	}

	get url(): string {
		return process.env.MEDUSA_URL!;
	}

	/** Key of the stock location. */
	get location(): string {
		return this.range.location;
	}

	readonly admin = admin;

	/** Somebody buys. */
	async place({ lines = [{ sku: 'RED-MUG', quantity: 2 }, { sku: 'TEE-L', quantity: 3 }], captured = true, address = ADDRESS, billingAddress, metadata, shipping = ['Standard (2-3 days)'] }: Basket = {}): Promise<Bought> {
		const store = async (path: string, body: Json) => await call('POST', `/store${path}`, { 'x-publishable-api-key': this.publishableKey }, body);
		const { cart } = await store('/carts', {
			region_id: this.range.region, email: 'ada@example.com', shipping_address: address, ...(billingAddress === undefined ? {} : { billing_address: billingAddress }), ...(metadata === undefined ? {} : { metadata }),
			items: lines.map(({ sku, quantity }) => ({ variant_id: this.range.variants.get(sku), quantity })),
		});
		const { shipping_options: options } = await call('GET', `/store/shipping-options?cart_id=${cart.id}`, { 'x-publishable-api-key': this.publishableKey });
		for (const name of shipping) await store(`/carts/${cart.id}/shipping-methods`, { option_id: options.find((option: Json) => option.name === name).id });
		const { payment_collection: payment } = await store('/payment-collections', { cart_id: cart.id });
		await store(`/payment-collections/${payment.id}/payment-sessions`, { provider_id: 'pp_system_default' });
		const { order } = await store(`/carts/${cart.id}/complete`, {});
		if (captured) await this.capture(order.id);
		return { id: order.id, number: String(order.display_id), lines: order.items.map((item: Json) => ({ id: item.id, quantity: item.quantity, sku: item.variant_sku })) };
	}

	/** Many at once, of goods without stock. @param basket `paid: false` = there is nothing to pay */
	async placeMany(count: number, { lines = [{ sku: 'RED-MUG', quantity: 2 }, { sku: 'TEE-L', quantity: 3 }], captured = true, paid = true, price = 10, address = ADDRESS }: Pick<Basket, 'lines' | 'captured' | 'address'> & { price?: number; paid?: boolean } = {}): Promise<Bought[]> {
		const { orders } = await admin('POST', '/test-orders', {
			count,
			captured,
			paid,
			order: {
				sales_channel_id: this.channel, region_id: this.range.region, currency_code: 'eur', email: 'ada@example.com', shipping_address: address, billing_address: address,
				items: lines.map(({ sku, quantity }) => ({ title: sku, variant_sku: sku, quantity, unit_price: price, requires_shipping: true })),
				shipping_methods: [{ name: 'Standard (2-3 days)', amount: 0, shipping_option_id: this.range.shippingOption }],
			},
		});
		return orders;
	}

	/** The money of the order comes in. */
	async capture(id: string): Promise<void> {
		const { order } = await admin('GET', `/orders/${id}?fields=id,*payment_collections.payments`);
		for (const { payments } of order.payment_collections) for (const payment of payments) await admin('POST', `/payments/${payment.id}/capture`, {});
	}

	async order(id: string): Promise<Record<string, any>> {
		return (await admin('GET', `/orders/${id}?fields=+payment_status,+fulfillment_status,+email,*fulfillments,*fulfillments.items,*fulfillments.labels`)).order;
	}

	/** A person changes how much of a line was ordered. */
	async edit(id: string, lineId: string, quantity: number): Promise<void> {
		await admin('POST', '/order-edits', { order_id: id });
		await admin('POST', `/order-edits/${id}/items/item/${lineId}`, { quantity });
		for (const step of ['request', 'confirm']) await admin('POST', `/order-edits/${id}/${step}`, {});
	}

	/** When the orders were changed last, as a script in the shop's database leaves it. */
	async setTime(ids: readonly string[], time: string): Promise<void> {
		await admin('POST', '/test-orders/times', { ids, time });
	}

	/** Tracking numbers of what is not canceled. */
	async tracking(id: string): Promise<string[]> {
		const live = (await this.order(id)).fulfillments.filter(({ canceled_at: canceled }: Json) => canceled === null);
		return live.flatMap(({ labels }: { labels: Array<{ tracking_number: string }> }) => labels.map(({ tracking_number: number }) => number));
	}
}
