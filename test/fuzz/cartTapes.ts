/** What each cart answers about three orders. */
import type { CartSession } from '../../lib/carts/Cart';
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { magentoCart } from '../../lib/carts/magento';
import { medusaCart } from '../../lib/carts/medusa';
import type { CartCode } from '../../nodes/partners';
import { cartPartners } from '../../nodes/partners/lists';
import { withHttpStatus, shopifyCart } from '../../lib/carts/shopify';
import { vendureCart } from '../../lib/carts/vendure';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import type { Http } from '../../lib/http/Http';
import { EARLIEST } from '../carts/contract';
import { httpOf as medusaHttp } from '../carts/medusaHarness';
import { httpOf as vendureHttp, SUPERADMIN } from '../carts/vendureHarness';
import { harnessOf } from '../harnesses';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { MedusaShop, medusaUrl } from '../real/medusaShop';
import { VendureShop, vendureUrl } from '../real/vendureShop';
import { BigPeer, TOKEN as BIG } from '../../testing/servers/bigCommerce';
import { MagentoPeer, TOKEN as MAGENTO } from '../../testing/servers/magento';
import { openShopify, TOKEN as SHOPIFY } from '../../testing/servers/shopify/shopifyPeer';
import { BASIC, WooPeer } from '../../testing/servers/wooCommerce';
import { recording, type Answer } from './recorded';
import { keptTape } from './tapes';

export interface TapedCart {
	open(http: Http): CartSession;
	tape(): Promise<Answer[]>;
	/** In the address of what is asked of the second order alone. */
	named: RegExp | null;
	/** A change of these may mean that the order is not to be imported. */
	chooses: RegExp;
}

export const FILTER = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 50 };

async function taped(http: Http, open: (http: Http) => CartSession): Promise<Answer[]> {
	const tape: Answer[] = [];
	for await (const page of open(recording(http, tape)).listOrders(null, FILTER))
		if (page.failures.length > 0) throw new Error('The orders are to be good ones');
	return tape;
}

const OPEN = {
	bigCommerce: (http) => bigCommerceCart.open({ http, account: 'abc' }, { store: 'acme' }),
	magento: (http) => magentoCart.open({ http, account: 'shop' }, { store: 'acme' }),
	medusa: (http) => medusaCart.open({ http, account: 'shop' }, { store: 'acme' }),
	shopify: (http) => shopifyCart.open({ http, account: 'acme.myshopify.com' }, {}),
	vendure: (http) => vendureCart.open({ http, account: 'shop' }, { store: 'acme' }),
	wooCommerce: (http) => wooCommerceCart.open({ http, account: 'shop' }, { store: 'acme' }),
} satisfies Partial<Record<CartCode, (http: Http) => CartSession>>;

type OverHttp = keyof typeof OPEN;

const three = (place: () => unknown): void => [0, 1, 2].forEach(place);

const TAPE: Record<OverHttp, () => Promise<Answer[]>> = {
	async bigCommerce() {
		const big = await BigPeer.open();
		three(() => big.place({ coupon_discount: '1.0000' }));
		return await taped(fetchHttp(big.url, { 'x-auth-token': BIG }), OPEN.bigCommerce);
	},
	async magento() {
		const shop = await MagentoPeer.open();
		three(() => shop.place());
		return await taped(fetchHttp(shop.url, { authorization: `Bearer ${MAGENTO}` }), OPEN.magento);
	},
	medusa: async () =>
		await keptTape(
			'medusa',
			medusaUrl() === null
				? null
				: async () => {
						const shop = await MedusaShop.open();
						await shop.placeMany(3, { lines: [{ sku: 'TEE-L', quantity: 2 }] });
						// What is recorded names no channel.
						const ofChannel: Http = async (request) =>
							await medusaHttp(shop)({ ...request, query: { ...request.query, 'sales_channel_id[]': [shop.channel] } });
						return await taped(ofChannel, (http) => medusaCart.open({ http, account: 'shop' }, { store: 'acme' }));
					},
		),
	async shopify() {
		const { shop, peer } = await openShopify();
		shop.scopes.push('read_locations');
		three(() =>
			shop.place({ lines: [{ quantity: 2 }, { sku: null, attributes: [{ key: 'Engraving', value: 'Ada' }], variantTitle: 'Large' }] }),
		);
		const plain = fetchHttp(peer.url, { 'x-shopify-access-token': SHOPIFY });
		return await taped(async (request) => withHttpStatus(await plain(request)), OPEN.shopify);
	},
	vendure: async () =>
		await keptTape(
			'vendure',
			vendureUrl() === null
				? null
				: async () => {
						const shop = await VendureShop.open();
						await shop.placeMany(3, { lines: [{ sku: 'TEE-L', quantity: 2 }] });
						const open = (http: Http): CartSession =>
							vendureCart.open({ http, account: shop.channel, signIn: SUPERADMIN }, { store: 'acme', channel: shop.channel });
						return (await taped(vendureHttp(shop), open)).filter(({ request }) => !JSON.stringify(request).includes('password'));
					},
		),
	async wooCommerce() {
		const woo = await WooPeer.open();
		three(() => woo.place());
		return await taped(fetchHttp(woo.url, { authorization: BASIC }), OPEN.wooCommerce);
	},
};

const NAMED: Partial<Record<OverHttp, RegExp>> = { bigCommerce: /^\/orders\/102\// };

const CHOOSES: Record<OverHttp, RegExp> = {
	bigCommerce: /status_id/,
	magento: /$^/,
	medusa: /status|\.total/,
	shopify:
		/graphql\.json \[1\]: (remove|replace null)|cancelledAt|test|displayFinancialStatus|tags|processedAt|fulfillmentOrders|lineItems|requiresShipping|Quantity/i,
	vendure: /\.(state|type)/,
	wooCommerce: /$^/,
};

const known = (code: OverHttp): TapedCart => ({ open: OPEN[code], tape: TAPE[code], named: NAMED[code] ?? null, chooses: CHOOSES[code] });

/** Those that are not here are in the harness of the partner, as `<code>Tape`; without one, what asks for its tape fails. */
function tapedOf(code: string): TapedCart {
	if (Object.hasOwn(OPEN, code)) return known(code as OverHttp);
	const nothing = (): never => {
		throw new Error(`Say in test/carts/${code}Harness.ts, as ${code}Tape, what it answers about three orders.`);
	};
	return (
		harnessOf<TapedCart>('carts', code, `${code}Tape`) ?? {
			open: nothing,
			tape: async () => await Promise.resolve().then(nothing),
			named: null,
			chooses: /$^/,
		}
	);
}

/** Every one over HTTP. */
export const TAPED_CARTS: Record<string, TapedCart> = Object.fromEntries(
	cartPartners.filter(([, { exchangesFiles }]) => exchangesFiles !== true).map(([code]) => [code, tapedOf(code)]),
);
