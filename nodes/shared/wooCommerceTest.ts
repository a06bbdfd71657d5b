import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/wooCommerce';
import { siteAddress } from './carts/wooCommerce';
import { tested } from './credentialTests';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';
import { basic } from './signIn';

/** Asks the shop what the key and its user may do. */
export async function wooCommerceConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		const baseUrl = checkedUrl(siteAddress(data), 'WooCommerce');
		return await checkAccess({ http: plainHttp(baseUrl, basic(data.consumerKey, data.consumerSecret)), account: new URL(baseUrl).host });
	});
}
