/** Texts of a file as values of an order. Each throws MappingError with the place, the value and what to do. */
import { DateTime } from 'luxon';
import { shortHash } from '../../files/names';
import { MappingError } from '../../order/errors';
import type { IsoDate, Money } from '../../order/order';
import type { OrderDefaults } from './settings';

/** Far above any real line, and low enough to catch a barcode in the wrong column. */
const MAX_QUANTITY = 1_000_000;

export function quantityOf(text: string, path: string): number {
	const match = /^(\d{1,9})(?:[.,]0+)?$/.exec(text);
	if (match === null || Number(match[1]) > MAX_QUANTITY) {
		throw new MappingError(
			path,
			text,
			text === '' ? 'the quantity is missing' : 'is not a whole number from 0',
			'Correct the quantity in the file, or map another column.',
		);
	}
	return Number(match[1]);
}

/** A decimal point, or a decimal comma when it cannot be a thousands separator. "" gives null. */
export function moneyOf(text: string, path: string): Money | null {
	if (text === '') return null;
	const plain = /^-?\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : text;
	if (!/^-?\d{1,15}(\.\d{1,8})?$/.test(plain)) {
		throw new MappingError(
			path,
			text,
			'is not an amount',
			'Write amounts with a decimal point and without currency or thousands separators, such as 1234.50.',
		);
	}
	return plain;
}

const FORMATS = ['yyyy-MM-dd HH:mm:ss ZZZ', 'yyyy-MM-dd HH:mm:ss ZZ', "yyyy-MM-dd HH:mm:ss 'UTC'", 'yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd HH:mm'] as const;

/** ISO-8601, the forms of shop exports (2026-09-03 10:14:00 -0400), and `dateFormat`. Without an offset: `timeZone`, else UTC. */
export function dateOf(text: string, path: string, { timeZone, dateFormat }: OrderDefaults): IsoDate | null {
	if (text === '') return null;
	const zone = timeZone ?? 'utc';
	const candidates = [
		...(dateFormat ? [DateTime.fromFormat(text, dateFormat, { zone })] : []),
		DateTime.fromISO(text, { zone }),
		...FORMATS.map((format) => DateTime.fromFormat(text, format, { zone: format.includes("'UTC'") ? 'utc' : zone })),
	];
	const found = candidates.find((candidate) => candidate.isValid && candidate.year >= 1970 && candidate.year < 10_000);
	if (!found) {
		throw new MappingError(
			path,
			text,
			'is not a date that can be read without guessing',
			'Use 2026-09-03 10:14:00 -0400 or 2026-09-03T14:14:00Z, or set the date format of the files.',
		);
	}
	return found.toUTC().toISO({ includeOffset: true })!;
}

export function countryOf(text: string, path: string): string | null {
	if (text === '') return null;
	if (!/^[A-Za-z]{2}$/.test(text)) {
		throw new MappingError(path, text, 'is not a country code', 'Use the two letters of ISO 3166, such as US or DE.');
	}
	return text.toUpperCase();
}

export function booleanOf(text: string, path: string): boolean {
	if (/^(true|yes|y|1)$/i.test(text)) return true;
	if (text === '' || /^(false|no|n|0)$/i.test(text)) return false;
	throw new MappingError(path, text, 'is neither yes nor no', 'Use true or false.');
}

export function weightOf(text: string, path: string): number | null {
	if (text === '') return null;
	const value = Number(text.replace(',', '.'));
	if (!Number.isFinite(value) || value < 0) {
		throw new MappingError(
			path,
			text,
			'is not a weight',
			'Give the weight of one unit in grams, such as 250.',
		);
	}
	return value;
}

/** Shops and spreadsheets put an apostrophe before zip codes and telephone numbers, to keep leading zeros and plus signs. */
export const withoutTextMark = (text: string): string => text.replace(/^'(?=[\w+(])/, '');

export const listOf = (text: string): string[] => [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');

/** A name for `custom`: what rules and edits can address. */
export function customName(name: string): string {
	const plain = name.normalize('NFKC').replace(/[^A-Za-z0-9_ -]+/g, '_').replace(/^[ -]+/, '').trim().slice(0, 64);
	return plain === '' || ['__proto__', 'constructor', 'prototype'].includes(plain) ? `field_${shortHash(name)}` : plain;
}

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
