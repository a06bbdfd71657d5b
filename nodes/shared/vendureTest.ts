import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/vendure';
import { vendureHeaders } from '../../lib/carts/vendure/headers';
import { adminAddress, signInOf } from './carts/vendure';
import { tested } from './credentialTests';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';

/** Signs in, and asks what the role may do in the channel. */
export async function vendureConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		const baseUrl = checkedUrl(adminAddress(data), 'Vendure');
		return await checkAccess({ http: plainHttp(baseUrl, vendureHeaders(data)), account: new URL(baseUrl).host, ...signInOf(data) });
	});
}
