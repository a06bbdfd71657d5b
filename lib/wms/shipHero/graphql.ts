/** One call of ShipHero's public API, and what its ways to say no mean. */
import type { Http } from '../../http/Http';
import { callPartner, PartnerError, type PartnerOptions } from '../../http/partner';
import { shown } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, textOf, type JsonObject } from '../common/json';
import { errorsOf } from './credits';
import type { Document } from './documents';

export const SHIPHERO: PartnerOptions = {
	label: 'ShipHero',
	credentialsRemedy:
		'Check the refresh token in the ShipHero credential, and that its user may view and change orders (scopes view:orders and change:orders). Work resumes automatically afterwards.',
	messageOf: (body) => (isObject(body) ? (wordsOf(errorsOf({ body })) ?? textOf(body.message) ?? textOf(body.description)) : null),
};

/** Error 7: the token lacks a scope, or its user a permission. */
const NO_PERMISSION = 7;

/**
 * Gives the field `root` of the answer. Throws PartnerError when it is not there, or when errors stand beside what was read: half an answer
 * would be half an order. What was written is written, whatever is complained of beside it.
 */
export async function graphql(http: Http, document: Document, variables: Record<string, JsonValue>, root: string): Promise<JsonObject> {
	const { name, text, repeatable } = document;
	const response = await callPartner(
		http,
		{ method: 'POST', url: '/graphql', body: { query: text, operationName: name, variables }, repeatable },
		SHIPHERO,
	);
	const errors = errorsOf(response);
	const data = isObject(response.body) ? response.body.data : null;
	const found = isObject(data) ? data[root] : null;
	if (isObject(found) && (errors.length === 0 || !repeatable)) return found;
	if (errors.length > 0) throw errorOf(name, errors);
	throw new PartnerError('unexpected_answer', `ShipHero answered ${name} without ${root}.`, 'It is retried automatically.', {
		received: 'maybe',
		status: response.status,
	});
}

const wordsOf = (errors: readonly JsonObject[]): string | null =>
	errors
		.map(({ message }) => textOf(message))
		.filter((text) => text !== null)
		.join('; ') || null;

function errorOf(name: string, errors: readonly JsonObject[]): PartnerError {
	const said = wordsOf(errors) ?? 'errors without words';
	const message = `ShipHero answered ${name} with errors: ${shown(said, 400)}.`;
	const codes = errors.map(({ code }) => Number(code));
	if (
		codes.includes(NO_PERMISSION) ||
		/\b(unauthori[sz]ed|unauthenticated|authentication|token (is|has) (invalid|expired)|missing required scope)/i.test(said)
	) {
		return new PartnerError('credentials_invalid', message, SHIPHERO.credentialsRemedy ?? '', { received: 'no' });
	}
	if (/\b(internal (server )?error|unexpected error|timed? ?out|try again|temporarily)\b/i.test(said)) {
		return new PartnerError('partner_unavailable', message, 'It is retried automatically.', { received: 'maybe' });
	}
	return new PartnerError('partner_refused', message, 'Correct what ShipHero names, then try again.', { received: 'refused' });
}
