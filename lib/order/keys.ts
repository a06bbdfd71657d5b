/** The names of a table that is written out in the code, and has no others. */
export const keysOf = <Table extends object>(table: Table): Array<keyof Table & string> =>
	Object.keys(table) as Array<keyof Table & string>;
