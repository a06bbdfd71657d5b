import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/medusa';
import { medusaHeaders } from '../../lib/carts/medusa/headers';
import { channelsOf, medusaAddress } from './carts/medusa';
import { tested } from './credentialTests';
import { checkedUrl } from './httpAccount';
import { plainHttp } from './plainHttp';

/** Signs in, and looks for the sales channels of the credential. */
export async function medusaConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		const baseUrl = checkedUrl(medusaAddress(data), 'Medusa');
		return await checkAccess({ http: plainHttp(baseUrl, medusaHeaders(data)), account: new URL(baseUrl).host }, channelsOf(data));
	});
}
