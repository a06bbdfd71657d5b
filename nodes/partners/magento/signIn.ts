import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { bearer } from '../../shared/signIn';

/** What signs a request in. */
export const signInHeaders = ({ accessToken }: ICredentialDataDecryptedObject): Record<string, string> => bearer(accessToken);
