/** Keys in the address, for hosts that keep the header Authorization from WordPress. */
import { WooCommerceOrdersApi } from '../../credentials/WooCommerceOrdersApi.credentials';
import { checkAccess, checkHeader, hiddenMeta, withKeysInAddress } from '../../lib/carts/wooCommerce';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { BASIC, KEYS, WooPeer } from '../../testing/servers/wooCommerce';

const accountOf = (woo: WooPeer) => ({ http: fetchHttp(woo.url, { authorization: BASIC }), account: 'shop.example.com' });

it('tells a header that does not arrive from wrong keys', async () => {
	const woo = await WooPeer.open();
	expect(await checkHeader(accountOf(woo), KEYS)).toContain('may read and write');
	woo.passesAuthorization = false;
	await expect(checkHeader(accountOf(woo), KEYS)).rejects.toMatchObject({
		code: 'credentials_invalid',
		message: expect.stringContaining('did not arrive'),
		remedy: expect.stringContaining('Keys In'),
	});
	await expect(checkHeader(accountOf(woo), { ...KEYS, consumerSecret: 'cs_old' })).rejects.toMatchObject({
		message: expect.stringContaining('refused the credentials'),
	});
	expect(await checkAccess(withKeysInAddress(accountOf(woo), KEYS))).toContain('may read and write');
});

it('signs in by the address over HTTPS only', async () => {
	const credential = new WooCommerceOrdersApi();
	const sign = async (url: string, keysIn?: string) =>
		await credential.authenticate({ ...KEYS, ...(keysIn === undefined ? {} : { keysIn }) }, { url, qs: { page: 2 } });
	expect(await sign('https://shop.example.com/x', 'query')).toEqual({
		url: 'https://shop.example.com/x',
		qs: { page: 2, consumer_key: 'ck_test', consumer_secret: 'cs_test' },
	});
	expect(await sign('https://shop.example.com/x')).toEqual({
		url: 'https://shop.example.com/x',
		qs: { page: 2 },
		auth: { username: 'ck_test', password: 'cs_test' },
	});
	await expect(sign('http://shop.example.com/x', 'query')).rejects.toThrow('HTTPS');
});

it('offers the hidden meta of the newest orders to choose from, with a value, without the bookkeeping of the shop', async () => {
	const woo = await WooPeer.open();
	woo.place({
		meta_data: [
			{ id: 1, key: '_parcel_machine_id', value: 'PL0123' },
			{ id: 2, key: 'gift', value: 'yes' },
			{ id: 3, key: '_order_key', value: 'x' },
			{ id: 4, key: '_wc_order_attribution_source', value: 'x' },
		],
	});
	woo.place({ meta_data: { 7: { id: 5, key: '_parcel_machine_id', value: 'PL9' }, 8: { id: 6, key: '_dpd_point', value: { id: 'D1' } } } });
	woo.place({
		meta_data: [],
		shipping_lines: [
			{ id: 9, method_id: 'inpost', method_title: 'InPost', total: '1.00', meta_data: [{ id: 7, key: '_inpost_locker', value: 'KRA01' }] },
		],
	});
	expect(await hiddenMeta(accountOf(woo))).toEqual([
		{ key: '_dpd_point', example: null },
		{ key: '_inpost_locker', example: 'KRA01' },
		{ key: '_parcel_machine_id', example: expect.stringMatching(/^PL/) },
	]);
});
