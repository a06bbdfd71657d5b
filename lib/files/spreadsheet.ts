/** What spreadsheets make of the texts of a file. */

/** "5.76461E+17", "4,00639E+12": the digits behind are lost. A word such as "12E4" is none. */
const SHORTENED = /^[+-]?\d+(?:[.,]\d+E[+-]?|E[+-])\d{1,3}$/i;

/** Whether a spreadsheet has shortened a long number. @example isShortened('5.76461E+17') // true */
export const isShortened = (text: string): boolean => SHORTENED.test(text.trim());

/**
 * Without what keeps a spreadsheet from reading a text as a number or a formula.
 *
 * @param isCode a number, a key, a code: of one the apostrophe in front is never its own, as it is in "'t Hooft"
 * @example unwrapped('="00123"') // "00123"
 * @example unwrapped("'+49 30 1") // "+49 30 1"
 */
export function unwrapped(text: string, isCode = false): string {
	const inner = /^="([^]*)"$/.exec(text)?.[1];
	if (inner !== undefined) return unwrapped(inner.replaceAll('""', '"').trim(), isCode);
	return text.replace(isCode ? /^'(?=[\w(+=@-])/ : /^'(?=[\d(+=@-])/, '');
}
