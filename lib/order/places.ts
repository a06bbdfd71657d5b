/** Country and region codes from names, as people and carts write them. */
import { allCountries } from 'country-region-data';
import codes from 'i18n-iso-countries/codes.json';
import de from 'i18n-iso-countries/langs/de.json';
import en from 'i18n-iso-countries/langs/en.json';
import es from 'i18n-iso-countries/langs/es.json';
import fr from 'i18n-iso-countries/langs/fr.json';
import it from 'i18n-iso-countries/langs/it.json';
import nl from 'i18n-iso-countries/langs/nl.json';
import pl from 'i18n-iso-countries/langs/pl.json';
import pt from 'i18n-iso-countries/langs/pt.json';

/** What people, carts and exports write and no list has. */
const COMMON: Readonly<Record<string, string>> = {
	UK: 'GB',
	EL: 'GR',
	England: 'GB',
	Scotland: 'GB',
	Wales: 'GB',
	'Northern Ireland': 'GB',
	'Great Britain': 'GB',
	Britain: 'GB',
	'United Kingdom of Great Britain and Northern Ireland': 'GB',
	Holland: 'NL',
	America: 'US',
	'U.S. of America': 'US',
	Czechia: 'CZ',
	'Slovak Republic': 'SK',
	'Russian Federation': 'RU',
	Russia: 'RU',
	Turkey: 'TR',
	Türkiye: 'TR',
	Macedonia: 'MK',
	'Macedonia, the former Yugoslav Republic of': 'MK',
	Kosovo: 'XK',
	Moldova: 'MD',
	Vatican: 'VA',
	'Vatican City': 'VA',
	'Vatican City State': 'VA',
	'Holy See': 'VA',
	'Hong Kong SAR': 'HK',
	'Hong Kong SAR China': 'HK',
	'Hong Kong S.A.R.': 'HK',
	Macau: 'MO',
	Macao: 'MO',
	'Macao SAR China': 'MO',
	'Macau SAR': 'MO',
	"People's Republic of China": 'CN',
	'Mainland China': 'CN',
	Burma: 'MM',
	Myanmar: 'MM',
	'Myanmar (Burma)': 'MM',
	Laos: 'LA',
	"Lao People's Democratic Republic": 'LA',
	'Brunei Darussalam': 'BN',
	Brunei: 'BN',
	Vietnam: 'VN',
	'Viet Nam': 'VN',
	'East Timor': 'TL',
	'Timor-Leste (East Timor)': 'TL',
	'Syrian Arab Republic': 'SY',
	Syria: 'SY',
	'Iran, Islamic Republic of': 'IR',
	Iran: 'IR',
	'Palestinian Territories': 'PS',
	'Palestinian Territory': 'PS',
	'Palestinian Territory, Occupied': 'PS',
	'Democratic People’s Republic of Korea': 'KP',
	'Taiwan, Republic of China': 'TW',
	'Republic of Ireland': 'IE',
	'Bolivia, Plurinational State of': 'BO',
	Bolivia: 'BO',
	'Venezuela, Bolivarian Republic of': 'VE',
	Venezuela: 'VE',
	'Tanzania, United Republic of': 'TZ',
	Tanzania: 'TZ',
	Micronesia: 'FM',
	'Cape Verde': 'CV',
	'Cabo Verde': 'CV',
	Swaziland: 'SZ',
	Eswatini: 'SZ',
	'Eswatini (Swaziland)': 'SZ',
	'Libyan Arab Jamahiriya': 'LY',
	Libya: 'LY',
	'Ivory Coast': 'CI',
	'DR Congo': 'CD',
	DRC: 'CD',
	'Congo (DRC)': 'CD',
	'Congo - Kinshasa': 'CD',
	'Congo (Kinshasa)': 'CD',
	'Congo, Democratic Republic': 'CD',
	'Congo - Brazzaville': 'CG',
	'Congo (Brazzaville)': 'CG',
	'Congo Republic': 'CG',
	'São Tomé & Príncipe': 'ST',
	'Falkland Islands': 'FK',
	'Falkland Islands (Islas Malvinas)': 'FK',
	'Saint Helena': 'SH',
	'St. Helena': 'SH',
	'Saint Helena, Ascension and Tristan da Cunha': 'SH',
	'US Virgin Islands': 'VI',
	'British Virgin Islands': 'VG',
	'US Outlying Islands': 'UM',
	'Pitcairn Islands': 'PN',
	'Saint Martin': 'MF',
	'Sint Maarten': 'SX',
	'Caribbean Netherlands': 'BQ',
	'Saint Barthélemy': 'BL',
	'Heard and McDonald Islands': 'HM',
	'South Georgia': 'GS',
	'South Georgia/Sandwich Islands': 'GS',
	'French Southern Territories': 'TF',
	'British Indian Ocean Territory': 'IO',
	'Cocos Islands': 'CC',
};

/** Letters and digits only: accents, case and punctuation differ from cart to cart. */
const keyOf = (name: string): string =>
	name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '');

/** The same without words that some write and some do not. @example plainKeyOf('The Bahamas') // "bahamas" */
const plainKeyOf = (name: string): string =>
	keyOf(
		name
			.toLowerCase()
			.replace(/\bst\b\.?/g, 'saint')
			.replace(/&/g, ' and ')
			.replace(/\b(?:the|and)\b/g, ' '),
	);

/** One name for two countries is none: "Congo". */
const AMBIGUOUS = null;

let countries: Map<string, string | null> | null = null;
let regions: Map<string, Map<string, string>> | null = null;

function countryTable(): Map<string, string | null> {
	const table = new Map<string, string | null>();
	const add = (key: string, code: string): void =>
		void table.set(key, (table.get(key) ?? code) === code && table.get(key) !== AMBIGUOUS ? code : AMBIGUOUS);
	for (const { countries: names } of [en, de, es, fr, it, nl, pl, pt] as Array<{ countries: Record<string, string | string[]> }>) {
		for (const [code, name] of Object.entries(names)) {
			for (const key of new Set([name].flat().flatMap((each) => [keyOf(each), plainKeyOf(each)]))) add(key, code);
		}
	}
	for (const [alpha2 = '', alpha3 = ''] of codes as string[][]) {
		table.set(keyOf(alpha2), alpha2);
		table.set(keyOf(alpha3), alpha2);
	}
	for (const [name, code] of allCountries) if (!table.has(keyOf(name as string))) table.set(keyOf(name as string), code as string);
	for (const [name, code] of Object.entries(COMMON)) {
		table.set(keyOf(name), code);
		table.set(plainKeyOf(name), code);
	}
	return table;
}

function regionTable(): Map<string, Map<string, string>> {
	return new Map(
		allCountries.map(([, country, list]) => {
			const table = new Map<string, string>();
			for (const [name, code] of list) table.set(keyOf(name), code);
			for (const [, code] of list) {
				table.set(keyOf(code), code);
				table.set(keyOf(`${country}${code}`), code);
			}
			return [country as string, table];
		}),
	);
}

/**
 * The code of a country in words, where the words mean one country.
 *
 * @example countryCode('Deutschland') // 'DE'
 * @example countryCode('Korea, South') // 'KR'
 * @example countryCode('United States (US)') // 'US'
 * @example countryCode('Congo') // null: two countries are called so, or it is not known
 */
export function countryCode(name: string): string | null {
	countries ??= countryTable();
	const table = countries;
	const find = (text: string): string | null | undefined => {
		const found = table.get(keyOf(text));
		return found === undefined ? table.get(plainKeyOf(text)) : found;
	};
	const found = find(name);
	if (found !== undefined) return found;
	// "United States (US)"; a name and a code that contradict each other are no country.
	const [, words, code] = /^(.*\S)\s*[([]\s*([A-Za-z]{2,3})\s*[)\]]$/.exec(name) ?? [];
	if (words !== undefined && code !== undefined) {
		const [byName, byCode] = [find(words), find(code)];
		if (byCode !== undefined && byCode !== null) return byName === undefined || byName === byCode || byName === AMBIGUOUS ? byCode : null;
	}
	// "Korea, South", "Korea (South)", "Bahamas, The"
	const [, last, first] = /^([^,(]+?)\s*[,(]\s*([^,()]+?)\s*\)?$/.exec(name) ?? [];
	return last === undefined || first === undefined ? null : (find(`${first} ${last}`) ?? null);
}

/** @example regionCode('US', 'California') // 'CA'; null = not known */
export function regionCode(country: string, name: string): string | null {
	regions ??= regionTable();
	return regions.get(country)?.get(keyOf(name)) ?? null;
}
