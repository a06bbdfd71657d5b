/** The Magento nodes with their credential, on n8n's engine and its HTTP helper, against a shop. */
import { MagentoPeer, TOKEN } from '../servers/magento';
import { cartThroughNodes } from './cartThroughNodes';

cartThroughNodes('magento', {
	credential: 'magentoOrdersApi',
	trigger: 'magentoOrderImportTrigger',
	async open() {
		const shop = await MagentoPeer.open();
		shop.now = Math.floor(Date.now() / 1000) - 3_600;
		const orderOf = (number: string) => [...shop.orders.values()].find((order) => order.increment_id === number)!;
		return {
			data: { url: `${shop.peer.url}/`, accessToken: TOKEN },
			refusedData: { url: shop.peer.url, accessToken: 'old' },
			place: () => shop.place().increment_id,
			told: (number) => {
				const order = orderOf(number);
				const notes = order.status_histories.map(({ comment }) => String(comment));
				return { acknowledged: notes.some((note) => note.includes('The warehouse has the order')), tracking: shop.tracks(order.entity_id), notes, canceled: order.state === 'canceled' };
			},
		};
	},
});
