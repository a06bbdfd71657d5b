import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../lib/carts/shopify';
import { HttpFailure, responseFrom, type Http } from '../../lib/http/Http';
import { shopAddress } from './carts/shopify';
import { checkedUrl } from './httpAccount';
import { tested } from './credentialTests';

const TIMEOUT_MS = 15_000;

/** Asks the shop for its name and what the token may do. */
export async function shopifyConnectionTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const data = credential.data ?? {};
		return await checkAccess(reach(checkedUrl(shopAddress(data), 'Shopify'), String(data.accessToken ?? '').trim()));
	});
}

/** n8n has no signed requests for connection tests that decide by more than one value of the answer. */
const reach =
	(baseUrl: string, token: string): Http =>
	async ({ method, url, body }) => {
		try {
			const response = await fetch(`${baseUrl}${url}`, {
				method,
				redirect: 'manual',
				headers: { accept: 'application/json', 'content-type': 'application/json', 'x-shopify-access-token': token },
				body: JSON.stringify(body ?? null),
				signal: AbortSignal.timeout(TIMEOUT_MS),
			});
			return responseFrom(response.status, Object.fromEntries(response.headers), await response.text());
		} catch (error) {
			throw failureOf(error);
		}
	};

function failureOf(error: unknown): Error {
	if (error instanceof HttpFailure) return error;
	const { code } = ((error instanceof Error ? error.cause : null) ?? {}) as { code?: string };
	return new HttpFailure(code === undefined ? 'no answer' : `no answer (${code})`, 'maybe', { cause: error });
}
