/** Renews the access token of a credential, in n8n's `preAuthentication`. What goes wrong here happens before anything is sent. */
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { SIGN_IN_FAILED } from '../../lib/http/Http';
import { shown } from '../../lib/order/errors';

/** As HTTP clients write their errors, which is how n8n and `n8nHttp` read them. */
class SignInError extends Error {
	override readonly name = 'SignInError';
	readonly code?: string;
	readonly response?: { status: number };

	constructor(message: string, why: 'refused' | 'failed', cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		if (why === 'refused') this.response = { status: 401 };
		else this.code = SIGN_IN_FAILED;
	}
}

const unreachable = (label: string, cause: unknown): SignInError => new SignInError(`${label} could not be asked for a new access token`, 'failed', cause);

/**
 * @param request what the partner is asked by POST
 * @param tokenOf the token in the parsed answer; default: its `access_token`
 */
export async function renewedToken(
	{ helpers }: IHttpRequestHelper,
	label: string,
	request: Pick<IHttpRequestOptions, 'url' | 'body' | 'headers'>,
	tokenOf: (answer: object) => string | null = accessTokenOf,
): Promise<string> {
	let answer: { statusCode: number; body: unknown };
	try {
		answer = (await helpers.httpRequest({ ...request, method: 'POST', encoding: 'text', returnFullResponse: true, ignoreHttpStatusErrors: true, disableFollowRedirect: true, timeout: 30_000 })) as typeof answer;
	} catch (error) {
		throw unreachable(label, error);
	}
	const { statusCode, body } = answer;
	if (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429) throw new SignInError(`${label} gave no access token (${statusCode}): ${shown(body, 200)}`, 'refused');
	const token = statusCode >= 200 && statusCode < 300 ? tokenIn(body, tokenOf) : null;
	if (token === null) throw new SignInError(`${label} answered without an access token (${statusCode}): ${shown(body, 200)}`, 'failed');
	return token;
}

const accessTokenOf = (answer: object): string | null =>
	'access_token' in answer && typeof answer.access_token === 'string' && answer.access_token !== '' ? answer.access_token : null;

function tokenIn(body: unknown, tokenOf: (answer: object) => string | null): string | null {
	let value = body;
	try {
		if (typeof body === 'string') value = JSON.parse(body);
	} catch {
		return null;
	}
	return typeof value === 'object' && value !== null ? tokenOf(value) : null;
}
