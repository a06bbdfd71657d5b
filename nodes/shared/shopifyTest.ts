import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/shopify';
import { shopAddress } from './carts/shopify';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';
import { tested } from './credentialTests';

/** Asks the shop for its name and what the token may do. */
export async function shopifyConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		return await checkAccess(plainHttp(checkedUrl(shopAddress(data), 'Shopify'), { 'x-shopify-access-token': String(data.accessToken ?? '').trim() }));
	});
}
