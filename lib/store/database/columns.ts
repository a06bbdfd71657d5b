/** What a column is: the one place from which the EntitySchemas, the types of rows and the check of what is read come. */

/** A column whose values are `T` in a row. Times have milliseconds; JSON is kept as text, since jsonb refuses U+0000 and is slower to write. */
export interface Column<T = unknown> {
	readonly type: 'text' | 'integer' | 'time';
	readonly nullable: boolean;
	/** Part of the primary key. */
	readonly primary?: true;
	/** The database counts it. */
	readonly generated?: true;
	/** What rows of older versions got. New rows are always written whole. */
	readonly default?: string | number;
	/** A cart, a warehouse or a person wrote it, so it may hold what no database takes. */
	readonly foreign?: true;
	/** The closed list that its values are of; whatever is read is checked against it. */
	readonly words?: ReadonlySet<string>;
	/** Never there; it makes `Column<'a'>` differ from `Column<'b'>`. */
	readonly value?: T;
}

export type Columns = Readonly<Record<string, Column>>;

/** A row as both databases give it: times as ISO text. */
export type RowOf<C extends Columns> = { -readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** Rows of which a statement gives only those that have these columns. @example Having<OrderRow, 'parent_id'> */
export type Having<Row, Column extends keyof Row> = Row & { [K in Column]: NonNullable<Row[K]> };

/** Text that is made here: ids, codes, JSON, which escapes what is no text. */
export const text: Column<string> = { type: 'text', nullable: false };
/** Text with words from outside. */
export const foreign: Column<string> = { ...text, foreign: true };
export const integer: Column<number> = { type: 'integer', nullable: false };
export const time: Column<string> = { type: 'time', nullable: false };

/** @example oneOf(ORDER_STATUSES) // Column<OrderStatus> */
export const oneOf = <W extends string>(words: readonly W[]): Column<W> => ({ type: 'text', nullable: false, words: new Set(words) });

export const orNull = <T>(column: Column<T>): Column<T | null> => ({ ...column, nullable: true }) as Column<T | null>;
export const key = <T>(column: Column<T>): Column<T> => ({ ...column, primary: true });
export const since = <T extends string | number>(column: Column<T>, value: T): Column<T> => ({ ...column, default: value });
