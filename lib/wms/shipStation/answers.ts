/** What ShipStation says of shipments that it was asked to create, inside an answer of 200 or of the request as a whole. Pure. */
import type { PartnerError } from '../../http/partner';
import { shown, type FieldProblem } from '../../order/errors';
import { isObject, meaningOf, objectsIn, textOf, type JsonObject } from '../common/json';
import type { SendOutcome } from '../Wms';

/** An outcome for each reference, in their order. What the answer does not tell of is unknown. */
export function outcomesOf(body: unknown, references: readonly string[]): SendOutcome[] {
	const answer = isObject(body) ? body : {};
	const results = objectsIn(answer.shipments);
	const named = new Map(
		results.flatMap((result) => (typeof result.external_shipment_id === 'string' ? [[result.external_shipment_id, result]] : [])),
	);
	// A refusal may lack the name. Results come in the sequence of the request, so those without one belong to the orders that none names.
	const nameless = results.filter((result) => typeof result.external_shipment_id !== 'string');
	const others = references.filter((reference) => !named.has(reference));
	const resultFor = (reference: string): JsonObject | undefined =>
		named.get(reference) ?? (nameless.length === others.length ? nameless[others.indexOf(reference)] : undefined);
	// "Has errors" without an error anywhere: whichever it is of.
	const unexplained = answer.has_errors === true && results.every(({ errors }) => errorsIn(errors).length === 0);
	return references.map((reference) => outcomeOf(resultFor(reference), unexplained));
}

function outcomeOf(result: JsonObject | undefined, unexplained: boolean): SendOutcome {
	const problems = errorsIn(result?.errors);
	if (problems.length > 0) return { kind: 'rejected', problems };
	if (unexplained)
		return {
			kind: 'rejected',
			problems: [{ field: 'order', problem: 'ShipStation refused it without a reason', code: 'rejected_by_wms' }],
		};
	const key = textOf(result?.shipment_id);
	return key === null
		? { kind: 'unknown', cause: 'ShipStation answered without the id of the shipment.' }
		: { kind: 'accepted', wmsOrderId: key };
}

/** What is wrong with a request that was refused as a whole. */
export function problemsOf({ message, details }: PartnerError): FieldProblem[] {
	const problems = errorsIn(isObject(details.body) ? details.body.errors : null);
	return problems.length > 0 ? problems : [{ field: 'order', problem: message, code: 'rejected_by_wms' }];
}

const CODES: Readonly<Record<string, FieldProblem['code']>> = {
	invalid_address: 'invalid_address',
	invalid_string_length: 'field_too_long',
	field_value_required: 'missing_field',
};

/** Errors of a request are objects with a code, those of one shipment are texts. */
function errorsIn(errors: unknown): FieldProblem[] {
	const list: unknown[] = errors === undefined || errors === null ? [] : Array.isArray(errors) ? errors : [errors];
	return list.map((error: unknown) => ({
		field: (isObject(error) ? textOf(error.field_name) : null) ?? 'order',
		problem: `ShipStation: ${shown((isObject(error) ? textOf(error.message) : textOf(error)) ?? error, 300)}`,
		code: (isObject(error) ? meaningOf(CODES, error.error_code) : undefined) ?? 'rejected_by_wms',
	}));
}
