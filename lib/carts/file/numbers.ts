/** Numbers as people and shops write them. One that can be read in two ways is refused, never guessed. */

/** Which sign stands before the decimals. Absent = what is ambiguous is refused. */
export type DecimalSeparator = 'point' | 'comma';

const DECIMAL_SEPARATORS: readonly DecimalSeparator[] = ['point', 'comma'];

export const isDecimalSeparator = (text: unknown): text is DecimalSeparator => DECIMAL_SEPARATORS.some((one) => one === text);

const PLAIN = /^-?\d{1,15}(?:\.\d{1,8})?$/;
const MAYBE_THOUSANDS = /^-?[1-9]\d{0,2}[.,]\d{3}$/;

/** "$1,234.50", "-1.234,50 EUR", "kr 100": a sign, a currency, the number. */
const WITH_CURRENCY =
	/^([-−]?)\s*(?:[A-Z]{1,3}\s?\p{Sc}?|\p{L}{1,3}\.?|\p{Sc})?\s*([-−]?)\s*(\d[\d.,'’\s]*?)\s*(?:\p{L}{1,3}\.?|\p{Sc})?$/iu;

/** Thousands and decimals by the decimal separator. */
const GROUPED = {
	point: /^\d{1,3}(?:(?:,\d{2,3})*,\d{3}|(?:['’\s]\d{3})+)?(?:\.\d{1,8})?$/u,
	comma: /^\d{1,3}(?:(?:\.\d{3})+|(?:['’\s]\d{3})+)?(?:,\d{1,8})?$/u,
} as const;
const UNGROUPED = { point: /^\d{1,15}(?:\.\d{1,8})?$/, comma: /^\d{1,15}(?:,\d{1,8})?$/ } as const;

/** Whether nobody can say if it is a thousand or three decimals. @example isAmbiguous('1.234') // true */
export const isAmbiguous = (text: string): boolean => MAYBE_THOUSANDS.test(text);

/**
 * A number as decimal text with a point; null = it is none, or ambiguous.
 *
 * @param threeDecimals a point in front of three digits is a decimal point, as in amounts of Kuwait
 * @example decimalOf('1.234,50 €', 'comma') // "1234.50"
 */
export function decimalOf(text: string, separator: DecimalSeparator | undefined, threeDecimals = false): string | null {
	if (separator === undefined) {
		if (/^-?\d+,\d{1,2}$/.test(text)) return text.replace(',', '.');
		return PLAIN.test(text) && (threeDecimals || !isAmbiguous(text)) ? text : null;
	}
	const [, before, behind, number] = WITH_CURRENCY.exec(text) ?? [];
	if (number === undefined || (before !== '' && behind !== '')) return null;
	if (!GROUPED[separator].test(number) && !UNGROUPED[separator].test(number)) return null;
	const digits = number.replace(separator === 'point' ? /[,'’\s]/gu : /[.'’\s]/gu, '').replace(',', '.');
	const signed = `${before === '' && behind === '' ? '' : '-'}${digits}`;
	return PLAIN.test(signed) ? signed : null;
}
