/** A field of a request, only where there is something to say. @example { ...given('phone', null) } // {} */
export const given = <Name extends string, Value extends string | object>(
	name: Name,
	value: Value | null | undefined,
): { [N in Name]?: Value } =>
	value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
		? {}
		: (Object.fromEntries([[name, value]]) as { [N in Name]: Value });
