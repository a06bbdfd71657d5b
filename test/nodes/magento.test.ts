/** The Magento nodes with their credential, on n8n's engine and its HTTP helper, against a shop. */
import { MagentoOrderImportTrigger } from '../../nodes/MagentoOrderImportTrigger/MagentoOrderImportTrigger.node';
import { MagentoPeer, TOKEN } from '../../testing/servers/magento';
import { cartThroughNodes } from './cartThroughNodes';
import { connectionTest } from './connectionTest';

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
			callOff: (number) => shop.touch(orderOf(number).entity_id, { state: 'canceled', status: 'canceled' }),
			told: (number) => {
				const order = orderOf(number);
				const notes = order.status_histories.map(({ comment }) => String(comment));
				return {
					acknowledged: notes.some((note) => note.includes('The warehouse has the order')),
					tracking: shop.tracks(order.entity_id),
					notes,
					canceled: order.state === 'canceled',
				};
			},
		};
	},
});

describe('the connection test', () => {
	const open = async (withheld: string[] = []) => {
		const shop = await MagentoPeer.open();
		shop.place();
		shop.withheld = withheld;
		const test = async (data: object = {}) =>
			await connectionTest(new MagentoOrderImportTrigger(), 'magentoOrdersApi', {
				url: shop.peer.url,
				restPath: '/rest/default',
				accessToken: TOKEN,
				...data,
			});
		return { shop, test };
	};

	it('names the shop, and changes nothing in it', async () => {
		const { shop, test } = await open();
		const before = structuredClone([...shop.orders]);
		expect(await test()).toEqual({ status: 'OK', message: `Connected to ${new URL(shop.peer.url).host}.` });
		expect([[...shop.orders], shop.shipments]).toEqual([before, []]);
	});

	it.each([
		['Magento_Sales::actions_view', 'Sales → Operations → Orders → Actions → View (importing orders)'],
		['Magento_Sales::shipment', 'Sales → Operations → Shipments (uploading tracking)'],
		['Magento_Sales::ship', 'Sales → Operations → Orders → Actions → Ship (uploading tracking)'],
		['Magento_Sales::comment', 'Sales → Operations → Orders → Actions → Comment (acknowledging and notes)'],
		['Magento_Sales::cancel', 'Sales → Operations → Orders → Actions → Cancel (canceling)'],
	])('says that %s is missing, by its place in the admin', async (resource, place) => {
		const { test } = await open([resource]);
		expect(await test()).toEqual({
			status: 'Error',
			message: expect.stringContaining(
				`Magento accepts the token, but it lacks ${place}. Choose the resources under System → Integrations`,
			),
		});
	});

	it('names all that are missing', async () => {
		const { test } = await open(['Magento_Sales::ship', 'Magento_Sales::cancel']);
		expect(await test()).toEqual({
			status: 'Error',
			message: expect.stringMatching(/→ Ship \(uploading tracking\), .* → Cancel \(canceling\)\./),
		});
	});

	it('says what works without the resource that only weights need', async () => {
		const { test } = await open(['Magento_Backend::store']);
		expect(await test()).toEqual({
			status: 'OK',
			message: expect.stringContaining('Lines come without weights, as the integration lacks Stores → Settings → All Stores'),
		});
	});

	it('tells a wrong token and a wrong path from a missing resource', async () => {
		const { test } = await open();
		expect(await test({ accessToken: 'old' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/refused the credentials \(401\): .*Magento_Sales::actions_view.*Bearer tokens/),
		});
		expect(await test({ restPath: '/rest/nowhere' })).toEqual({
			status: 'Error',
			message: expect.stringContaining('Magento refused GET /orders (404)'),
		});
	});
});
