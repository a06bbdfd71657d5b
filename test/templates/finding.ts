/** What the template checks report. */

export type Rule =
	| 'active'
	| 'connection'
	| 'credential-id'
	| 'credential'
	| 'duplicate-id'
	| 'duplicate-name'
	| 'execution-order'
	| 'expression'
	| 'layout'
	| 'not-connected'
	| 'option'
	| 'parameter'
	| 'required'
	| 'shape'
	| 'sticky-note'
	| 'type'
	| 'value'
	| 'version'
	| 'webhook-id';

/** One thing that is wrong with a template. */
export interface Finding {
	rule: Rule;
	message: string;
	/** Name of the node; missing when it concerns the whole template. */
	node?: string;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
