/** How the Tryton credential signs in: by a session, which Tryton ends after some weeks, or at once when somebody removes it. */
import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';
import { renewedToken } from '../../shared/tokens';

/** The address of the database, without the slash at its end. */
export const trytonAddress = ({ url, database }: ICredentialDataDecryptedObject): string =>
	`${String(url ?? '')
		.trim()
		.replace(/\/+$/, '')}/${encodeURIComponent(String(database ?? '').trim())}`;

/** What stands after "Session" in the header: user name, user id and key of a new session. */
export async function newTrytonSession(helper: IHttpRequestHelper, data: ICredentialDataDecryptedObject): Promise<string> {
	const user = String(data.user ?? '').trim();
	const request = {
		url: `${trytonAddress(data)}/`,
		headers: { 'content-type': 'application/json' },
		body: { id: 1, method: 'common.db.login', params: [user, { password: String(data.password ?? '') }] },
		secrets: [String(data.password ?? '')] as const,
	};
	return await renewedToken(helper, 'Tryton', request, (answer) => {
		const [id, key]: unknown[] = 'result' in answer && Array.isArray(answer.result) ? answer.result : [];
		return typeof id === 'number' && typeof key === 'string' ? Buffer.from(`${user}:${id}:${key}`).toString('base64') : null;
	});
}
