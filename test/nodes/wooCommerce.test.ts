/** The WooCommerce nodes with their credential, on n8n's engine and its HTTP helper, against a site. */
import { KEYS, WooPeer } from '../servers/wooCommerce';
import { cartThroughNodes } from './cartThroughNodes';

cartThroughNodes('wooCommerce', {
	credential: 'wooCommerceOrdersApi',
	trigger: 'wooCommerceOrderImportTrigger',
	async open() {
		const woo = await WooPeer.open();
		woo.now = Math.floor(Date.now() / 1000) - 3_600;
		return {
			data: { url: `${woo.url}/`, ...KEYS },
			refusedData: { url: woo.url, consumerKey: 'ck_old', consumerSecret: 'cs_old' },
			place: () => woo.place().number,
			told: (number) => {
				const id = Number(number);
				return {
					acknowledged: woo.meta(id, '_order_fulfillment_reference') !== undefined,
					tracking: ((woo.meta(id, '_wc_shipment_tracking_items') ?? []) as Array<{ tracking_number: string }>).map(({ tracking_number: given }) => given),
					notes: (woo.notes.get(id) ?? []).map(({ note }) => String(note)),
					canceled: woo.orders.get(id)?.status === 'cancelled',
				};
			},
		};
	},
});
