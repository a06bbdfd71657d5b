import type { Address } from '../../lib/order/order';
import { countryCode, regionCode } from '../../lib/order/places';
import { wrapped } from '../../lib/rules/address/lines';
import { evaluate } from '../../lib/rules/evaluate';
import type { AddressFit } from '../../lib/rules/actions/fitAddress';
import type { Action } from '../../lib/rules/actions/registry';
import { context, frozen, order, rule } from './fixtures';

const FIT: AddressFit = {
	addresses: 'shipping',
	limits: [],
	overflow: 'fail',
	upperCase: false,
	ascii: false,
	countryCodes: false,
	regionCodes: false,
	postalCodes: false,
};
const fit = (more: Partial<AddressFit>): Action => ({ kind: 'fitAddress', fit: { ...FIT, ...more } });
const withAddress = (more: Partial<Address>) => order({ shippingAddress: { ...order().shippingAddress!, ...more } });
const run = (action: Action, content = order()) => evaluate([rule('R', action)], frozen(content), context());
const failure = (words: string) => ({
	kind: 'error',
	rule: 'R',
	alert: { code: expect.stringMatching(/^(field_too_long|invalid_address|rule_failed)$/), message: expect.stringContaining(words) },
});

it.each<[string, Partial<AddressFit>, Partial<Address>, Partial<Address>]>([
	[
		'upper case',
		{ upperCase: true },
		{ name: 'Ada Groß', email: 'ada@x.de', phone: '+49 x' },
		{ name: 'ADA GROSS', city: 'BERLIN', email: 'ada@x.de', phone: '+49 x' },
	],
	['ASCII in German', { ascii: true }, { name: 'Jürgen Größe', city: 'Łódź' }, { name: 'Juergen Groesse', city: 'Lodz' }],
	['ASCII elsewhere', { ascii: true }, { name: 'Jürgen Ørsted', city: 'Αθήνα', country: 'GR' }, { name: 'Jurgen Orsted', city: 'Athina' }],
	[
		'country and region codes',
		{ countryCodes: true, regionCodes: true },
		{ country: 'United States', region: 'california' },
		{ country: 'US', region: 'CA' },
	],
	['a region that is not known', { regionCodes: true }, { country: 'US', region: 'Atlantis' }, { region: 'Atlantis' }],
	[
		'truncate',
		{
			overflow: 'truncate',
			limits: [
				{ field: 'name', limit: 4 },
				{ field: 'city', limit: 3 },
			],
		},
		{ name: 'Ada Lovelace' },
		{ name: 'Ada', city: 'Ber' },
	],
	[
		'wrap',
		{
			overflow: 'wrap',
			limits: [
				{ field: 'address1', limit: 12 },
				{ field: 'address2', limit: 12 },
			],
		},
		{ address1: 'Apartment 12 Long Street 1' },
		{ address1: 'Apartment 12', address2: 'Long Street', address3: '1' },
	],
	[
		'wrap before a second line',
		{ overflow: 'wrap', limits: [{ field: 'address1', limit: 12 }] },
		{ address1: 'Apartment 12 Long Street 1', address2: 'Floor 3' },
		{ address1: 'Apartment 12', address2: 'Long Street 1', address3: 'Floor 3' },
	],
	[
		'what fits',
		{
			overflow: 'fail',
			limits: [
				{ field: 'address1', limit: 9 },
				{ field: 'company', limit: 1 },
			],
		},
		{},
		{ address1: '1 Main St', company: null },
	],
	['a good postal code', { postalCodes: true }, { postalCode: '10115' }, { postalCode: '10115' }],
	['a country without postal codes', { postalCodes: true }, { country: 'HK', postalCode: null }, { postalCode: null }],
])('%s', (_, more, before, after) => {
	const outcome = run(fit(more), withAddress(before));
	expect(outcome.decision.kind).toBe('route');
	expect(outcome.content.shippingAddress).toMatchObject(after);
});

it.each<[Partial<AddressFit>, Partial<Address>, string]>([
	[{ limits: [{ field: 'name', limit: 4 }] }, {}, 'shippingAddress.name has 12 characters, 4 are allowed'],
	[{ overflow: 'wrap', limits: [{ field: 'name', limit: 4 }] }, {}, 'shippingAddress.name has 12'],
	[{ overflow: 'wrap', limits: [{ field: 'address1', limit: 5 }] }, { address1: 'Donaudampfschiff 1' }, 'shippingAddress.address1'],
	[
		{
			overflow: 'wrap',
			limits: [
				{ field: 'address1', limit: 5 },
				{ field: 'address2', limit: 5 },
				{ field: 'address3', limit: 5 },
			],
		},
		{ address1: 'a b c d e f g h i j k l' },
		'address1',
	],
	[{ countryCodes: true }, { country: 'Atlantis' }, '"Atlantis" is no country'],
	[{ postalCodes: true }, { postalCode: '1011' }, '"1011" is no postal code of DE'],
	[{ postalCodes: true }, { postalCode: null }, 'no postal code'],
	[{ limits: [{ field: 'city', limit: 0 }] }, {}, 'limit of city'],
	[{ limits: [{ field: 'country' as 'city', limit: 5 }] }, {}, 'country'],
	[{ overflow: 'guess' as 'fail' }, {}, 'guess'],
	[{ addresses: 'none' as 'both' }, {}, 'none'],
])('refuses %j on %j', (more, address, words) => expect(run(fit(more), withAddress(address)).decision).toMatchObject(failure(words)));

it('takes the billing address too, and orders without addresses', () => {
	const content = order({ billingAddress: { ...order().shippingAddress!, city: 'Paris' } });
	expect(run(fit({ addresses: 'both', upperCase: true }), content).content).toMatchObject({
		billingAddress: { city: 'PARIS' },
		shippingAddress: { city: 'BERLIN' },
	});
	expect(run(fit({ addresses: 'billing', upperCase: true }), content).content).toMatchObject({
		billingAddress: { city: 'PARIS' },
		shippingAddress: { city: 'Berlin' },
	});
	expect(run(fit({ addresses: 'both', upperCase: true }), order({ shippingAddress: null })).decision.kind).toBe('route');
});

it('gives the very same order when nothing changes, and the same when it runs twice', () => {
	const all = fit({
		upperCase: true,
		ascii: true,
		countryCodes: true,
		regionCodes: true,
		overflow: 'wrap',
		limits: [{ field: 'address1', limit: 8 }],
	});
	const once = run(all).content;
	expect(run(all, { ...once, warehouse: 'BER' }).trace[0]!.changes).toEqual([]);
});

it.each([
	['Germany', 'DE'],
	['deutschland', 'DE'],
	['DEU', 'DE'],
	['de', 'DE'],
	['UK', 'GB'],
	['United States of America', 'US'],
	['U.S.A.', 'US'],
	['Österreich', 'AT'],
	['Osterreich', 'AT'],
	['España', 'ES'],
	['Polska', 'PL'],
	["Côte d'Ivoire", 'CI'],
	['Nederland', 'NL'],
	['', null],
	['constructor', null],
])('country %j is %j', (name, code) => expect(countryCode(name)).toBe(code));

it.each([
	['US', 'New York', 'NY'],
	['US', 'ny', 'NY'],
	['US', 'US-NY', 'NY'],
	['CA', 'Québec', 'QC'],
	['AU', 'New South Wales', 'NSW'],
	['XX', 'New York', null],
	['US', 'Bavaria', null],
])('region %s %j is %j', (country, name, code) => expect(regionCode(country, name)).toBe(code));

it.each<[string[], number[], string[] | null]>([
	[['a b c'], [5, 5], ['a b c', '']],
	[['aa bb cc'], [5, 5], ['aa bb', 'cc']],
	[
		['aa bb cc', 'd'],
		[5, 5],
		['aa bb', 'cc d'],
	],
	[['aaaaaa'], [5, 9], null],
	[['aaa bbb ccc'], [3, 3], null],
	[
		['', ''],
		[3, 3],
		['', ''],
	],
])('%j in %j becomes %j', (lines, limits, expected) => expect(wrapped(lines, limits)).toEqual(expected));

it.each<[Partial<AddressFit>, Partial<Address>, string]>([
	[{ limits: [{ field: 'name', limit: 4 }] }, {}, 'field_too_long'],
	[{ countryCodes: true }, { country: 'Atlantis' }, 'invalid_address'],
	[{ postalCodes: true }, { postalCode: '1011' }, 'invalid_address'],
	[{ limits: [{ field: 'city', limit: 0 }] }, {}, 'rule_failed'],
])('%j on %j: the alert says whether the order or the rule is wrong', (more, address, code) =>
	expect(run(fit(more), withAddress(address)).decision).toMatchObject({ kind: 'error', alert: { code } }),
);
