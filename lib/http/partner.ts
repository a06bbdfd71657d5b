/** What a partner's answer means when it is not what was asked for: one error with a closed code and a remedy. */
import { asError, FulfillmentError, shown, type FulfillmentErrorCode } from '../order/errors';
import { isObject } from '../order/json';
import type { Unavailable } from '../order/outcome';
import { HttpFailure, type Http, type HttpRequest, type HttpResponse } from './Http';
import { redirectTarget } from './redirects';
import { retryAfterMs } from './retrying';

type PartnerErrorCode = Extract<
	FulfillmentErrorCode,
	'credentials_invalid' | 'partner_unavailable' | 'partner_refused' | 'unexpected_answer'
>;

export class PartnerError extends FulfillmentError {
	override readonly name = 'PartnerError';

	constructor(
		override readonly code: PartnerErrorCode,
		message: string,
		remedy: string,
		readonly details: {
			/** Whether the partner may have carried the request out. `refused` = it looked at it and said no. */
			received: 'no' | 'maybe' | 'refused';
			status?: number;
			/** What it answered, for adapters that know its form. */
			body?: unknown;
			retryAfterMs?: number;
		},
		cause?: unknown,
	) {
		// With new credentials, or when it is back, the same call succeeds without anybody changing the order.
		super(code, message, remedy, { retryable: code !== 'partner_refused', cause });
	}
}

export interface PartnerOptions {
	/** As people call the partner: "WooCommerce". */
	label: string;
	/** What the partner says in an error body; null = nothing that helps. Default: common shapes of JSON errors. */
	messageOf?: (body: unknown) => string | null;
	/** What a person should do about 401 and 403. */
	credentialsRemedy?: string;
}

/**
 * Makes a call that must succeed. Gives 2xx answers; everything else is a PartnerError. HTML where JSON is due is `unexpected_answer`: mostly a
 * maintenance page, a firewall, or a wrong address. So is nothing, as proxies give it in an outage: it must not be taken for "none".
 */
export async function callPartner(http: Http, request: HttpRequest, options: PartnerOptions): Promise<HttpResponse> {
	let response: HttpResponse;
	try {
		response = await http(request);
	} catch (error) {
		if (!(error instanceof HttpFailure)) throw asError(error);
		throw unreachable(error, options);
	}
	if (response.status >= 200 && response.status < 300) {
		if (typeof response.body === 'string') throw unexpected(options, response, 'answered with a page instead of data');
		if (response.body === null && request.mayBeEmpty !== true && !NO_CONTENT.has(response.status))
			throw unexpected(options, response, 'answered with nothing instead of data');
		return response;
	}
	throw problemOf(response, request, options);
}

/** By these statuses a partner says itself that nothing follows. */
const NO_CONTENT: ReadonlySet<number> = new Set([204, 205]);

const unreachable = (error: HttpFailure, { label }: PartnerOptions): PartnerError =>
	new PartnerError(
		'partner_unavailable',
		`${label} could not be reached: ${error.message}.`,
		`Check that the address of the ${label} credential is right and that it answers; polling and sending go on by themselves when it is back.`,
		{ received: error.sent },
		error,
	);

/** The error that an answer other than 2xx stands for. */
export function problemOf(
	response: HttpResponse,
	{ method, url }: Pick<HttpRequest, 'method' | 'url'>,
	options: PartnerOptions,
): PartnerError {
	const { status, body } = response;
	const { label } = options;
	const said = (options.messageOf ?? commonMessage)(body);
	const text = said === null ? '' : `: ${shown(said, 300)}`;
	const wait = retryAfterMs(response);
	const details = { status, body, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
	const path = url.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/, '');
	if (status === 401 || status === 403) {
		const known =
			options.credentialsRemedy ??
			`Check the ${label} credential: it may have expired, been revoked, or lack a permission. Work resumes automatically afterwards.`;
		// APIs say no in their own form.
		const remedy = isPage(body)
			? `${known} The answer is a page, so that a firewall or a password before the site may be what refuses: let n8n’s address through there.`
			: known;
		return new PartnerError('credentials_invalid', `${label} refused the credentials (${status})${text}.`, remedy, {
			...details,
			received: 'no',
		});
	}
	if (status === 429) {
		return new PartnerError('partner_unavailable', `${label} asks for fewer requests (429)${text}.`, 'It is retried automatically.', {
			...details,
			received: 'no',
		});
	}
	if (status === 402 || status === 423) {
		return new PartnerError(
			'partner_unavailable',
			`${label} has closed this account (${status})${text}.`,
			`Open the account at ${label}; work resumes automatically afterwards.`,
			{ ...details, received: 'no' },
		);
	}
	if (status >= 500 || status === 408 || status === 425) {
		return new PartnerError('partner_unavailable', `${label} failed (${status})${text}.`, 'It is retried automatically.', {
			...details,
			received: 'maybe',
		});
	}
	if (status >= 300 && status < 400) return redirectError(options, response);
	return new PartnerError(
		'partner_refused',
		`${label} refused ${method} ${path} (${status})${text}.`,
		`Correct what ${label} names, then try again.`,
		{ ...details, received: 'refused' },
	);
}

/** What is asked for and any key in it stay out of the text. */
function redirectError(options: PartnerOptions, response: HttpResponse): PartnerError {
	const { label } = options;
	const { status, body, headers } = response;
	const target = redirectTarget(response);
	if (target === null)
		return unexpected(
			options,
			response,
			`sent us elsewhere (${status}${headers.location === undefined ? '' : `, to ${shown(headers.location)}`})`,
		);
	return new PartnerError(
		'unexpected_answer',
		`${label} sent us to another address (${status}, to ${shown(target.origin + target.pathname, 120)}). It was not followed, since the sign-in would have gone there.`,
		`If the address is right, let the one in the ${label} credential begin with ${shown(target.origin)}. If you do not know it, leave the credential as it is and ask who runs the site.`,
		{ received: 'maybe', status, body },
	);
}

const unexpected = ({ label }: PartnerOptions, { status, body }: HttpResponse, what: string): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`${label} ${what}${typeof body === 'string' ? ` (it begins with ${shown(body.trim(), 60)})` : ''}.`,
		`Check the address in the ${label} credential, and whether a maintenance page or a firewall stands before it.`,
		{ received: 'maybe', status, body },
	);

/**
 * JSON came, but not what was asked for.
 *
 * @param check what to look at, one sentence
 */
export const otherData = (label: string, check: string): PartnerError =>
	new PartnerError('unexpected_answer', `${label} answered with other data than was asked for.`, check, { received: 'maybe' });

/** The outcome of a call that surely was not carried out, or does no harm when it is repeated. @param cause for people */
export const unavailable = ({ code, details: { retryAfterMs } }: PartnerError, cause: string): Unavailable => ({
	kind: 'unavailable',
	cause,
	...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	...(code === 'credentials_invalid' ? { alert: 'credentials_invalid' } : {}),
});

/** The partner says itself that there is no such thing: a 404 with words of its own. A page, or nothing, may be of whatever stands before it. */
export const isNotFound = (error: unknown): error is PartnerError =>
	error instanceof PartnerError && error.details.status === 404 && typeof error.details.body === 'object' && error.details.body !== null;

const isPage = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

/** The words of an error body in the shapes that most APIs use. */
export function commonMessage(body: unknown): string | null {
	if (typeof body === 'string') return isPage(body) ? null : body.trim() || null;
	if (Array.isArray(body))
		return (
			body
				.map(commonMessage)
				.filter((part) => part !== null)
				.join('; ') || null
		);
	if (!isObject(body)) return null;
	for (const key of ['message', 'error_description', 'detail', 'title', 'errors', 'error']) {
		const value = body[key];
		if (typeof value === 'string' && value !== '') return value;
		if (typeof value === 'object' && value !== null) {
			const inner = commonMessage(value) ?? JSON.stringify(value);
			if (inner !== '') return inner;
		}
	}
	return null;
}
