/** The BigCommerce nodes with their credential, on n8n's engine and its HTTP helper, against a store. */
import { BigCommerceOrderImportTrigger } from '../../nodes/BigCommerceOrderImportTrigger/BigCommerceOrderImportTrigger.node';
import { BigPeer, HASH, TOKEN, type BigScope } from '../../testing/servers/bigCommerce';
import { cartThroughNodes } from './cartThroughNodes';
import { connectionTest } from './connectionTest';

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
			callOff: (number) => big.touch(Number(number), { status_id: 5 }),
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

describe('the connection test', () => {
	const open = async (scopes: BigScope[]) => {
		const big = await BigPeer.open();
		big.place();
		big.scopes = scopes;
		const apiUrl = big.peer.url;
		const test = async (data: object = {}) =>
			await connectionTest(new BigCommerceOrderImportTrigger(), 'bigCommerceOrdersApi', {
				apiUrl,
				storeHash: HASH,
				accessToken: TOKEN,
				...data,
			});
		return { big, test };
	};

	it('names the store, and changes nothing in it', async () => {
		const { big, test } = await open(['store_v2_orders', 'store_v2_information_read_only']);
		const before = structuredClone([...big.orders]);
		expect(await test()).toEqual({ status: 'OK', message: 'Connected to Acme Mugs.' });
		expect([...big.orders]).toEqual(before);
	});

	it.each<[string, BigScope[], RegExp]>([
		[
			'Orders: modify, of a token that reads',
			['store_v2_orders_read_only'],
			/accepts the token, but it lacks Orders: modify \(uploading tracking, acknowledging, notes and canceling\)\. Create an API account/,
		],
		[
			'both scopes, of a token for something else',
			['store_v2_information_read_only'],
			/lacks Orders: read-only \(importing orders\), Orders: modify \(/,
		],
	])('says that it lacks %s', async (_, scopes, message) => {
		const { test } = await open(scopes);
		expect(await test()).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	});

	it('says what works without the scope that only weights need', async () => {
		const { test } = await open(['store_v2_orders']);
		expect(await test()).toEqual({
			status: 'OK',
			message: expect.stringContaining('Lines come without weights, as the token lacks the scope Information & settings: read-only'),
		});
	});

	it('tells a wrong token, and an address that is not there, from a missing scope', async () => {
		const { big, test } = await open(['store_v2_orders']);
		expect(await test({ accessToken: 'old' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/refused the credentials \(401\).*store hash and access token belong together/),
		});
		expect(await test({ apiUrl: '' })).toEqual({
			status: 'Error',
			message: expect.stringContaining('address in the BigCommerce credential'),
		});
		await big.peer.close();
		expect(await test()).toEqual({ status: 'Error', message: expect.stringContaining('could not be reached') });
	});
});
