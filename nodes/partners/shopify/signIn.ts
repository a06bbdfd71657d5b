import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** What signs a request in. */
export const signInHeaders = ({ accessToken }: ICredentialDataDecryptedObject): Record<string, string> => ({
	'x-shopify-access-token': String(accessToken ?? '').trim(),
});
