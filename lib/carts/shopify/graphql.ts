/** One call of the Admin API, and what its many ways to say no mean. */
import type { Http } from '../../http/Http';
import { callPartner, PartnerError, type PartnerOptions } from '../../http/partner';
import { asError, shown } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { answerOf, COST_HEADER } from './limits';

/** Stable until October 2027. */
export const API_VERSION = '2026-10';

export const SHOPIFY: PartnerOptions = {
	label: 'Shopify',
	credentialsRemedy:
		'Check the access token of the Shopify credential, and that the app is installed with the scopes read_orders, write_orders, read_merchant_managed_fulfillment_orders and write_merchant_managed_fulfillment_orders. Work resumes automatically afterwards.',
};

export interface Document {
	/** The name of the operation, for error texts. */
	name: string;
	text: string;
	/** What Shopify reserves for it at the most. */
	cost: number;
	/** Reads, or writes of which a second one changes nothing. */
	repeatable: boolean;
}

/**
 * Gives `data`. Throws PartnerError for everything else, also for errors beside data: half an answer would be half an order.
 * A read without permission for customer data comes as such an error.
 */
export async function graphql<Data>(
	http: Http,
	{ name, text, cost, repeatable }: Document,
	variables: Record<string, JsonValue>,
): Promise<Data> {
	const request = {
		method: 'POST' as const,
		url: `/admin/api/${API_VERSION}/graphql.json`,
		headers: { [COST_HEADER]: String(cost) },
		body: { query: text, operationName: name, variables },
		repeatable,
	};
	let response;
	try {
		response = await callPartner(http, request, SHOPIFY);
	} catch (error) {
		throw error instanceof PartnerError && error.details.status === 404 ? noShop(error) : asError(error);
	}
	const answer: { data?: Data | null; errors?: unknown } | null = answerOf(response);
	const errors = Array.isArray(answer?.errors)
		? (answer.errors as GraphqlError[])
		: typeof answer?.errors === 'string'
			? [{ message: answer.errors }]
			: [];
	if (errors.length > 0) throw errorOf(name, errors);
	// What was asked for is in the answer, if only as null.
	if (typeof answer?.data !== 'object' || answer.data === null || Object.keys(answer.data).length === 0) {
		throw new PartnerError('unexpected_answer', `Shopify answered ${name} without data.`, 'It is retried automatically.', {
			received: 'maybe',
			status: response.status,
		});
	}
	return answer.data;
}

const noShop = (cause: PartnerError): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		'Shopify knows no shop at this address (404).',
		'Check the shop in the Shopify credential: the part before .myshopify.com.',
		{ received: 'no', status: 404 },
		cause,
	);

interface GraphqlError {
	message?: string;
	path?: unknown[];
	extensions?: { code?: string; requiredAccess?: string };
}

/** The app may see orders, but not the shop's locations (scope read_locations); their names it sees. */
export class LocationsDenied extends PartnerError {}

const isOfLocation = ({ path, extensions }: GraphqlError): boolean => extensions?.code === 'ACCESS_DENIED' && path?.at(-1) === 'location';

function errorOf(name: string, errors: readonly GraphqlError[]): PartnerError {
	const codes = new Set(errors.map(({ extensions }) => extensions?.code ?? ''));
	const said = shown(
		errors.map(({ message, path }) => `${message ?? 'no message'}${path === undefined ? '' : ` (at ${path.join('.')})`}`).join('; '),
		400,
	);
	const message = `Shopify answered ${name} with errors: ${said}.`;
	if (codes.has('ACCESS_DENIED')) {
		const remedy = SHOPIFY.credentialsRemedy ?? '';
		return errors.every(isOfLocation)
			? new LocationsDenied('credentials_invalid', message, remedy, { received: 'no' })
			: new PartnerError('credentials_invalid', message, remedy, { received: 'no' });
	}
	if (codes.has('SHOP_INACTIVE')) {
		return new PartnerError('partner_unavailable', message, 'Open the shop at Shopify again; work resumes automatically afterwards.', {
			received: 'no',
		});
	}
	if (codes.has('THROTTLED')) return new PartnerError('partner_unavailable', message, 'It is retried automatically.', { received: 'no' });
	if (codes.has('INTERNAL_SERVER_ERROR') || codes.has('TIMEOUT')) {
		return new PartnerError('partner_unavailable', message, 'It is retried automatically.', { received: 'maybe' });
	}
	return new PartnerError('partner_refused', message, 'Report it with the version of this package and of the API.', {
		received: 'refused',
	});
}

export interface UserError {
	field?: string[] | null;
	message: string;
}

/** All of what Shopify says against a write, which comes in a 200; throws PartnerError `partner_refused` when there is any. */
export function assertAccepted(what: string, errors: readonly UserError[] | null | undefined): void {
	// Of a write that was carried out there is a list of them, an empty one.
	if (!Array.isArray(errors))
		throw new PartnerError(
			'unexpected_answer',
			`Shopify does not say what came of ${what}.`,
			'It is looked up and retried automatically.',
			{ received: 'maybe' },
		);
	if (errors.length === 0) return;
	const all = errors.map(({ field, message }) => (field && field.length > 0 ? `${field.join('.')}: ${message}` : message)).join('; ');
	throw new PartnerError(
		'partner_refused',
		`Shopify refused ${what}: ${shown(all, 400)}.`,
		'Look at the order in Shopify: it may have been edited, moved to another location, or fulfilled by hand.',
		{ received: 'refused' },
	);
}
