/** Opens the account of an HTTP credential: n8n's helper with its sign-in, answers without the secrets of the credential, repeats of what may be repeated, the partner's rate limit. */
import type { ICredentialDataDecryptedObject, ILoadOptionsFunctions } from 'n8n-workflow';
import type { Http, HttpAccount, HttpRequest, HttpResponse } from '../../lib/http/Http';
import { n8nHttp } from '../../lib/http/n8nHttp';
import { following } from '../../lib/http/redirects';
import { limited, sharedLimiter, type LimitedOptions, type RateLimit } from '../../lib/http/rateLimit';
import { retrying } from '../../lib/http/retrying';
import { FulfillmentError, shown } from '../../lib/order/errors';
import { credentialSecrets } from './credentialSecrets';
import { credentialData, type NodeContext } from './context';

export interface AccountOptions extends LimitedOptions {
	/** Name of the credential type. */
	credential: string;
	/** As people call the partner, for error texts. */
	label: string;
	/** The address that the adapter's paths are below. */
	baseUrl(data: ICredentialDataDecryptedObject): string;
	/** Names the account; default: the host of the address. Two credentials of one account must give the same. */
	accountOf?(data: ICredentialDataDecryptedObject): string;
	/** For a partner that says in the body what HTTP says by its status, such as "too many requests": its answer as HTTP says it. */
	withHttpStatus?: (response: HttpResponse) => HttpResponse;
	/** The statuses by which the partner says that a token has expired. Default: 401. */
	renewOn?: readonly number[];
	/** What the partner allows one account; absent = it does not say. */
	limit?: RateLimit;
	/** For a partner that counts by something else than the account alone: what this request is counted with. */
	limitKeyOf?(request: HttpRequest): string;
}

/** Throws FulfillmentError `invalid_input` for an address that is none. */
export async function openAccount(context: NodeContext | ILoadOptionsFunctions, options: AccountOptions): Promise<HttpAccount> {
	const data = await credentialData(context, options.credential);
	const baseUrl = checkedUrl(options.baseUrl(data), options.label);
	const account = accountNameOf(options, data, baseUrl);
	const secrets = credentialSecrets(context.getCredentialsProperties(options.credential), data);
	const sent = n8nHttp(context, options.credential, baseUrl, {
		secrets,
		...(options.renewOn === undefined ? {} : { renewOn: options.renewOn }),
	});
	const { withHttpStatus } = options;
	const plain = withHttpStatus === undefined ? sent : async (request: HttpRequest) => withHttpStatus(await sent(request));
	const { limit, limitKeyOf } = options;
	const within = (key: string, rate: RateLimit): Http =>
		limited(plain, sharedLimiter(`${options.credential}:${account}${key}`, rate), options);
	const http: Http =
		limit === undefined
			? plain
			: limitKeyOf === undefined
				? within('', limit)
				: async (request) => await within(`:${limitKeyOf(request)}`, limit)(request);
	return { http: retrying(following(http, baseUrl)), account };
}

/** An address without its scheme and last slash, as accounts are named. @example hostAndPath('https://api.example.com/') // "api.example.com" */
export const hostAndPath = (url: unknown): string =>
	String(url ?? '')
		.replace(/^https?:\/\//, '')
		.replace(/\/+$/, '');

/** What an account is called: the same for two credentials of one account. */
export const accountNameOf = (
	{ accountOf }: Pick<AccountOptions, 'accountOf'>,
	data: ICredentialDataDecryptedObject,
	baseUrl: string,
): string => accountOf?.(data) ?? new URL(baseUrl).host;

/** Throws FulfillmentError for an address that is none. */
export function checkedUrl(given: string, label: string): string {
	const text = given.trim().replace(/\/+$/, '');
	if (/^https?:\/\/[^/\s]+/.test(text) && URL.canParse(text)) return text;
	throw new FulfillmentError(
		'invalid_input',
		`The address in the ${label} credential is none (value: ${shown(given)}).`,
		'Enter an address such as https://shop.example.com.',
	);
}
