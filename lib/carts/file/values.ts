/** Texts of a file as values of an order. Each throws MappingError with the place, the value and what to do. */
import { DateTime } from 'luxon';
import { shortHash } from '../../files/names';
import { MappingError } from '../../order/errors';
import type { IsoDate, Money } from '../../order/order';
import { countryCode } from '../../order/places';
import { decimalOf, isAmbiguous, type DecimalSeparator } from './numbers';
import type { OrderDefaults } from './settings';

/** Far above any real line, and low enough to catch a barcode in the wrong column. */
const MAX_QUANTITY = 1_000_000;

/** @param separator of the decimals; without it "1.000" is refused, since it may be one or a thousand */
export function quantityOf(text: string, path: string, separator?: DecimalSeparator): number {
	const whole = isAmbiguous(text) && separator !== undefined ? (decimalOf(text, separator) ?? '') : text;
	const match = isAmbiguous(whole) && separator === undefined ? null : /^(\d{1,9})(?:[.,]0+)?$/.exec(whole);
	if (match === null || Number(match[1]) > MAX_QUANTITY) {
		throw new MappingError(
			path,
			text,
			text === ''
				? 'the quantity is missing'
				: isAmbiguous(text)
					? 'may be thousands or have three decimals'
					: 'is not a whole number from 0',
			isAmbiguous(text) ? SEPARATOR_REMEDY : 'Correct the quantity in the file, or map another column.',
		);
	}
	return Number(match[1]);
}

/** Of a quantity that need not be there: none is 0. Some exports write what was refunded below zero. */
export const piecesOf = (text: string, path: string, separator?: DecimalSeparator): number =>
	text === '' ? 0 : quantityOf(text.replace(/^-/, ''), path, separator);

const SEPARATOR_REMEDY =
	'Choose what stands before the decimals with the option Decimal Separator of the trigger and import the file again, or write plain numbers such as 1234.50.';

/** Currencies with three decimals. */
const THREE_DECIMALS = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** @param separator of the decimals; without it a decimal point counts, or a decimal comma when it cannot be a thousands separator. "" gives null. */
export function moneyOf(text: string, path: string, separator?: DecimalSeparator, currency = ''): Money | null {
	if (text === '') return null;
	const plain = decimalOf(text, separator, THREE_DECIMALS.has(currency.toUpperCase()));
	if (plain === null) {
		throw new MappingError(
			path,
			text,
			separator === undefined && isAmbiguous(text) ? 'may be thousands or have three decimals' : 'is not an amount',
			separator === undefined
				? SEPARATOR_REMEDY
				: 'Write amounts as the option Decimal Separator of the trigger says, or as plain numbers.',
		);
	}
	return plain;
}

const LONGEST_DATE = 100;
const FORMATS = [
	'yyyy-MM-dd HH:mm:ss ZZZ',
	'yyyy-MM-dd HH:mm:ss ZZ',
	"yyyy-MM-dd HH:mm:ss 'UTC'",
	'yyyy-MM-dd HH:mm:ss',
	'yyyy-MM-dd HH:mm',
] as const;

/** ISO-8601, the forms of shop exports (2026-09-03 10:14:00 -0400), and `dateFormat`. Without an offset: `timeZone`, else UTC. */
export function dateOf(text: string, path: string, { timeZone, dateFormat }: OrderDefaults): IsoDate | null {
	if (text === '') return null;
	const zone = timeZone ?? 'utc';
	const candidates =
		text.length > LONGEST_DATE
			? []
			: [
					...(dateFormat ? [DateTime.fromFormat(text, dateFormat, { zone })] : []),
					// An hour alone would be one of today.
					...(/^\d{4}/.test(text) ? [DateTime.fromISO(text, { zone })] : []),
					...FORMATS.map((format) => DateTime.fromFormat(text, format, { zone: format.includes("'UTC'") ? 'utc' : zone })),
				];
	const found = candidates.find((candidate) => candidate.isValid);
	if (found && (found.year < 1970 || found.year >= 2100))
		throw new MappingError(path, text, 'is a date that no order has: before 1970, or from 2100 on', 'Correct the date in the file.');
	if (!found) {
		throw new MappingError(
			path,
			text,
			'is not a date that can be read without guessing',
			'Use 2026-09-03 10:14:00 -0400 or 2026-09-03T14:14:00Z, or set the date format of the files.',
		);
	}
	return found.toJSDate().toISOString();
}

/** The code of a country in words. What is not known stays, for a rule to mend: no warehouse takes it as it is. */
export function countryOf(text: string): string | null {
	if (text === '') return null;
	return countryCode(text) ?? (/^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : text);
}

export function booleanOf(text: string, path: string): boolean {
	if (/^(true|yes|y|1)$/i.test(text)) return true;
	if (text === '' || /^(false|no|n|0)$/i.test(text)) return false;
	throw new MappingError(path, text, 'is neither yes nor no', 'Use true or false.');
}

export function weightOf(text: string, path: string): number | null {
	if (text === '') return null;
	// A point stands before decimals here: nobody ships tons.
	const value = Number(/^\d+,\d{3}$/.test(text) ? Number.NaN : text.replace(',', '.'));
	if (!Number.isFinite(value) || value < 0) {
		throw new MappingError(path, text, 'is not a weight', 'Give the weight of one unit in grams, such as 250.');
	}
	return value;
}

export const listOf = (text: string): string[] => [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');

/**
 * Ids of lines that stay the same whenever the order is read again: from the cart's key of the line, else from what the line
 * is and the how-manieth of its kind, so that a line that goes away does not rename those after it.
 */
export function lineIds(externalId: string): (key: string) => string {
	const counts = new Map<string, number>();
	return (key) => {
		const count = (counts.get(key) ?? 0) + 1;
		counts.set(key, count);
		return `L${shortHash(`${externalId}\n${key}\n${count}`, 16)}`;
	};
}
