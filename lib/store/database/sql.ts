/**
 * SQL text by construction. What becomes part of a statement and is no parameter is written in the code, or made here of a name that was checked, or is a whole
 * number: the databases' methods take `Sql` and nothing else, and whatever a node, a cart or a warehouse gave is a string, which neither compiles as a fragment nor
 * passes as one at run time.
 */

/** What may stand in `${}` of an `sql` template: other SQL, and whole numbers, such as the place of a parameter. */
type Fragment = Sql | number;

export class Sql {
	/** Private, so that no other object with a text passes as one. */
	readonly #text: string;

	private constructor(text: string) {
		this.#text = text;
	}

	get text(): string {
		return this.#text;
	}

	/** Only the parts that stand in the code, and fragments that were made here. Types can lie about what came from outside, so it looks. */
	static written(parts: TemplateStringsArray, ...fragments: readonly Fragment[]): Sql {
		let text = parts[0]!;
		for (let index = 0; index < fragments.length; index += 1) text += fragmentText(fragments[index]!) + parts[index + 1]!;
		return new Sql(text);
	}

	/** A name of a table, column or schema, quoted. Throws when it is more than a name. */
	static identifier(name: string): Sql {
		if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) throw new TypeError('This is no name of a table or column');
		return new Sql(`"${name}"`);
	}

	/** A word of our own as a text, quoted. Throws when it is more than a word. */
	static word(word: string): Sql {
		if (!/^[a-z][a-z_]{0,62}$/.test(word)) throw new TypeError('This is no word of our own');
		return new Sql(`'${word}'`);
	}

	static joined(parts: readonly Sql[], between: Sql): Sql {
		return new Sql(parts.map(fragmentText).join(between.text));
	}
}

function fragmentText(fragment: Fragment): string {
	if (fragment instanceof Sql) return fragment.text;
	if (typeof fragment === 'number' && Number.isSafeInteger(fragment) && fragment >= 0) return String(fragment);
	// Not shown: it may be anything.
	throw new TypeError('Only SQL of our own and whole numbers become part of a statement; everything else is a parameter');
}

/**
 * @example
 * sql`SELECT id FROM ${tables.order} WHERE store = $1`
 * sql`${column} = $${parameters.push(value)}`
 */
export const sql = Sql.written;

/** Throws when it is more than a name. */
export const identifier = Sql.identifier;

/** @example word('partially_shipped') // 'partially_shipped', quoted. Throws when it is more than a word. */
export const word = Sql.word;

export const NOTHING: Sql = sql``;

const COMMA = sql`, `;
const AND = sql` AND `;

/** @example listed([sql`id`, sql`store`]) // id, store */
export const listed = (parts: readonly Sql[]): Sql => Sql.joined(parts, COMMA);

/** Every one of the conditions; none = all rows. */
export const all = (conditions: readonly Sql[]): Sql => (conditions.length === 0 ? sql`1 = 1` : Sql.joined(conditions, AND));

/** The entry of a closed list that a value names. Throws when the list has none, whatever the value's type promised. */
export function chosen<K extends string>(list: Readonly<Record<K, Sql>>, name: K): Sql {
	if (typeof name !== 'string' || !Object.hasOwn(list, name))
		throw new TypeError(`Only ${Object.keys(list).join(', ')} can be chosen here`);
	return list[name];
}
