/** The WooCommerce nodes with their credential, on n8n's engine and its HTTP helper, against a site. */
import { WooCommerceOrderImportTrigger } from '../../nodes/WooCommerceOrderImportTrigger/WooCommerceOrderImportTrigger.node';
import { Peer } from '../../testing/servers/Peer';
import { KEYS, WooPeer } from '../../testing/servers/wooCommerce';
import { cartThroughNodes } from './cartThroughNodes';
import { connectionTest } from './connectionTest';

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
			callOff: (number) => woo.touch(Number(number), { status: 'cancelled' }),
			told: (number) => {
				const id = Number(number);
				return {
					acknowledged: woo.meta(id, '_order_fulfillment_reference') !== undefined,
					tracking: ((woo.meta(id, '_wc_shipment_tracking_items') ?? []) as Array<{ tracking_number: string }>).map(
						({ tracking_number: given }) => given,
					),
					notes: (woo.notes.get(id) ?? []).map(({ note }) => String(note)),
					canceled: woo.orders.get(id)?.status === 'cancelled',
				};
			},
		};
	},
});

describe('the connection test', () => {
	const open = async (changes: Partial<Pick<WooPeer, 'permissions' | 'isManager'>> = {}) => {
		const woo = Object.assign(await WooPeer.open(), changes);
		woo.place();
		const test = async (data: object = {}) =>
			await connectionTest(new WooCommerceOrderImportTrigger(), 'wooCommerceOrdersApi', { url: `${woo.url}/wp-json/`, ...KEYS, ...data });
		return { woo, test };
	};

	it('says what the key may, and changes nothing in the shop', async () => {
		const { woo, test } = await open();
		const before = structuredClone([...woo.orders]);
		expect(await test()).toEqual({ status: 'OK', message: `Connected to ${new URL(woo.url).host}; the key may read and write orders.` });
		expect([...woo.orders]).toEqual(before);
		expect(woo.peer.calls).toEqual(['GET /wp-json/wc/v3/orders', 'POST /wp-json/wc/v3/orders/batch']);
	});

	it.each<[string, Partial<Pick<WooPeer, 'permissions' | 'isManager'>>, RegExp]>([
		[
			'the permission Write of a key that reads',
			{ permissions: 'read' },
			/accepts the key, but it lacks the permission Write \(uploading tracking, .*set its permissions to Read\/Write\./,
		],
		['the permission Read of a key that writes', { permissions: 'write' }, /lacks the permission Read \(importing orders\)/],
		[
			'the right of its user to edit orders',
			{ isManager: false },
			/its user may see orders, but it lacks the right to edit them .*role Shop manager/,
		],
	])('says that it lacks %s', async (_, changes, message) => {
		const { test } = await open(changes);
		expect(await test()).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	});

	it('tells wrong keys, a closed shop and another site from a missing permission', async () => {
		const { woo, test } = await open();
		expect(await test({ consumerKey: 'ck_old' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/refused the credentials \(401\).*permission Read\/Write/),
		});
		woo.peer.faultAt = () => 'html';
		expect(await test()).toEqual({ status: 'Error', message: expect.stringContaining('answered with a page instead of data') });
		const other = await Peer.open(() => ({
			status: 301,
			headers: { location: 'https://www.example.com/wp-json/wc/v3/orders?per_page=1' },
		}));
		expect(await test({ url: other.url })).toEqual({
			status: 'Error',
			message: expect.stringContaining('begin with "https://www.example.com"'),
		});
	});
});
