/**
 * A field of an action in the editor, written as n8n writes it, so that n8n's linter checks it and the node only adds for which actions it is shown. It is plain
 * data: lib/ imports nothing of n8n.
 */
interface Choice {
	name: string;
	value: string | number;
	description?: string;
}

/** Rows of a table. */
interface Rows {
	displayName: string;
	name: 'list';
	values: readonly Field[];
}

export interface Field {
	displayName: string;
	name: string;
	type: 'string' | 'number' | 'boolean' | 'dateTime' | 'options' | 'multiOptions' | 'filter' | 'fixedCollection';
	/** What is read when nothing was entered. */
	default: string | number | boolean | object;
	description?: string;
	placeholder?: string;
	typeOptions?: {
		rows?: number;
		minValue?: number;
		multipleValues?: boolean;
		sortable?: boolean;
		filter?: { version: 2; caseSensitive: boolean; typeValidation: 'loose' };
	};
	options?: readonly Choice[] | readonly [Rows];
	/** Only while another field of the action has one of these values. */
	show?: Readonly<Record<string, readonly string[]>>;
	/** A setting of a table: it stands below the tables of all actions. */
	belowTables?: boolean;
}

/** The fields of a row. */
export const rowFieldsOf = ({ options = [] }: Field): readonly Field[] =>
	options.flatMap((option) => ('values' in option ? option.values : []));
