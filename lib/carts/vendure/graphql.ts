/** Calls of Vendure's Admin API: its sign-in, and what its ways to say no mean. */
import { createHash } from 'node:crypto';
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, otherData, PartnerError, type PartnerOptions } from '../../http/partner';
import { keepToken } from '../../http/secrets';
import { sharedMap } from '../../http/shared';
import { asError, shown } from '../../order/errors';
import { isList, isObject, type JsonObject } from '../../order/json';
import type { JsonValue } from '../../order/order';
import { SIGN_IN, type Document } from './documents';

export const LABEL = 'Vendure';

const CREDENTIALS_REMEDY =
	'Check the Vendure credential: user and password, or the API key, which the shop takes only with tokenMethod "api-key"; the role needs the permissions ReadOrder and UpdateOrder in this channel. Work resumes automatically afterwards.';

const OPTIONS: PartnerOptions = {
	label: LABEL,
	credentialsRemedy: CREDENTIALS_REMEDY,
	messageOf: (body) =>
		errorsOf(body)
			.map(({ message }) => message)
			.join('; ') || null,
};

/** One account; `signIn` only when it has a password: an API key goes with each request by the credential. */
export interface VendureAccount extends HttpAccount {
	signIn?: { username: string; password: string };
}

/** A result that may be an error in its place. */
export type Result<Wanted> = Wanted | { errorCode: string; message: string };

interface GraphqlError {
	message: string;
	code: string;
}

/** Gives `data`. Throws PartnerError for everything else, also for errors beside data. @param onAnswer sees the whole answer */
export type Graphql = <Data>(
	document: Document,
	variables: Record<string, JsonValue>,
	onAnswer?: (response: HttpResponse) => void,
) => Promise<Data>;

export const graphqlOf =
	(account: VendureAccount): Graphql =>
	async (document, variables, onAnswer) => {
		const response = await answerTo(account, document, variables);
		onAnswer?.(response);
		return dataOf(document, response);
	};

/** With a session where there is a password; one that is over is replaced. */
async function answerTo(account: VendureAccount, document: Document, variables: Record<string, JsonValue>): Promise<HttpResponse> {
	const { signIn } = account;
	if (signIn === undefined) return await send(account, document, variables, {});
	const key = keyOf(account, signIn);
	const known = SESSIONS.get(key);
	if (known !== undefined) {
		const response = await send(account, document, variables, await signedIn(account, signIn));
		if (!isForbidden(response)) return response;
		// Refused before anything was carried out: the session is over, or was taken away.
		if (SESSIONS.get(key) === known) SESSIONS.delete(key);
	}
	return await send(account, document, variables, await signedIn(account, signIn));
}

async function send(
	{ http }: VendureAccount,
	{ name, text, repeatable }: Document,
	variables: Record<string, JsonValue>,
	headers: Record<string, string>,
): Promise<HttpResponse> {
	const request: HttpRequest = { method: 'POST', url: '', headers, body: { query: text, operationName: name, variables }, repeatable };
	try {
		return await callPartner(http, request, OPTIONS);
	} catch (error) {
		throw error instanceof PartnerError && error.details.status === 404 ? noApi(error) : asError(error);
	}
}

const noApi = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		'Vendure has no Admin API at this address (404).',
		'Enter the address of the Admin API in the Vendure credential: it mostly ends with /admin-api.',
		{ received: 'no', status: 404 },
		cause,
	);

function errorsOf(body: unknown): GraphqlError[] {
	const errors = isObject(body) ? body.errors : null;
	if (!isList(errors)) return [];
	return errors.map((given) => {
		const { message, extensions }: JsonObject = isObject(given) ? given : {};
		return { message: String(message ?? 'no message'), code: String((isObject(extensions) ? extensions.code : null) ?? '') };
	});
}

const isForbidden = ({ body }: HttpResponse): boolean => errorsOf(body).some(({ code }) => code === 'FORBIDDEN' || code === 'UNAUTHORIZED');

function dataOf<Data>({ name }: Document, response: HttpResponse): Data {
	const errors = errorsOf(response.body);
	if (errors.length > 0) throw errorOf(name, errors, isForbidden(response));
	const { data } = (response.body ?? {}) as { data?: Data | null };
	// What was asked for is in the answer, if only as null.
	if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) {
		throw new PartnerError(
			'unexpected_answer',
			`Vendure answered ${name} without data.`,
			'Check that the address in the Vendure credential is that of the Admin API.',
			{ received: 'maybe', status: response.status },
		);
	}
	return data;
}

function errorOf(name: string, errors: readonly GraphqlError[], forbidden: boolean): PartnerError {
	const said = shown(errors.map(({ message }) => message).join('; '), 400);
	const has = (code: string): boolean => errors.some((error) => error.code === code);
	// A session that is over, a wrong key and a missing permission look the same.
	if (forbidden)
		return new PartnerError('credentials_invalid', `Vendure refused the credentials for ${name}: ${said}.`, CREDENTIALS_REMEDY, {
			received: 'no',
		});
	if (has('CHANNEL_NOT_FOUND')) {
		return new PartnerError(
			'credentials_invalid',
			`Vendure refused the credentials for ${name}: ${said}.`,
			'Check the channel token in the Vendure credential. Work resumes automatically afterwards.',
			{ received: 'no' },
		);
	}
	const message = `Vendure answered ${name} with errors: ${said}.`;
	if (has('INTERNAL_SERVER_ERROR'))
		return new PartnerError('partner_unavailable', message, 'It is retried automatically; the log of Vendure tells more.', {
			received: 'maybe',
		});
	return new PartnerError('partner_refused', message, 'Look at the order in Vendure, then try again.', { received: 'refused' });
}

/** Throws PartnerError `partner_refused` for a result that is an error. @param what "the shipment T1" */
export function accepted<Wanted extends object>(what: string, result: Result<Wanted> | null | undefined): Wanted {
	if (typeof result !== 'object' || result === null) throw otherData(LABEL, 'It is looked up and retried automatically.');
	if (!('errorCode' in result)) return result;
	const { errorCode, message } = result;
	const remedy = REMEDIES[errorCode] ?? 'Look at the order in Vendure, then try again.';
	throw new PartnerError('partner_refused', `Vendure refused ${what}: ${shown(message, 300)} (${errorCode}).`, remedy, {
		received: 'refused',
		body: result,
	});
}

const REMEDIES: Readonly<Record<string, string>> = {
	INSUFFICIENT_STOCK_ON_HAND_ERROR: 'Correct the stock in Vendure: the warehouse has shipped what Vendure does not have.',
	INVALID_FULFILLMENT_HANDLER_ERROR: 'Enter under "Fulfillment Handler" the code of a handler that the shop has.',
	ITEMS_ALREADY_FULFILLED_ERROR: 'The goods are in another fulfillment already: look at the order in Vendure.',
};

/** Sessions of this process, so that not every run signs in. */
const SESSIONS = sharedMap<Promise<Record<string, string>>>('vendureSessions');

const keyOf = ({ account }: VendureAccount, { username, password }: { username: string; password: string }): string =>
	createHash('sha256')
		.update(JSON.stringify([account, username, password]))
		.digest('base64url');

/** The headers of a new session, the same one for all who ask at once. */
async function signedIn(account: VendureAccount, signIn: { username: string; password: string }): Promise<Record<string, string>> {
	const key = keyOf(account, signIn);
	const session = SESSIONS.get(key) ?? sessionOf(account, signIn);
	SESSIONS.set(key, session);
	try {
		return await session;
	} catch (error) {
		SESSIONS.delete(key);
		throw asError(error);
	}
}

async function sessionOf(
	account: VendureAccount,
	{ username, password }: { username: string; password: string },
): Promise<Record<string, string>> {
	const response = await send(account, SIGN_IN, { username, password }, {});
	const { login } = dataOf<{ login: Result<{ id: string }> }>(SIGN_IN, response);
	if ('errorCode' in login)
		throw new PartnerError('credentials_invalid', `Vendure refused the credentials: ${shown(login.message, 300)}.`, CREDENTIALS_REMEDY, {
			received: 'no',
		});
	const token = response.headers['vendure-auth-token'] ?? '';
	if (token !== '') {
		keepToken(password, token);
		return { authorization: `Bearer ${token}` };
	}
	const cookies = cookiesOf(response.headers['set-cookie'] ?? '');
	if (cookies !== '') {
		for (const cookie of cookies.split('; ')) keepToken(password, cookie.replace(/^[^=]*=/, ''));
		return { cookie: cookies };
	}
	throw new PartnerError(
		'unexpected_answer',
		'Vendure gave no session after the sign-in.',
		'Add "bearer" to tokenMethod in the authOptions of the shop.',
		{ received: 'maybe', status: response.status },
	);
}

/** "session=a; path=/, session.sig=b; path=/" → "session=a; session.sig=b" */
const cookiesOf = (header: string): string => [...header.matchAll(/(?:^|,)\s*([^=;,\s]+=[^;,\s]*)/g)].map(([, pair]) => pair).join('; ');
