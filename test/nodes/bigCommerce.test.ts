/** The BigCommerce nodes with their credential, on n8n's engine and its HTTP helper, against a store. */
import { BigPeer, HASH, TOKEN } from '../servers/bigCommerce';
import { cartThroughNodes } from './cartThroughNodes';

cartThroughNodes('bigCommerce', {
	credential: 'bigCommerceOrdersApi',
	trigger: 'bigCommerceOrderImportTrigger',
	async open() {
		const big = await BigPeer.open();
		big.now = Math.floor(Date.now() / 1000) - 3_600;
		const data = { apiUrl: big.peer.url, storeHash: HASH };
		return {
			data: { ...data, accessToken: TOKEN },
			refusedData: { ...data, accessToken: 'old' },
			place: () => String(big.place().id),
			told: (number) => {
				const order = big.orders.get(Number(number))!;
				return {
					acknowledged: order.staff_notes.includes('The warehouse has the order'),
					tracking: (big.shipments.get(order.id) ?? []).map(({ tracking_number: given }) => String(given)),
					notes: order.staff_notes.split('\n'),
					canceled: order.status_id === 5,
				};
			},
		};
	},
});
