/** What of a credential nobody else may see: its password fields, and the tokens that were had for them since it was read. */
import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import { secretsOf, tokensFor, type Secrets } from '../../lib/http/secrets';

/**
 * @param properties of the credential type, as n8n knows them
 * @returns asked at each answer, since tokens are renewed meanwhile
 */
export function credentialSecrets(properties: readonly INodeProperties[], data: ICredentialDataDecryptedObject): () => Secrets {
	const text = (name: string): string[] => (typeof data[name] === 'string' && data[name] !== '' ? [data[name]] : []);
	const fields = properties
		.filter(({ type, typeOptions }) => typeOptions?.password === true && (type === 'string' || type === 'hidden'))
		.flatMap(({ name }) => text(name));
	let known = '';
	let secrets = secretsOf(fields);
	return () => {
		const tokens = fields.flatMap((field) => [...tokensFor(field), ...tokensFor(field.trim())]);
		if (tokens.join('\n') !== known) [known, secrets] = [tokens.join('\n'), secretsOf([...fields, ...tokens])];
		return secrets;
	};
}
