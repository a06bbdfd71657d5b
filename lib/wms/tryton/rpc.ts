/** One call of Tryton's JSON-RPC, and what its ways to say no mean. */
import type { Http } from '../../http/Http';
import { callPartner, PartnerError, type PartnerOptions } from '../../http/partner';
import { asError, shown } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, objectsIn, textOf, type JsonObject } from '../common/json';

const TRYTON: PartnerOptions = {
	label: 'Tryton',
	credentialsRemedy:
		'Check user and password in the Tryton credential, and that the user may use stock and parties. Work resumes automatically afterwards.',
};

interface RpcOptions {
	/** Changes nothing, or nothing more when it comes twice. */
	repeatable?: boolean;
	/** Records that must be as they were read: "stock.shipment.out,12" → its `_timestamp`. */
	unchanged?: Record<string, string>;
}

/** Names of models without "model.": `rpc('stock.shipment.out.read', [[12], ['state']])`. */
export type Rpc = (method: string, parameters: JsonValue[], options?: RpcOptions) => Promise<unknown>;

/** Tryton undoes everything of a call that ends in an error; `refused` and `no` are therefore certain. */
export const rpcOf =
	(http: Http, context: Record<string, JsonValue> = {}): Rpc =>
	async (method, parameters, { repeatable = false, unchanged } = {}) => {
		const full: JsonValue = unchanged === undefined ? context : { ...context, _timestamp: unchanged };
		let body: unknown;
		try {
			({ body } = await callPartner(
				http,
				{ method: 'POST', url: '/', body: { id: 1, method: `model.${method}`, params: [...parameters, full] }, repeatable },
				TRYTON,
			));
		} catch (error) {
			throw error instanceof PartnerError && error.details.status === 404 ? noDatabase(error) : asError(error);
		}
		if (!isObject(body)) throw notData(method, body);
		if (body.error !== undefined) throw errorOf(method, body.error);
		if (!('result' in body)) throw notData(method, body);
		return body.result;
	};

/** The records of a `search_read` or `read`. Throws when it is no list: that would be taken for "none". */
export const recordsOf = async (rpc: Rpc, method: string, parameters: JsonValue[]): Promise<JsonObject[]> =>
	objectsIn(await entriesOf(rpc, method, parameters));

/** The same, whatever the records are. */
export async function entriesOf(rpc: Rpc, method: string, parameters: JsonValue[]): Promise<unknown[]> {
	const result = await rpc(method, parameters, { repeatable: true });
	if (!Array.isArray(result)) throw notData(method, result);
	return result;
}

/** The id of the one record that a `create` made. */
export function createdId(method: string, result: unknown): number {
	const id: unknown = Array.isArray(result) ? result[0] : null;
	if (typeof id !== 'number') throw notData(method, result);
	return id;
}

/** What goes on by itself once whoever came first is done. */
export const isConflict = (error: unknown): boolean =>
	error instanceof PartnerError && isObject(error.details.body) && error.details.body.conflict === true;

export const notData = (method: string, body: unknown): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`Tryton answered ${method} with something other than was requested.`,
		'It is retried automatically.',
		{ received: 'maybe', body },
	);

const noDatabase = (error: PartnerError): PartnerError =>
	new PartnerError(
		'partner_unavailable',
		'Tryton has no such database, or the address is not that of Tryton (404).',
		'Check address and database in the Tryton credential.',
		{ received: 'no', status: 404 },
		error,
	);

const conflict = (method: string): PartnerError =>
	new PartnerError(
		'partner_unavailable',
		`Somebody else changed the record in Tryton meanwhile (${method}).`,
		'It is retried automatically.',
		{ received: 'no', body: { conflict: true } },
	);

/** `[kind, details]` for errors that are meant for people, `[text, trace]` for defects. */
function errorOf(method: string, error: unknown): PartnerError {
	const [kind, details]: unknown[] = Array.isArray(error) ? error : [];
	const said = textsIn(details);
	switch (kind) {
		case 'UserError':
			return new PartnerError(
				'partner_refused',
				`Tryton refused ${method}: ${shown(said, 300)}.`,
				'Correct what Tryton names, then try again.',
				{ received: 'refused', body: { said } },
			);
		case 'UserWarning':
			return new PartnerError(
				'partner_refused',
				`Tryton wants a warning to be confirmed before ${method}: ${shown(said, 300)}.`,
				'Do the same once by hand in Tryton, as the user of the credential, and choose "Always ignore this warning"; then try again.',
				{ received: 'refused', body: { said } },
			);
		case 'ConcurrencyException':
			return conflict(method);
		case 'LoginException':
			return new PartnerError(
				'credentials_invalid',
				`Tryton asks for another sign-in: ${shown(said, 200)}.`,
				TRYTON.credentialsRemedy ?? '',
				{ received: 'no' },
			);
		default: {
			// Postgres let somebody else go first, again and again; nothing of this call is left.
			if (/could not serialize access|deadlock detected/.test(textOf(kind) ?? '')) return conflict(method);
			// A KeyError names the model that is not there.
			const model = /^'([a-z_.]+)'$/.exec(textOf(kind) ?? '')?.[1];
			if (model !== undefined && method.startsWith(`${model}.`)) {
				return new PartnerError(
					'partner_unavailable',
					`Tryton does not know ${model}.`,
					'Activate the module "stock" in this database of Tryton.',
					{ received: 'no' },
				);
			}
			return new PartnerError(
				'partner_unavailable',
				`Tryton failed at ${method}: ${shown(kind, 300)}.`,
				'It is retried automatically; the log of Tryton has more.',
				{ received: 'maybe' },
			);
		}
	}
}

const textsIn = (details: unknown): string =>
	(Array.isArray(details) ? details : [details])
		.map(textOf)
		.filter((text) => text !== null)
		.join(' – ') || 'without words';
