/** Makes addresses fit a warehouse or carrier: codes for countries and regions, plain letters, upper case, lengths. */
import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { transliterate } from 'transliteration';
import { shown } from '../../order/errors';
import { keysOf } from '../../order/keys';
import type { Address, OrderContent } from '../../order/order';
import { countryCode, regionCode } from '../../order/places';
import { cut, lengthOf, wrapped } from '../address/lines';
import { OrderProblem, ruleProblem } from '../problem';
import { boolean, list, number, object, oneOf, otherwise, type Shape } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import type { FieldReader } from './common/reading';

const FIT_FIELDS = ['name', 'company', 'address1', 'address2', 'address3', 'city', 'region', 'postalCode', 'phone', 'email'] as const;
type FitField = (typeof FIT_FIELDS)[number];
const STREET = ['address1', 'address2', 'address3'] as const;
/** What stays as it is written, for it is no word. */
const NO_WORDS: ReadonlySet<FitField> = new Set(['phone', 'email']);
const GERMAN: ReadonlySet<string> = new Set(['DE', 'AT', 'CH', 'LI']);
const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };

export interface AddressFit {
	addresses: 'shipping' | 'billing' | 'both';
	/** The most characters of a field. */
	limits: Array<{ field: FitField; limit: number }>;
	/** What happens to a longer text. wrap = the street goes on in the next address line; where that does not do, fail. */
	overflow: 'fail' | 'truncate' | 'wrap';
	upperCase: boolean;
	/** Writes all letters in ASCII. */
	ascii: boolean;
	/** Country names become ISO codes; an unknown one is an error. */
	countryCodes: boolean;
	/** Names of states and provinces become codes; an unknown one stays. */
	regionCodes: boolean;
	/** A postal code that the country cannot have is an error. */
	postalCodes: boolean;
}

const addressFit: Shape<AddressFit> = object<AddressFit>({
	addresses: otherwise(oneOf('shipping', 'billing', 'both'), 'shipping'),
	limits: otherwise(
		list(
			object<AddressFit['limits'][number]>({
				field: oneOf(...FIT_FIELDS),
				limit: number({ least: 1, whole: true }),
			}),
		),
		[],
	),
	overflow: otherwise(oneOf('fail', 'truncate', 'wrap'), 'fail'),
	upperCase: otherwise(boolean, false),
	ascii: otherwise(boolean, false),
	countryCodes: otherwise(boolean, false),
	regionCodes: otherwise(boolean, false),
	postalCodes: otherwise(boolean, false),
});

export const fitAddress: RuleAction<{ fit: AddressFit }> = {
	option: { name: 'Fit Address', action: 'Fit the address', description: 'Lengths, letters and codes that the warehouse takes' },
	shape: object<{ fit: AddressFit }>({ fit: addressFit }),
	fields: [
		{
			displayName: 'Addresses',
			name: 'addresses',
			type: 'options',
			options: [
				{ name: 'Billing', value: 'billing' },
				{ name: 'Both', value: 'both' },
				{ name: 'Shipping', value: 'shipping' },
			],
			default: 'shipping',
		},
		{
			displayName: 'Changes',
			name: 'addressChanges',
			type: 'multiOptions',
			options: [
				{
					name: 'Check Postal Codes',
					value: 'postalCodes',
					description: 'A postal code that is not possible in the country puts the order in Error',
				},
				{ name: 'Country Codes for Names', value: 'countryCodes', description: 'An unknown country puts the order in Error' },
				{ name: 'Latin Letters Without Accents', value: 'ascii', description: 'ASCII only; ä becomes ae in German addresses, else a' },
				{ name: 'Region Codes for Names', value: 'regionCodes', description: 'California becomes CA; unknown names stay' },
				{ name: 'Upper Case', value: 'upperCase', description: 'All but phone and e-mail' },
			],
			default: [],
		},
		{
			displayName: 'Lengths',
			name: 'lengths',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Length',
			default: {},
			options: [
				{
					displayName: 'Length',
					name: 'list',
					values: [
						{
							displayName: 'Field',
							name: 'field',
							type: 'options',
							options: [...FIT_FIELDS].sort().map((name) => ({ name, value: name })),
							default: 'address1',
						},
						{ displayName: 'Most Characters', name: 'characters', type: 'number', typeOptions: { minValue: 1 }, default: 35 },
					],
				},
			],
		},
		{
			displayName: 'When a Field Is Too Long',
			name: 'overflow',
			type: 'options',
			options: [
				{
					name: 'Continue in the Next Address Line',
					value: 'wrap',
					description: 'On word borders; what fits nowhere puts the order in Error',
				},
				{ name: 'Cut It', value: 'truncate' },
				{ name: 'Put the Order in Error', value: 'fail' },
			],
			default: 'fail',
		},
	],
	read: readFit,
	compile({ fit }) {
		const limits = checkedLimits(fit);
		const keys = ({ shipping: ['shippingAddress'], billing: ['billingAddress'], both: ['shippingAddress', 'billingAddress'] } as const)[
			fit.addresses
		];
		if (keys === undefined)
			throw ruleProblem(`The choice of addresses ${shown(fit.addresses)} is not known.`, 'Choose shipping, billing or both.');
		return (content) => ({
			content: keys.reduce<OrderContent>((order, key) => {
				const before = order[key];
				if (before === null) return order;
				const after = fitted(before, key, fit, limits);
				const same = keysOf(after).every((field) => after[field] === before[field]);
				return same ? order : { ...order, [key]: after };
			}, content),
		});
	},
};

function readFit(given: FieldReader): { fit: AddressFit } {
	const changes = given.choices<string>('addressChanges');
	return {
		fit: {
			addresses: given.choice('addresses'),
			limits: given.rows('lengths').map((row) => ({ field: row.choice('field'), limit: row.number('characters') })),
			overflow: given.choice('overflow'),
			upperCase: changes.includes('upperCase'),
			ascii: changes.includes('ascii'),
			countryCodes: changes.includes('countryCodes'),
			regionCodes: changes.includes('regionCodes'),
			postalCodes: changes.includes('postalCodes'),
		},
	};
}

function checkedLimits(fit: AddressFit): Map<FitField, number> {
	if (typeof fit !== 'object' || fit === null || !Array.isArray(fit.limits))
		throw ruleProblem('The action cannot be read.', 'Enter it again.');
	if (!['fail', 'truncate', 'wrap'].includes(fit.overflow)) {
		throw ruleProblem(`The setting ${shown(fit.overflow)} for long texts is not known.`, 'Choose fail, truncate or wrap.');
	}
	const limits = new Map<FitField, number>();
	for (const row of fit.limits) {
		if (!FIT_FIELDS.some((name) => name === row?.field))
			throw ruleProblem(`The field ${shown(row?.field)} has no limit.`, `Choose one of: ${FIT_FIELDS.join(', ')}.`);
		if (!Number.isInteger(row.limit) || row.limit < 1)
			throw ruleProblem(
				`The limit of ${row.field} is not a whole number from 1 (value: ${shown(row.limit)}).`,
				'Enter the number of characters.',
			);
		limits.set(row.field, Math.min(row.limit, limits.get(row.field) ?? row.limit));
	}
	return limits;
}

function fitted(before: Address, key: string, fit: AddressFit, limits: ReadonlyMap<FitField, number>): Address {
	const address = { ...before };
	if (fit.countryCodes && address.country !== null) {
		const code = countryCode(address.country);
		if (code === null)
			throw new OrderProblem(
				'invalid_address',
				`${key}.country: ${shown(address.country)} is no country that is known.`,
				'Correct the order, or set the country by a rule before this one.',
			);
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
	const spelled = GERMAN.has(country ?? '') ? text.replace(/[äöüÄÖÜ]/g, (letter) => UMLAUTS[letter] ?? letter) : text;
	return transliterate(spelled);
}

function wrapStreet(address: Address, key: string, limits: ReadonlyMap<FitField, number>): void {
	const long = STREET.find((field) => lengthOf(address[field] ?? '') > (limits.get(field) ?? Infinity));
	if (long === undefined) return;
	const lines = wrapped(
		STREET.map((field) => (address[field] ?? '').trim()),
		STREET.map((field) => limits.get(field) ?? Infinity),
	);
	if (lines === null) throw tooLong(key, long, address[long] ?? '', limits.get(long) ?? 0);
	STREET.forEach((field, index) => (address[field] = lines[index] || null));
}

const tooLong = (key: string, field: FitField, value: string, limit: number) =>
	new OrderProblem(
		'field_too_long',
		`${key}.${field} has ${lengthOf(value)} characters, ${limit} are allowed (value: ${shown(value)}).`,
		'Shorten it in the order, then reprocess it.',
	);

/** Countries without postal codes, or that the library does not know, pass. */
function checkPostalCode({ country, postalCode }: Address, key: string): void {
	if (country === null || !postcodeValidatorExistsForCountry(country)) return;
	if (postalCode !== null && postcodeValidator(postalCode, country)) return;
	throw new OrderProblem(
		'invalid_address',
		`${key}.postalCode: ${shown(postalCode)} is no postal code of ${country}.`,
		'Correct it in the order, then reprocess it.',
	);
}
