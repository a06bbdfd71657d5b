/** Renews the access token of a credential, in n8n's `preAuthentication`. What goes wrong here happens before anything is sent. */
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { textOfBody } from '../../lib/http/body';
import { SIGN_IN_FAILED } from '../../lib/http/Http';
import { keepToken, secretsOf } from '../../lib/http/secrets';
import { inTime } from '../../lib/http/timeLimit';
import { asError, shown } from '../../lib/order/errors';

const LONGEST_MS = 30_000;
/** An answer with a token has some hundred bytes. */
const MOST_BYTES = 1024 * 1024;

/** As HTTP clients write their errors, which is how n8n and `n8nHttp` read them. */
class SignInError extends Error {
	override readonly name = 'SignInError';
	readonly code?: string;
	readonly response?: { status: number };

	constructor(message: string, why: 'refused' | 'failed') {
		super(message);
		if (why === 'refused') this.response = { status: 401 };
		else this.code = SIGN_IN_FAILED;
	}
}

const unreachable = (label: string, why: string): SignInError =>
	new SignInError(`${label} could not be asked for a new access token: ${why}`, 'failed');

interface TokenRequest extends Pick<IHttpRequestOptions, 'url' | 'body' | 'headers'> {
	/** What of it nobody else may see; the token belongs to the first one. */
	secrets: readonly [string, ...string[]];
}

/**
 * @param request what the partner is asked by POST
 * @param tokenOf the token in the parsed answer; default: its `access_token`
 */
export async function renewedToken(
	{ helpers }: IHttpRequestHelper,
	label: string,
	{ secrets, ...request }: TokenRequest,
	tokenOf: (answer: object) => string | null = accessTokenOf,
): Promise<string> {
	const { redact } = secretsOf(secrets);
	let answer: { status: number; text: string };
	try {
		answer = await inTime(LONGEST_MS, async (signal) => await answerTo(helpers, request, signal));
	} catch (error) {
		throw unreachable(label, redact(asError(error).message));
	}
	const { status, text } = answer;
	if (status >= 400 && status < 500 && status !== 408 && status !== 429)
		throw new SignInError(`${label} gave no access token (${status}): ${shown(redact(text), 200)}`, 'refused');
	const token = status >= 200 && status < 300 ? tokenIn(text, tokenOf) : null;
	if (token === null) throw new SignInError(`${label} answered without an access token (${status}): ${shown(redact(text), 200)}`, 'failed');
	keepToken(secrets[0], token);
	return token;
}

/** Whole, within bounds, whatever its status. */
async function answerTo(
	helpers: IHttpRequestHelper['helpers'],
	request: Omit<TokenRequest, 'secrets'>,
	signal: AbortSignal,
): Promise<{ status: number; text: string }> {
	const { statusCode, body } = (await helpers.httpRequest({
		...request,
		method: 'POST',
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: LONGEST_MS,
		abortSignal: signal,
	})) as { statusCode: number; body: unknown };
	return { status: statusCode, text: body instanceof Readable ? await textOfBody(body, signal, MOST_BYTES) : String(body ?? '') };
}

const accessTokenOf = (answer: object): string | null =>
	'access_token' in answer && typeof answer.access_token === 'string' && answer.access_token !== '' ? answer.access_token : null;

function tokenIn(text: string, tokenOf: (answer: object) => string | null): string | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? tokenOf(value) : null;
	} catch {
		return null;
	}
}
