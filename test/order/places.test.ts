import { countryCode } from '../../lib/order/places';

it.each([
	['USA', 'US'],
	['U.S.A.', 'US'],
	['United States (US)', 'US'],
	['United States of America', 'US'],
	['Germany', 'DE'],
	['Deutschland', 'DE'],
	['UK', 'GB'],
	['United Kingdom (UK)', 'GB'],
	['England', 'GB'],
	['Korea, South', 'KR'],
	['Korea (North)', 'KP'],
	['Korea, Republic of', 'KR'],
	['The Bahamas', 'BS'],
	['Bahamas, The', 'BS'],
	['Netherlands, The', 'NL'],
	['Antigua & Barbuda', 'AG'],
	['St. Lucia', 'LC'],
	['Congo, Democratic Republic of the', 'CD'],
	['Congo - Brazzaville', 'CG'],
	['Virgin Islands (U.S.)', 'VI'],
	["Côte d'Ivoire", 'CI'],
	['Holy See (Vatican City)', 'VA'],
	['deu', 'DE'],
	['us', 'US'],
])('%s is %s', (name, code) => expect(countryCode(name)).toBe(code));

it.each(['Korea', 'Congo', 'Kongo', 'Virgin Islands', 'Germany (FR)', 'Atlantis', 'XX', '', '?'])(
	'%s is no country that is known, or more than one',
	(name) => expect(countryCode(name)).toBeNull(),
);

it.each(['en', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt'])('never takes a country for another one that it is called in %s', (language) => {
	const names = new Intl.DisplayNames([language], { type: 'region' });
	const wrong: string[] = [];
	for (let first = 65; first <= 90; first += 1) {
		for (let second = 65; second <= 90; second += 1) {
			const code = String.fromCharCode(first, second);
			if (countryCode(code) !== code) continue;
			const name = names.of(code) ?? code;
			const found = countryCode(name);
			if (found !== code && (found !== null || language === 'en')) wrong.push(`${name}: ${code} → ${found}`);
		}
	}
	expect(wrong).toEqual([]);
});
