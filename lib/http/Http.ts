/** How adapters reach a partner. Nodes bind n8n's helper (with the credential's sign-in); tests bind a server. */
import type { JsonValue } from '../order/order';

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Absolute, or a path under the credential's base address. */
	url: string;
	query?: Record<string, string | number | boolean | string[]>;
	headers?: Record<string, string>;
	body?: JsonValue | string;
	timeoutMs?: number;
}

export interface HttpResponse {
	status: number;
	headers: Record<string, string>;
	/** Parsed when the partner says that it is JSON, else text. */
	body: unknown;
}

/** Rejects with `HttpFailure` only when there is no response at all. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** No response. `sent` tells whether the request may have reached the partner. */
export class HttpFailure extends Error {
	override readonly name = 'HttpFailure';

	constructor(
		message: string,
		readonly sent: 'no' | 'maybe',
		options?: { cause?: unknown },
	) {
		super(message, options);
	}
}
