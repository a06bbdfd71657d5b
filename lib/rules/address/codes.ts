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

/** What people write and no list has. */
const COMMON: Record<string, string> = { UK: 'GB', England: 'GB', Scotland: 'GB', Wales: 'GB', 'Great Britain': 'GB', Holland: 'NL', 'U.S.A.': 'US', America: 'US' };

/** Letters and digits only: accents, case and punctuation differ from cart to cart. */
const keyOf = (name: string): string =>
	name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

let countries: Map<string, string> | null = null;
let regions: Map<string, Map<string, string>> | null = null;

function countryTable(): Map<string, string> {
	const table = new Map<string, string>();
	for (const { countries: names } of [pt, pl, nl, it, fr, es, de, en] as Array<{ countries: Record<string, string | string[]> }>) {
		for (const [code, name] of Object.entries(names)) for (const each of [name].flat()) table.set(keyOf(each), code);
	}
	for (const [alpha2, alpha3] of codes as string[][]) {
		table.set(keyOf(alpha2!), alpha2!);
		table.set(keyOf(alpha3!), alpha2!);
	}
	for (const [name, code] of Object.entries(COMMON)) table.set(keyOf(name), code);
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

/** @example countryCode('Deutschland') // 'DE'; null = not known */
export function countryCode(name: string): string | null {
	countries ??= countryTable();
	return countries.get(keyOf(name)) ?? null;
}

/** @example regionCode('US', 'California') // 'CA'; null = not known */
export function regionCode(country: string, name: string): string | null {
	regions ??= regionTable();
	return regions.get(country)?.get(keyOf(name)) ?? null;
}
