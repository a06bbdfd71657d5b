/** What a credential may do in a cart that has no list of it: one request for each permission, none of which can change anything. */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError, FulfillmentError } from '../../order/errors';

export interface Probe {
	/** Reads; or writes to the key 0, which no cart gives to an order. */
	request: HttpRequest;
	/** The permission, as the people of the cart find it where it is given. */
	permission: string;
	/** What is not possible without: "uploading tracking". */
	for: string;
}

export interface Refused extends Probe {
	error: PartnerError;
}

/** The probes that the cart refuses. Throws PartnerError for an answer that does not tell. */
export async function refusedOf(call: (request: HttpRequest) => Promise<HttpResponse>, probes: readonly Probe[]): Promise<Refused[]> {
	const refused: Refused[] = [];
	for (const probe of probes) {
		try {
			await call(probe.request);
		} catch (error) {
			const isRefused = error instanceof PartnerError && error.code === 'credentials_invalid';
			// A write that fails for its key was allowed.
			const isAllowed = error instanceof PartnerError && error.code === 'partner_refused' && probe.request.method !== 'GET';
			if (isRefused) refused.push({ ...probe, error });
			else if (!isAllowed) throw asError(error);
		}
	}
	return refused;
}

/** @param accepted "BigCommerce accepts the token". @param remedy where the permissions are given */
export function missingPermissionError(
	accepted: string,
	missing: ReadonlyArray<Pick<Probe, 'permission' | 'for'>>,
	remedy: string,
): FulfillmentError {
	const uses = Map.groupBy(missing, ({ permission }) => permission);
	const list = [...uses].map(([permission, probes]) => `${permission} (${probes.map((probe) => probe.for).join(', ')})`).join(', ');
	return new FulfillmentError('credentials_invalid', `${accepted}, but it lacks ${list}.`, remedy);
}
