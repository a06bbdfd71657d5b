/** Keys in the address, for hosts that keep the header Authorization from WordPress. */
import { WooCommerceOrdersApi } from '../../credentials/WooCommerceOrdersApi.credentials';
import { checkAccess, checkHeader, withKeysInAddress } from '../../lib/carts/wooCommerce';
import { fetchHttp } from '../http/fetchHttp';
import { BASIC, KEYS, WooPeer } from '../servers/wooCommerce';

const accountOf = (woo: WooPeer) => ({ http: fetchHttp(woo.url, { authorization: BASIC }), account: 'shop.example.com' });

it('tells a header that does not arrive from wrong keys', async () => {
	const woo = await WooPeer.open();
	expect(await checkHeader(accountOf(woo), KEYS)).toContain('may read and write');
	woo.passesAuthorization = false;
	await expect(checkHeader(accountOf(woo), KEYS)).rejects.toMatchObject({ code: 'credentials_invalid', message: expect.stringContaining('did not arrive'), remedy: expect.stringContaining('Keys In') });
	await expect(checkHeader(accountOf(woo), { ...KEYS, consumerSecret: 'cs_old' })).rejects.toMatchObject({ message: expect.stringContaining('refused the credentials') });
	expect(await checkAccess(withKeysInAddress(accountOf(woo), KEYS))).toContain('may read and write');
});

it('signs in by the address over HTTPS only', async () => {
	const credential = new WooCommerceOrdersApi();
	const sign = async (url: string, keysIn?: string) => await credential.authenticate({ ...KEYS, ...(keysIn === undefined ? {} : { keysIn }) }, { url, qs: { page: 2 } });
	expect(await sign('https://shop.example.com/x', 'query')).toEqual({ url: 'https://shop.example.com/x', qs: { page: 2, consumer_key: 'ck_test', consumer_secret: 'cs_test' } });
	expect(await sign('https://shop.example.com/x')).toEqual({ url: 'https://shop.example.com/x', qs: { page: 2 }, auth: { username: 'ck_test', password: 'cs_test' } });
	await expect(sign('http://shop.example.com/x', 'query')).rejects.toThrow('HTTPS');
});
