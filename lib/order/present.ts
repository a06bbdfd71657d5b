/** What must be there, or the code is wrong: then an error that says what is missing, instead of an undefined that goes on. */

/** @param what for the report of the defect: "the order that was claimed" */
export function present<T>(value: T | null | undefined, what: string): T {
	if (value === null || value === undefined)
		throw new TypeError(`${what} is missing, which is a defect of this package: please report it.`);
	return value;
}

/** The first of a list that is not empty. */
export const firstIn = <T>(list: readonly T[], what: string): T => present(list[0], what);
