/** Breaks the lines of an address on word borders. */

/** Length as people count it: an emoji is one character. */
export const lengthOf = (text: string): number => [...text].length;

/** Cuts a text; no space is left at its end. */
export const cut = (text: string, limit: number): string => [...text].slice(0, limit).join('').trimEnd();

/**
 * Distributes the lines over as many lines with these limits; null = they do not fit, or a word is longer than its line.
 * Lines that fit stay apart as long as there is room, else all words flow on.
 *
 * @example wrapped(['Apartment 12, 1 Long Street', ''], [15, 15]) // ['Apartment 12, 1', 'Long Street']
 */
export function wrapped(lines: readonly string[], limits: readonly number[]): string[] | null {
	const given = lines.filter((line) => line !== '');
	const apart = fill(
		given.map((line) => line.split(/\s+/)),
		limits,
	);
	return apart ?? fill([given.flatMap((line) => line.split(/\s+/))], limits);
}

/** Each group of words begins on a line of its own. */
function fill(groups: readonly string[][], limits: readonly number[]): string[] | null {
	const out: string[] = [];
	for (const words of groups) {
		let current = '';
		for (const word of words) {
			const longer = current === '' ? word : `${current} ${word}`;
			if (lengthOf(longer) <= (limits[out.length] ?? 0)) {
				current = longer;
				continue;
			}
			if (current === '') return null;
			out.push(current);
			if (lengthOf(word) > (limits[out.length] ?? 0)) return null;
			current = word;
		}
		if (current !== '') out.push(current);
	}
	return out.length > limits.length ? null : [...out, ...Array<string>(limits.length - out.length).fill('')];
}
