import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/magento';
import { restAddress } from './carts/magento';
import { tested } from './credentialTests';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';
import { bearer } from './signIn';

/** Asks the shop what the integration may do. */
export async function magentoConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		const baseUrl = checkedUrl(restAddress(data), 'Magento');
		return await checkAccess({ http: plainHttp(baseUrl, bearer(data.accessToken)), account: new URL(baseUrl).host });
	});
}
