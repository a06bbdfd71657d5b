/** Makes addresses fit a warehouse or carrier: codes for countries and regions, plain letters, upper case, lengths. */
import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { transliterate } from 'transliteration';
import { shown } from '../../order/errors';
import type { Address, OrderContent } from '../../order/order';
import { countryCode, regionCode } from '../address/codes';
import { cut, lengthOf, wrapped } from '../address/lines';
import { OrderProblem, ruleProblem } from '../problem';
import type { AddressFit } from '../rule';
import type { ActionDefinition, ActionOf } from './action';

export const FIT_FIELDS = ['name', 'company', 'address1', 'address2', 'address3', 'city', 'region', 'postalCode', 'phone', 'email'] as const;
type Field = (typeof FIT_FIELDS)[number];
const STREET = ['address1', 'address2', 'address3'] as const;
/** What stays as it is written, for it is no word. */
const NO_WORDS: ReadonlySet<Field> = new Set(['phone', 'email']);
const GERMAN: ReadonlySet<string> = new Set(['DE', 'AT', 'CH', 'LI']);
const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };

export const fitAddress: ActionDefinition<ActionOf<'fitAddress'>> = {
	compile({ fit }) {
		const limits = checkedLimits(fit);
		const keys = ({ shipping: ['shippingAddress'], billing: ['billingAddress'], both: ['shippingAddress', 'billingAddress'] } as const)[fit.addresses];
		if (keys === undefined) throw ruleProblem(`The choice of addresses ${shown(fit.addresses)} is not known.`, 'Choose shipping, billing or both.');
		return (content) => ({
			content: keys.reduce<OrderContent>((order, key) => {
				const before = order[key];
				if (before === null) return order;
				const after = fitted(before, key, fit, limits);
				const same = (Object.keys(after) as Array<keyof Address>).every((field) => after[field] === before[field]);
				return same ? order : { ...order, [key]: after };
			}, content),
		});
	},
};

function checkedLimits(fit: AddressFit): Map<Field, number> {
	if (typeof fit !== 'object' || fit === null || !Array.isArray(fit.limits)) throw ruleProblem('The action cannot be read.', 'Enter it again.');
	if (!['fail', 'truncate', 'wrap'].includes(fit.overflow)) {
		throw ruleProblem(`The setting ${shown(fit.overflow)} for long texts is not known.`, 'Choose fail, truncate or wrap.');
	}
	const limits = new Map<Field, number>();
	for (const row of fit.limits) {
		if (!(FIT_FIELDS as readonly unknown[]).includes(row?.field)) throw ruleProblem(`The field ${shown(row?.field)} has no limit.`, `Choose one of: ${FIT_FIELDS.join(', ')}.`);
		if (!Number.isInteger(row.limit) || row.limit < 1) throw ruleProblem(`The limit of ${row.field} is not a whole number from 1 (value: ${shown(row.limit)}).`, 'Enter the number of characters.');
		limits.set(row.field, Math.min(row.limit, limits.get(row.field) ?? row.limit));
	}
	return limits;
}

function fitted(before: Address, key: string, fit: AddressFit, limits: ReadonlyMap<Field, number>): Address {
	const address = { ...before };
	if (fit.countryCodes && address.country !== null) {
		const code = countryCode(address.country);
		if (code === null) throw new OrderProblem('invalid_address', `${key}.country: ${shown(address.country)} is no country that is known.`, 'Correct the order, or set the country by a rule before this one.');
		address.country = code;
	}
	if (fit.regionCodes && address.region !== null && address.country !== null) {
		address.region = regionCode(address.country, address.region) ?? address.region;
	}
	for (const field of FIT_FIELDS) {
		const value = address[field];
		if (value === null || NO_WORDS.has(field)) continue;
		const letters = fit.ascii ? ascii(value, address.country) : value;
		address[field] = fit.upperCase ? letters.toUpperCase() : letters;
	}
	if (fit.overflow === 'wrap') wrapStreet(address, key, limits);
	for (const [field, limit] of limits) {
		const value = address[field];
		if (value === null || lengthOf(value) <= limit) continue;
		if (fit.overflow !== 'truncate') throw tooLong(key, field, value, limit);
		address[field] = cut(value, limit);
	}
	if (fit.postalCodes) checkPostalCode(address, key);
	return address;
}

/** German readers expect ae for ä; others expect a. */
function ascii(text: string, country: string | null): string {
	const spelled = GERMAN.has(country ?? '') ? text.replace(/[äöüÄÖÜ]/g, (letter) => UMLAUTS[letter]!) : text;
	return transliterate(spelled);
}

function wrapStreet(address: Address, key: string, limits: ReadonlyMap<Field, number>): void {
	const long = STREET.find((field) => lengthOf(address[field] ?? '') > (limits.get(field) ?? Infinity));
	if (long === undefined) return;
	const lines = wrapped(STREET.map((field) => (address[field] ?? '').trim()), STREET.map((field) => limits.get(field) ?? Infinity));
	if (lines === null) throw tooLong(key, long, address[long]!, limits.get(long)!);
	STREET.forEach((field, index) => (address[field] = lines[index] || null));
}

const tooLong = (key: string, field: Field, value: string, limit: number) =>
	new OrderProblem('field_too_long', `${key}.${field} has ${lengthOf(value)} characters, ${limit} are allowed (value: ${shown(value)}).`, 'Shorten it in the order, then reprocess it.');

/** Countries without postal codes, or that the library does not know, pass. */
function checkPostalCode({ country, postalCode }: Address, key: string): void {
	if (country === null || !postcodeValidatorExistsForCountry(country)) return;
	if (postalCode !== null && postcodeValidator(postalCode, country)) return;
	throw new OrderProblem('invalid_address', `${key}.postalCode: ${shown(postalCode)} is no postal code of ${country}.`, 'Correct it in the order, then reprocess it.');
}
