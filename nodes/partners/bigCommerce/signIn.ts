import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** What signs a request in. */
export const signInHeaders = ({ accessToken }: ICredentialDataDecryptedObject): Record<string, string> => ({
	'x-auth-token': String(accessToken ?? ''),
});
