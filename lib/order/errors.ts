import { types } from 'node:util';
import type { OrderStatus } from './status';
import { oneLine } from './texts';

/** The closed list of error codes that the library throws. */
export type FulfillmentErrorCode =
	| 'stale_order'
	| 'illegal_transition'
	| 'order_not_found'
	| 'operation_refused'
	| 'invalid_input'
	| 'mapping_failed'
	| 'field_limit'
	| 'cursor_moved'
	| 'newer_schema'
	| 'store_unavailable'
	| 'store_configuration'
	| 'store_busy'
	| 'network_in_transaction'
	| 'file_access'
	| 'rule_failed'
	| 'credentials_invalid'
	| 'partner_unavailable'
	| 'partner_refused'
	| 'unexpected_answer';

/**
 * Every error that we throw on purpose. `message` says what happened and names the item, field and value; `remedy` says
 * what the person can do. Nodes turn it into a NodeOperationError with the remedy as its description.
 */
export class FulfillmentError extends Error {
	override readonly name: string = 'FulfillmentError';

	constructor(
		readonly code: FulfillmentErrorCode,
		message: string,
		readonly remedy: string,
		readonly options: { retryable?: boolean; cause?: unknown } = {},
	) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
	}

	/** True when the same call may succeed later without anybody changing anything. */
	get retryable(): boolean {
		return this.options.retryable ?? false;
	}
}

/**
 * What was thrown, as an Error: code that throws text or objects must not get through unnamed. Errors of Node's own modules may
 * come from another realm than ours, where `instanceof` does not know them.
 */
export const asError = (thrown: unknown): Error =>
	thrown instanceof Error || types.isNativeError(thrown) ? thrown : new Error(shown(thrown));

/** Somebody else moved or changed the order between our read and our write. Nothing was written. */
export class StaleOrderError extends FulfillmentError {
	override readonly name = 'StaleOrderError';

	constructor(
		readonly orderId: string,
		readonly expected: string,
	) {
		super(
			'stale_order',
			`Order ${orderId} changed meanwhile: it no longer is ${expected}.`,
			'Nothing was changed. Read the order again and decide anew.',
			{ retryable: true },
		);
	}
}

export class IllegalTransitionError extends FulfillmentError {
	override readonly name = 'IllegalTransitionError';

	constructor(
		readonly orderId: string,
		readonly from: OrderStatus,
		readonly to: OrderStatus,
	) {
		super(
			'illegal_transition',
			`Order ${orderId} cannot go from ${from} to ${to}.`,
			'See the table of statuses in the documentation for the moves that are allowed.',
		);
	}
}

/** A raw order cannot be mapped. The importer records an import failure with this and goes on. */
export class MappingError extends FulfillmentError {
	override readonly name = 'MappingError';

	constructor(
		/** Where in the raw order: "lines[2].quantity", "row 17, column Lineitem quantity". */
		readonly path: string,
		readonly value: unknown,
		problem: string,
		remedy: string,
	) {
		super('mapping_failed', `${path}: ${problem} (value: ${shown(value)}).`, remedy);
	}
}

export interface FieldProblem {
	/** Path in the order, "shippingAddress.address1", or the partner's own name of the field. */
	field: string;
	value?: unknown;
	problem: string;
	/** The alert that fits; `rejected_by_wms` when nothing better is known. */
	code?: 'invalid_address' | 'field_too_long' | 'missing_field' | 'unknown_sku' | 'rejected_by_wms' | 'unmapped_shipping_method';
}

/** The order does not fit what the WMS accepts. Nothing was sent. */
export class FieldLimitError extends FulfillmentError {
	override readonly name = 'FieldLimitError';

	constructor(readonly problems: FieldProblem[]) {
		super(
			'field_limit',
			problems.map((problem) => describeProblem(problem)).join('; '),
			'Correct the field with Edit, or add a rule that corrects it, then Reprocess.',
		);
	}
}

export const describeProblem = ({ field, value, problem }: FieldProblem): string =>
	value === undefined ? `${field}: ${problem}` : `${field}: ${problem} (value: ${shown(value)})`;

/** A value as error texts show it: short, on one line, no control characters. Never throws: it is used to report what went wrong. */
export function shown(value: unknown, limit = 80): string {
	return oneLine(asText(value), limit);
}

/** Text of anything: JSON where there is one; circular objects and big integers have none. */
function asText(value: unknown): string {
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		return typeof value === 'bigint' ? String(value) : Object.prototype.toString.call(value);
	}
}
