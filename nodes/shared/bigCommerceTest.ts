import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/bigCommerce';
import { storeAddress, storeHashOf } from './carts/bigCommerce';
import { tested } from './credentialTests';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';

/** Asks the store what the token may do. */
export async function bigCommerceConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		const baseUrl = checkedUrl(storeAddress(data), 'BigCommerce');
		return await checkAccess({ http: plainHttp(baseUrl, { 'x-auth-token': String(data.accessToken ?? '') }), account: storeHashOf(data) });
	});
}
