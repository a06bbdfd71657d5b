/** Values of Tryton that JSON has not. */
import type { JsonValue } from '../../order/order';
import { isObject } from '../common/json';

/** @param day "2026-11-25", or a moment that begins like that */
export function dateValue(day: string): JsonValue {
	const [year = 0, month = 0, date = 0] = day.slice(0, 10).split('-').map(Number);
	return { __class__: 'date', year, month, day: date };
}

/** @param moment as `momentText` gives it; what is missing is 0 */
export function dateTimeValue(moment: string): JsonValue {
	const [, year, month, day, hour, minute, second, fraction] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)(?:\.(\d+))?/.exec(moment) ?? [];
	return {
		__class__: 'datetime',
		year: Number(year),
		month: Number(month),
		day: Number(day),
		hour: Number(hour),
		minute: Number(minute),
		second: Number(second),
		microsecond: Number((fraction ?? '').padEnd(6, '0').slice(0, 6)),
	};
}

export const decimalValue = (amount: string): JsonValue => ({ __class__: 'Decimal', decimal: amount });

/** With microseconds and without a zone, as Tryton keeps moments: "2026-11-25T09:09:31.136058". Null = it is none. */
export function momentText(value: unknown): string | null {
	if (!isObject(value) || value.__class__ !== 'datetime') return null;
	const { year, month, day, hour, minute, second, microsecond } = value;
	const text = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}T${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}.${padded(microsecond, 6)}`;
	return isMoment(text) ? text : null;
}

export const isMoment = (text: string): boolean =>
	/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/.test(text) && !Number.isNaN(Date.parse(`${text}Z`));

/** "2026-11-25". Null = it is none. */
export function dateText(value: unknown): string | null {
	if (!isObject(value) || value.__class__ !== 'date') return null;
	const text = `${padded(value.year, 4)}-${padded(value.month, 2)}-${padded(value.day, 2)}`;
	return Number.isNaN(Date.parse(text)) ? null : text;
}

/** A moment of Tryton as a time in UTC, to the millisecond. */
export const timeOf = (moment: string): string => `${moment.slice(0, 23)}Z`;

/** A time in UTC as a moment of Tryton. */
export const momentFrom = (time: string): string => `${time.slice(0, 23)}000`;

/** So many milliseconds before a moment of Tryton. */
export const earlier = (moment: string, ms: number): string =>
	`${new Date(Date.parse(`${moment.slice(0, 23)}Z`) - ms).toISOString().slice(0, 23)}000`;

const padded = (value: unknown, length: number): string => (typeof value === 'number' ? String(value).padStart(length, '0') : '?');
